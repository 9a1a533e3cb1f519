import { Failure } from "../failure";
import type { SqlType } from "../sql-type";
import { datetimeOfTicks, ticksOfDatetime } from "../time/days";
import { endOfTimeMs, epochMs, firstDatetimeMs, lastSmallMs, roundToMinute } from "../time/moment";
import type { RunBinary } from "./operator";

const overflow = (type: SqlType): Error =>
  new Failure(
    517,
    `Adding a value to a '${type.kind}' column caused an overflow`,
    "The result lies before 1753 or after 9999.",
  ).error();

/** Both sides are moments, a number of days counted from 1900-01-01: their distances from there are added. */
export function runDatetime(operator: "+" | "-", type: SqlType): RunBinary {
  const small = type.kind === "smalldatetime";
  const sign = operator === "+" ? 1 : -1;
  return (a, b) => {
    const ticks = ticksOfDatetime(a as number) + sign * ticksOfDatetime(b as number);
    const ms = datetimeOfTicks(ticks);
    if (!small) {
      if (ms >= firstDatetimeMs && ms < endOfTimeMs) return ms;
      throw overflow(type);
    }
    const rounded = roundToMinute(ms);
    if (rounded >= epochMs && rounded <= lastSmallMs) return rounded;
    throw overflow(type);
  };
}
