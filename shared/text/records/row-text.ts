import { recordJson, recordJsonText, recordText } from "./record-text";

type Cell = string | number | boolean | null | undefined;
type TextRow = Readonly<Record<string, Cell>>;

const shown = (value: Cell): string => (value === null || value === undefined ? "" : String(value));

/** A value with a comma, a quote or a line break stands in quotes. NULL is empty, an empty text is `""`. RFC 4180. */
function csvCell(value: Cell): string {
  const text = shown(value);
  return value === "" || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Rows of records as CSV with the names of their columns first, fenced as data. */
export const recordCsv = (names: readonly string[], rows: readonly TextRow[]): string =>
  recordText([names, ...rows.map((row) => names.map((name) => row[name]))].map(csvLine).join("\n"));

const csvLine = (cells: readonly Cell[]): string => cells.map(csvCell).join(",");

/** JavaScript gives these properties first, whatever their place. */
const isNumber = (name: string): boolean => /^(0|[1-9]\d*)$/.test(name);

/** Rows of records as JSON, each with its columns in the order of the query, fenced as data. A row may lack columns. */
export function recordObjects(names: readonly string[], rows: readonly TextRow[]): string {
  if (!names.some(isNumber)) return recordJson(rows);
  const written = rows.map((row) => {
    const known = names.filter((name) => Object.hasOwn(row, name));
    return `{${known.map((name) => `${JSON.stringify(name)}:${JSON.stringify(row[name])}`).join(",")}}`;
  });
  return recordJsonText(`[${written.join(",")}]`);
}

const markdownCell = (value: Cell): string =>
  shown(value)
    .replace(/[\\|]/g, "\\$&")
    .replace(/[\r\n\v\f\u0085\u2028\u2029]+/g, " ");

const markdownLine = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;

/** Rows of records as a table of Markdown, fenced as data. Line breaks inside of values become blanks. */
export const recordTable = (names: readonly string[], rows: readonly TextRow[]): string =>
  recordText(
    [
      names.map(markdownCell),
      names.map(() => "---"),
      ...rows.map((row) => names.map((name) => markdownCell(row[name]))),
    ]
      .map(markdownLine)
      .join("\n"),
  );
