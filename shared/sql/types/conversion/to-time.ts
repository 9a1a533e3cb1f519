import { powerOfTen } from "../decimal";
import { Failure, tryCastHint } from "../failure";
import {
  isApproximate,
  isNumeric,
  isOldDateTime,
  isScaled,
  isText,
  kindName,
  type Present,
  type SqlType,
} from "../sql-type";
import { datetimeOfTicks, ticksOfDays, ticksOfFloatDays } from "../time/days";
import {
  datetimeToTicks,
  endOfTicks,
  endOfTimeMs,
  epochMs,
  firstDatetimeMs,
  fromLocal,
  instantOf,
  lastSmallMs,
  localTicks,
  msToTicks,
  roundTicks,
  roundTime,
  roundToMinute,
  startOfDay,
  ticksOfDay,
  ticksToDatetime,
  ticksToMs,
  zoneOf,
} from "../time/moment";
import { type Misread, orderOfStyle, readTime } from "../time/read";
import type { Convert } from "./conversion";
import { overflow } from "./to-number";

const outOfRange = (from: SqlType, to: SqlType): Failure =>
  new Failure(
    242,
    `The conversion of a ${kindName(from)} data type to a ${kindName(to)} data type resulted in an out-of-range value`,
    `${to.kind === "datetime" ? "A datetime goes from 1753 to 9999; datetime2 from year 1. " : ""}${tryCastHint}`,
  );

type Finish = (ticks: bigint, zone: number) => number | bigint | Failure;

/** From a clock's 100 ns since year 1 to a value of the type. */
function finishOf(from: SqlType, to: SqlType): Finish {
  switch (to.kind) {
    case "date":
      return (ticks) => startOfDay(ticksToMs(ticks));
    case "time":
      return (ticks) => roundTime(Number(ticks % BigInt(ticksOfDay)), to.scale);
    case "datetime":
      return (ticks) => checkDatetime(ticksToDatetime(ticks), from, to);
    case "smalldatetime":
      return (ticks) => checkSmall(roundToMinute(ticksToMs(ticks)), from, to);
    case "datetime2":
      return (ticks) => capTicks(roundTicks(ticks, to.scale), to.scale);
    default:
      return (ticks, zone) => {
        const value = fromLocal(capTicks(roundTicks(ticks, to.scale), to.scale), zone);
        const utc = instantOf(value);
        return utc >= 0n && utc < endOfTicks ? value : outOfRange(from, to);
      };
  }
}

/** The last moment of 9999 does not round into the year after. */
const capTicks = (ticks: bigint, scale: number): bigint =>
  ticks < endOfTicks ? ticks : endOfTicks - 10n ** BigInt(7 - scale);

const checkDatetime = (ms: number, from: SqlType, to: SqlType): number | Failure =>
  ms >= firstDatetimeMs && ms < endOfTimeMs ? ms : outOfRange(from, to);

const checkSmall = (ms: number, from: SqlType, to: SqlType): number | Failure =>
  ms >= epochMs && ms <= lastSmallMs ? ms : outOfRange(from, to);

/** 100 ns since year 1, as the value's own clock shows it. */
export function clockTicks(from: SqlType): (value: Present) => bigint {
  switch (from.kind) {
    case "time":
      return (value) => msToTicks(epochMs) + BigInt(value as number);
    case "datetime":
      return (value) => datetimeToTicks(value as number);
    case "datetime2":
      return (value) => value as bigint;
    case "datetimeoffset":
      return (value) => localTicks(value as bigint);
    default:
      return (value) => msToTicks(value as number);
  }
}

const inMs: ReadonlySet<string> = new Set(["date", "smalldatetime", "datetime"]);

/** To a date, a time or a moment. */
export function toTime(from: SqlType, to: SqlType): Convert {
  if (isText(from)) return textToTime(from, to);
  if (isNumeric(from)) return numberToDatetime(from, to);
  if (inMs.has(from.kind) && inMs.has(to.kind)) return betweenMs(from, to);
  const ticks = clockTicks(from);
  const finish = finishOf(from, to);
  const zone =
    from.kind === "datetimeoffset" ? (value: Present) => zoneOf(value as bigint) : () => 0;
  return (value) => finish(ticks(value), zone(value));
}

/** The common case: no 100 ns are needed. */
function betweenMs(from: SqlType, to: SqlType): Convert {
  if (to.kind === "date") return (value) => startOfDay(value as number);
  if (to.kind === "datetime") return (value) => checkDatetime(value as number, from, to);
  return (value) => checkSmall(roundToMinute(value as number), from, to);
}

/** A number counts days since 1900-01-01. */
function numberToDatetime(from: SqlType, to: SqlType): Convert {
  const finish = (ticks: number) => {
    const ms = datetimeOfTicks(ticks);
    const rounded = to.kind === "smalldatetime" ? roundToMinute(ms) : ms;
    const good =
      to.kind === "smalldatetime"
        ? rounded >= epochMs && rounded <= lastSmallMs
        : rounded >= firstDatetimeMs && rounded < endOfTimeMs;
    return good ? rounded : overflow("expression", to);
  };
  if (isApproximate(from)) return (value) => finish(ticksOfFloatDays(value as number));
  if (isScaled(from)) {
    const factor = powerOfTen(from.scale);
    return (value) => finish(ticksOfDays(value as bigint, factor));
  }
  return (value) => finish(Number(value) * 25_920_000);
}

function misreadFailure(why: Misread, from: SqlType, to: SqlType): Failure {
  if (why === "range" && isOldDateTime(to)) return outOfRange(from, to);
  if (to.kind === "smalldatetime") {
    return new Failure(
      295,
      "Conversion failed when converting character string to smalldatetime data type",
      tryCastHint,
    );
  }
  return new Failure(
    241,
    "Conversion failed when converting date and/or time from character string",
    `Write dates as 'YYYY-MM-DD' or 'YYYY-MM-DDThh:mm:ss'. ${tryCastHint}`,
  );
}

function textToTime(from: SqlType, to: SqlType): Convert {
  const finish = finishOf(from, to);
  const old = isOldDateTime(to);
  return (value, style) => {
    const read = readTime(value as string, orderOfStyle(style));
    if (typeof read === "string") return misreadFailure(read, from, to);
    const { day = epochMs, ticks = 0, zone = 0 } = read;
    const local = msToTicks(day) + BigInt(ticks);
    // A datetime has no zone: what a text says of one is taken into account, as Dataverse stores UTC.
    if (old && zone !== 0) return finish(local - BigInt(zone) * 600_000_000n, 0);
    return finish(local, zone);
  };
}
