import { Failure } from "../../types/failure";
import {
  date,
  datetime,
  datetime2,
  datetimeoffset,
  type Present,
  type SqlType,
  smalldatetime,
  time,
  type Value,
} from "../../types/sql-type";
import {
  dayOf,
  endOfTicks,
  epochMs,
  firstDatetimeMs,
  fromLocal,
  instantOf,
  lastSmallMs,
  mostZone,
  msToTicks,
  roundToDatetime,
  ticksOfSecond,
} from "../../types/time/moment";
import { anInt, define } from "../define";
import type { Argument, SqlFunction } from "../function";

const invalid = (type: SqlType): Error =>
  new Failure(
    289,
    `Cannot construct data type ${type.kind}, some of the arguments have values which are not valid`,
    "Some row has a month above 12, a day that its month has not, or the like.",
  ).error();

/** Digits of a second are part of the type, so they must be known before the query runs. */
const withDigits =
  (name: string, at: number, make: (scale: number) => SqlType) =>
  (_: readonly SqlType[], args: readonly Argument[]): SqlType | Failure => {
    const value = args[at]?.constant?.value;
    if (typeof value === "number" && value >= 0 && value <= 7) return make(value);
    return new Failure(
      10760,
      `Scale argument is not valid. Valid expressions for data type ${name} scale argument are integer constants and integer constant expressions from 0 to 7`,
    );
  };

const number = (value: Present | undefined): number => Number(value ?? 0);

/** 100 ns since midnight of hours, minutes, seconds and a fraction in units of the scale; undefined for 25 o'clock. */
function clock(values: readonly Present[], scale: number): number | undefined {
  const [hour, minute, second, fraction] = values.map(number);
  const inside = (value = 0, most: number) => value >= 0 && value <= most;
  if (!inside(hour, 23) || !inside(minute, 59) || !inside(second, 59)) return undefined;
  if (!inside(fraction, 10 ** scale - 1)) return undefined;
  return (
    (((hour ?? 0) * 60 + (minute ?? 0)) * 60 + (second ?? 0)) * ticksOfSecond +
    (fraction ?? 0) * 10 ** (7 - scale)
  );
}

const day = ([year, month, date]: readonly Present[]): number | undefined =>
  dayOf(number(year), number(month), number(date));

/** Not NULL, or the error of the type. */
function need<T extends Value>(value: T | undefined, type: SqlType): T {
  if (value === undefined) throw invalid(type);
  return value;
}

const defined = (
  name: string,
  words: string,
  count: number,
  type: SqlType | ((takes: readonly SqlType[], args: readonly Argument[]) => SqlType | Failure),
  run: (values: readonly Present[], type: SqlType) => Value,
): SqlFunction =>
  define({
    name,
    syntax: `${name}(${words})`,
    arguments: [count, count],
    takes: [anInt],
    type,
    run: (values, context) => run(values, context.type),
  });

/** Dates and moments from their numbers. */
export const fromPartsFunctions: readonly SqlFunction[] = [
  defined("DATEFROMPARTS", "year, month, day", 3, date, (values, type) => need(day(values), type)),
  defined(
    "DATETIMEFROMPARTS",
    "year, month, day, hour, minute, second, milliseconds",
    7,
    datetime,
    (values, type) => {
      const ticks = need(clock(values.slice(3), 3), type);
      const ms = roundToDatetime(need(day(values), type) + ticks / 10_000);
      return need(ms >= firstDatetimeMs ? ms : undefined, type);
    },
  ),
  defined(
    "SMALLDATETIMEFROMPARTS",
    "year, month, day, hour, minute",
    5,
    smalldatetime,
    (values, type) => {
      const ticks = need(clock([...values.slice(3), 0, 0], 0), type);
      const ms = need(day(values), type) + ticks / 10_000;
      return need(ms >= epochMs && ms <= lastSmallMs ? ms : undefined, type);
    },
  ),
  defined(
    "TIMEFROMPARTS",
    "hour, minute, seconds, fractions, digits",
    5,
    withDigits("time", 4, time),
    (values, type) => need(clock(values.slice(0, 4), type.scale), type),
  ),
  defined(
    "DATETIME2FROMPARTS",
    "year, month, day, hour, minute, seconds, fractions, digits",
    8,
    withDigits("datetime2", 7, datetime2),
    (values, type) => {
      const ticks = need(clock(values.slice(3, 7), type.scale), type);
      return msToTicks(need(day(values), type)) + BigInt(ticks);
    },
  ),
  defined(
    "DATETIMEOFFSETFROMPARTS",
    "year, month, day, hour, minute, seconds, fractions, hour_offset, minute_offset, digits",
    10,
    withDigits("datetimeoffset", 9, datetimeoffset),
    (values, type) => {
      const ticks = need(clock(values.slice(3, 7), type.scale), type);
      const [hours, minutes] = [number(values[7]), number(values[8])];
      const zone = hours * 60 + minutes;
      // Both count in one direction.
      const good = Math.abs(zone) <= mostZone && Math.abs(minutes) < 60 && hours * minutes >= 0;
      const local = msToTicks(need(day(values), type)) + BigInt(ticks);
      const value = fromLocal(local, need(good ? zone : undefined, type));
      const utc = instantOf(value);
      return need(utc >= 0n && utc < endOfTicks ? value : undefined, type);
    },
  ),
];
