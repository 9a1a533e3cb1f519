import type { Draw } from "./draw";

const dayMs = 86_400_000;

/** Days of the sample data's past. */
export const pastDays = 730;

/** Two days on which one product failed everywhere: days before `asOf`, and the family. Trend questions have a known answer. */
export const outages = [
  { daysAgo: 47, family: "router" },
  { daysAgo: 203, family: "delivery" },
] as const;

/** One and a half per cent a month, as a factor a day. A product of factors is the same on every engine; a power need not be. */
const dailyGrowth = 1.000_496_4;

/** How many cases a day brings, relative to others. */
function weightOf(asOf: number, daysAgo: number, growth: number): number {
  const date = new Date(asOf - daysAgo * dayMs);
  const weekday = [0.35, 1.25, 1.1, 1, 1, 0.95, 0.45][date.getUTCDay()] ?? 1;
  const december = date.getUTCMonth() === 11 ? 1.6 : 1;
  const outage = outages.some((each) => each.daysAgo === daysAgo) ? 10 : 1;
  return weekday * growth * december * outage;
}

const hours = [1, 1, 0.5, 0.5, 0.5, 1, 2, 4, 8, 11, 12, 11, 8, 9, 10, 9, 8, 6, 4, 3, 3, 2, 2, 1];

export interface Calendar {
  /** When a case came in, in ms, and how many days ago that is; working hours are the customer's own. */
  arrival(draw: Draw, utcOffset: number): { at: number; daysAgo: number };
}

export function createCalendar(asOf: number): Calendar {
  const cumulative: number[] = [];
  let total = 0;
  let growth = 1;
  for (let daysAgo = 1; daysAgo <= pastDays; daysAgo++) {
    growth /= dailyGrowth;
    total += weightOf(asOf, daysAgo, growth);
    cumulative.push(total);
  }
  const hourWeights = hours.map((weight, hour) => [hour, weight] as const);
  return {
    arrival(draw, utcOffset) {
      const target = draw.unit("day") * total;
      const daysAgo = firstAbove(cumulative, target) + 1;
      const hour = (draw.weighted("hour", hourWeights) - utcOffset + 24) % 24;
      const at = asOf - daysAgo * dayMs + hour * 3_600_000 + draw.whole("second", 0, 3_599) * 1_000;
      return { at: Math.min(at, asOf - 3_600_000), daysAgo };
    },
  };
}

/** Index of the first entry above the target. */
function firstAbove(sorted: readonly number[], target: number): number {
  let low = 0;
  let high = sorted.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) > target) high = middle;
    else low = middle + 1;
  }
  return low;
}
