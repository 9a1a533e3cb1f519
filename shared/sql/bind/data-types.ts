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

/** The engine's type for a T-SQL type, or undefined when it has none. */
export const castType = (type: DataType): SqlType | undefined =>
  Object.hasOwn(byName, type.name) ? byName[type.name] : undefined;

/** `VARCHAR(10)` cuts a text to 10 characters; undefined when nothing is cut. */
export function textLength(type: DataType): number | undefined {
  const length = castType(type) === "text" ? Number(type.args[0] ?? "30") : Number.NaN;
  return Number.isSafeInteger(length) ? length : undefined;
}
