import { escapeHidden } from "../text/records/hidden-characters";
import { toJson } from "./types/print";
import type { SqlType, Value } from "./types/sql-type";

export type JsonRow = Readonly<Record<string, string | number | boolean | null>>;

/** The beginning of a text, which does not keep the whole in memory as a slice of it would. */
export const beginningOf = (text: string, characters: number): string =>
  Buffer.from(text.slice(0, characters), "utf16le").toString("utf16le");

/**
 * Makes rows as they go out. Of a text beyond `characters`, which no answer can hold, only the beginning is kept, and its true
 * length in `lengths`.
 */
export function rowShaper(
  names: readonly string[],
  types: readonly SqlType[],
  characters: number,
  lengths: Map<string, number>,
): (row: readonly Value[]) => JsonRow {
  return (row) =>
    Object.fromEntries(
      names.map((name, index) => {
        const type = types[index];
        const value = type === undefined ? null : toJson(row[index] ?? null, type);
        if (typeof value !== "string" || value.length <= characters) return [name, value];
        const beginning = beginningOf(value, characters);
        lengths.set(beginning, lengths.get(value) ?? value.length);
        return [name, beginning];
      }),
    );
}

/** At least so many characters of JSON does a row have. */
export function weightOf(row: JsonRow): number {
  let weight = 0;
  for (const value of Object.values(row)) weight += typeof value === "string" ? value.length : 1;
  return weight;
}

export interface FittingRows {
  /** At least one, where there was one. */
  readonly rows: readonly JsonRow[];
  /** What of the first row was cut or left out, and how the rest can be had. */
  readonly notes: readonly string[];
}

/** Texts shorter than this are left out with their column rather than cut further. */
const shortestText = 80;
const mark = "…";

/**
 * As many rows as fit into so many characters of JSON. A row is whole or is not there; a first row that does not fit alone has
 * its longest texts cut to one length, as long as fits, and if that is not enough columns left out: empty ones, then the last.
 *
 * @param lengths true lengths of texts that are here in part, by the part
 */
export function fitRows(
  rows: readonly JsonRow[],
  characters: number,
  lengths: ReadonlyMap<string, number> = new Map(),
): FittingRows {
  let used = 2;
  for (const [index, row] of rows.entries()) {
    used += rowLength(row, characters) + 1;
    if (used <= characters + 1) continue;
    if (index > 0) return { rows: rows.slice(0, index), notes: [] };
    return fitOne(row, characters - 2, lengths);
  }
  return { rows, notes: [] };
}

/** Characters of a value as it goes out, where hidden ones are escaped; a text beyond the limit counts as beyond it. */
function lengthOf(value: JsonRow[string], limit: number): number {
  if (typeof value === "string" && value.length > limit) return value.length + 2;
  return escapeHidden(JSON.stringify(value)).length;
}

function rowLength(row: JsonRow, limit: number): number {
  let length = 1;
  for (const [name, value] of Object.entries(row)) {
    length += lengthOf(name, limit) + 1 + lengthOf(value, limit) + 1;
    if (length > limit) break;
  }
  return length;
}

interface Cell {
  readonly name: string;
  readonly value: JsonRow[string];
  /** Characters of name, colon and comma. */
  readonly around: number;
  readonly length: number;
}

function fitOne(
  row: JsonRow,
  characters: number,
  lengths: ReadonlyMap<string, number>,
): FittingRows {
  const cells = Object.entries(row).map(([name, value]) => ({
    name,
    value,
    around: lengthOf(name, characters) + 2,
    length: lengthOf(value, characters),
  }));
  const kept = leaveOut(cells, characters - 1);
  const room = characters - 1 - sum(kept.map((cell) => cell.around));
  const level = waterLevel(
    kept.map((cell) => cell.length),
    room,
  );
  const cut: string[] = [];
  const entries = kept.map((cell): [string, JsonRow[string]] => {
    const { name, value, length } = cell;
    if (typeof value !== "string" || length <= level) return [name, value];
    const text = cutText(value, level);
    const whole = lengths.get(value) ?? value.length;
    cut.push(`${short(name)} (${whole} characters, ${text.length - mark.length} shown)`);
    return [name, text];
  });
  const left = cells.filter((cell) => !kept.includes(cell)).map((cell) => short(cell.name));
  const notes: string[] = [];
  if (cut.length > 0)
    notes.push(
      `Long texts were cut: ${someOf(cut)}. SUBSTRING(column, start, length) gives the rest of one.`,
    );
  if (left.length > 0)
    notes.push(
      `Columns were left out, because a row of all of them is too long: ${someOf(left)}. Name those that you need after SELECT.`,
    );
  return { rows: [Object.fromEntries(entries)], notes };
}

/** The columns whose shortest form fits: empty ones go first, then the last. */
function leaveOut(cells: readonly Cell[], room: number): readonly Cell[] {
  const least = (cell: Cell) =>
    cell.around +
    (typeof cell.value === "string" ? Math.min(cell.length, shortestText) : cell.length);
  let size = sum(cells.map(least));
  const gone = new Set<Cell>();
  // What can never fit, then what says nothing, then whatever stands last.
  const rank = (cell: Cell) => (least(cell) > room ? 0 : cell.value === null ? 1 : 2);
  for (const cell of [...cells].reverse().sort((a, b) => rank(a) - rank(b))) {
    if (size <= room) break;
    gone.add(cell);
    size -= least(cell);
  }
  return cells.filter((cell) => !gone.has(cell));
}

/** The length that every longer one is cut to, so that all together fill `room`. */
function waterLevel(lengths: readonly number[], room: number): number {
  let left = room;
  const rising = [...lengths].sort((a, b) => a - b);
  for (const [index, length] of rising.entries()) {
    const level = Math.floor(left / (rising.length - index));
    if (length > level) return level;
    left -= length;
  }
  return Number.POSITIVE_INFINITY;
}

/** The beginning of the text whose JSON has at most so many characters; never half of a surrogate pair. */
function cutText(text: string, characters: number): string {
  let end = Math.min(text.length, Math.max(0, characters - 2 - mark.length));
  for (;;) {
    const isInPair = /[\uD800-\uDBFF]/.test(text.charAt(end - 1));
    const part = text.slice(0, isInPair ? end - 1 : end) + mark;
    const over = escapeHidden(JSON.stringify(part)).length - characters;
    if (over <= 0 || end === 0) return part;
    // What is escaped has six characters for one, so this takes too little rather than too much.
    end = Math.max(0, end - Math.max(1, Math.ceil(over / 6)));
  }
}

const sum = (numbers: readonly number[]) => numbers.reduce((all, one) => all + one, 0);
const short = (name: string) => (name.length <= 60 ? name : `${name.slice(0, 60).toWellFormed()}…`);
const someOf = (names: readonly string[]) =>
  names.length <= 10
    ? names.join(", ")
    : `${names.slice(0, 10).join(", ")} and ${names.length - 10} more`;
