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

/** The engine's type for a T-SQL type, when it can keep the promise of that type (no cutting to a length yet). */
export function castType(type: DataType): SqlType | undefined {
  const found = Object.hasOwn(byName, type.name) ? byName[type.name] : undefined;
  const cuts =
    found === "text" && type.args.some((arg) => arg.toUpperCase() !== "MAX" && Number(arg) < 36);
  return cuts ? undefined : found;
}
