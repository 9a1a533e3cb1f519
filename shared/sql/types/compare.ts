import { collationKey } from "./collation/collation";
import {
  isApproximate,
  isBinary,
  isText,
  type Present,
  type SqlType,
  type Value,
} from "./sql-type";
import { instantOf } from "./time/moment";

export type Key = number | bigint | string;

/** SQL Server sorts GUIDs by their last group first, the first three groups byte-reversed. */
function guidKey(guid: string): string {
  const part = (from: number, to: number) => guid.slice(from, to);
  const third = part(16, 18) + part(14, 16);
  const second = part(11, 13) + part(9, 11);
  const first = part(6, 8) + part(4, 6) + part(2, 4) + part(0, 2);
  return part(24, 36) + part(19, 23) + third + second + first;
}

/** Binary data of different lengths is equal when the rest is zeros. */
function binaryKey(bytes: string): string {
  let end = bytes.length;
  while (end > 0 && bytes.charCodeAt(end - 1) === 0) end -= 1;
  return bytes.slice(0, end);
}

/** A form of a value in which `<` and `===` mean what SQL means by them. */
export function sortKeyOf(type: SqlType): (value: Present) => Key {
  if (isText(type)) {
    const key = collationKey(type);
    return (value) => key(value as string);
  }
  if (type.kind === "uniqueidentifier") return (value) => guidKey(value as string);
  if (isBinary(type)) return (value) => binaryKey(value as string);
  if (type.kind === "bit") return (value) => (value ? 1 : 0);
  if (type.kind === "datetimeoffset") return (value) => instantOf(value as bigint);
  return (value) => value as Key;
}

const order = (a: Key, b: Key): number => (a < b ? -1 : a > b ? 1 : 0);

/** Negative, zero or positive; NULL comes first. */
export function comparatorOf(type: SqlType): (left: Value, right: Value) => number {
  const key = sortKeyOf(type);
  return (left, right) =>
    left === null || right === null
      ? Number(left !== null) - Number(right !== null)
      : order(key(left), key(right));
}

/** Equal values of one type have equal keys; NULL has a key of its own. */
export function hashKeyOf(type: SqlType): (value: Value) => string {
  // No GUID is a dash: it stands for itself, and nothing is put together for each row.
  if (type.kind === "uniqueidentifier")
    return (value) => (value === null ? "-" : (value as string));
  const key = sortKeyOf(type);
  // 0 and -0 are one number.
  if (isApproximate(type)) return (value) => (value === null ? "-" : `v${Number(value) + 0}`);
  return (value) => (value === null ? "-" : `v${key(value)}`);
}

/** One key for several values. Lengths keep `a|b` + `c` apart from `a` + `b|c`. */
export function hashKeysOf(types: readonly SqlType[]): (values: readonly Value[]) => string {
  const keys = types.map(hashKeyOf);
  const [only, ...more] = keys;
  if (only && more.length === 0) return (values) => only(values[0] ?? null);
  return (values) => {
    let all = "";
    for (let at = 0; at < keys.length; at += 1) {
      const key = keys[at]?.(values[at] ?? null) ?? "";
      all += `${key.length}:${key}`;
    }
    return all;
  };
}

export type ComparisonSign = "=" | "<>" | "<" | "<=" | ">" | ">=";

const tests: Readonly<Record<ComparisonSign, (a: Key, b: Key) => boolean>> = {
  "=": (a, b) => a === b,
  "<>": (a, b) => a !== b,
  "<": (a, b) => a < b,
  "<=": (a, b) => a <= b,
  ">": (a, b) => a > b,
  ">=": (a, b) => a >= b,
};

/** Texts below this are not worth counting. */
const shortText = 512;

/** A comparison of two values of one type. */
export function testOf(
  sign: ComparisonSign,
  type: SqlType,
): (a: Present, b: Present, work: (characters: number) => void) => boolean {
  const test = tests[sign];
  const key = sortKeyOf(type);
  return (a, b, work) => {
    if (typeof a === "string" && a.length > shortText) work(a.length);
    if (typeof b === "string" && b.length > shortText) work(b.length);
    return test(key(a), key(b));
  };
}
