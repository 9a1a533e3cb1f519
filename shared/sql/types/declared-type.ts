import { Failure } from "./failure";
import {
  bigint,
  binary,
  bit,
  char,
  date,
  datetime,
  datetime2,
  datetimeoffset,
  decimal,
  float,
  int,
  longest,
  money,
  mostBytes,
  mostDigits,
  mostWide,
  nchar,
  nvarchar,
  real,
  type SqlType,
  smalldatetime,
  smallint,
  smallmoney,
  time,
  tinyint,
  uniqueidentifier,
  varbinary,
  varchar,
} from "./sql-type";

const plain: ReadonlyMap<string, SqlType> = new Map([
  ["BIT", bit],
  ["TINYINT", tinyint],
  ["SMALLINT", smallint],
  ["INT", int],
  ["INTEGER", int],
  ["BIGINT", bigint],
  ["MONEY", money],
  ["SMALLMONEY", smallmoney],
  ["REAL", real],
  ["DOUBLE PRECISION", float],
  ["DATE", date],
  ["DATETIME", datetime],
  ["SMALLDATETIME", smalldatetime],
  ["UNIQUEIDENTIFIER", uniqueidentifier],
  ["TEXT", varchar(longest)],
  ["NTEXT", nvarchar(longest)],
  ["IMAGE", varbinary(longest)],
  ["SYSNAME", nvarchar(128)],
]);

const exact: ReadonlySet<string> = new Set(["DECIMAL", "DEC", "NUMERIC"]);

const fractional: ReadonlyMap<string, (scale: number) => SqlType> = new Map([
  ["TIME", time],
  ["DATETIME2", datetime2],
  ["DATETIMEOFFSET", datetimeoffset],
]);

interface Sized {
  readonly make: (length: number) => SqlType;
  readonly most: number;
  readonly max: boolean;
}
const ofText: Sized = { make: varchar, most: mostBytes, max: true };
const ofWide: Sized = { make: nvarchar, most: mostWide, max: true };
const ofChar: Sized = { make: char, most: mostBytes, max: false };
const ofNchar: Sized = { make: nchar, most: mostWide, max: false };
const sized: ReadonlyMap<string, Sized> = new Map([
  ["VARCHAR", ofText],
  ["CHAR VARYING", ofText],
  ["CHARACTER VARYING", ofText],
  ["NVARCHAR", ofWide],
  ["NATIONAL CHAR VARYING", ofWide],
  ["NATIONAL CHARACTER VARYING", ofWide],
  ["CHAR", ofChar],
  ["CHARACTER", ofChar],
  ["NCHAR", ofNchar],
  ["NATIONAL CHAR", ofNchar],
  ["NATIONAL CHARACTER", ofNchar],
  ["BINARY", { make: binary, most: mostBytes, max: false }],
  ["VARBINARY", { make: varbinary, most: mostBytes, max: true }],
  ["BINARY VARYING", { make: varbinary, most: mostBytes, max: true }],
]);

/** Types that T-SQL has and no value here is of. */
const absent: ReadonlySet<string> = new Set([
  "XML",
  "JSON",
  "VECTOR",
  "SQL_VARIANT",
  "HIERARCHYID",
  "GEOGRAPHY",
  "GEOMETRY",
  "CURSOR",
  "TABLE",
  "ROWVERSION",
  "TIMESTAMP",
]);

/** Length of a text or of binary data that is cast without one. */
const lengthOfCast = 30;

/** The type that CAST, CONVERT or OPENJSON … WITH names. */
export function declaredType(name: string, args: readonly string[]): SqlType | Failure {
  const upper = name.toUpperCase().replace(/\s+/g, " ");
  const fixed = plain.get(upper);
  if (fixed) return args.length === 0 ? fixed : noLength(name);
  if (exact.has(upper)) return declaredDecimal(args);
  const moment = fractional.get(upper);
  if (moment) return declaredFraction(name, args, moment);
  if (upper === "FLOAT") return declaredFloat(args);
  const text = sized.get(upper);
  if (text) return declaredLength(name, args, text);
  if (absent.has(upper)) {
    return new Failure(
      243,
      `Type ${upper.toLowerCase()} is not available in read_query`,
      "Take nvarchar(max) for texts and JSON.",
    );
  }
  return new Failure(243, `Type ${name} is not a defined system type`);
}

const noLength = (name: string) =>
  new Failure(2716, `Cannot specify a column width on data type ${name.toLowerCase()}`);

const number = (text: string | undefined): number =>
  text !== undefined && /^\d+$/.test(text) ? Number(text) : Number.NaN;

function declaredDecimal(args: readonly string[]): SqlType | Failure {
  const precision = args[0] === undefined ? 18 : number(args[0]);
  const scale = args[1] === undefined ? 0 : number(args[1]);
  if (!(precision >= 1 && precision <= mostDigits) || args.length > 2) {
    return new Failure(
      1007,
      `The precision of a decimal goes from 1 to ${mostDigits}, and ${args[0]} was given`,
    );
  }
  if (!(scale >= 0 && scale <= precision)) {
    return new Failure(
      183,
      `The scale (${args[1]}) for a decimal must be within the range 0 to its precision (${precision})`,
    );
  }
  return decimal(precision, scale);
}

function declaredFraction(
  name: string,
  args: readonly string[],
  make: (scale: number) => SqlType,
): SqlType | Failure {
  const scale = args[0] === undefined ? 7 : number(args[0]);
  if (scale >= 0 && scale <= 7 && args.length < 2) return make(scale);
  return new Failure(1002, `Specified scale ${args[0]} is invalid: ${name} takes 0 to 7`);
}

function declaredFloat(args: readonly string[]): SqlType | Failure {
  const bits = args[0] === undefined ? 53 : number(args[0]);
  if (!(bits >= 1 && bits <= 53) || args.length > 1) {
    return new Failure(2750, `Specified float precision ${args[0]} is invalid: it takes 1 to 53`);
  }
  return bits <= 24 ? real : float;
}

function declaredLength(name: string, args: readonly string[], kind: Sized): SqlType | Failure {
  if (kind.max && args.length === 1 && args[0]?.toUpperCase() === "MAX") return kind.make(longest);
  const length = args[0] === undefined ? lengthOfCast : number(args[0]);
  if (length >= 1 && length <= kind.most && args.length < 2) return kind.make(length);
  return new Failure(
    length > kind.most ? 131 : 1001,
    `The length (${args.join(", ")}) given to the type ${name.toLowerCase()} is not valid: it takes 1 to ${kind.most}${kind.max ? " or MAX" : ""}`,
  );
}
