import { DataverseError, type SqlValue } from "../model";
import { fold } from "../store";
import type { Operand } from "./filter";
import type { Column } from "./scope";

export const invalid = (message: string) => new DataverseError(400, "0x80060888", message);

/** The value in the column's stored form; a value of another kind is refused as the service does. */
export function literalFor({ attribute, entity }: Column, operand: Operand): SqlValue {
  if (operand.kind === "path") throw invalid("A value was expected, not a property.");
  const { type, value } = operand;
  const mismatch = () =>
    invalid(
      `A binary operator with incompatible types was detected. Found operand types '${edmType(attribute.type)}' and '${edmLiteral[type]}' for operator kind 'Equal' on '${attribute.logicalName}' of '${entity.logicalName}'.`,
    );
  switch (attribute.type) {
    case "String":
    case "Memo":
      if (type === "text") return fold(value);
      throw mismatch();
    case "EntityName":
      if (type === "text") return value;
      throw mismatch();
    case "Boolean":
      if (type === "boolean") return value === "true" ? 1 : 0;
      throw mismatch();
    case "DateTime":
      if (type !== "date") throw mismatch();
      return storedDate(value, attribute.dateTimeBehavior === "DateOnly");
    case "Uniqueidentifier":
    case "Lookup":
    case "Customer":
    case "Owner":
    case "File":
      if (isGuid(operand)) return value.toLowerCase();
      throw mismatch();
    case "MultiSelectPicklist":
      if (type === "text") return `,${value},`;
      throw mismatch();
    default:
      if (type === "number") return Number(value);
      throw mismatch();
  }
}

/** Quotes around a GUID are tolerated. */
const isGuid = ({ type, value }: { readonly type: string; readonly value: string }) =>
  type === "guid" || (type === "text" && /^[0-9a-f-]{36}$/i.test(value));

const edmLiteral = {
  text: "Edm.String",
  number: "Edm.Int32",
  guid: "Edm.Guid",
  date: "Edm.DateTimeOffset",
  boolean: "Edm.Boolean",
  null: "Edm.Null",
} as const;

function edmType(type: string): string {
  if (type === "String" || type === "Memo") return "Edm.String";
  if (type === "Boolean") return "Edm.Boolean";
  if (type === "DateTime") return "Edm.DateTimeOffset";
  if (type === "Uniqueidentifier" || type === "Lookup" || type === "Customer" || type === "Owner")
    return "Edm.Guid";
  return type === "Decimal" || type === "Money" ? "Edm.Decimal" : "Edm.Int32";
}

function storedDate(value: string, isDateOnly: boolean): string {
  const zoned = value.length === 10 || /(Z|[+-]\d{2}:\d{2})$/i.test(value) ? value : `${value}Z`;
  const time = new Date(zoned);
  if (Number.isNaN(time.getTime())) throw invalid(`'${value}' is not a date.`);
  return isDateOnly ? time.toISOString().slice(0, 10) : `${time.toISOString().slice(0, 19)}Z`;
}
