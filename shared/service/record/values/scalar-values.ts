import type { Column } from "../../../dataverse";
import { readGuid } from "../../../dataverse/odata-literal";
import { quote } from "../../../text/quote";
import { type Read, readBoolean, readChoice, readChoices } from "./choice-values";
import { isDateOnly, readDate } from "./date-values";

/** Reads the value of any column that refers to no other record. Never throws; null is the caller's business. */
export function readScalar(column: Column, wrapped: unknown): Read {
  const value = unwrap(wrapped);
  switch (column.type) {
    case "String":
    case "Memo":
    case "EntityName":
      return readText(column, value);
    case "Integer":
    case "BigInt":
      return readNumber(column, value, true);
    case "Decimal":
    case "Double":
    case "Money":
      return readNumber(column, value, false);
    case "Boolean":
      return readBoolean(column, value);
    case "Picklist":
    case "State":
    case "Status":
      return readChoice(column, value);
    case "MultiSelectPicklist":
      return readChoices(column, value);
    case "DateTime":
      return dateOrProblem(column, value);
    case "Uniqueidentifier":
      return guidOrProblem(column, value);
    case "Image":
      return imageOrProblem(column, value);
    default:
      return {
        problem: `${column.logicalName}: a column of type ${column.type} cannot be written with a record.`,
      };
  }
}

/** Some clients send dates and numbers as `{"$kind": "…", "value": …}`. */
function unwrap(value: unknown): unknown {
  const isWrapped =
    typeof value === "object" && value !== null && "$kind" in value && "value" in value;
  return isWrapped ? (value as { value: unknown }).value : value;
}

function readText(column: Column, value: unknown): Read {
  if (typeof value !== "string" && typeof value !== "number" && typeof value !== "boolean") {
    return { problem: `${column.logicalName}: takes text, not ${quote(value)}.` };
  }
  const text = String(value);
  if (column.maxLength !== undefined && text.length > column.maxLength) {
    return {
      problem: `${column.logicalName}: the text has ${text.length} characters; at most ${column.maxLength} fit.`,
    };
  }
  if (hasUnstorable(text)) {
    return {
      problem: `${column.logicalName}: the text holds control characters or halves of characters, which cannot be stored.`,
    };
  }
  return { value: text };
}

/** Dataverse refuses what XML 1.0 cannot hold. @see https://www.w3.org/TR/xml/#charsets */
function hasUnstorable(text: string): boolean {
  if (/\p{Surrogate}/u.test(text)) return true;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code < 0x20 && code !== 9 && code !== 10 && code !== 13) return true;
    if (code === 0xfffe || code === 0xffff) return true;
  }
  return false;
}

function readNumber(column: Column, value: unknown, isWhole: boolean): Read {
  const isWritten =
    typeof value === "string" && /^[+-]?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(value.trim());
  const number = typeof value === "number" ? value : isWritten ? Number(value) : Number.NaN;
  const { logicalName, minValue, maxValue } = column;
  if (!Number.isFinite(number)) {
    return { problem: `${logicalName}: takes a number, not ${quote(value)}.` };
  }
  if (isWhole && !Number.isSafeInteger(number)) {
    return { problem: `${logicalName}: takes a whole number, not ${quote(value)}.` };
  }
  const isLow = minValue !== undefined && number < minValue;
  const isHigh = maxValue !== undefined && number > maxValue;
  if (isLow || isHigh) {
    return {
      problem: `${logicalName}: ${number} is outside ${minValue ?? "-∞"} to ${maxValue ?? "∞"}.`,
    };
  }
  return { value: number };
}

function dateOrProblem(column: Column, value: unknown): Read {
  const date = readDate(column, value);
  if (date !== undefined) return { value: date };
  const form = isDateOnly(column) ? "2026-01-31" : "2026-01-31T14:00:00Z or 2026-01-31";
  return { problem: `${column.logicalName}: ${quote(value)} is no date. Write ${form}.` };
}

function guidOrProblem(column: Column, value: unknown): Read {
  const id = typeof value === "string" ? readGuid(value) : undefined;
  return id === undefined
    ? { problem: `${column.logicalName}: takes a GUID, not ${quote(value)}.` }
    : { value: id };
}

function imageOrProblem(column: Column, value: unknown): Read {
  const isBase64 = typeof value === "string" && /^[A-Za-z0-9+/]+={0,2}$/.test(value);
  return isBase64
    ? { value }
    : { problem: `${column.logicalName}: takes an image as base64 text.` };
}
