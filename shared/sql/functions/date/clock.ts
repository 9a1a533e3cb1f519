import { Failure } from "../../types/failure";
import type { Present, SqlType, Value } from "../../types/sql-type";
import {
  endOfTicks,
  endOfTimeMs,
  epochMs,
  firstDateMs,
  firstDatetimeMs,
  fromLocal,
  lastSmallMs,
  localTicks,
  msToTicks,
  roundTicks,
  roundToDatetime,
  roundToMinute,
  ticksOfDay,
  ticksOfMs,
  ticksToMs,
  zoneOf,
} from "../../types/time/moment";

/** Values of a type as milliseconds of their own clock, and 100 ns below the millisecond. */
export interface Clock {
  readonly ms: (value: Present) => number;
  readonly rest: (value: Present) => number;
  /** A value of the type again, in the zone of `like`; undefined when it lies outside of what the type holds. */
  readonly make: (ms: number, rest: number, like: Present) => Value | undefined;
}

const none = () => 0;
const inside = (ms: number, first: number, end: number): number | undefined =>
  ms >= first && ms < end ? ms : undefined;

const ofBig = (ticks: (value: Present) => bigint): Pick<Clock, "ms" | "rest"> => ({
  ms: (value) => ticksToMs(ticks(value)),
  rest: (value) => Number(ticks(value) % BigInt(ticksOfMs)),
});

function toTicks(ms: number, rest: number, scale: number): bigint | undefined {
  if (!(ms >= firstDateMs && ms < endOfTimeMs)) return undefined;
  const ticks = roundTicks(msToTicks(ms) + BigInt(rest), scale);
  return ticks < endOfTicks ? ticks : undefined;
}

export function clockOf(type: SqlType): Clock {
  const plain = { ms: (value: Present) => value as number, rest: none };
  switch (type.kind) {
    case "date":
      return { ...plain, make: (ms) => inside(ms, firstDateMs, endOfTimeMs) };
    case "smalldatetime":
      return { ...plain, make: (ms) => inside(roundToMinute(ms), epochMs, lastSmallMs + 1) };
    case "datetime":
      return {
        ...plain,
        make: (ms) => inside(roundToDatetime(ms), firstDatetimeMs, endOfTimeMs),
      };
    case "time":
      return {
        ms: (value) => epochMs + Math.floor((value as number) / ticksOfMs),
        rest: (value) => (value as number) % ticksOfMs,
        // A time of day turns around at midnight.
        make: (ms, rest) => {
          const ticks = ((ms - epochMs) * ticksOfMs + rest) % ticksOfDay;
          return ticks < 0 ? ticks + ticksOfDay : ticks;
        },
      };
    case "datetimeoffset":
      return {
        ...ofBig((value) => localTicks(value as bigint)),
        make: (ms, rest, like) => {
          const ticks = toTicks(ms, rest, type.scale);
          return ticks === undefined ? undefined : fromLocal(ticks, zoneOf(like as bigint));
        },
      };
    default:
      return {
        ...ofBig((value) => value as bigint),
        make: (ms, rest) => toTicks(ms, rest, type.scale),
      };
  }
}

/** The part of a date is none that the function, or the type, knows. */
export const unknownPart = (part: string, name: string, type: SqlType): Failure =>
  new Failure(
    9810,
    `The datepart ${part} is not supported by date function ${name.toLowerCase()} for data type ${type.kind}`,
    type.kind === "date" ? "CAST it to DATETIME2 first." : undefined,
  );
