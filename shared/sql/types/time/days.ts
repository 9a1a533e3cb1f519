import { divideRounded } from "../decimal";
import { epochMs } from "./moment";

/** A datetime as a number counts days since 1900-01-01; inside it counts three-hundredths of a second. */
const ticksADay = 25_920_000;

/** Three-hundredths of a second since 1900-01-01. */
export const ticksOfDatetime = (ms: number): number => Math.round((ms - epochMs) * 0.3);

/** The datetime that lies so many three-hundredths of a second after 1900-01-01, in milliseconds. */
export function datetimeOfTicks(ticks: number): number {
  const second = Math.floor(ticks / 300);
  return epochMs + second * 1000 + Math.round((ticks - second * 300) / 0.3);
}

/** Days since 1900-01-01, times `factor`, rounded half up as SQL Server rounds a datetime. */
export function daysTimes(ms: number, factor: bigint): bigint {
  return divideRounded(BigInt(ticksOfDatetime(ms)) * factor, BigInt(ticksADay));
}

/** Days (times `factor`) as three-hundredths of a second. */
export const ticksOfDays = (days: bigint, factor: bigint): number =>
  Number(divideRounded(days * BigInt(ticksADay), factor));

export const ticksOfFloatDays = (days: number): number => Math.round(days * ticksADay);
