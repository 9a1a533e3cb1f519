import { numberToScaled, printScaled } from "../../types/decimal";
import { withoutTrailing } from "../../types/digits";
import { Failure } from "../../types/failure";
import {
  char,
  int,
  isNumeric,
  isText,
  nvarchar,
  type SqlType,
  varbinary,
  varchar,
} from "../../types/sql-type";
import { roomOf } from "../../types/text-room";
import { aFloat, anInt, anyValue, aText, aTextOrBinary, aWide, define } from "../define";
import type { SqlFunction } from "../function";

/** What code page 1252 has at 128 to 159; the five that it leaves open are controls. Node's own decoder takes it for Latin-1. */
const between128And159 = "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008DŽ\u008F\u0090‘’“”•–—˜™š›œ\u009DžŸ";
/** Letters by their byte in code page 1252, which VARCHAR has here. */
const letters: readonly string[] = Array.from({ length: 256 }, (_, byte) =>
  byte >= 128 && byte < 160 ? (between128And159[byte - 128] ?? "") : String.fromCharCode(byte),
);
const bytes: ReadonlyMap<string, number> = new Map(letters.map((letter, byte) => [letter, byte]));

const closing: Readonly<Record<string, readonly [string, string]>> = {
  "[": ["[", "]"],
  "]": ["[", "]"],
  "(": ["(", ")"],
  ")": ["(", ")"],
  "<": ["<", ">"],
  ">": ["<", ">"],
  "{": ["{", "}"],
  "}": ["{", "}"],
  "'": ["'", "'"],
  '"': ['"', '"'],
  "`": ["`", "`"],
};

const soundCodes: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries({
    "1": "BFPV",
    "2": "CGJKQSXZ",
    "3": "DT",
    "4": "L",
    "5": "MN",
    "6": "R",
  }).flatMap(([code, group]) => [...group].map((letter) => [letter, code])),
);

/** Four characters by sound; what follows the first character that is no letter does not count. */
export function soundex(text: string): string {
  const word = /^[A-Z]+/.exec(text.toUpperCase())?.[0] ?? "";
  if (word === "") return "0000";
  let result = word.charAt(0);
  let last = soundCodes[result] ?? "";
  for (const letter of word.slice(1)) {
    const code = soundCodes[letter] ?? "";
    if (code !== "" && code !== last) result += code;
    // H and W do not part two letters of one sound; vowels do.
    if (letter !== "H" && letter !== "W") last = code;
    if (result.length === 4) break;
  }
  return result.padEnd(4, "0");
}

const escapes: Readonly<Record<string, string>> = {
  '"': '\\"',
  "\\": "\\\\",
  "/": "\\/",
  "\b": "\\b",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
};
// biome-ignore lint/suspicious/noControlCharactersInRegex: controls are what is escaped
const escaped = /["\\/\u0000-\u001F]/g;

/** As STRING_ESCAPE does it for JSON, the slash included. */
export const escapeJson = (text: string): string =>
  text.replace(
    escaped,
    (one) => escapes[one] ?? `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );

/** A whole or broken number, with commas or an exponent; or a sign, a point, a comma alone, which SQL Server takes for numbers, too. */
const numeric = /^(?:(?:\d[\d,]*(?:\.\d*)?|\.\d+)(?:[ed][+-]?\d+)?|\.|,)?$/i;
const signAndCurrency = /^(?:[+-][$£€¥]?|[$£€¥][+-]?)?/;

function readsAsNumber(text: string): boolean {
  const plain = text.trim().replaceAll(" ", "");
  return plain !== "" && numeric.test(plain.replace(signAndCurrency, ""));
}

function isNumericText(value: unknown, type: SqlType | undefined): boolean {
  if (value === null || !type) return false;
  return isText(type) ? readsAsNumber(value as string) : isNumeric(type);
}

function strOf(value: number, length: number, decimals: number): string | null {
  if (length < 1 || length > 8000 || decimals < 0) return null;
  const digits = Math.min(decimals, 16);
  const whole = printScaled(numberToScaled(value, 0), 0);
  if (whole.length > length) return "*".repeat(length);
  // As many digits behind the point as there is room for.
  const room = Math.max(0, Math.min(digits, length - whole.length - 1));
  const text = printScaled(numberToScaled(value, room), room);
  return text.length > length ? "*".repeat(length) : text.padStart(length, " ");
}

/** Functions of characters and their codes, and of texts in a form that somebody else reads. */
export const codeFunctions: readonly SqlFunction[] = [
  define({
    name: "ASCII",
    syntax: "ASCII(text)",
    arguments: [1, 1],
    takes: [aText],
    type: int,
    mayBeNull: true,
    run: ([text]) => (text === "" ? null : (bytes.get((text as string).charAt(0)) ?? 63)),
  }),
  define({
    name: "CHAR",
    syntax: "CHAR(code)",
    arguments: [1, 1],
    takes: [anInt],
    type: char(1),
    mayBeNull: true,
    run: ([code]) => letters[code as number] ?? null,
  }),
  define({
    name: "UNICODE",
    syntax: "UNICODE(text)",
    arguments: [1, 1],
    takes: [aWide],
    type: int,
    mayBeNull: true,
    run: ([text]) => (text as string).codePointAt(0) ?? null,
  }),
  define({
    name: "NCHAR",
    syntax: "NCHAR(code)",
    arguments: [1, 1],
    takes: [anInt],
    type: nvarchar(2),
    mayBeNull: true,
    run: ([code]) =>
      (code as number) >= 0 && (code as number) <= 0x10_ffff
        ? String.fromCodePoint(code as number)
        : null,
  }),
  define({
    name: "QUOTENAME",
    syntax: "QUOTENAME(text[, quote])",
    arguments: [1, 2],
    takes: [aText],
    type: nvarchar(258),
    mayBeNull: true,
    run: ([text, quote = "["]) => {
      const pair = closing[(quote as string).charAt(0)];
      if (!pair || (text as string).length > 128) return null;
      const [open, close] = pair;
      return open + (text as string).replaceAll(close, close + close) + close;
    },
  }),
  define({
    name: "STR",
    syntax: "STR(number[, length[, decimals]])",
    arguments: [1, 3],
    takes: [aFloat, anInt],
    type: varchar(8000),
    mayBeNull: true,
    run: ([value, length = 10, decimals = 0]) =>
      strOf(value as number, length as number, decimals as number),
  }),
  define({
    name: "STRING_ESCAPE",
    syntax: "STRING_ESCAPE(text, 'json')",
    arguments: [2, 2],
    takes: [aText],
    type: (takes) => nvarchar((takes[0]?.length ?? 0) > 666 ? 2_147_483_647 : 4000),
    run: ([text, kind], { type }) => {
      if ((kind as string).toLowerCase() !== "json") {
        throw new Failure(13602, "The escape type of STRING_ESCAPE must be 'json'").error();
      }
      return escapeJson(text as string).slice(0, roomOf(type).characters);
    },
  }),
  define({
    name: "SOUNDEX",
    syntax: "SOUNDEX(text)",
    arguments: [1, 1],
    takes: [aText],
    type: varchar(4),
    run: ([text]) => soundex(text as string),
  }),
  define({
    name: "DIFFERENCE",
    syntax: "DIFFERENCE(text, text)",
    arguments: [2, 2],
    takes: [aText],
    type: int,
    run: ([left, right]) => {
      const other = soundex(right as string);
      return [...soundex(left as string)].filter((one, index) => other[index] === one).length;
    },
  }),
  define({
    name: "PARSENAME",
    syntax: "PARSENAME(name, part)",
    arguments: [2, 2],
    takes: [aText, anInt],
    type: nvarchar(128),
    mayBeNull: true,
    run: ([name, part]) => {
      const parts = (name as string).split(".");
      if (parts.length > 4) return null;
      const found = parts[parts.length - (part as number)];
      return found === undefined || found === "" ? null : found.replace(/^\[(.*)\]$/, "$1");
    },
  }),
  define({
    name: "ISNUMERIC",
    syntax: "ISNUMERIC(value)",
    arguments: [1, 1],
    takes: [anyValue],
    type: int,
    neverNull: true,
    runNull: ([value], { takes }) => (isNumericText(value, takes[0]) ? 1 : 0),
  }),
  define({
    name: "BASE64_ENCODE",
    syntax: "BASE64_ENCODE(binary[, url_safe])",
    arguments: [1, 2],
    takes: [aTextOrBinary, anInt],
    type: ([bytes]) =>
      bytes && isText(bytes)
        ? new Failure(
            8116,
            "Argument data type varchar is invalid for argument 1 of BASE64_ENCODE function",
            "CAST the text to VARBINARY first.",
          )
        : varchar(bytes && bytes.length > 6000 ? 2_147_483_647 : 8000),
    run: ([value, safe = 0]) =>
      Buffer.from(value as string, "latin1").toString(safe === 1 ? "base64url" : "base64"),
  }),
  define({
    name: "BASE64_DECODE",
    syntax: "BASE64_DECODE(text)",
    arguments: [1, 1],
    takes: [aText],
    type: ([text]) => varbinary(text?.length ?? 8000),
    run: ([text]) => {
      const clean = (text as string).replace(/\s+/g, "");
      if (!/^[A-Za-z0-9+/_-]*={0,2}$/.test(clean) || withoutTrailing(clean, "=").length % 4 === 1) {
        throw new Failure(9803, "Invalid data for type BASE64_DECODE").error();
      }
      return Buffer.from(clean, "base64").toString("latin1");
    },
  }),
  define({
    name: "UNISTR",
    syntax: "UNISTR(text[, escape])",
    arguments: [1, 2],
    takes: [aWide],
    type: nvarchar(4000),
    run: ([text, mark = "\\"]) => unistr(text as string, mark as string),
  }),
];

function unistr(text: string, mark: string): string {
  let result = "";
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] !== mark) {
      result += text[at];
      continue;
    }
    if (text[at + 1] === mark) {
      result += mark;
      at += 1;
      continue;
    }
    const long = text[at + 1] === "+";
    const digits = text.slice(at + (long ? 2 : 1), at + (long ? 8 : 5));
    const code = /^[0-9a-f]+$/i.test(digits) ? Number.parseInt(digits, 16) : Number.NaN;
    if (digits.length !== (long ? 6 : 4) || !(code <= 0x10_ffff)) {
      throw new Failure(9854, "The escape sequence in the text of UNISTR is not valid").error();
    }
    result += String.fromCodePoint(code);
    at += long ? 7 : 4;
  }
  return result;
}
