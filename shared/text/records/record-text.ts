import { escapeHidden, withoutHidden } from "./hidden-characters";

/**
 * The one place that puts text from outside into an answer: what records hold, names and labels of definitions, names of files.
 * It is marked by noncharacters of Unicode, which are taken out of every text, so that nobody else can write them;
 * `fenceAnswer` makes them the marks that a model sees, with a boundary drawn for that answer. Until then all is plain text,
 * which can be put together, thrown in an error and passed on.
 */
export const marks = {
  open: "\uFDD0",
  close: "\uFDD1",
  escaped: "\uFDD2",
  /** Between the first block of an answer and what stands behind it. */
  block: "\uFDD3",
} as const;

const longestLine = 400;
const lineBreak = /\r\n|[\n\r\v\f\u0085\u2028\u2029]/g;

/** One line: a title, a name, a label, a subject, the name of a file. Line breaks become visible; cut after 400 characters. */
export function recordLine(text: string): string {
  const line = clean(text);
  return line === "" ? '""' : `${marks.open}${line}${marks.close}`;
}

/** Several lines: the body of a mail, the passage of an article. */
export function recordText(text: string): string {
  const lines = withoutHidden(text.toWellFormed().replace(lineBreak, "\n"));
  return lines.trim() === "" ? '""' : `${marks.open}\n${lines}\n${marks.close}`;
}

/** A text of a list, or one with words of ours behind it. */
export type ListItem = string | readonly [text: string, ours: string];

/** Several texts of one line within one pair of marks, each quoted, so that none can pass for two: `"Low" (3), "Normal" (2)`. */
export const recordList = (items: readonly ListItem[], separator = ", "): string =>
  items.length === 0 ? "none" : `${marks.open}${items.map(item).join(separator)}${marks.close}`;

const item = (each: ListItem): string =>
  typeof each === "string" ? quoted(each) : `${quoted(each[0])} ${each[1]}`;

/** Labels with the numbers that are stored for them. */
export const recordOptions = (
  options: readonly { readonly label: string; readonly value: number }[],
): string => recordList(options.map(({ label, value }) => [label, `(${value})`]));

/** A line each, within one pair of marks. */
export const recordLines = (lines: readonly string[]): string =>
  recordText(lines.map(clean).join("\n"));

/** Lines of a list within one pair of marks; each part is quoted, so that a name can forge neither a line nor a part. */
export const recordRows = (rows: readonly (readonly string[])[]): string =>
  rows.length === 0
    ? "none"
    : `${marks.open}\n${rows.map((row) => row.map(wordOrQuoted).join(" | ")).join("\n")}\n${marks.close}`;

/** A number, a code or a logical name as it is; anything that could be more than one word as `recordLine` shows it. */
export const recordWord = (text: string): string => (isWord(text) ? text : recordLine(text));

/** JSON of values from records. Escaping is the fence: one line, nothing hidden; parsed, the values are what they were. */
export const recordJson = (value: unknown): string => recordJsonText(JSON.stringify(value));

/** The same of JSON that is text already. */
export const recordJsonText = (json: string): string => recordGrammar(escapeHidden(json));

/** Text of a grammar whose own escapes are the fence of what stands in it (`describedLabel`). */
export const recordGrammar = (text: string): string => `${marks.escaped}${text}`;

/** An address to cite, as it is where it is one; else as `recordLine` shows it. */
export const recordLink = (text: string): string =>
  /^https?:\/\/[\w.~:/?#@!$&'()*+,;=%-]{1,600}$/.test(text) ? text : recordLine(text);

/**
 * A label as it stands in `DESCRIBE TABLE`: as it is where it is words alone, else in quotes as a text of SQL is, on one line.
 * Escaping is the fence.
 */
export function describedLabel(text: string): string {
  const label = clean(text);
  const isPlain = plainLabel.test(label) && label === text;
  return isPlain ? label : `'${label.replaceAll("'", "''")}'`;
}

/** Words with what people write between them; neither quotes nor what the grammar itself is made of. */
const plainLabel = /^[\p{L}\p{N}](?:[\p{L}\p{M}\p{N} _./&+%#-]*[\p{L}\p{M}\p{N}.+%#])?$/u;

/** Text that the model itself sent, or our words around it: line breaks become visible, nothing else changes. */
export const onOneLine = (text: string): string => text.replace(lineBreak, " ␤ ");

const clean = (text: string): string => {
  const line = withoutHidden(onOneLine(text.toWellFormed())).trim();
  return line.length <= longestLine ? line : `${line.slice(0, longestLine).toWellFormed()}…`;
};

const quoted = (text: string) => JSON.stringify(clean(text));
const isWord = (text: string) => /^[A-Za-z0-9][\w.-]{0,99}$/.test(text);
const wordOrQuoted = (text: string) => (isWord(text) ? text : quoted(text));
