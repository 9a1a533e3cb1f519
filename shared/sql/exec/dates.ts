/** Dates are milliseconds since 1970, UTC. */
const iso =
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,7}))?)?)? *(Z|[+-]\d{2}:?\d{2})?$/i;
const compact = /^(\d{4})(\d{2})(\d{2})$/;
const american = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/;

export const dayMs = 86_400_000;

/** Midnight of a calendar day, or undefined when there is no such day. Years 1753 to 9999, as in SQL Server. */
export function dateFromParts(year: number, month: number, day: number): number | undefined {
  if (year < 1753 || year > 9999) return undefined;
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? date.getTime() : undefined;
}

function offsetMs(zone: string | undefined): number {
  if (!zone || /^z$/i.test(zone)) return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  return (zone.startsWith("-") ? -minutes : minutes) * 60_000;
}

/** Reads `2026-01-31`, `2026-01-31 10:00[:00[.000]]` with `T`, `Z` or an offset, `20260131` and `1/31/2026`. */
export function parseDate(text: string): number | undefined {
  const trimmed = text.trim();
  const short = compact.exec(trimmed);
  if (short) return dateFromParts(Number(short[1]), Number(short[2]), Number(short[3]));
  const us = american.exec(trimmed);
  if (us) return dateFromParts(Number(us[3]), Number(us[1]), Number(us[2]));
  const match = iso.exec(trimmed);
  if (!match) return undefined;
  const [, year, month, day, hour = "0", minute = "0", second = "0", fraction = "", zone] = match;
  const midnight = dateFromParts(Number(year), Number(month), Number(day));
  if (midnight === undefined || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) {
    return undefined;
  }
  const time = (Number(hour) * 60 + Number(minute)) * 60_000 + Number(second) * 1000;
  return midnight + time + Math.floor(Number(`0.${fraction || 0}`) * 1000) - offsetMs(zone);
}

/** `2026-01-31T10:00:00Z`, with milliseconds only when there are any. */
export const formatDateTime = (ms: number): string =>
  new Date(ms).toISOString().replace(".000Z", "Z");
export const formatDate = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
export const startOfDay = (ms: number): number => Math.floor(ms / dayMs) * dayMs;

export type DatePart =
  | "year"
  | "quarter"
  | "month"
  | "dayofyear"
  | "day"
  | "week"
  | "weekday"
  | "hour"
  | "minute"
  | "second"
  | "millisecond";

/** T-SQL's names of the parts of a date. */
export const dateParts: Readonly<Record<string, DatePart>> = {
  ...{ YEAR: "year", YY: "year", YYYY: "year", QUARTER: "quarter", QQ: "quarter", Q: "quarter" },
  ...{ MONTH: "month", MM: "month", M: "month", DAYOFYEAR: "dayofyear", DY: "dayofyear" },
  ...{ DAY: "day", DD: "day", D: "day", WEEK: "week", WK: "week", WW: "week" },
  ...{
    WEEKDAY: "weekday",
    DW: "weekday",
    HOUR: "hour",
    HH: "hour",
    MINUTE: "minute",
    MI: "minute",
  },
  ...{ N: "minute", SECOND: "second", SS: "second", S: "second" },
  ...{ MILLISECOND: "millisecond", MS: "millisecond" },
};

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

/** DATEADD; the last day of a month stays inside the month. Undefined when out of range. */
export function addToDate(part: DatePart, amount: number, ms: number): number | undefined {
  const unit = unitMs[part];
  let result: number;
  if (unit === undefined) {
    const date = new Date(ms);
    const months =
      date.getUTCFullYear() * 12 + date.getUTCMonth() + amount * (unitMonths[part] ?? 1);
    const year = Math.floor(months / 12);
    const month = months - year * 12;
    const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
    const day = Math.min(date.getUTCDate(), lastDay);
    result = Date.UTC(year, month, day) + (ms - startOfDay(ms));
  } else {
    result = ms + amount * unit;
  }
  const year = new Date(result).getUTCFullYear();
  return year >= 1753 && year <= 9999 ? result : undefined;
}

/** DATEPART in UTC; weeks begin on Sunday (DATEFIRST 7) and week 1 holds 1 January. */
export function datePart(part: DatePart, ms: number): number {
  const date = new Date(ms);
  const startOfYear = Date.UTC(date.getUTCFullYear(), 0, 1);
  const dayOfYear = Math.floor((ms - startOfYear) / dayMs);
  switch (part) {
    case "year":
      return date.getUTCFullYear();
    case "quarter":
      return Math.floor(date.getUTCMonth() / 3) + 1;
    case "month":
      return date.getUTCMonth() + 1;
    case "dayofyear":
      return dayOfYear + 1;
    case "day":
      return date.getUTCDate();
    case "week":
      return Math.floor((dayOfYear + new Date(startOfYear).getUTCDay()) / 7) + 1;
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
  }
}

/** DATEDIFF: how many borders of the part lie between two moments. */
export function dateDifference(part: DatePart, from: number, to: number): number {
  const months = unitMonths[part];
  if (months !== undefined) {
    const index = (ms: number) =>
      Math.floor((datePart("year", ms) * 12 + datePart("month", ms) - 1) / months);
    return index(to) - index(from);
  }
  const unit = unitMs[part] ?? dayMs;
  // 1 January 1970 was a Thursday; four days on is a Sunday, where weeks begin.
  const shift = part === "week" ? 4 * dayMs : 0;
  return Math.floor((to + shift) / unit) - Math.floor((from + shift) / unit);
}
