import { classOf, type SqlType, type Value } from "../types";
import { formatDate, formatDateTime, parseDate, startOfDay } from "./dates";

const guid = /^\{?([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\}?$/i;

/** Lower case with dashes, or undefined. */
export const parseGuid = (text: string): string | undefined =>
  guid.exec(text.trim())?.[1]?.toLowerCase();

const truths: ReadonlyMap<string, boolean> = new Map([
  ["true", true],
  ["1", true],
  ["yes", true],
  ["false", false],
  ["0", false],
  ["no", false],
]);

function toText(value: Exclude<Value, null>, from: SqlType): string {
  if (typeof value === "boolean") return value ? "1" : "0";
  if (from === "date") return formatDate(Number(value));
  if (from === "datetime") return formatDateTime(Number(value));
  return String(value);
}

function toNumber(value: Exclude<Value, null>): number | undefined {
  if (typeof value === "boolean") return value ? 1 : 0;
  if (typeof value === "number") return value;
  const trimmed = value.trim();
  return /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i.test(trimmed) ? Number(trimmed) : undefined;
}

function toTime(value: Exclude<Value, null>, to: SqlType): number | undefined {
  const ms = typeof value === "string" ? parseDate(value) : Number(value);
  return ms !== undefined && to === "date" ? startOfDay(ms) : ms;
}

/** A value as another type; undefined when it cannot be one. NULL stays NULL. */
export function convert(value: Value, from: SqlType, to: SqlType): Value | undefined {
  if (value === null) return null;
  switch (classOf(to)) {
    case "text":
      return toText(value, from);
    case "number": {
      const number = classOf(from) === "time" ? undefined : toNumber(value);
      if (number === undefined || !Number.isFinite(number)) return undefined;
      return to === "integer" || to === "choice" ? Math.trunc(number) : number;
    }
    case "boolean":
      if (typeof value === "string") return truths.get(value.trim().toLowerCase());
      return classOf(from) === "time" ? undefined : Number(value) !== 0;
    case "time":
      return classOf(from) === "number" ? undefined : toTime(value, to);
    case "guid":
      return typeof value === "string" ? parseGuid(value) : undefined;
    default:
      return value;
  }
}
