import type { Civil } from "./moment";
import { shortMonth } from "./names";

/** What of a moment there is to print: a date has no clock, a time no calendar. */
export interface Shape {
  readonly date: boolean;
  readonly time: boolean;
  /** Digits of a second. */
  readonly scale: number;
  /** datetime and smalldatetime print thousandths behind a colon in some styles, the newer types behind a point. */
  readonly old: boolean;
}

const two = (value: number): string => String(value).padStart(2, "0");
const wide = (value: number): string => String(value).padStart(2, " ");
const year4 = (value: number): string => String(value).padStart(4, "0");

type Print = (at: Civil) => string;

const dayStyles: ReadonlyMap<number, Print> = new Map<number, Print>([
  [0, (at) => `${shortMonth(at.month)} ${wide(at.day)} ${year4(at.year)}`],
  [1, (at) => `${two(at.month)}/${two(at.day)}/`],
  [2, (at) => `.${two(at.month)}.${two(at.day)}`],
  [3, (at) => `${two(at.day)}/${two(at.month)}/`],
  [4, (at) => `${two(at.day)}.${two(at.month)}.`],
  [5, (at) => `${two(at.day)}-${two(at.month)}-`],
  [6, (at) => `${two(at.day)} ${shortMonth(at.month)} `],
  [7, (at) => `${shortMonth(at.month)} ${two(at.day)}, `],
  [10, (at) => `${two(at.month)}-${two(at.day)}-`],
  [11, (at) => `/${two(at.month)}/${two(at.day)}`],
  [12, (at) => `${two(at.month)}${two(at.day)}`],
]);
const yearFirst: ReadonlySet<number> = new Set([2, 11, 12]);

const isoDay: Print = (at) => `${year4(at.year)}-${two(at.month)}-${two(at.day)}`;
const clock: Print = (at) => `${two(at.hour)}:${two(at.minute)}:${two(at.second)}`;
const hour12 = (at: Civil): number => at.hour % 12 || 12;
const half = (at: Civil): string => (at.hour < 12 ? "AM" : "PM");

export const fractionDigits = (at: Civil, scale: number): string =>
  String(at.fraction).padStart(7, "0").slice(0, scale);

/** Digits of a second with their mark, or nothing for a scale of 0. */
const fraction = (at: Civil, scale: number, mark: string): string =>
  scale === 0 ? "" : `${mark}${fractionDigits(at, scale)}`;

/** Styles by the kind of clock behind (or instead of) the date. */
const clocks: ReadonlyMap<number, "short" | "long" | "plain" | "full" | "american" | "iso"> =
  new Map([
    ...[0, 100].map((style) => [style, "short"] as const),
    ...[9, 109].map((style) => [style, "long"] as const),
    ...[8, 24, 108, 20, 120].map((style) => [style, "plain"] as const),
    ...[13, 113, 14, 114, 21, 25, 121].map((style) => [style, "full"] as const),
    [22, "american"],
    ...[126, 127].map((style) => [style, "iso"] as const),
  ]);

const onlyClock: ReadonlySet<number> = new Set([8, 24, 108, 14, 114]);
const isoStyles: ReadonlySet<number> = new Set([20, 21, 25, 120, 121, 23, 126, 127]);

function dayIn(style: number, at: Civil): string | undefined {
  if (isoStyles.has(style)) return isoDay(at);
  const base = style % 100;
  if (base === 0 || base === 9) return dayStyles.get(0)?.(at);
  if (base === 13) return `${two(at.day)} ${shortMonth(at.month)} ${year4(at.year)}`;
  if (style === 22) return `${two(at.month)}/${two(at.day)}/${two(at.year % 100)}`;
  const print = dayStyles.get(base);
  if (!print || style > 112) return undefined;
  const year = style >= 100 ? year4(at.year) : two(at.year % 100);
  return yearFirst.has(base) ? `${year}${print(at)}` : `${print(at)}${year}`;
}

function clockIn(style: number, at: Civil, { scale, old, date }: Shape): string {
  // The colon in front of thousandths, as the oldest styles have it.
  const colon = old && !isoStyles.has(style) ? ":" : ".";
  const hour = date ? wide(hour12(at)) : String(hour12(at));
  switch (clocks.get(style)) {
    case "short":
      return `${hour}:${two(at.minute)}${half(at)}`;
    case "long":
      return `${hour}:${two(at.minute)}:${two(at.second)}${fraction(at, scale, colon)}${half(at)}`;
    case "plain":
      return clock(at);
    case "full":
      return `${clock(at)}${fraction(at, scale, colon)}`;
    case "american":
      return `${wide(hour12(at))}:${two(at.minute)}:${two(at.second)} ${half(at)}`;
    case "iso":
      return `${clock(at)}${old && at.fraction === 0 ? "" : fraction(at, scale, ".")}`;
    default:
      return "";
  }
}

/**
 * A moment in a style of CONVERT, or undefined when the type has no such style. The Hijri calendar (130, 131) is not offered.
 *
 * @see https://learn.microsoft.com/sql/t-sql/functions/cast-and-convert-transact-sql#date-and-time-styles
 */
export function printStyle(style: number, at: Civil, shape: Shape): string | undefined {
  const timeOnly = onlyClock.has(style);
  const day = timeOnly ? "" : dayIn(style, at);
  if (day === undefined || (timeOnly && !shape.time)) return undefined;
  if (!shape.time) return day;
  const time = clockIn(style, at, shape);
  if (!shape.date) return time === "" ? undefined : time;
  if (time === "" || timeOnly) return day + time;
  return `${day}${clocks.get(style) === "iso" ? "T" : " "}${time}`;
}

/** Behind the clock of a datetimeoffset. */
export function printZone(minutes: number): string {
  const size = Math.abs(minutes);
  return `${minutes < 0 ? "-" : "+"}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}
