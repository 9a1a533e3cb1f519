import type { Column } from "../../../dataverse";

const written =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d{1,7})?)?\s*(Z|[+-]\d{2}:?\d{2})?)?$/i;

export const isDateOnly = (column: Column): boolean =>
  column.dateTimeBehavior === "DateOnly" || column.format === "DateOnly";

/**
 * Reads `2026-01-31`, `2026-01-31T14:00:00Z`, `2026-01-31 14:00+02:00` and Dataverse's `{"$kind", "value"}` wrapping (unwrapped by the caller).
 * A time without a zone counts as UTC.
 *
 * @returns the Web API's text (`YYYY-MM-DD` for behaviour DateOnly, else `YYYY-MM-DDTHH:MM:SSZ`), or undefined for no such moment
 */
export function readDate(column: Column, value: unknown): string | undefined {
  if (typeof value !== "string") return undefined;
  const parts = written.exec(value.trim());
  if (parts === null) return undefined;
  const [, year = "", month = "", day = "", hour = "00", minute = "00", second = "00", zone] =
    parts;
  const date = `${year}-${month}-${day}`;
  if (!isCalendarDay(date)) return undefined;
  if (isDateOnly(column)) {
    return column.dateTimeBehavior === "DateOnly" ? date : `${date}T00:00:00Z`;
  }
  const moment = new Date(`${date}T${hour}:${minute}:${second}${withColon(zone ?? "Z")}`);
  return Number.isNaN(moment.getTime()) ? undefined : `${moment.toISOString().slice(0, 19)}Z`;
}

const withColon = (zone: string) =>
  /^[+-]\d{4}$/.test(zone) ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone.toUpperCase();

/** Dataverse stores 1753-01-01 to 9999-12-30; a day like February 30 must not slide into March. */
function isCalendarDay(date: string): boolean {
  const day = new Date(`${date}T00:00:00Z`);
  if (Number.isNaN(day.getTime()) || day.toISOString().slice(0, 10) !== date) return false;
  return date >= "1753-01-01" && date <= "9999-12-30";
}
