import type { JsonRow } from "../../shared/sql";

type Cell = JsonRow[string] | undefined;

/** A terminal shows what a value says, not what it does to the terminal. */
const shown = (value: Cell): string =>
  value === null || value === undefined ? "NULL" : String(value).replace(/\p{C}+/gu, " ");

const longestCell = 60;
const cut = (text: string): string =>
  text.length > longestCell ? `${text.slice(0, longestCell - 1)}…` : text;

/** Rows as a table for a terminal: numbers to the right, long texts cut. */
export function asTable(names: readonly string[], rows: readonly JsonRow[]): string {
  const cells = rows.map((row) => names.map((name) => cut(shown(row[name]))));
  const widths = names.map((name, at) =>
    Math.max(name.length, ...cells.map((row) => row[at]?.length ?? 0)),
  );
  const isNumber = names.map((name) =>
    rows.every((row) => row[name] === null || typeof row[name] === "number"),
  );
  const line = (row: readonly string[]) =>
    row
      .map((text, at) =>
        isNumber[at] ? text.padStart(widths[at] ?? 0) : text.padEnd(widths[at] ?? 0),
      )
      .join("  ")
      .trimEnd();
  return [
    line(names),
    widths.map((width) => "-".repeat(width)).join("  "),
    ...cells.map(line),
  ].join("\n");
}

const csvCell = (value: Cell): string => {
  const text = value === null || value === undefined ? "" : String(value);
  return value === "" || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

/** @see https://www.rfc-editor.org/rfc/rfc4180 */
export const asCsv = (names: readonly string[], rows: readonly JsonRow[]): string =>
  [names, ...rows.map((row) => names.map((name) => row[name]))]
    .map((row) => row.map(csvCell).join(","))
    .join("\n");
