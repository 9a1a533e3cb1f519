import { clockTicks, toTime } from "./conversion/to-time";
import { printScaled, scaledToNumber, shortestToScaled } from "./decimal";
import { withoutTrailing } from "./digits";
import {
  isApproximate,
  isBinary,
  isScaled,
  isTime,
  type Present,
  type SqlType,
  type Value,
  varchar,
} from "./sql-type";
import { civilOf, zoneOf } from "./time/moment";
import { fractionDigits, printZone } from "./time/styles";

const mostShown = 10n ** 15n;
const magnitude = (value: bigint): bigint => (value < 0n ? -value : value);

/**
 * A value as it goes out in JSON: dates in ISO 8601, exact numbers as numbers where a double shows every digit of them (15 digits), else as
 * text, binary data as `0x…`.
 *
 * @param utc append the Z of UTC to a moment; what Dataverse stores is UTC, and so is every datetime that was computed from it
 */
export function toJson(
  value: Value,
  type: SqlType,
  utc: boolean = type.kind === "datetime",
): string | number | boolean | null {
  if (value === null || typeof value === "boolean") return value;
  if (isScaled(type)) {
    const exact = value as bigint;
    return magnitude(exact) < mostShown
      ? scaledToNumber(exact, type.scale)
      : printScaled(exact, type.scale);
  }
  if (type.kind === "bigint") {
    return magnitude(value as bigint) <= BigInt(Number.MAX_SAFE_INTEGER)
      ? Number(value)
      : String(value);
  }
  if (isTime(type)) return printMoment(value, type, utc);
  if (isBinary(type))
    return `0x${Buffer.from(value as string, "latin1")
      .toString("hex")
      .toUpperCase()}`;
  return typeof value === "bigint" ? String(value) : value;
}

/** The same as text, with every digit: what FetchXML and messages take. */
export function toInvariant(value: Present, type: SqlType): string {
  if (isScaled(type)) return printScaled(value as bigint, type.scale);
  if (type.kind === "bit") return value ? "1" : "0";
  if (isTime(type))
    return printMoment(value, type, type.kind === "datetime" || type.kind === "datetime2");
  return String(toJson(value, type));
}

const two = (value: number): string => String(value).padStart(2, "0");

function printMoment(value: Present, type: SqlType, utc: boolean): string {
  // A datetime shows its thousandths, not the three-hundredths behind them.
  const shown = type.kind === "datetime" ? { ...type, kind: "smalldatetime" as const } : type;
  const at = civilOf(clockTicks(shown)(value));
  const day = `${String(at.year).padStart(4, "0")}-${two(at.month)}-${two(at.day)}`;
  if (type.kind === "date") return day;
  const digits = at.fraction === 0 ? "" : `.${fraction(fractionDigits(at, 7))}`;
  const clock = `${two(at.hour)}:${two(at.minute)}:${two(at.second)}${digits}`;
  if (type.kind === "time") return clock;
  const zone = type.kind === "datetimeoffset" ? printZone(zoneOf(value as bigint)) : utc ? "Z" : "";
  return `${day}T${clock}${zone}`;
}

/** Three digits, or all seven where the last ones are not zero. */
const fraction = (digits: string): string =>
  digits.endsWith("0000") ? digits.slice(0, 3) : withoutTrailing(digits, "0");

/** A number of JSON as a value of the type. Exact types take its decimal digits as they were written. */
export function fromNumber(value: number, type: SqlType): Value {
  if (isScaled(type)) return shortestToScaled(value, type.scale);
  if (type.kind === "bigint") return BigInt(Math.trunc(value));
  if (type.kind === "bit") return value !== 0;
  return type.kind === "real" && isApproximate(type) ? Math.fround(value) : value;
}

/** A text of ISO 8601 as a date or a moment of the type, or undefined when it is none. */
export function fromIso(text: string, type: SqlType): Value | undefined {
  const result = toTime(varchar(text.length), type)(text, 126);
  return typeof result === "number" || typeof result === "bigint" ? result : undefined;
}
