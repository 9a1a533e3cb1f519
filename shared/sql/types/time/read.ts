import { dayOf, mostZone, ticksOfSecond } from "./moment";
import { monthOf } from "./names";

/** What a text says of a moment; what it does not say is undefined. */
export interface ReadTime {
  /** Midnight of its day, in milliseconds. */
  readonly day: number | undefined;
  /** 100 ns since midnight. */
  readonly ticks: number | undefined;
  /** Minutes east of UTC. */
  readonly zone: number | undefined;
  /** Was the time within ISO 8601, with a `T`? */
  readonly iso: boolean;
}

/** `form`: no date or time at all. `range`: of the right form, with a month 13 or an hour 25. */
export type Misread = "form" | "range";

/** The order of three numbers that are the day, the month and the year. */
export type DateOrder = "mdy" | "dmy" | "ymd";

const orders: ReadonlyMap<number, DateOrder> = new Map([
  ...[3, 4, 5, 6, 13, 103, 104, 105, 106, 113].map((style) => [style, "dmy"] as const),
  ...[2, 11, 12, 20, 21, 23, 25, 102, 111, 112, 120, 121, 126, 127].map(
    (style) => [style, "ymd"] as const,
  ),
]);

/** How a style of CONVERT reads `01/02/03`; American order is the database's. */
export const orderOfStyle = (style: number | undefined): DateOrder =>
  orders.get(style ?? 0) ?? "mdy";

const clock =
  /(^|[\sT])(\d{1,2})(?::(\d{1,2})(?::(\d{1,2})(?:([.:,])\s?(\d{1,9}))?)?\s*([ap]m)?|\s*([ap]m))(?![\d:])/i;
const zoneBehind = /^\s*(?:(Z)|([+-])(\d{1,2}):?(\d{1,2}))\s*$/i;

/**
 * Reads a date, a time or both, as T-SQL does under us_english.
 *
 * @see https://learn.microsoft.com/sql/t-sql/data-types/datetime-transact-sql#supported-string-literal-formats-for-datetime
 */
export function readTime(text: string, order: DateOrder): ReadTime | Misread {
  const trimmed = text.trim();
  if (trimmed.length > 100) return "form";
  if (trimmed === "") return { day: undefined, ticks: undefined, zone: undefined, iso: false };
  const match = clock.exec(trimmed);
  if (!match) {
    const day = readDay(trimmed, order);
    return typeof day === "number" ? { day, ticks: undefined, zone: undefined, iso: false } : day;
  }
  const before = trimmed.slice(0, match.index).trim();
  const behind = trimmed.slice(match.index + match[0].length);
  const zone = zoneBehind.exec(behind);
  if (before !== "" && behind.trim() !== "" && !zone) return "form";
  const date = zone || before !== "" ? before : behind.trim();
  const day = date === "" ? undefined : readDay(date, order);
  if (typeof day === "string") return day;
  const ticks = readClock(match);
  if (typeof ticks === "string") return ticks;
  const minutes = zone ? readZone(zone) : undefined;
  if (typeof minutes === "string") return minutes;
  return { day, ticks, zone: minutes, iso: /t/i.test(match[1] ?? "") };
}

function readZone([, utc, sign, hours, minutes]: RegExpExecArray): number | Misread {
  if (utc) return 0;
  const size = Number(hours) * 60 + Number(minutes);
  if (size > mostZone || Number(minutes) > 59) return "range";
  return sign === "-" ? -size : size;
}

function readClock(match: RegExpExecArray): number | Misread {
  const [, , hours, minutes = "0", seconds = "0", mark, digits = "", half, alone] = match;
  const noon = (half ?? alone)?.toLowerCase();
  const hour = noon ? hourOfHalf(Number(hours), noon) : Number(hours);
  if (hour === undefined || hour > 23 || Number(minutes) > 59 || Number(seconds) > 59)
    return "range";
  // Behind a colon stand thousandths: 10:20:30:5 is five of them.
  if (mark === ":" && digits.length > 3) return "form";
  const fraction =
    mark === ":"
      ? Number(digits) * 10_000
      : Math.round(Number(`0.${digits || "0"}`) * ticksOfSecond);
  return ((hour * 60 + Number(minutes)) * 60 + Number(seconds)) * ticksOfSecond + fraction;
}

function hourOfHalf(hour: number, half: string): number | undefined {
  // SQL Server takes 13:00 PM, and no 13:00 AM.
  if (hour > 12) return half === "pm" && hour < 24 ? hour : undefined;
  if (half === "am") return hour === 12 ? 0 : hour;
  return hour === 12 ? 12 : hour + 12;
}

const threeNumbers = /^(\d{1,4})\s*[-/.]\s*(\d{1,4})\s*[-/.]\s*(\d{1,4})$/;
const unseparated = /^(?:(\d{4})(\d{2})(\d{2})|(\d{2})(\d{2})(\d{2})|(\d{4}))$/;

function readDay(text: string, order: DateOrder): number | Misread {
  const compact = unseparated.exec(text);
  if (compact) {
    const [, y4, m4 = "1", d4 = "1", y2, m2 = "1", d2 = "1", year] = compact;
    if (y4) return day(Number(y4), Number(m4), Number(d4));
    return y2 ? day(century(y2), Number(m2), Number(d2)) : day(Number(year), 1, 1);
  }
  const numbers = threeNumbers.exec(text);
  if (numbers) return readNumbers(numbers.slice(1, 4), order);
  return readNamed(text);
}

const day = (year: number, month: number, date: number): number | Misread =>
  dayOf(year, month, date) ?? "range";

/** Two digits of a year: 49 is 2049, 50 is 1950. */
function century(digits: string): number {
  const year = Number(digits);
  if (digits.length > 2) return year;
  return year < 50 ? 2000 + year : 1900 + year;
}

const isYear = (digits: string): boolean => digits.length === 4;

function readNumbers(parts: readonly string[], order: DateOrder): number | Misread {
  const [a = "", b = "", c = ""] = parts;
  if (parts.some((part) => part.length === 3)) return "form";
  const dayFirst = order === "dmy";
  if (isYear(a)) return day(Number(a), Number(b), Number(c));
  if (isYear(b)) {
    return dayFirst ? day(Number(b), Number(c), Number(a)) : day(Number(b), Number(a), Number(c));
  }
  if (order === "ymd" && !isYear(c)) return day(century(a), Number(b), Number(c));
  return dayFirst ? day(century(c), Number(b), Number(a)) : day(century(c), Number(a), Number(b));
}

const words = /[a-z]+|\d+/gi;

/** `April 15, 1996`, `15 Apr 96`, `1996 APR`. */
function readNamed(text: string): number | Misread {
  if (!/^[a-z\d\s,./-]+$/i.test(text)) return "form";
  const parts = text.match(words) ?? [];
  const names = parts.filter((part) => /[a-z]/i.test(part));
  const numbers = parts.filter((part) => /\d/.test(part));
  const month = names.length === 1 ? monthOf(names[0] ?? "") : undefined;
  if (month === undefined || numbers.length === 0 || numbers.length > 2) return "form";
  if (numbers.some((part) => part.length === 3 || part.length > 4)) return "form";
  const year = numbers.find(isYear) ?? numbers[1];
  if (year === undefined) return "form";
  const rest = numbers.find((part, index) => part !== year || index !== numbers.indexOf(year));
  return day(century(year), month, rest === undefined ? 1 : Number(rest));
}
