import { createHash } from "node:crypto";
import type { Query, Sorting } from "./records";

type Value = string | number | boolean | null;

/** A value in the words of the tests: NULL, (empty), whole numbers, three places behind the point, or text as it is. */
export function wordOf(value: Value, type: string): string {
  if (value === null) return "NULL";
  if (value === "") return "(empty)";
  const number = typeof value === "string" ? Number.NaN : Number(value);
  const exact = typeof value === "string" && /^-?\d{15,}(\.\d+)?$/.test(value);
  if (type === "I" && (exact || !Number.isNaN(number)))
    return exact ? String(value).replace(/\..*$/, "") : String(Math.trunc(number) + 0);
  if (type === "R" && !Number.isNaN(number)) return number.toFixed(3);
  if (type === "R" && exact) return Number(value).toFixed(3);
  return String(typeof value === "boolean" ? Number(value) : value);
}

export function sorted(values: readonly string[], columns: number, sorting: Sorting): string[] {
  if (sorting === "valuesort") return [...values].sort(byBytes);
  if (sorting === "nosort" || columns === 0) return [...values];
  const rows = Array.from({ length: values.length / columns }, (_, row) =>
    values.slice(row * columns, (row + 1) * columns),
  );
  return rows
    .sort((a, b) => a.reduce((order, one, at) => order || byBytes(one, b[at] ?? ""), 0))
    .flat();
}

const byBytes = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Numbers are equal that differ by less than binary fractions tell apart. */
function isSame(a: string, b: string): boolean {
  if (a === b) return true;
  const [x, y] = [Number(a), Number(b)];
  return a !== "" && b !== "" && Math.abs(x - y) <= 1e-9 * Math.max(1, Math.abs(x), Math.abs(y));
}

/** What is different, in a few words; undefined where nothing is. */
export function differenceOf(
  query: Query,
  rows: readonly (readonly Value[])[],
): string | undefined {
  const { types = "", sorting, values, digest } = query;
  const columns = rows[0]?.length ?? types.length;
  if (columns !== types.length) return `${columns} columns, not ${types.length}`;
  const words = rows.flatMap((row) => row.map((value, at) => wordOf(value, types[at] ?? "T")));
  const own = sorted(words, columns, sorting);
  if (digest) {
    if (own.length !== digest.count) return `${own.length} values, not ${digest.count}`;
    const md5 = createHash("md5")
      .update(own.map((one) => `${one}\n`).join(""))
      .digest("hex");
    return md5 === digest.md5 ? undefined : `values hashing to ${md5}: ${shown(own)}`;
  }
  const wanted = sorted(values, columns, sorting);
  if (own.length === wanted.length && own.every((one, at) => isSame(one, wanted[at] ?? "")))
    return undefined;
  return `${shown(own)} instead of ${shown(wanted)}`;
}

const shown = (values: readonly string[]): string =>
  `${values.slice(0, 24).join(" ")}${values.length > 24 ? ` … (${values.length})` : ""}` ||
  "nothing";
