import { withoutTrailing } from "../../types/digits";
import type { Civil } from "../../types/time/moment";
import { printZone } from "../../types/time/styles";
import type { Culture } from "./culture";

/** A moment as FORMAT sees it; `zone` is undefined where the type has none. */
export interface FormatMoment extends Civil {
  /** 0 for Sunday. */
  readonly weekday: number;
  readonly zone: number | undefined;
}

const two = (value: number): string => String(value).padStart(2, "0");
const plus = (value: number, width: number): string =>
  `${value < 0 ? "-" : "+"}${String(Math.floor(Math.abs(value) / 60)).padStart(width, "0")}`;

const standard: Readonly<Record<string, (culture: Culture) => string>> = {
  d: (culture) => culture.shortDate,
  D: (culture) => culture.longDate,
  f: (culture) => `${culture.longDate} ${culture.shortTime}`,
  F: (culture) => `${culture.longDate} ${culture.longTime}`,
  g: (culture) => `${culture.shortDate} ${culture.shortTime}`,
  G: (culture) => `${culture.shortDate} ${culture.longTime}`,
  m: (culture) => culture.monthDay,
  M: (culture) => culture.monthDay,
  o: () => "yyyy'-'MM'-'dd'T'HH':'mm':'ss'.'fffffffK",
  O: () => "yyyy'-'MM'-'dd'T'HH':'mm':'ss'.'fffffffK",
  r: () => "ddd, dd MMM yyyy HH':'mm':'ss 'GMT'",
  R: () => "ddd, dd MMM yyyy HH':'mm':'ss 'GMT'",
  s: () => "yyyy'-'MM'-'dd'T'HH':'mm':'ss",
  t: (culture) => culture.shortTime,
  T: (culture) => culture.longTime,
  u: () => "yyyy'-'MM'-'dd HH':'mm':'ss'Z'",
  U: (culture) => `${culture.longDate} ${culture.longTime}`,
  y: (culture) => culture.yearMonth,
  Y: (culture) => culture.yearMonth,
};
/** Formats whose names are English in every culture. */
const invariant: ReadonlySet<string> = new Set(["r", "R", "o", "O", "s", "u"]);

/** A moment in a standard format (`d`, `D`, `G` …) or a pattern (`yyyy-MM-dd`), or null where there is no such format. */
export function formatMoment(
  format: string,
  at: FormatMoment,
  culture: Culture,
  english: Culture,
): string | null {
  if (format.length === 1) {
    const pattern = standard[format]?.(culture);
    return pattern === undefined
      ? null
      : write(pattern, at, invariant.has(format) ? english : culture);
  }
  return write(format.startsWith("%") ? format.slice(1) : format, at, culture);
}

/** An escaped letter, a quoted text, a percent sign in front of a letter, or one letter some times. */
const piece = /\\([\s\S])|'([^']*)'|"([^"]*)"|(%)|([^\\'"])\5*/y;

function write(pattern: string, at: FormatMoment, culture: Culture): string | null {
  let result = "";
  for (let index = 0; index < pattern.length; index = piece.lastIndex) {
    piece.lastIndex = index;
    const match = piece.exec(pattern);
    if (!match) return null;
    const [whole, escaped, single, double, percent, letter] = match;
    if (letter === undefined) {
      result += percent ? "" : (escaped ?? single ?? double ?? "");
      continue;
    }
    const text = letters(letter, whole.length, at, culture);
    if (text === null) return null;
    // A point in front of digits of a second that are not shown goes with them.
    if (letter === "F" && text === "" && result.endsWith(".")) result = result.slice(0, -1);
    result += text;
  }
  return result;
}

type Letter = (count: number, at: FormatMoment, culture: Culture) => string | null;

const digits = (value: number, count: number): string => (count === 1 ? String(value) : two(value));

const byLetter: ReadonlyMap<string, Letter> = new Map<string, Letter>([
  [
    "d",
    (count, at, { days, shortDays }) =>
      count > 2 ? ((count === 3 ? shortDays : days)[at.weekday] ?? "") : digits(at.day, count),
  ],
  [
    "M",
    (count, at, { months, shortMonths }) =>
      count > 2
        ? ((count === 3 ? shortMonths : months)[at.month - 1] ?? "")
        : digits(at.month, count),
  ],
  [
    "y",
    (count, at) =>
      count > 2 ? String(at.year).padStart(count, "0") : digits(at.year % 100, count),
  ],
  ["h", (count, at) => digits(at.hour % 12 || 12, count)],
  ["H", (count, at) => digits(at.hour, count)],
  ["m", (count, at) => digits(at.minute, count)],
  ["s", (count, at) => digits(at.second, count)],
  [
    "t",
    (count, at, { am, pm }) => {
      const half = at.hour < 12 ? am : pm;
      return count === 1 ? half.charAt(0) : half;
    },
  ],
  ["f", (count, at) => fraction("f", count, at)],
  ["F", (count, at) => fraction("F", count, at)],
  ["g", () => "A.D."],
  ["K", (count, at) => (at.zone === undefined ? "" : printZone(at.zone)).repeat(count)],
  ["z", (count, at) => zone(count, at.zone ?? 0)],
  [":", (count, _, { timeSeparator }) => timeSeparator.repeat(count)],
  ["/", (count, _, { dateSeparator }) => dateSeparator.repeat(count)],
]);

const letters = (
  letter: string,
  count: number,
  at: FormatMoment,
  culture: Culture,
): string | null => (byLetter.get(letter) ?? (() => letter.repeat(count)))(count, at, culture);

function fraction(one: string, count: number, at: FormatMoment): string | null {
  if (count > 7) return null;
  const shown = String(at.fraction).padStart(7, "0").slice(0, count);
  return one === "f" ? shown : withoutTrailing(shown, "0");
}

function zone(count: number, minutes: number): string {
  if (count === 1) return plus(minutes, 1);
  return count === 2 ? plus(minutes, 2) : printZone(minutes);
}

/** A time of day is a duration in .NET: everything but its letters must be escaped, else there is no such format. */
export function formatDuration(format: string, at: Civil): string | null {
  if (/^[ctT]$/.test(format))
    return `${two(at.hour)}:${two(at.minute)}:${two(at.second)}${rest(at)}`;
  if (format === "g" || format === "G") return null;
  let result = "";
  const pattern = /\\(.)|'([^']*)'|"([^"]*)"|%|(d{1,8}|h{1,2}|m{1,2}|s{1,2}|f{1,7}|F{1,7})/y;
  for (let index = 0; index < format.length; index = pattern.lastIndex) {
    pattern.lastIndex = index;
    const match = pattern.exec(format);
    if (!match) return null;
    const [, escaped, single, double, run] = match;
    result += escaped ?? single ?? double ?? (run ? duration(run, at) : "");
  }
  return result;
}

const rest = (at: Civil): string =>
  at.fraction === 0 ? "" : `.${String(at.fraction).padStart(7, "0")}`;

function duration(letters: string, at: Civil): string {
  const number = (value: number) => (letters.length === 1 ? String(value) : two(value));
  const one = letters.charAt(0);
  if (one === "h") return number(at.hour);
  if (one === "m") return number(at.minute);
  if (one === "s") return number(at.second);
  if (one === "d") return "0".repeat(letters.length);
  const shown = String(at.fraction).padStart(7, "0").slice(0, letters.length);
  return one === "f" ? shown : withoutTrailing(shown, "0");
}
