/** The calendar as numbers: days and milliseconds since 1970-01-01, hundreds of nanoseconds since 0001-01-01. All without a time zone. */
export const dayMs = 86_400_000;
/** 100 ns in a millisecond, a second and a day. */
export const ticksOfMs = 10_000;
export const ticksOfSecond = 10_000_000;
export const ticksOfDay = 864_000_000_000;

const msOfYearOne = -62_135_596_800_000;
const ticksOf1970 = BigInt(-msOfYearOne) * BigInt(ticksOfMs);
export const firstTicks = 0n;
export const endOfTicks = 3_155_378_976_000_000_000n;
/** Milliseconds of 0001-01-01 and 10000-01-01: dates lie between. */
export const firstDateMs = msOfYearOne;
export const endOfTimeMs = 253_402_300_800_000;
/** A datetime begins with 1753. */
export const firstDatetimeMs = -6_847_804_800_000;
/** A smalldatetime goes from 1900-01-01 to 2079-06-06 23:59. */
export const epochMs = -2_208_988_800_000;
export const lastSmallMs = 3_453_321_540_000;

export const msToTicks = (ms: number): bigint => BigInt(ms) * BigInt(ticksOfMs) + ticksOf1970;
/** Rounded down to a whole millisecond. */
export const ticksToMs = (ticks: bigint): number => Number(ticks / BigInt(ticksOfMs)) + msOfYearOne;

export const startOfDay = (ms: number): number => Math.floor(ms / dayMs) * dayMs;
export const timeOfDay = (ms: number): number => ms - startOfDay(ms);

/** Midnight of a calendar day in milliseconds, or undefined when there is no such day. Years 1 to 9999. */
export function dayOf(year: number, month: number, day: number): number | undefined {
  if (!(year >= 1 && year <= 9999 && month >= 1 && month <= 12 && day >= 1 && day <= 31)) {
    return undefined;
  }
  const moment = new Date(0);
  moment.setUTCFullYear(year, month - 1, day);
  return moment.getUTCDate() === day ? moment.getTime() : undefined;
}

/** A datetime counts three-hundredths of a second; as milliseconds they end in 0, 3 or 7. */
export function roundToDatetime(ms: number): number {
  const second = Math.floor(ms / 1000) * 1000;
  return second + Math.round(Math.round((ms - second) * 0.3) / 0.3);
}

/** From 100 ns, which may lie beside a border that milliseconds do not show. */
export function ticksToDatetime(ticks: bigint): number {
  const rest = Number(ticks % BigInt(ticksOfSecond));
  const second = ticksToMs(ticks - BigInt(rest));
  return second + Math.round(Math.round((rest * 3) / 100_000) / 0.3);
}

/** The exact three-hundredth of a second behind a datetime's milliseconds. */
export function datetimeToTicks(ms: number): bigint {
  const second = Math.floor(ms / 1000) * 1000;
  const rest = Math.round((Math.round((ms - second) * 0.3) * 100_000) / 3);
  return msToTicks(second) + BigInt(rest);
}

/** To the minute: half a minute (29.999 seconds) goes up. */
export const roundToMinute = (ms: number): number => Math.floor((ms + 30_001) / 60_000) * 60_000;

/** Ticks with so many digits of a second, rounded. */
export function roundTicks(ticks: bigint, scale: number): bigint {
  if (scale >= 7) return ticks;
  const unit = 10n ** BigInt(7 - scale);
  return ((ticks + unit / 2n) / unit) * unit;
}

export function roundTime(ticks: number, scale: number): number {
  if (scale >= 7) return ticks;
  const unit = 10 ** (7 - scale);
  return (Math.round(ticks / unit) * unit) % ticksOfDay;
}

/** A datetimeoffset is one bigint: UTC ticks above eleven bits of the zone, 0 for -14:00 and 840 for UTC. */
const zoneBits = 11n;
const utc = 840;
export const mostZone = 840;

export const withZone = (utcTicks: bigint, minutes: number): bigint =>
  (utcTicks << zoneBits) | BigInt(minutes + utc);
/** UTC ticks: what two moments are compared by. */
export const instantOf = (value: bigint): bigint => value >> zoneBits;
export const zoneOf = (value: bigint): number => Number(value & 2047n) - utc;
/** Ticks as a clock in that zone shows them. */
export const localTicks = (value: bigint): bigint =>
  instantOf(value) + BigInt(zoneOf(value)) * 600_000_000n;
/** From ticks of a clock in a zone. */
export const fromLocal = (ticks: bigint, minutes: number): bigint =>
  withZone(ticks - BigInt(minutes) * 600_000_000n, minutes);

export interface Civil {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  /** 100 ns within the second. */
  readonly fraction: number;
}

/** The parts of a moment of local ticks. */
export function civilOf(ticks: bigint): Civil {
  const ms = ticksToMs(ticks);
  const at = new Date(ms);
  return {
    year: at.getUTCFullYear(),
    month: at.getUTCMonth() + 1,
    day: at.getUTCDate(),
    hour: at.getUTCHours(),
    minute: at.getUTCMinutes(),
    second: at.getUTCSeconds(),
    fraction: at.getUTCMilliseconds() * ticksOfMs + Number(ticks % BigInt(ticksOfMs)),
  };
}
