/** Calendar arithmetic in UTC, which is every caller's time zone here. The fiscal year is the calendar year, by quarters. */
const DAY = 86_400_000;

/** From (inclusive) to (exclusive), in milliseconds. */
export interface Range {
  readonly from?: number;
  readonly to?: number;
}

const startOfDay = (time: number) => Math.floor(time / DAY) * DAY;
/** Weeks begin on Sunday. */
const startOfWeek = (time: number) => startOfDay(time) - new Date(time).getUTCDay() * DAY;
const startOfMonth = (time: number, months = 0) => {
  const date = new Date(time);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months, 1);
};
const startOfQuarter = (time: number, quarters = 0) => {
  const date = new Date(time);
  return Date.UTC(date.getUTCFullYear(), Math.floor(date.getUTCMonth() / 3) * 3 + quarters * 3, 1);
};
const startOfYear = (time: number, years = 0) =>
  Date.UTC(new Date(time).getUTCFullYear() + years, 0, 1);

/** The same day some months on, or that month's last day. */
function addMonths(time: number, months: number): number {
  const date = new Date(time);
  const first = startOfMonth(time, months);
  const days = new Date(startOfMonth(first, 1) - DAY).getUTCDate();
  return first + (Math.min(date.getUTCDate(), days) - 1) * DAY + (time - startOfDay(time));
}

const ADD: Readonly<Record<string, (time: number, n: number) => number>> = {
  minutes: (time, n) => time + n * 60_000,
  hours: (time, n) => time + n * 3_600_000,
  days: (time, n) => time + n * DAY,
  weeks: (time, n) => time + n * 7 * DAY,
  months: addMonths,
  years: (time, n) => addMonths(time, n * 12),
};

const START: Readonly<Record<string, (time: number, n: number) => number>> = {
  week: (time, n) => startOfWeek(time) + n * 7 * DAY,
  month: startOfMonth,
  year: startOfYear,
  "fiscal-period": startOfQuarter,
  "fiscal-year": startOfYear,
};

const SHIFTS: Readonly<Record<string, number>> = { last: -1, this: 0, next: 1 };

/** `last-week`, `this-fiscal-year`, `tomorrow` */
function namedRange(operator: string, now: number): Range | undefined {
  const today = startOfDay(now);
  switch (operator) {
    case "yesterday":
      return { from: today - DAY, to: today };
    case "today":
      return { from: today, to: today + DAY };
    case "tomorrow":
      return { from: today + DAY, to: today + 2 * DAY };
    case "last-seven-days":
      return { from: today - 7 * DAY, to: now + 1000 };
    case "next-seven-days":
      return { from: now, to: today + 8 * DAY };
  }
  const match = /^(last|this|next)-(week|month|year|fiscal-period|fiscal-year)$/.exec(operator);
  const start = START[match?.[2] ?? ""];
  const shift = SHIFTS[match?.[1] ?? ""];
  if (start === undefined || shift === undefined) return undefined;
  return { from: start(now, shift), to: start(now, shift + 1) };
}

/** `last-x-days`: from the start of the day x days ago until now; `next-x-days`: from now to the end of the day in x days. */
function countedRange(operator: string, n: number, now: number): Range | undefined {
  const [, which, unit = ""] = /^(last|next|olderthan)-x-(.+)$/.exec(operator) ?? [];
  const start = START[unit.replace(/s$/, "")];
  if (unit.startsWith("fiscal") && start !== undefined) {
    return which === "last"
      ? { from: start(now, -n), to: start(now, 0) }
      : { from: start(now, 1), to: start(now, n + 1) };
  }
  const add = ADD[unit];
  if (add === undefined) return undefined;
  const byTime = unit === "hours" || unit === "minutes";
  const base = byTime ? now : startOfDay(now);
  if (which === "last") return { from: add(base, -n), to: now + 1000 };
  if (which === "olderthan") return { to: add(base, -n) };
  return { from: now, to: byTime ? add(now, n) + 1000 : add(base, n) + DAY };
}

/** Period 1 to 4 of a fiscal year. */
export function fiscalPeriod(period: number, year: number): Range {
  return { from: Date.UTC(year, (period - 1) * 3, 1), to: Date.UTC(year, period * 3, 1) };
}

export const fiscalYear = (year: number): Range => ({
  from: Date.UTC(year, 0, 1),
  to: Date.UTC(year + 1, 0, 1),
});

/** The time that a relative operator means, or undefined when it is none. */
export const relativeRange = (
  operator: string,
  n: number | undefined,
  now: number,
): Range | undefined =>
  n === undefined ? namedRange(operator, now) : countedRange(operator, n, now);

export const dayOf = (time: number): Range => ({
  from: startOfDay(time),
  to: startOfDay(time) + DAY,
});
