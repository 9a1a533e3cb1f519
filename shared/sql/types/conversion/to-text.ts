import { printScaled, rescale } from "../decimal";
import { groupThousands, withoutTrailing } from "../digits";
import { Failure, tryCastHint } from "../failure";
import {
  isApproximate,
  isBinary,
  isMax,
  isMoney,
  isOldDateTime,
  isText,
  isTime,
  isUnicode,
  kindName,
  type Present,
  type SqlType,
} from "../sql-type";
import { civilOf, epochMs, localTicks, msToTicks, zoneOf } from "../time/moment";
import { printStyle, printZone, type Shape } from "../time/styles";
import type { Convert } from "./conversion";

/** A text as long as its type has it: cut, and filled with blanks where the length is fixed. */
export function fitText(to: SqlType): (text: string) => string {
  const { length } = to;
  if (isMax(to)) return (text) => text;
  if (to.kind === "char" || to.kind === "nchar") {
    return (text) => (text.length > length ? text.slice(0, length) : text.padEnd(length, " "));
  }
  return (text) => (text.length > length ? text.slice(0, length) : text);
}

/** A conversion to text. What is too long is cut, starred or refused, as the page on CAST has it for each type. */
export function toText(from: SqlType, to: SqlType): Convert {
  const fitted = fitText(to);
  if (isText(from)) return (value) => fitted(value as string);
  if (isTime(from)) {
    const print = printerOfTime(from, to);
    return (value, style) => {
      const text = print(value, style);
      return typeof text === "string" ? fitted(text) : text;
    };
  }
  if (isBinary(from)) return binaryToText(to, fitted);
  const print = printerOf(from);
  return (value, style) => {
    const text = print(value, style);
    return text.length <= to.length ? fitted(text) : tooLong(from, to, fitted);
  };
}

const small: ReadonlySet<string> = new Set(["tinyint", "smallint", "int"]);

function tooLong(from: SqlType, to: SqlType, fitted: (text: string) => string): string | Failure {
  if (small.has(from.kind) && !isUnicode(to)) return fitted("*");
  if (from.kind === "uniqueidentifier") {
    return new Failure(
      8170,
      "Insufficient result space to convert uniqueidentifier value to char",
      "A GUID has 36 characters.",
    );
  }
  const name = kindName(to);
  if (isMoney(from)) {
    return new Failure(
      234,
      `There is insufficient result space to convert a money value to ${name}`,
    );
  }
  const what = from.kind === "decimal" ? "numeric to data type" : "expression to data type";
  return new Failure(8115, `Arithmetic overflow error converting ${what} ${name}`, tryCastHint);
}

type Print = (value: Present, style?: number) => string;

function printerOf(from: SqlType): Print {
  if (from.kind === "bit") return (value) => (value ? "1" : "0");
  if (from.kind === "uniqueidentifier") return (value) => (value as string).toUpperCase();
  if (from.kind === "decimal") return (value) => printScaled(value as bigint, from.scale);
  if (isMoney(from)) return (value, style) => printMoney(value as bigint, style);
  if (isApproximate(from)) return (value, style) => printFloat(value as number, style);
  return (value) => String(value);
}

/** Two digits behind the point; style 1 groups the others, style 2 and 126 keep all four. */
function printMoney(value: bigint, style: number | undefined): string {
  if (style === 2 || style === 126) return printScaled(value, 4);
  const text = printScaled(rescale(value, 4, 2), 2);
  if (style !== 1) return text;
  const sign = text.startsWith("-") ? "-" : "";
  return `${sign}${groupThousands(text.slice(sign.length, -3), ",")}${text.slice(-3)}`;
}

/** Six digits; styles 1 to 3 are 8, 16 and 17 digits, always with an exponent. */
export function printFloat(value: number, style: number | undefined): string {
  if (style === 1) return exponent(value.toExponential(7));
  if (style === 2) return exponent(value.toExponential(15));
  if (style === 3) return exponent(value.toExponential(16));
  const number = Number(value.toPrecision(6));
  if (number === 0) return "0";
  const size = Math.floor(Math.log10(Math.abs(number)) + 1e-12);
  if (size >= 6 || size < -4) return exponent(number.toExponential());
  return Math.abs(number) < 1e-4 ? withoutTrailing(number.toFixed(9), "0") : String(number);
}

/** An exponent has three digits there: 1e+006. */
const exponent = (text: string): string =>
  text.replace(
    /e([+-])(\d+)$/,
    (_, sign: string, digits: string) => `e${sign}${digits.padStart(3, "0")}`,
  );

const newDefault = 121;

const ticksOf = (from: SqlType, value: Present): bigint => {
  switch (from.kind) {
    case "time":
      return msToTicks(epochMs) + BigInt(value as number);
    case "datetime2":
      return value as bigint;
    case "datetimeoffset":
      return localTicks(value as bigint);
    default:
      return msToTicks(value as number);
  }
};

function printerOfTime(
  from: SqlType,
  to: SqlType,
): (value: Present, style?: number) => string | Failure {
  const old = isOldDateTime(from);
  const shape: Shape = {
    date: from.kind !== "time",
    time: from.kind !== "date",
    scale: old ? 3 : from.scale,
    old,
  };
  const zoned = from.kind === "datetimeoffset";
  return (value, style = old ? 0 : newDefault) => {
    const utc = zoned && style === 127;
    const at = civilOf(utc ? msTicksUtc(value as bigint) : ticksOf(from, value));
    const text = printStyle(style, at, shape);
    if (text === undefined) return noStyle(style, from, to);
    if (!zoned || !/:/.test(text)) return text;
    if (utc) return `${text}Z`;
    return `${text}${style === 126 ? "" : " "}${printZone(zoneOf(value as bigint))}`;
  };
}

const msTicksUtc = (value: bigint): bigint => value >> 11n;

const noStyle = (style: number, from: SqlType, to: SqlType): Failure =>
  new Failure(
    281,
    `${style} is not a valid style number when converting from ${kindName(from)} to a ${kindName(to)} string`,
    style === 130 || style === 131
      ? "The Hijri calendar is not available in read_query."
      : "Styles that are often meant: 23 (2026-11-30), 120 (2026-11-30 14:05:00), 101 (11/30/2026), 104 (30.11.2026), 126 (ISO 8601).",
  );

const hex = (bytes: string): string => Buffer.from(bytes, "latin1").toString("hex").toUpperCase();

function binaryToText(to: SqlType, fitted: (text: string) => string): Convert {
  return (value, style) => {
    const bytes = value as string;
    if (style === 1) return fitted(`0x${hex(bytes)}`);
    if (style === 2) return fitted(hex(bytes));
    // Two bytes a character, the lower first.
    if (isUnicode(to)) {
      const even = bytes.length % 2 === 0 ? bytes : `${bytes}\u0000`;
      return fitted(Buffer.from(even, "latin1").toString("utf16le"));
    }
    return fitted(bytes);
  };
}
