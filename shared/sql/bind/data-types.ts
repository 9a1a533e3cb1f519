import type { DataType } from "../parser/ast";
import type { SqlType } from "../types";

const byName: Readonly<Record<string, SqlType>> = {
  INT: "integer",
  INTEGER: "integer",
  BIGINT: "integer",
  SMALLINT: "integer",
  TINYINT: "integer",
  DECIMAL: "decimal",
  DEC: "decimal",
  NUMERIC: "decimal",
  MONEY: "money",
  SMALLMONEY: "money",
  FLOAT: "float",
  REAL: "float",
  BIT: "boolean",
  DATE: "date",
  DATETIME: "datetime",
  DATETIME2: "datetime",
  SMALLDATETIME: "datetime",
  DATETIMEOFFSET: "datetime",
  UNIQUEIDENTIFIER: "guid",
  VARCHAR: "text",
  NVARCHAR: "text",
  CHAR: "text",
  NCHAR: "text",
  TEXT: "text",
  NTEXT: "text",
};

/** Types that are of a MAX type by their name alone. */
const alwaysMax: ReadonlySet<string> = new Set(["TEXT", "NTEXT"]);

const isMaxType = (type: DataType): boolean =>
  alwaysMax.has(type.name) || type.args[0]?.toUpperCase() === "MAX";

/** The engine's type for a T-SQL type, or undefined when it has none. `memo` is a text of a MAX type. */
export function castType(type: DataType): SqlType | undefined {
  const found = Object.hasOwn(byName, type.name) ? byName[type.name] : undefined;
  return found === "text" && isMaxType(type) ? "memo" : found;
}

/** NVARCHAR, NCHAR, NTEXT: two bytes a character. */
export const isNational = (type: DataType): boolean => /^N(VARCHAR|CHAR|TEXT)$/.test(type.name);

/** `VARCHAR(10)` cuts a text to 10 characters; undefined when nothing is cut. */
export function textLength(type: DataType): number | undefined {
  const length = castType(type) === "text" ? Number(type.args[0] ?? "30") : Number.NaN;
  return Number.isSafeInteger(length) ? length : undefined;
}
