import { printScaled } from "../../types/decimal";
import { toJson } from "../../types/print";
import { isBinary, isMoney, isText, isTime, type SqlType, type Value } from "../../types/sql-type";
import { escapeJson } from "../text/codes";

/** A text within JSON. */
export const jsonString = (text: string): string => `"${escapeJson(text)}"`;

/**
 * A value within JSON, as FOR JSON and JSON_OBJECT write it.
 *
 * @param isJson the text is JSON already
 * @see https://learn.microsoft.com/sql/relational-databases/json/how-for-json-converts-sql-server-data-types-to-json-data-types-sql-server
 */
export function jsonOf(value: Value, type: SqlType, isJson = false): string {
  if (value === null) return "null";
  if (isText(type)) return isJson ? (value as string) : jsonString(value as string);
  if (type.kind === "bit") return value ? "true" : "false";
  if (type.kind === "decimal" || isMoney(type)) return printScaled(value as bigint, type.scale);
  if (isTime(type)) return `"${toJson(value, type, false)}"`;
  if (type.kind === "uniqueidentifier") return `"${(value as string).toUpperCase()}"`;
  if (isBinary(type)) return `"${Buffer.from(value as string, "latin1").toString("base64")}"`;
  return String(value);
}
