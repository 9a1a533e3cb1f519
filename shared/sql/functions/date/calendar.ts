import { dayMs, dayOf, startOfDay } from "../../types/time/moment";
import type { DatePart } from "../../types/time/parts";

/** Reckoning with milliseconds of a clock without a zone. Weeks begin on Sunday (DATEFIRST 7). */

const unitMs: Readonly<Partial<Record<DatePart, number>>> = {
  week: 7 * dayMs,
  day: dayMs,
  dayofyear: dayMs,
  weekday: dayMs,
  hour: 3_600_000,
  minute: 60_000,
  second: 1000,
  millisecond: 1,
};
const unitMonths: Readonly<Partial<Record<DatePart, number>>> = { year: 12, quarter: 3, month: 1 };

export const msOf = (part: DatePart): number | undefined => unitMs[part];
export const monthsOf = (part: DatePart): number | undefined => unitMonths[part];

/** Months since year 0. */
export function monthIndex(ms: number): number {
  const date = new Date(ms);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}

/** So many months later; the last day of a month stays inside the month. Undefined outside of the years 1 to 9999. */
export function addMonths(ms: number, months: number): number | undefined {
  const index = monthIndex(ms) + months;
  const year = Math.floor(index / 12);
  const month = index - year * 12 + 1;
  const first = dayOf(year, month, 1);
  if (first === undefined) return undefined;
  const wanted = new Date(ms).getUTCDate();
  for (let day = wanted; day > 28; day -= 1) {
    const found = dayOf(year, month, day);
    if (found !== undefined) return found + (ms - startOfDay(ms));
  }
  return first + (Math.min(wanted, 28) - 1) * dayMs + (ms - startOfDay(ms));
}

const startOfYear = (ms: number): number => dayOf(new Date(ms).getUTCFullYear(), 1, 1) ?? 0;
export const dayOfYear = (ms: number): number => Math.floor((ms - startOfYear(ms)) / dayMs) + 1;

/** 0 for Sunday. */
export const weekdayIndex = (ms: number): number => new Date(ms).getUTCDay();

/** Week 1 holds 1 January. */
const weekOf = (ms: number): number =>
  Math.floor((dayOfYear(ms) - 1 + weekdayIndex(startOfYear(ms))) / 7) + 1;

/** Week 1 holds the first Thursday; weeks begin on Monday. */
function isoWeekOf(ms: number): number {
  const thursday = startOfDay(ms) + (3 - ((weekdayIndex(ms) + 6) % 7)) * dayMs;
  return Math.floor((thursday - startOfYear(thursday)) / (7 * dayMs)) + 1;
}

/** A part of a moment; `rest` are the 100 ns below the millisecond. */
export function partOf(part: DatePart, ms: number, rest: number): number {
  const date = new Date(ms);
  switch (part) {
    case "year":
      return date.getUTCFullYear();
    case "quarter":
      return Math.floor(date.getUTCMonth() / 3) + 1;
    case "month":
      return date.getUTCMonth() + 1;
    case "dayofyear":
      return dayOfYear(ms);
    case "day":
      return date.getUTCDate();
    case "week":
      return weekOf(ms);
    case "iso_week":
      return isoWeekOf(ms);
    case "weekday":
      return date.getUTCDay() + 1;
    case "hour":
      return date.getUTCHours();
    case "minute":
      return date.getUTCMinutes();
    case "second":
      return date.getUTCSeconds();
    case "millisecond":
      return date.getUTCMilliseconds();
    case "microsecond":
      return date.getUTCMilliseconds() * 1000 + Math.floor(rest / 10);
    case "nanosecond":
      return date.getUTCMilliseconds() * 1_000_000 + rest * 100;
    case "tzoffset":
      return 0;
  }
}

/** 1 January 1970 was a Thursday: four days on is a Sunday, three days on a Monday. */
const sundayShift = 4 * dayMs;
const mondayShift = 3 * dayMs;

const floorTo = (ms: number, unit: number, shift = 0): number =>
  Math.floor((ms + shift) / unit) * unit - shift;

/** The start of the part that a moment lies in; not for parts below a millisecond. */
export function startOfPart(part: DatePart, ms: number): number {
  const months = unitMonths[part];
  if (months !== undefined) {
    const index = Math.floor(monthIndex(ms) / months) * months;
    return dayOf(Math.floor(index / 12), (index % 12) + 1, 1) ?? ms;
  }
  if (part === "week") return floorTo(ms, 7 * dayMs, sundayShift);
  if (part === "iso_week") return floorTo(ms, 7 * dayMs, mondayShift);
  return floorTo(ms, unitMs[part] ?? 1);
}

/** How many borders of the part lie between two moments; not for parts below a millisecond. */
export function bordersBetween(part: DatePart, from: number, to: number): number {
  const months = unitMonths[part];
  if (months !== undefined) {
    return Math.floor(monthIndex(to) / months) - Math.floor(monthIndex(from) / months);
  }
  const unit = unitMs[part] ?? 1;
  const shift = part === "week" ? sundayShift : 0;
  return Math.floor((to + shift) / unit) - Math.floor((from + shift) / unit);
}
