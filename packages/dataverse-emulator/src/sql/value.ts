import { DataverseError, type SqlValue } from "../model";
import { fold } from "../store";
import { invalid } from "./refusal";
import type { Column } from "./scope";
import type { Value } from "./statement";

const guid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const moment =
  /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2})?)(?:\.\d+)?)?\s*(Z|[+-]\d{2}:\d{2})?$/i;

const conversion = (value: string, type: string, at: number) =>
  new DataverseError(
    400,
    "0x80040203",
    `Conversion failed when converting the value '${value.slice(0, 100)}' to ${type} (position ${at + 1}).`,
  );

function timeOf(value: Value, now: Date): Date {
  switch (value.kind) {
    case "now":
      return now;
    case "dateadd":
      return added(timeOf(value.to, now), value.part, value.amount, value.at);
    case "text": {
      const [, day, time = "00:00:00", zone = "Z"] = moment.exec(value.value.trim()) ?? [];
      const date = new Date(`${day}T${time.length === 5 ? `${time}:00` : time}${zone}`);
      if (day !== undefined && !Number.isNaN(date.getTime())) return date;
      throw conversion(value.value, "a date and time", value.at);
    }
    default:
      throw conversion(
        value.kind === "number" ? String(value.value) : "NULL",
        "a date and time",
        value.at,
      );
  }
}

const milliseconds: Readonly<Record<string, number>> = {
  week: 604_800_000,
  day: 86_400_000,
  hour: 3_600_000,
  minute: 60_000,
  second: 1_000,
};

/** T-SQL's DATEADD: a month later is the same day or, when there is none, the last of the month. */
function added(date: Date, part: string, amount: number, at: number): Date {
  const unit = milliseconds[part];
  let moved: Date;
  if (unit !== undefined) moved = new Date(date.getTime() + unit * amount);
  else {
    const months = { year: 12, quarter: 3, month: 1 }[part] ?? 1;
    moved = new Date(date);
    moved.setUTCDate(1);
    moved.setUTCMonth(moved.getUTCMonth() + months * amount);
    const last = new Date(moved);
    last.setUTCMonth(last.getUTCMonth() + 1, 0);
    moved.setUTCDate(Math.min(date.getUTCDate(), last.getUTCDate()));
  }
  const year = moved.getUTCFullYear();
  if (Number.isNaN(moved.getTime()) || year < 1 || year > 9999) {
    throw invalid("Adding a value to a 'datetime' column caused an overflow.", at);
  }
  return moved;
}

function numberOf(value: Value): number {
  if (value.kind === "number") return value.value;
  if (value.kind === "text" && value.value.trim() !== "") {
    const number = Number(value.value);
    if (Number.isFinite(number)) return number;
  }
  throw conversion(value.kind === "text" ? value.value : value.kind, "a number", value.at);
}

function booleanOf(value: Value): number {
  if (value.kind === "text" && /^(true|false)$/i.test(value.value)) {
    return value.value.toLowerCase() === "true" ? 1 : 0;
  }
  return numberOf(value) === 0 ? 0 : 1;
}

function textOf(value: Value): string {
  if (value.kind === "text") return value.value;
  if (value.kind === "number") return String(value.value);
  throw conversion("a date", "text", value.at);
}

/** A constant in the form in which the column stores its values; NULL stays NULL. */
export function storedValue({ attribute }: Column, value: Value, now: Date): SqlValue {
  if (value.kind === "null") return null;
  switch (attribute.type) {
    case "String":
    case "Memo":
      return fold(textOf(value));
    case "DateTime": {
      const text = timeOf(value, now).toISOString();
      return attribute.dateTimeBehavior === "DateOnly"
        ? text.slice(0, 10)
        : `${text.slice(0, 19)}Z`;
    }
    case "Uniqueidentifier":
    case "Lookup":
    case "Customer":
    case "Owner":
    case "File": {
      const text = textOf(value).replace(/^\{(.*)\}$/, "$1");
      if (guid.test(text)) return text.toLowerCase();
      throw conversion(text, "uniqueidentifier", value.at);
    }
    case "Boolean":
      return booleanOf(value);
    case "MultiSelectPicklist":
      return `,${textOf(value)},`;
    case "EntityName":
    case "Image":
      return textOf(value);
    default:
      return numberOf(value);
  }
}
