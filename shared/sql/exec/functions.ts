import type { Expr } from "../plan/expression";
import { isMax, type TextRoom, textOf } from "../plan/text-type";
import type { SqlType, Value } from "../types";
import { addToDate, type DatePart, dateDifference, dateFromParts, datePart } from "./dates";
import { concatenate, pieceOf, replaceText, trimBoth, trimEnd, trimStart } from "./text";
import { collate } from "./values";

/** What a scalar function takes and gives. */
export interface ScalarFunction {
  readonly arguments: readonly [minimum: number, maximum: number];
  /** Type of the result, from the arguments. */
  readonly type: (args: readonly Expr[]) => SqlType;
  /** The first argument is the name of a date part (`day`), not a value. */
  readonly datePart?: true;
  /** Classes the arguments are converted to, by position; the last one repeats. Undefined: as they are. */
  readonly takes?: readonly ("text" | "integer" | "float" | "datetime")[];
  /** Is run also when an argument is NULL; without this NULL gives NULL. */
  readonly takesNull?: true;
  /** `room`: how long a text that it makes may become. */
  run(args: readonly Value[], room: TextRoom): Value;
}

const text = (value: Value | undefined): string => String(value ?? "");
const whole = (value: Value | undefined): number => Math.trunc(Number(value ?? 0));
const always = (type: SqlType) => () => type;
const first = ([one]: readonly Expr[]): SqlType => one?.type ?? "null";
/** A text of a MAX type when the first argument is one. */
const textOfFirst = ([one]: readonly Expr[]): SqlType => (one && isMax(one) ? "memo" : "text");

const onText = (
  run: (value: string) => Value,
  type: ScalarFunction["type"] = textOfFirst,
): ScalarFunction => ({
  arguments: [1, 1],
  type,
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

/** Scalar functions by T-SQL name. COALESCE, ISNULL, NULLIF and IIF become CASE in the binder. */
export const scalarFunctions: Readonly<Record<string, ScalarFunction>> = {
  UPPER: onText((value) => value.toUpperCase()),
  LOWER: onText((value) => value.toLowerCase()),
  LEN: onText((value) => trimEnd(value).length, always("integer")),
  LTRIM: onText(trimStart),
  RTRIM: onText(trimEnd),
  TRIM: onText(trimBoth),
  LEFT: {
    arguments: [2, 2],
    type: textOfFirst,
    takes: ["text", "integer"],
    run: ([value, count]) => pieceOf(text(value), 0, Math.max(0, whole(count))),
  },
  RIGHT: {
    arguments: [2, 2],
    type: textOfFirst,
    takes: ["text", "integer"],
    run: ([value, count]) => {
      const { length } = text(value);
      return pieceOf(text(value), Math.max(0, length - Math.max(0, whole(count))), length);
    },
  },
  SUBSTRING: {
    arguments: [3, 3],
    type: textOfFirst,
    takes: ["text", "integer"],
    run: ([value, start, length]) =>
      pieceOf(
        text(value),
        Math.max(0, whole(start) - 1),
        Math.max(0, whole(start) - 1 + whole(length)),
      ),
  },
  // The first argument alone decides, as Microsoft's page has it.
  REPLACE: {
    arguments: [3, 3],
    type: textOfFirst,
    takes: ["text"],
    run: ([value, search, by], room) => replaceText(text(value), text(search), text(by), room),
  },
  CHARINDEX: {
    arguments: [2, 2],
    type: always("integer"),
    takes: ["text"],
    run: ([search, value]) =>
      collate(`${text(value)}.`).indexOf(collate(`${text(search)}.`).slice(0, -1)) + 1,
  },
  CONCAT: {
    arguments: [2, 254],
    type: textOf,
    takes: ["text"],
    takesNull: true,
    run: (args, room) => concatenate(args.map(text), room),
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
    type: (args) => (args[2]?.type === "date" ? "date" : "datetime"),
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
