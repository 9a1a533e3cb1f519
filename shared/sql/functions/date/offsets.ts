import { clockTicks } from "../../types/conversion/to-time";
import { Failure } from "../../types/failure";
import {
  datetime2,
  datetimeoffset,
  int,
  isNumeric,
  isOldDateTime,
  isText,
  type Present,
  type SqlType,
  type Value,
} from "../../types/sql-type";
import {
  endOfTicks,
  fromLocal,
  instantOf,
  mostZone,
  ticksToMs,
  withZone,
} from "../../types/time/moment";
import { aText, define, type Taker } from "../define";
import type { SqlFunction } from "../function";
import { placeInZone, type Zone, zoneByName } from "./zones";

const anOffset: Taker = (type) => (isNumeric(type) ? int : isText(type) ? type : undefined);
const digitsOf = (type: SqlType | undefined): number =>
  type?.kind === "datetime" ? 3 : type?.kind === "smalldatetime" ? 0 : (type?.scale ?? 7);

const aZoned: Taker = (type) => {
  if (type.kind === "datetimeoffset") return type;
  return isText(type) || type.kind === "null"
    ? datetimeoffset(7)
    : isOldDateTime(type) || type.kind === "datetime2" || type.kind === "date"
      ? datetimeoffset(digitsOf(type))
      : undefined;
};
const aLocal: Taker = (type) => {
  if (isOldDateTime(type) || type.kind === "datetime2" || type.kind === "datetimeoffset")
    return type;
  return isText(type) || type.kind === "date" || type.kind === "null" ? datetime2(7) : undefined;
};

/** Minutes of `+02:00` or of a number. */
function offsetOf(value: Present | undefined, name: string): number {
  const match =
    typeof value === "string" ? /^\s*([+-])(\d{1,2}):(\d{2})\s*$/.exec(value) : undefined;
  const minutes =
    typeof value === "number"
      ? value
      : match
        ? (match[1] === "-" ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3]))
        : Number.NaN;
  if (Math.abs(minutes) <= mostZone) return minutes;
  throw new Failure(
    9812,
    `The timezone provided to builtin function ${name} is invalid`,
    "Write it as '+02:00', from '-14:00' to '+14:00'.",
  ).error();
}

function checked(value: bigint): bigint {
  const utc = instantOf(value);
  if (utc >= 0n && utc < endOfTicks) return value;
  throw new Failure(9813, "The moment lies outside of the years 1 to 9999 in UTC").error();
}

function needZone(name: string): Zone {
  const zone = zoneByName(name);
  if (zone) return zone;
  throw new Failure(
    9820,
    "The time zone parameter provided to AT TIME ZONE clause is invalid",
    "Give the name that Windows has for it, as 'UTC', 'W. Europe Standard Time', 'Eastern Standard Time'; IANA names, as 'Europe/Berlin', are read as well.",
  ).error();
}

function atZone(value: Present, type: SqlType, zone: Zone): Value {
  if (type.kind === "datetimeoffset") {
    const utc = instantOf(value as bigint);
    return withZone(utc, zone.offsetAt(ticksToMs(utc)));
  }
  const ticks = clockTicks(type)(value);
  const ms = ticksToMs(ticks);
  const { localMs, offset } = placeInZone(zone, ms);
  return checked(fromLocal(ticks + BigInt(localMs - ms) * 10_000n, offset));
}

/** Functions of time zones. */
export const offsetFunctions: readonly SqlFunction[] = [
  define({
    name: "AT TIME ZONE",
    syntax: "date AT TIME ZONE zone",
    arguments: [2, 2],
    takes: [aLocal, aText],
    type: ([type]) => datetimeoffset(digitsOf(type)),
    run: ([value = 0n, zone], { takes }) =>
      atZone(value, takes[0] ?? datetime2(7), needZone(zone as string)),
  }),
  define({
    name: "SWITCHOFFSET",
    syntax: "SWITCHOFFSET(moment, offset)",
    arguments: [2, 2],
    takes: [aZoned, anOffset],
    type: ([type]) => datetimeoffset(digitsOf(type)),
    run: ([value, offset]) =>
      withZone(instantOf(value as bigint), offsetOf(offset, "switchoffset")),
  }),
  define({
    name: "TODATETIMEOFFSET",
    syntax: "TODATETIMEOFFSET(date, offset)",
    arguments: [2, 2],
    takes: [aLocal, anOffset],
    type: ([type]) => datetimeoffset(digitsOf(type)),
    run: ([value = 0n, offset], { takes }) =>
      checked(
        fromLocal(
          clockTicks(takes[0] ?? datetime2(7))(value),
          offsetOf(offset, "todatetimeoffset"),
        ),
      ),
  }),
];
