import { Failure } from "../../types/failure";
import {
  bigint,
  date,
  datetime,
  int,
  isText,
  isTime,
  nullType,
  nvarchar,
  type Present,
  type SqlType,
  type Value,
} from "../../types/sql-type";
import {
  endOfTimeMs,
  epochMs,
  firstDateMs,
  instantOf,
  msToTicks,
  ticksToMs,
  zoneOf,
} from "../../types/time/moment";
import { months, weekdays } from "../../types/time/names";
import { type DatePart, datePartNames, datePartOf } from "../../types/time/parts";
import { printZone } from "../../types/time/styles";
import { aMoment, anInt, exactly, type Taker, wrongArgument } from "../define";
import type { Argument, BoundCall, Environment, SqlFunction } from "../function";
import {
  addMonths,
  bordersBetween,
  monthIndex,
  monthsOf,
  msOf,
  partOf,
  startOfPart,
} from "./calendar";
import { clockOf, unknownPart } from "./clock";

type Run = (values: readonly Present[], environment: Environment) => Value;

interface Parted {
  readonly name: string;
  readonly syntax: string;
  readonly arguments: readonly [number, number];
  /** Of the arguments behind the part. */
  readonly takes: readonly Taker[];
  readonly parts: ReadonlySet<DatePart>;
  /** The position among them whose type the part must fit. */
  readonly subject: number;
  readonly bind: (
    part: DatePart,
    takes: readonly SqlType[],
  ) => { readonly type: SqlType; readonly run: Run } | Failure;
}

const below: ReadonlySet<DatePart> = new Set(["microsecond", "nanosecond"]);
const ofClock: ReadonlySet<DatePart> = new Set([
  "hour",
  "minute",
  "second",
  "millisecond",
  "microsecond",
  "nanosecond",
]);

/** A date has no hours, a time no days; a datetime has nothing below its milliseconds. */
function fitsType(part: DatePart, type: SqlType): boolean {
  if (type.kind === "date") return !ofClock.has(part) && part !== "tzoffset";
  if (type.kind === "time") return ofClock.has(part);
  return true;
}

/** A function whose first argument is the name of a part of a date. */
function withPart(definition: Parted): SqlFunction {
  const { name } = definition;
  return {
    name,
    syntax: definition.syntax,
    arguments: definition.arguments,
    keyword: 0,
    determinism: "always",
    bind(args): BoundCall | Failure {
      const [first, ...rest] = args;
      const part = datePartOf(first?.keyword ?? "");
      if (!part || !definition.parts.has(part)) return notAPart(first, name);
      const takes: SqlType[] = [];
      for (const [index, { type }] of rest.entries()) {
        const taken = (definition.takes[index] ?? definition.takes.at(-1))?.(type);
        if (!taken) return wrongArgument(name, index + 2, type);
        takes.push(taken);
      }
      const subject = takes[definition.subject] ?? datetime;
      if (!fitsType(part, subject)) return unknownPart(part, name, subject);
      const found = definition.bind(part, takes);
      if (found instanceof Failure) return found;
      return {
        type: found.type,
        takes: [nullType, ...takes],
        nullable: rest.some(({ nullable }) => nullable),
        run: (values, environment) => {
          const given: Present[] = [];
          for (let at = 1; at < values.length; at += 1) {
            const value = values[at];
            if (value === null || value === undefined) return null;
            given.push(value);
          }
          return found.run(given, environment);
        },
      };
    },
  };
}

const notAPart = (argument: Argument | undefined, name: string): Failure =>
  new Failure(
    argument?.keyword === undefined ? 1023 : 155,
    argument?.keyword === undefined
      ? `Invalid parameter 1 specified for ${name.toLowerCase()}: it is the bare name of a part of a date`
      : `'${argument.keyword}' is not a recognized ${name.toLowerCase()} option`,
    `Write the part without quotes; there are ${datePartNames
      .filter((one) => one.length > 3)
      .join(", ")
      .toLowerCase()}.`,
  );

const parts = (...some: readonly DatePart[]): ReadonlySet<DatePart> => new Set(some);
const calendarParts: readonly DatePart[] = ["year", "quarter", "month", "dayofyear", "day", "week"];
const clockParts: readonly DatePart[] = [
  "hour",
  "minute",
  "second",
  "millisecond",
  "microsecond",
  "nanosecond",
];
const addable = parts(...calendarParts, "weekday", ...clockParts);
const readable = parts(...calendarParts, "weekday", "iso_week", "tzoffset", ...clockParts);
const cuttable = parts(
  ...calendarParts,
  "iso_week",
  "hour",
  "minute",
  "second",
  "millisecond",
  "microsecond",
);
const bucketable = parts(...calendarParts, "weekday", "hour", "minute", "second", "millisecond");

/** A text is a datetime where a date is added to. */
const aDatetime: Taker = (type) => (isText(type) ? datetime : aMoment(type));

const overflow = (type: SqlType): Error =>
  new Failure(517, `Adding a value to a '${type.kind}' column caused an overflow`).error();

function adding(part: DatePart, type: SqlType): Run {
  const { ms, rest, make } = clockOf(type);
  const months = monthsOf(part);
  const unit = msOf(part);
  const finish = (result: Value | undefined): Value => {
    if (result === undefined) throw overflow(type);
    return result;
  };
  if (months !== undefined) {
    return ([amount, value = 0]) => {
      const added = addMonths(ms(value), (amount as number) * months);
      return finish(added === undefined ? undefined : make(added, rest(value), value));
    };
  }
  if (unit !== undefined) {
    return ([amount, value = 0]) =>
      finish(make(ms(value) + (amount as number) * unit, rest(value), value));
  }
  // Below a millisecond: 100 ns are the smallest step, and ten nanoseconds round to none.
  const ticks = part === "microsecond" ? 10 : 0.01;
  return ([amount, value = 0]) => {
    const all = rest(value) + Math.round((amount as number) * ticks);
    const whole = Math.floor(all / 10_000);
    return finish(make(ms(value) + whole, all - whole * 10_000, value));
  };
}

/** Milliseconds and 100 ns of a moment in UTC, where it has a zone. */
function instantClock(type: SqlType): {
  ms: (value: Present) => number;
  rest: (value: Present) => number;
} {
  if (type.kind !== "datetimeoffset") return clockOf(type);
  const ticks = (value: Present) => instantOf(value as bigint);
  return {
    ms: (value) => ticksToMs(ticks(value)),
    rest: (value) => Number(ticks(value) % 10_000n),
  };
}

function difference(
  part: DatePart,
  takes: readonly SqlType[],
): (from: Present, to: Present) => bigint | number {
  const a = instantClock(takes[0] ?? datetime);
  const b = instantClock(takes[1] ?? datetime);
  if (!below.has(part)) return (from, to) => bordersBetween(part, a.ms(from), b.ms(to));
  const unit = part === "microsecond" ? 10n : 1n;
  const factor = part === "microsecond" ? 1n : 100n;
  const count = (ms: number, rest: number) => ((msToTicks(ms) + BigInt(rest)) / unit) * factor;
  return (from, to) => count(b.ms(to), b.rest(to)) - count(a.ms(from), a.rest(from));
}

const tooFar = (): Error =>
  new Failure(
    535,
    "The datediff function resulted in an overflow. The number of dateparts separating two date/time instances is too large",
    "Use a larger part, or DATEDIFF_BIG.",
  ).error();

const names: Readonly<Partial<Record<DatePart, readonly string[]>>> = {
  month: months,
  weekday: weekdays,
};

function cutting(part: DatePart, type: SqlType): Run | Failure {
  const digits = part === "millisecond" ? 3 : part === "microsecond" ? 6 : 0;
  const scale = type.kind === "datetime" ? 3 : type.scale;
  if (digits > scale) return unknownPart(part, "DATETRUNC", type);
  const { ms, rest, make } = clockOf(type);
  return ([value = 0]) => {
    const start = part === "microsecond" ? ms(value) : startOfPart(part, ms(value));
    const result =
      start < firstDateMs
        ? undefined
        : make(start, part === "microsecond" ? Math.floor(rest(value) / 10) * 10 : 0, value);
    if (result === undefined) {
      throw new Failure(
        9837,
        "An invalid date value was encountered: The date value is less than the minimum date value allowed for the data type",
      ).error();
    }
    return result;
  };
}

function bucketing(part: DatePart, type: SqlType): Run {
  const { ms, make } = clockOf(type);
  return ([width, value = 0, origin]) => {
    const size = width as number;
    if (size <= 0) {
      throw new Failure(
        9834,
        "Invalid bucket width value passed to DATE_BUCKET function. Only positive values are allowed",
      ).error();
    }
    const from = origin === undefined ? epochMs : ms(origin);
    const at = ms(value);
    const result = make(bucketStart(part, size, from, at), 0, value);
    if (result === undefined) throw overflow(type);
    return result;
  };
}

function bucketStart(part: DatePart, size: number, from: number, at: number): number {
  const months = monthsOf(part);
  if (months === undefined) {
    const unit = (msOf(part) ?? 1) * size;
    return from + Math.floor((at - from) / unit) * unit;
  }
  const unit = months * size;
  let count = Math.floor((monthIndex(at) - monthIndex(from)) / unit);
  let start = addMonths(from, count * unit) ?? at;
  if (start > at) {
    count -= 1;
    start = addMonths(from, count * unit) ?? at;
  }
  return start;
}

export const datePartFunctions: readonly SqlFunction[] = [
  withPart({
    name: "DATEADD",
    syntax: "DATEADD(part, count, date)",
    arguments: [3, 3],
    takes: [anInt, aDatetime],
    parts: addable,
    subject: 1,
    bind: (part, [, type = datetime]) => {
      const old = type.kind === "datetime" || type.kind === "smalldatetime";
      return old && below.has(part)
        ? unknownPart(part, "DATEADD", type)
        : { type, run: adding(part, type) };
    },
  }),
  withPart({
    name: "DATEDIFF",
    syntax: "DATEDIFF(part, from, to)",
    arguments: [3, 3],
    takes: [aMoment],
    parts: addable,
    subject: 9,
    bind: (part, takes) => {
      const count = difference(part, takes);
      return {
        type: int,
        run: ([from = 0, to = 0]) => {
          const result = Number(count(from, to));
          if (Math.abs(result) > 2_147_483_647) throw tooFar();
          return result;
        },
      };
    },
  }),
  withPart({
    name: "DATEDIFF_BIG",
    syntax: "DATEDIFF_BIG(part, from, to)",
    arguments: [3, 3],
    takes: [aMoment],
    parts: addable,
    subject: 9,
    bind: (part, takes) => {
      const count = difference(part, takes);
      return { type: bigint, run: ([from = 0, to = 0]) => BigInt(count(from, to)) };
    },
  }),
  withPart({
    name: "DATEPART",
    syntax: "DATEPART(part, date)",
    arguments: [2, 2],
    takes: [aMoment],
    parts: readable,
    subject: 0,
    bind: (part, [type = datetime]) => {
      const { ms, rest } = clockOf(type);
      if (part === "tzoffset") {
        const zoned = type.kind === "datetimeoffset";
        return { type: int, run: ([value = 0]) => (zoned ? zoneOf(value as bigint) : 0) };
      }
      return { type: int, run: ([value = 0]) => partOf(part, ms(value), rest(value)) };
    },
  }),
  withPart({
    name: "DATENAME",
    syntax: "DATENAME(part, date)",
    arguments: [2, 2],
    takes: [aMoment],
    parts: readable,
    subject: 0,
    bind: (part, [type = datetime]) => {
      const { ms, rest } = clockOf(type);
      const words = names[part];
      const zoned = type.kind === "datetimeoffset";
      const run: Run = ([value = 0]) => {
        if (part === "tzoffset") return printZone(zoned ? zoneOf(value as bigint) : 0);
        const number = partOf(part, ms(value), rest(value));
        return words?.[number - 1] ?? String(number);
      };
      return { type: nvarchar(30), run };
    },
  }),
  withPart({
    name: "DATETRUNC",
    syntax: "DATETRUNC(part, date)",
    arguments: [2, 2],
    takes: [aMoment],
    parts: cuttable,
    subject: 0,
    bind: (part, [type = datetime]) => {
      const run = cutting(part, type);
      return run instanceof Failure ? run : { type, run };
    },
  }),
  withPart({
    name: "DATE_BUCKET",
    syntax: "DATE_BUCKET(part, width, date[, origin])",
    arguments: [3, 4],
    takes: [anInt, aMoment, aMoment],
    parts: bucketable,
    subject: 1,
    bind: (part, [, type = datetime, origin]) =>
      origin && origin.kind !== type.kind
        ? new Failure(
            8116,
            `Argument data type ${origin.kind} is invalid for argument 4 of date_bucket function`,
            "The origin has the type of the date: CAST it.",
          )
        : { type, run: bucketing(part, type) },
  }),
];

const single = (name: "YEAR" | "MONTH" | "DAY", part: DatePart): SqlFunction => ({
  name,
  syntax: `${name}(date)`,
  arguments: [1, 1],
  determinism: "always",
  bind: ([argument]): BoundCall | Failure => {
    const type = argument ? aMoment(argument.type) : undefined;
    if (!argument || !type || type.kind === "time") {
      return wrongArgument(name, 1, argument?.type ?? nullType);
    }
    const { ms } = clockOf(type);
    return {
      type: int,
      takes: [type],
      nullable: argument.nullable,
      run: ([value]) => (value === null || value === undefined ? null : partOf(part, ms(value), 0)),
    };
  },
});

const aDate: Taker = (type) => {
  if (isTime(type)) return type.kind === "time" ? undefined : date;
  return isText(type) ? date : exactly(datetime)(type);
};

/** Years, months and days, and the end of a month. */
export const dayFunctions: readonly SqlFunction[] = [
  single("YEAR", "year"),
  single("MONTH", "month"),
  single("DAY", "day"),
  {
    name: "EOMONTH",
    syntax: "EOMONTH(date[, months])",
    arguments: [1, 2],
    determinism: "always",
    bind: (args): BoundCall | Failure => {
      const type = aDate(args[0]?.type ?? nullType);
      if (!type) return wrongArgument("EOMONTH", 1, args[0]?.type ?? nullType);
      const months = args[1] ? anInt(args[1].type) : int;
      if (!months) return wrongArgument("EOMONTH", 2, args[1]?.type ?? nullType);
      return {
        type: date,
        takes: args.length > 1 ? [type, months] : [type],
        nullable: args[0]?.nullable === true,
        run: ([value, by = 0]) => {
          if (value === null || value === undefined) return null;
          const first = addMonths(startOfPart("month", value as number), Number(by ?? 0) + 1);
          // December 9999 has no month behind it.
          if (first === undefined) return lastOfAll(value as number, Number(by ?? 0));
          return first - 86_400_000;
        },
      };
    },
  },
];

function lastOfAll(ms: number, by: number): number {
  const start = addMonths(startOfPart("month", ms), by);
  if (start === undefined) throw overflow(date);
  return endOfTimeMs - 86_400_000;
}
