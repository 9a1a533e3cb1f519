/** SQL Server's types, by name; `null` is the literal NULL until it meets another type. */
export type TypeKind =
  | "bit"
  | "tinyint"
  | "smallint"
  | "int"
  | "bigint"
  | "decimal"
  | "smallmoney"
  | "money"
  | "real"
  | "float"
  | "char"
  | "varchar"
  | "nchar"
  | "nvarchar"
  | "date"
  | "time"
  | "smalldatetime"
  | "datetime"
  | "datetime2"
  | "datetimeoffset"
  | "uniqueidentifier"
  | "binary"
  | "varbinary"
  | "null";

/**
 * A type of T-SQL. Plain data: compare with `sameType`. Whether a value may be NULL stands beside the type, not in it.
 *
 * @see https://learn.microsoft.com/sql/t-sql/data-types/data-types-transact-sql
 */
export interface SqlType {
  readonly kind: TypeKind;
  /** Digits: 1 to 38 of a decimal, fixed for money and whole numbers; 0 for others. */
  readonly precision: number;
  /** Digits behind the point of a decimal or money; digits of a second of time, datetime2 and datetimeoffset. */
  readonly scale: number;
  /** Characters of a text, bytes of binary data, `longest` for a MAX type; 0 for others. */
  readonly length: number;
  /** Name of a collation other than the database's. */
  readonly collation?: string;
}

/**
 * Means nothing without its type:
 * bit is a boolean; tinyint, smallint, int, real, float numbers; bigint a bigint;
 * decimal, money, smallmoney a bigint without the point (1.50 of scale 2 is 150n);
 * texts strings, those of fixed length with their blanks; uniqueidentifier a string in lower case with dashes;
 * binary data a string of one character from 0 to 255 a byte;
 * date, datetime, smalldatetime a number of milliseconds since 1970-01-01, rounded as the type rounds;
 * time a number of 100 ns since midnight; datetime2 a bigint of 100 ns since 0001-01-01;
 * datetimeoffset a bigint, see `time/moment.ts`.
 */
export type Value = null | boolean | number | bigint | string;
export type Present = Exclude<Value, null>;
export type Row = readonly Value[];

/** The length of a MAX type: 2 GB, as SQL Server has it. */
export const longest = 2_147_483_647;

const make = (kind: TypeKind, precision = 0, scale = 0, length = 0): SqlType =>
  Object.freeze({ kind, precision, scale, length });

export const bit = make("bit", 1);
export const tinyint = make("tinyint", 3);
export const smallint = make("smallint", 5);
export const int = make("int", 10);
export const bigint = make("bigint", 19);
export const smallmoney = make("smallmoney", 10, 4);
export const money = make("money", 19, 4);
export const real = make("real", 24);
export const float = make("float", 53);
export const date = make("date");
export const smalldatetime = make("smalldatetime");
export const datetime = make("datetime");
export const uniqueidentifier = make("uniqueidentifier");
export const nullType = make("null");

export const mostDigits = 38;

export const decimal = (precision: number, scale: number): SqlType =>
  make("decimal", precision, scale);

/** Longest texts and binary data of no MAX type: 8,000 bytes. */
export const mostBytes = 8000;
export const mostWide = 4000;

const sized = (kind: TypeKind, most: number) => (length: number) =>
  make(kind, 0, 0, length > most ? longest : Math.max(1, length));

export const char = (length: number): SqlType => make("char", 0, 0, clamp(length, mostBytes));
export const nchar = (length: number): SqlType => make("nchar", 0, 0, clamp(length, mostWide));
export const binary = (length: number): SqlType => make("binary", 0, 0, clamp(length, mostBytes));
/** A length beyond the longest plain one makes it a MAX type. */
export const varchar = sized("varchar", mostBytes);
export const nvarchar = sized("nvarchar", mostWide);
export const varbinary = sized("varbinary", mostBytes);

export const time = (scale: number): SqlType => make("time", 0, scale);
export const datetime2 = (scale: number): SqlType => make("datetime2", 0, scale);
export const datetimeoffset = (scale: number): SqlType => make("datetimeoffset", 0, scale);

function clamp(length: number, most: number): number {
  return Math.min(most, Math.max(1, length));
}

export const sameType = (a: SqlType, b: SqlType): boolean =>
  a === b ||
  (a.kind === b.kind &&
    a.precision === b.precision &&
    a.scale === b.scale &&
    a.length === b.length &&
    a.collation === b.collation);

export function withCollation(type: SqlType, collation: string | undefined): SqlType {
  if (type.collation === collation) return type;
  const { collation: _, ...plain } = type;
  return collation === undefined ? plain : { ...plain, collation };
}

const kinds = (...some: readonly TypeKind[]) => {
  const set: ReadonlySet<TypeKind> = new Set(some);
  return ({ kind }: SqlType): boolean => set.has(kind);
};

export const isText = kinds("char", "varchar", "nchar", "nvarchar");
export const isUnicode = kinds("nchar", "nvarchar");
export const isBinary = kinds("binary", "varbinary");
/** Whole numbers; a bit is none. */
export const isWhole = kinds("tinyint", "smallint", "int", "bigint");
export const isMoney = kinds("money", "smallmoney");
/** Exact numbers whose values are bigints without the point. */
export const isScaled = kinds("decimal", "money", "smallmoney");
export const isApproximate = kinds("real", "float");
export const isNumeric = kinds(
  "bit",
  "tinyint",
  "smallint",
  "int",
  "bigint",
  "decimal",
  "smallmoney",
  "money",
  "real",
  "float",
);
/** Dates, times of day and moments. */
export const isTime = kinds(
  "date",
  "time",
  "smalldatetime",
  "datetime",
  "datetime2",
  "datetimeoffset",
);
/** The two that numbers can be added to. */
export const isOldDateTime = kinds("datetime", "smalldatetime");
export const isMax = ({ length }: SqlType): boolean => length === longest;

/** What SQL Server calls a kind in its errors: a decimal is always `numeric` there. */
export const kindName = ({ kind }: SqlType): string => (kind === "decimal" ? "numeric" : kind);

/** As it is declared: `decimal(10,2)`, `nvarchar(max)`, `datetime2(7)`. */
export function typeName(type: SqlType): string {
  const { kind, precision, scale, length } = type;
  if (kind === "null") return "NULL";
  if (kind === "decimal") return `decimal(${precision},${scale})`;
  if (kind === "time" || kind === "datetime2" || kind === "datetimeoffset")
    return `${kind}(${scale})`;
  if (length === 0) return kind;
  return `${kind}(${length === longest ? "max" : length})`;
}
