import type { SqlType, Value } from "../types";
import { addToDate, type DatePart, dateDifference, dateFromParts, datePart } from "./dates";
import { collate } from "./values";

/** What a scalar function takes and gives. */
export interface ScalarFunction {
  readonly arguments: readonly [minimum: number, maximum: number];
  /** Type of the result, from the arguments' types. */
  readonly type: (types: readonly SqlType[]) => SqlType;
  /** The first argument is the name of a date part (`day`), not a value. */
  readonly datePart?: true;
  /** Classes the arguments are converted to, by position; the last one repeats. Undefined: as they are. */
  readonly takes?: readonly ("text" | "integer" | "float" | "datetime")[];
  /** Is run also when an argument is NULL; without this NULL gives NULL. */
  readonly takesNull?: true;
  run(args: readonly Value[]): Value;
}

const text = (value: Value | undefined): string => String(value ?? "");
const whole = (value: Value | undefined): number => Math.trunc(Number(value ?? 0));
const always = (type: SqlType) => () => type;
const first = (types: readonly SqlType[]): SqlType => types[0] ?? "null";
const notNull = (types: readonly SqlType[]): SqlType =>
  types.find((type) => type !== "null") ?? "null";

const onText = (run: (value: string) => Value, type: SqlType = "text"): ScalarFunction => ({
  arguments: [1, 1],
  type: always(type),
  takes: ["text"],
  run: ([value]) => run(text(value)),
});

const onNumber = (run: (value: number) => number): ScalarFunction => ({
  arguments: [1, 1],
  type: first,
  run: ([value]) => run(Number(value)),
});

const onDate = (part: DatePart): ScalarFunction => ({
  arguments: [1, 1],
  type: always("integer"),
  takes: ["datetime"],
  run: ([value]) => datePart(part, Number(value)),
});

function round([value, digits]: readonly Value[]): Value {
  const scale = 10 ** whole(digits);
  const scaled = Number(value) * scale;
  // Half away from zero; the small term undoes binary noise such as 1.005 * 100 = 100.49999.
  return (Math.sign(scaled) * Math.round(Math.abs(scaled) + Math.abs(scaled) * 1e-15)) / scale;
}

function replaceText([value, search, by]: readonly Value[]): Value {
  const source = text(value);
  const needle = text(search);
  if (needle === "") return source;
  const escaped = needle.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return source.replace(new RegExp(escaped, "giu"), () => text(by));
}

/** Scalar functions by T-SQL name. COALESCE, ISNULL, NULLIF and IIF become CASE in the binder. */
export const scalarFunctions: Readonly<Record<string, ScalarFunction>> = {
  UPPER: onText((value) => value.toUpperCase()),
  LOWER: onText((value) => value.toLowerCase()),
  LEN: onText((value) => value.replace(/ +$/, "").length, "integer"),
  LTRIM: onText((value) => value.replace(/^ +/, "")),
  RTRIM: onText((value) => value.replace(/ +$/, "")),
  TRIM: onText((value) => value.replace(/^ +| +$/g, "")),
  LEFT: {
    arguments: [2, 2],
    type: always("text"),
    takes: ["text", "integer"],
    run: ([value, count]) => text(value).slice(0, Math.max(0, whole(count))),
  },
  RIGHT: {
    arguments: [2, 2],
    type: always("text"),
    takes: ["text", "integer"],
    run: ([value, count]) => (whole(count) <= 0 ? "" : text(value).slice(-whole(count))),
  },
  SUBSTRING: {
    arguments: [3, 3],
    type: always("text"),
    takes: ["text", "integer"],
    run: ([value, start, length]) =>
      text(value).slice(
        Math.max(0, whole(start) - 1),
        Math.max(0, whole(start) - 1 + whole(length)),
      ),
  },
  REPLACE: { arguments: [3, 3], type: always("text"), takes: ["text"], run: replaceText },
  CHARINDEX: {
    arguments: [2, 2],
    type: always("integer"),
    takes: ["text"],
    run: ([search, value]) =>
      collate(`${text(value)}.`).indexOf(collate(`${text(search)}.`).slice(0, -1)) + 1,
  },
  CONCAT: {
    arguments: [2, 254],
    type: always("text"),
    takes: ["text"],
    takesNull: true,
    run: (args) => args.map(text).join(""),
  },
  ABS: onNumber(Math.abs),
  CEILING: onNumber(Math.ceil),
  FLOOR: onNumber(Math.floor),
  ROUND: { arguments: [2, 2], type: first, run: round },
  YEAR: onDate("year"),
  MONTH: onDate("month"),
  DAY: onDate("day"),
  DATEPART: {
    arguments: [2, 2],
    type: always("integer"),
    datePart: true,
    takes: ["text", "datetime"],
    run: ([part, value]) => datePart(part as DatePart, Number(value)),
  },
  DATEADD: {
    arguments: [3, 3],
    type: (types) => (types[2] === "date" ? "date" : "datetime"),
    datePart: true,
    takes: ["text", "integer", "datetime"],
    run: ([part, amount, value]) =>
      addToDate(part as DatePart, whole(amount), Number(value)) ?? null,
  },
  DATEDIFF: {
    arguments: [3, 3],
    type: always("integer"),
    datePart: true,
    takes: ["text", "datetime"],
    run: ([part, from, to]) => dateDifference(part as DatePart, Number(from), Number(to)),
  },
  EOMONTH: {
    arguments: [1, 1],
    type: always("date"),
    takes: ["datetime"],
    run: ([value]) => {
      const date = new Date(Number(value));
      return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0);
    },
  },
  DATEFROMPARTS: {
    arguments: [3, 3],
    type: always("date"),
    takes: ["integer"],
    run: ([year, month, day]) => dateFromParts(whole(year), whole(month), whole(day)) ?? null,
  },
};

export { notNull as firstKnownType };
