import { classOf, type SqlType, type Value } from "../types";

// biome-ignore lint/suspicious/noControlCharactersInRegex: the ASCII range is what is meant
const ascii = /^[\u0000-\u007F]*$/;
const marks = /\p{M}/gu;

/**
 * What two strings have in common when the database calls them equal: case and accents do not
 * count, nor do trailing blanks (Dataverse's collation is Latin1_General_CI_AI).
 */
export function collate(text: string): string {
  const plain = ascii.test(text) ? text : text.normalize("NFKD").replace(marks, "");
  return trimBlanks(plain.toLowerCase());
}

function trimBlanks(text: string): string {
  let end = text.length;
  while (end > 0 && text[end - 1] === " ") end -= 1;
  return end === text.length ? text : text.slice(0, end);
}

/** SQL Server sorts GUIDs by their last group first, the first three groups byte-reversed. */
function guidKey(guid: string): string {
  const [a = "", b = "", c = "", d = "", e = ""] = guid.split("-");
  const reversed = (hex: string) => hex.replace(/../g, "$& ").trim().split(" ").reverse().join("");
  return e + d + reversed(c) + reversed(b) + reversed(a);
}

/** A form of a value in which `<` and `===` mean what SQL means by them. Not for null. */
export function sortKey(value: Exclude<Value, null>, type: SqlType): string | number {
  if (typeof value === "boolean") return value ? 1 : 0;
  if (typeof value === "number") return value;
  return classOf(type) === "guid" ? guidKey(value) : collate(value);
}

/** Negative, zero or positive; NULL comes first, as in T-SQL. */
export function compareForSort(left: Value, right: Value, type: SqlType): number {
  if (left === null || right === null) return Number(left !== null) - Number(right !== null);
  const a = sortKey(left, type);
  const b = sortKey(right, type);
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Equal values have equal keys; for hash tables. NULL has a key of its own. */
export function hashKey(value: Value): string {
  if (value === null) return "-";
  if (typeof value === "string") return `s${collate(value)}`;
  return typeof value === "boolean" ? `n${value ? 1 : 0}` : `n${value}`;
}

/** One key for several values. Lengths keep `a|b` + `c` apart from `a` + `b|c`. */
export const hashKeys = (values: readonly Value[]): string =>
  values
    .map((value) => hashKey(value))
    .map((key) => `${key.length}:${key}`)
    .join("");

/** Takes binary noise off a decimal result: 0.1 + 0.2 is 0.3 in SQL. */
export const withoutNoise = (value: number): number => Number(value.toPrecision(15));
