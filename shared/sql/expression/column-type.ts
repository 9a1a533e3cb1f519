import type { CatalogColumn, ColumnKind } from "../catalog";
import {
  bigint,
  bit,
  date,
  datetime,
  decimal,
  float,
  int,
  longest,
  money,
  nvarchar,
  type SqlType,
  uniqueidentifier,
} from "../types/sql-type";

/** Characters of NVARCHAR that is not MAX. */
const longestPlain = 4000;

/** The digits of Dataverse's decimal columns: 100 billion with ten behind the point. */
const storedDecimal = decimal(23, 10);

/**
 * The type of a column in SQL.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/dataverse-sql-query
 */
export function columnType(column: Pick<CatalogColumn, "type" | "maxLength" | "isMax">): SqlType {
  switch (column.type) {
    case "text": {
      const { maxLength = longestPlain } = column;
      return nvarchar(column.isMax || maxLength > longestPlain ? longest : Math.max(1, maxLength));
    }
    case "memo":
    case "choices":
      return nvarchar(longest);
    case "integer":
    case "choice":
      return int;
    case "bigint":
      return bigint;
    case "decimal":
      return storedDecimal;
    case "money":
      return money;
    case "float":
      return float;
    case "boolean":
      return bit;
    case "datetime":
      return datetime;
    case "date":
      return date;
    case "guid":
    case "lookup":
      return uniqueidentifier;
  }
}

/** The kind of a value that the service computes, such as a sum, for those who read it. */
export function kindOf(type: SqlType): ColumnKind {
  switch (type.kind) {
    case "bit":
      return "boolean";
    case "tinyint":
    case "smallint":
    case "int":
      return "integer";
    case "bigint":
      return "bigint";
    case "decimal":
      return "decimal";
    case "money":
    case "smallmoney":
      return "money";
    case "real":
    case "float":
      return "float";
    case "date":
      return "date";
    case "time":
    case "smalldatetime":
    case "datetime":
    case "datetime2":
    case "datetimeoffset":
      return "datetime";
    case "uniqueidentifier":
      return "guid";
    case "char":
    case "varchar":
    case "nchar":
    case "nvarchar":
    case "binary":
    case "varbinary":
    case "null":
      return "text";
  }
}
