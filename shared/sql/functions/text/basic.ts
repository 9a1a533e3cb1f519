import { searchable } from "../../types/collation/search-fold";
import { Failure } from "../../types/failure";
import { compilePatternIndex } from "../../types/like";
import {
  bigint,
  int,
  isBinary,
  isMax,
  isText,
  isUnicode,
  longest,
  type SqlType,
  varchar,
  withCollation,
} from "../../types/sql-type";
import { checkRoom, concatenate, cutToRoom, pieceOf, roomOf } from "../../types/text-room";
import {
  aBig,
  anInt,
  aText,
  aTextOrBinary,
  define,
  roomyType,
  textLike,
  typeOfFirst,
} from "../define";
import type { SqlFunction } from "../function";

const blank = 32;

const lengthOfType = (type: SqlType | undefined): SqlType => (type && isMax(type) ? bigint : int);
const asCount = (value: number, type: SqlType): number | bigint =>
  type.kind === "bigint" ? BigInt(value) : value;

const oneText = (name: string, run: (text: string) => string): SqlFunction =>
  define({
    name,
    syntax: `${name}(text)`,
    arguments: [1, 1],
    takes: [aText],
    type: typeOfFirst,
    run: ([text], { type }) => cutToRoom(run(text as string), roomOf(type)),
  });

function trimEndOf(text: string, characters: string): number {
  let end = text.length;
  while (end > 0 && characters.includes(text[end - 1] ?? "")) end -= 1;
  return end;
}

function trimStartOf(text: string, characters: string): number {
  let start = 0;
  while (start < text.length && characters.includes(text[start] ?? "")) start += 1;
  return start;
}

const trimming = (name: string, syntax: string, left: boolean, right: boolean): SqlFunction =>
  define({
    name,
    syntax,
    arguments: [1, 2],
    takes: [aText],
    type: typeOfFirst,
    run: ([value, of = " "], { takes }) => {
      const text = value as string;
      const fold = searchable(takes[0]);
      const folded = of === " " ? text : fold(text);
      const characters = of === " " ? " " : fold(of as string);
      const start = left ? trimStartOf(folded, characters) : 0;
      const end = right ? Math.max(start, trimEndOf(folded, characters)) : text.length;
      return pieceOf(text, start, end);
    },
  });

function endOfText(text: string): number {
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) === blank) end -= 1;
  return end;
}

const checkedLength = (value: number, name: string): number => {
  if (value < 0) throw negativeLength(name);
  return value;
};

/** Functions that cut, search and change the letters of texts. */
export const basicTextFunctions: readonly SqlFunction[] = [
  oneText("UPPER", (text) => upper(text)),
  oneText("LOWER", (text) => lower(text)),
  oneText("REVERSE", reversed),
  trimming("LTRIM", "LTRIM(text[, characters])", true, false),
  trimming("RTRIM", "RTRIM(text[, characters])", false, true),
  trimming("TRIM", "TRIM([LEADING | TRAILING | BOTH] [characters FROM] text)", true, true),
  trimming("TRIM LEADING", "", true, false),
  trimming("TRIM TRAILING", "", false, true),
  define({
    name: "LEN",
    syntax: "LEN(text)",
    arguments: [1, 1],
    takes: [aTextOrBinary],
    type: ([text]) => lengthOfType(text),
    run: ([text], { type, takes }) =>
      asCount(
        takes[0] && isBinary(takes[0]) ? (text as string).length : endOfText(text as string),
        type,
      ),
  }),
  define({
    name: "DATALENGTH",
    syntax: "DATALENGTH(value)",
    arguments: [1, 1],
    takes: [(type) => (type.kind === "null" ? int : type)],
    type: ([type]) => lengthOfType(type),
    run: ([value], { type, takes }) => asCount(bytesOf(value, takes[0]), type),
  }),
  define({
    name: "LEFT",
    syntax: "LEFT(text, count)",
    arguments: [2, 2],
    takes: [aText, anInt],
    type: typeOfFirst,
    run: ([text, count]) => pieceOf(text as string, 0, checkedLength(count as number, "left")),
  }),
  define({
    name: "RIGHT",
    syntax: "RIGHT(text, count)",
    arguments: [2, 2],
    takes: [aText, anInt],
    type: typeOfFirst,
    run: ([text, count]) => {
      const { length } = text as string;
      return pieceOf(
        text as string,
        Math.max(0, length - checkedLength(count as number, "right")),
        length,
      );
    },
  }),
  define({
    name: "SUBSTRING",
    syntax: "SUBSTRING(text, start[, length])",
    arguments: [2, 3],
    takes: [aTextOrBinary, aBig],
    type: (takes) =>
      takes[0] && isBinary(takes[0]) ? { ...takes[0], kind: "varbinary" } : typeOfFirst(takes),
    run: ([text, start, length = BigInt(longest)]) => {
      const from = Number(start) - 1;
      const count = checkedLength(Number(length), "substring");
      return pieceOf(text as string, Math.max(0, from), Math.max(0, from + count));
    },
  }),
  define({
    name: "CHARINDEX",
    syntax: "CHARINDEX(search, text[, start])",
    arguments: [2, 3],
    takes: [aText, aText, aBig],
    type: ([, text]) => lengthOfType(text),
    run: ([search, text, start = 1n], { type, takes }) => {
      const fold = searchable(takes[1]?.collation ? takes[1] : takes[0]);
      const needle = fold(search as string);
      // An empty text stands nowhere.
      if (needle === "") return asCount(0, type);
      return asCount(
        fold(text as string).indexOf(needle, Math.max(0, Number(start) - 1)) + 1,
        type,
      );
    },
  }),
  define({
    name: "PATINDEX",
    syntax: "PATINDEX(pattern, text)",
    arguments: [2, 2],
    takes: [aText, aText],
    type: ([, text]) => lengthOfType(text),
    run: ([pattern, text], { type, takes, environment }) => {
      const [patternType, textType = varchar(1)] = takes;
      const collated = textType.collation
        ? textType
        : withCollation(textType, patternType?.collation);
      const index = compilePatternIndex(pattern as string, collated);
      return asCount(index(text as string, environment.work), type);
    },
  }),
  define({
    name: "REPLACE",
    syntax: "REPLACE(text, search, replacement)",
    arguments: [3, 3],
    takes: [aText],
    // Whether nothing is cut is decided by the first argument alone, as Microsoft's page has it.
    type: ([text = varchar(1), , by = text]) =>
      roomyType([text, isMax(text) || !isMax(by) ? by : textLike(by, 1)]),
    run: ([text, search, by], { type, takes }) => {
      const fold = searchable(takes[0]);
      return replaceAll(text as string, search as string, by as string, fold, type);
    },
  }),
  define({
    name: "STUFF",
    syntax: "STUFF(text, start, length, insertion)",
    arguments: [4, 4],
    takes: [aText, anInt, anInt, aText],
    type: ([text, , , by]) => roomyType([text ?? varchar(1), by ?? varchar(1)]),
    mayBeNull: true,
    runNull: ([text, start, length, by], { type }) => {
      if (text === null || start === null || length === null) return null;
      const whole = text as string;
      const from = (start as number) - 1;
      if (from < 0 || from >= whole.length || (length as number) < 0) return null;
      // Without an insertion the piece is only taken out.
      return concatenate(
        [
          whole.slice(0, from),
          (by as string | null | undefined) ?? "",
          whole.slice(from + (length as number)),
        ],
        roomOf(type),
      );
    },
  }),
  define({
    name: "REPLICATE",
    syntax: "REPLICATE(text, count)",
    arguments: [2, 2],
    takes: [aText, anInt],
    type: ([text]) => roomyType(text ? [text] : []),
    mayBeNull: true,
    run: ([text, count], { type }) => {
      const times = count as number;
      if (times < 0) return null;
      const room = roomOf(type);
      const unit = text as string;
      checkRoom(unit.length * times, room);
      if (unit === "") return "";
      return cutToRoom(
        unit.repeat(Math.min(times, Math.ceil(room.characters / unit.length))),
        room,
      );
    },
  }),
  define({
    name: "SPACE",
    syntax: "SPACE(count)",
    arguments: [1, 1],
    takes: [anInt],
    type: varchar(8000),
    mayBeNull: true,
    run: ([count]) => ((count as number) < 0 ? null : " ".repeat(Math.min(8000, count as number))),
  }),
  define({
    name: "TRANSLATE",
    syntax: "TRANSLATE(text, characters, translations)",
    arguments: [3, 3],
    takes: [aText],
    type: typeOfFirst,
    run: ([text, from, to], { takes }) =>
      translate(text as string, from as string, to as string, searchable(takes[0])),
  }),
  define({
    name: "CONCAT",
    syntax: "CONCAT(value, value[, …])",
    arguments: [2, 254],
    takes: [aText],
    type: concatType,
    neverNull: true,
    runNull: (values, { type }) =>
      concatenate(
        values.map((value) => (value ?? "") as string),
        roomOf(type),
      ),
  }),
  define({
    name: "CONCAT_WS",
    syntax: "CONCAT_WS(separator, value, value[, …])",
    arguments: [3, 254],
    takes: [aText],
    type: concatType,
    neverNull: true,
    runNull: ([separator, ...values], { type }) => {
      const parts: string[] = [];
      for (const value of values) {
        if (value === null) continue;
        if (parts.length > 0) parts.push((separator ?? "") as string);
        parts.push(value as string);
      }
      return concatenate(parts, roomOf(type));
    },
  }),
];

/** As long as all of them together. */
function concatType(takes: readonly SqlType[]): SqlType {
  const roomy = roomyType(takes);
  if (isMax(roomy)) return roomy;
  const length = takes.reduce((sum, type) => sum + type.length, 0);
  // CONCAT_WS writes its separator more than once.
  return textLike(roomy, takes.length > 2 ? roomy.length : Math.min(length, roomy.length));
}

/** Letter for letter: a German ß stays one letter, as the database keeps it. */
const upper = (text: string): string => {
  const all = text.toUpperCase();
  return all.length === text.length
    ? all
    : Array.from(text, (one) => sameLength(one, one.toUpperCase())).join("");
};
const lower = (text: string): string => {
  const all = text.toLowerCase();
  return all.length === text.length
    ? all
    : Array.from(text, (one) => sameLength(one, one.toLowerCase())).join("");
};
const sameLength = (one: string, other: string): string =>
  other.length === one.length ? other : one;

function replaceAll(
  text: string,
  search: string,
  by: string,
  fold: (text: string) => string,
  type: SqlType,
): string {
  if (search === "") return text;
  const room = roomOf(type);
  const haystack = fold(text);
  const needle = fold(search);
  let result = "";
  let at = 0;
  for (let hit = haystack.indexOf(needle); hit >= 0; hit = haystack.indexOf(needle, at)) {
    result += text.slice(at, hit) + by;
    at = hit + search.length;
    if (result.length > room.characters) return concatenate([result], room);
  }
  return at === 0 ? text : concatenate([result, text.slice(at)], room);
}

function translate(text: string, from: string, to: string, fold: (text: string) => string): string {
  if (from.length !== to.length) throw unequalTranslation();
  const map = new Map<number, number>();
  const folded = fold(from);
  for (let at = 0; at < folded.length; at += 1) {
    const key = folded.charCodeAt(at);
    // The first of two equal characters counts.
    if (!map.has(key)) map.set(key, to.charCodeAt(at));
  }
  const source = fold(text);
  const units = new Uint16Array(text.length);
  for (let at = 0; at < text.length; at += 1)
    units[at] = map.get(source.charCodeAt(at)) ?? text.charCodeAt(at);
  return textOf(units);
}

/** The text of UTF-16 units: a million of them put together one by one would hold the event loop. */
const textOf = ({ buffer }: Uint16Array<ArrayBuffer>): string =>
  Buffer.from(buffer).toString("utf16le");

/** By characters: the halves of a pair keep their order. */
function reversed(text: string): string {
  const units = new Uint16Array(text.length);
  let to = text.length;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    const next = text.charCodeAt(at + 1);
    to -= 1;
    if ((unit & 0xfc00) === 0xd800 && (next & 0xfc00) === 0xdc00) {
      units[to] = next;
      to -= 1;
      at += 1;
    }
    units[to] = unit;
  }
  return textOf(units);
}

function bytesOf(value: unknown, type: SqlType | undefined): number {
  if (!type) return 0;
  if (isText(type)) return (value as string).length * (isUnicode(type) ? 2 : 1);
  if (isBinary(type)) return (value as string).length;
  return storage(type);
}

const fixed: Readonly<Record<string, number>> = {
  bit: 1,
  tinyint: 1,
  smallint: 2,
  int: 4,
  bigint: 8,
  smallmoney: 4,
  money: 8,
  real: 4,
  float: 8,
  date: 3,
  smalldatetime: 4,
  datetime: 8,
  uniqueidentifier: 16,
};

function storage({ kind, precision, scale }: SqlType): number {
  if (kind === "decimal")
    return precision <= 9 ? 5 : precision <= 19 ? 9 : precision <= 28 ? 13 : 17;
  const digits = scale < 3 ? 0 : scale < 5 ? 1 : 2;
  if (kind === "time") return 3 + digits;
  if (kind === "datetime2") return 6 + digits;
  if (kind === "datetimeoffset") return 8 + digits;
  return fixed[kind] ?? 0;
}

const negativeLength = (name: string): Error =>
  new Failure(
    name === "substring" ? 537 : 536,
    `Invalid length parameter passed to the ${name} function`,
    "The length is below zero in some row, often because CHARINDEX found nothing: NULLIF(CHARINDEX(…), 0) gives NULL there.",
  ).error();

const unequalTranslation = (): Error =>
  new Failure(
    9828,
    "The second and third arguments of the TRANSLATE built-in function must contain an equal number of characters",
  ).error();
