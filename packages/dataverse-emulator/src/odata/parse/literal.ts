import { type AttributeDefinition, DataverseError } from "../../model";
import type { Comparison, Operand } from "./filter-tree";

export const invalid = (message: string) => new DataverseError(400, "0x80060888", message);

type Literal = Extract<Operand, { kind: "literal" }>;

const operators = {
  eq: "Equal",
  ne: "NotEqual",
  gt: "GreaterThan",
  ge: "GreaterThanOrEqual",
  lt: "LessThan",
  le: "LessThanOrEqual",
  in: "Equal",
} as const;

/**
 * The value as text, when it is of a kind that OData lets be compared with the column.
 * @throws DataverseError 400 0x80060888 in the words of Microsoft's parser
 */
export function checkedLiteral(
  attribute: AttributeDefinition,
  operand: Operand,
  operator: Comparison | "in" = "eq",
): string {
  if (operand.kind === "path") throw invalid("A value was expected, not a property.");
  if (fits(attribute, operand)) return operand.value;
  throw invalid(
    `A binary operator with incompatible types was detected. Found operand types '${edmType(attribute)}' and '${edmLiteral(operand)}' for operator kind '${operators[operator]}'.`,
  );
}

function fits(attribute: AttributeDefinition, { type, value }: Literal): boolean {
  switch (attribute.type) {
    case "String":
    case "Memo":
    case "EntityName":
    case "Image":
    case "MultiSelectPicklist":
      return type === "text";
    case "Boolean":
      return type === "boolean";
    case "DateTime":
      return type === "date";
    case "Uniqueidentifier":
    case "Lookup":
    case "Customer":
    case "Owner":
    case "File":
      // Quotes around a GUID are tolerated.
      return type === "guid" || (type === "text" && /^[0-9a-f-]{36}$/i.test(value));
    default:
      return type === "number";
  }
}

const numbers: Readonly<Record<string, string>> = {
  BigInt: "Edm.Int64",
  Decimal: "Edm.Decimal",
  Double: "Edm.Double",
  Money: "Edm.Decimal",
};

export function edmType(attribute: AttributeDefinition): string {
  switch (attribute.type) {
    case "String":
    case "Memo":
    case "EntityName":
    case "MultiSelectPicklist":
      return "Edm.String";
    case "Image":
      return "Edm.Binary";
    case "Boolean":
      return "Edm.Boolean";
    case "DateTime":
      return attribute.dateTimeBehavior === "DateOnly" ? "Edm.Date" : "Edm.DateTimeOffset";
    case "Uniqueidentifier":
    case "Lookup":
    case "Customer":
    case "Owner":
    case "File":
      return "Edm.Guid";
    default:
      return numbers[attribute.type] ?? "Edm.Int32";
  }
}

function edmLiteral({ type, value }: Literal): string {
  if (type === "number") return /[.eE]/.test(value) ? "Edm.Double" : "Edm.Int32";
  if (type === "date") return value.length === 10 ? "Edm.Date" : "Edm.DateTimeOffset";
  return { text: "Edm.String", guid: "Edm.Guid", boolean: "Edm.Boolean", null: "Edm.Null" }[type];
}
