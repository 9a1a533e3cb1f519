import type { Column, ColumnType } from "../../dataverse";
import { describedLabel } from "../../text/records/record-text";
import { isDateOnly } from "../record/values/date-values";

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

/** Characters that the options or tables of one column may take among many others. */
const longestList = 3_000;

/**
 * The type of a column in the words that the Dataverse MCP server's `DESCRIBE TABLE` uses.
 *
 * @param longest characters of its options or tables; how many more there are is said
 */
export function columnTypeText(column: Column, longest = longestList): string {
  switch (column.type) {
    case "String":
      return column.maxLength === undefined ? "NVARCHAR" : `NVARCHAR(${column.maxLength})`;
    case "Memo":
      return column.format === "RichText" ? "MULTILINE RICH TEXT" : "MULTILINE TEXT";
    case "DateTime":
      return isDateOnly(column) ? "DATE ONLY" : "DATETIME";
    case "Lookup":
    case "Customer":
      return `LOOKUP (GUID) ( Related table : ${targets(column, longest)})`;
    case "PartyList":
      return `PARTY LIST ( Related table : ${targets(column, longest)})`;
    case "Picklist":
      return `CHOICE (Options: ${options(column, longest)})`;
    case "MultiSelectPicklist":
      return `MULTISELECT CHOICE (Options: ${options(column, longest)})`;
    case "State":
      return `STATE (INT) (Valid Options: ${options(column, longest)})`;
    case "Status":
      return `STATUS (INT) (Valid Options: ${options(column, longest)})`;
    default:
      return plain[column.type] ?? column.type.toUpperCase();
  }
}

const targets = (column: Column, longest: number) => listOf(column.targets ?? [], longest);

const options = (column: Column, longest: number) =>
  listOf(
    (column.options ?? []).map((option) => `${describedLabel(option.label)} (${option.value})`),
    longest,
  );

/** At least one, and as many as fit. */
function listOf(items: readonly string[], longest: number): string {
  let size = 0;
  let count = 0;
  for (const item of items) {
    size += item.length + 2;
    if (size > longest && count > 0) break;
    count += 1;
  }
  const shown = items.slice(0, count).join(", ");
  return count === items.length ? shown : `${shown} and ${items.length - count} more`;
}

/** `NOT NULL` where an application demands a value, as Microsoft's server says it; who may write stands beside the grammar. */
export const columnMarks = (column: Column): string =>
  column.required === "application" ? "NOT NULL" : "";
