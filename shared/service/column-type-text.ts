import type { Column, ColumnType } from "../dataverse";
import { describedLabel } from "../text/record-text";
import { isDateOnly } from "./date-values";

/** Type words that need nothing of the column but its type. */
const plain: Readonly<Partial<Record<ColumnType, string>>> = {
  BigInt: "BIGINT",
  Boolean: "BIT",
  Decimal: "DECIMAL",
  Double: "FLOAT",
  EntityName: "NVARCHAR(64)",
  File: "FILE",
  Image: "IMAGE",
  Integer: "INT",
  ManagedProperty: "MANAGED PROPERTY",
  Money: "MONEY",
  Owner: "OWNER",
  Uniqueidentifier: "GUID",
  Virtual: "VIRTUAL",
};

/** The type of a column in the words that the Dataverse MCP server's `DESCRIBE TABLE` uses. */
export function columnTypeText(column: Column): string {
  switch (column.type) {
    case "String":
      return column.maxLength === undefined ? "NVARCHAR" : `NVARCHAR(${column.maxLength})`;
    case "Memo":
      return column.format === "RichText" ? "MULTILINE RICH TEXT" : "MULTILINE TEXT";
    case "DateTime":
      return isDateOnly(column) ? "DATE ONLY" : "DATETIME";
    case "Lookup":
    case "Customer":
      return `LOOKUP (GUID) ( Related table : ${targets(column)})`;
    case "PartyList":
      return `PARTY LIST ( Related table : ${targets(column)})`;
    case "Picklist":
      return `CHOICE (Options: ${options(column)})`;
    case "MultiSelectPicklist":
      return `MULTISELECT CHOICE (Options: ${options(column)})`;
    case "State":
      return `STATE (INT) (Valid Options: ${options(column)})`;
    case "Status":
      return `STATUS (INT) (Valid Options: ${options(column)})`;
    default:
      return plain[column.type] ?? column.type.toUpperCase();
  }
}

const targets = (column: Column) => (column.targets ?? []).join(", ");

const options = (column: Column) =>
  (column.options ?? [])
    .map((option) => `${describedLabel(option.label)} (${option.value})`)
    .join(", ");

/** `NOT NULL` and who may write: nothing when the column can be written at any time. */
export function columnMarks(column: Column): string {
  const isRequired = column.required === "application" || column.required === "system";
  const marks = isRequired ? ["NOT NULL"] : [];
  if (column.isPrimaryId) marks.push("PRIMARY KEY");
  if (!column.canCreate && !column.canUpdate) marks.push("READ ONLY");
  else if (!column.canUpdate && !column.isPrimaryId) marks.push("CREATE ONLY");
  else if (!column.canCreate) marks.push("UPDATE ONLY");
  return marks.join(" ");
}
