/** The parts of a date that T-SQL names, and their short names. `iso_week` and `tzoffset` can be read, not added. */
export type DatePart =
  | "year"
  | "quarter"
  | "month"
  | "dayofyear"
  | "day"
  | "week"
  | "iso_week"
  | "weekday"
  | "hour"
  | "minute"
  | "second"
  | "millisecond"
  | "microsecond"
  | "nanosecond"
  | "tzoffset";

const spellings: Readonly<Record<DatePart, readonly string[]>> = {
  year: ["YEAR", "YY", "YYYY"],
  quarter: ["QUARTER", "QQ", "Q"],
  month: ["MONTH", "MM", "M"],
  dayofyear: ["DAYOFYEAR", "DY", "Y"],
  day: ["DAY", "DD", "D"],
  week: ["WEEK", "WK", "WW"],
  iso_week: ["ISO_WEEK", "ISOWK", "ISOWW"],
  weekday: ["WEEKDAY", "DW", "W"],
  hour: ["HOUR", "HH"],
  minute: ["MINUTE", "MI", "N"],
  second: ["SECOND", "SS", "S"],
  millisecond: ["MILLISECOND", "MS"],
  microsecond: ["MICROSECOND", "MCS"],
  nanosecond: ["NANOSECOND", "NS"],
  tzoffset: ["TZOFFSET", "TZ"],
};

const byName: ReadonlyMap<string, DatePart> = new Map(
  (Object.keys(spellings) as DatePart[]).flatMap((part) =>
    spellings[part].map((name) => [name, part] as const),
  ),
);

export const datePartOf = (name: string): DatePart | undefined => byName.get(name.toUpperCase());
export const datePartNames: readonly string[] = [...byName.keys()];
