import { mostDigits } from "./sql-type";

/** Exact numbers as bigints without the point: 1.50 of scale 2 is 150n. */
const powers: bigint[] = [1n];

export function powerOfTen(exponent: number): bigint {
  for (let at = powers.length; at <= exponent; at += 1) powers.push((powers[at - 1] ?? 1n) * 10n);
  return powers[exponent] ?? 1n;
}

const magnitude = (value: bigint): bigint => (value < 0n ? -value : value);

/** Quotient rounded half away from zero. */
export function divideRounded(value: bigint, by: bigint): bigint {
  const quotient = value / by;
  const rest = magnitude(value % by) * 2n;
  if (rest < magnitude(by)) return quotient;
  return value < 0n === by < 0n ? quotient + 1n : quotient - 1n;
}

/** The same number with another scale; digits that go are rounded half away from zero. */
export function rescale(value: bigint, from: number, to: number): bigint {
  if (from === to) return value;
  return to > from ? value * powerOfTen(to - from) : divideRounded(value, powerOfTen(from - to));
}

/** Without what stands behind the point. */
export const wholePart = (value: bigint, scale: number): bigint => value / powerOfTen(scale);

export const fits = (value: bigint, precision: number): boolean =>
  magnitude(value) < powerOfTen(precision);

/** `-0.50`: as many digits behind the point as the scale has. */
export function printScaled(value: bigint, scale: number): string {
  if (scale === 0) return value.toString();
  const digits = magnitude(value)
    .toString()
    .padStart(scale + 1, "0");
  const point = digits.length - scale;
  return `${value < 0n ? "-" : ""}${digits.slice(0, point)}.${digits.slice(point)}`;
}

export interface Scaled {
  readonly value: bigint;
  readonly scale: number;
}

const written = /^([+-]?)(\d*)(?:\.(\d*))?$/;

/** Reads `-12.50`, `.5`, `12.`; undefined for anything else. */
export function readScaled(text: string): Scaled | undefined {
  const match = written.exec(text);
  if (!match) return undefined;
  const [, sign = "", whole = "", fraction = ""] = match;
  if (whole === "" && fraction === "") return undefined;
  const value = BigInt(whole + fraction);
  return { value: sign === "-" ? -value : value, scale: fraction.length };
}

const mostExactInteger = 9_007_199_254_740_992n;

/** The nearest double. */
export function scaledToNumber(value: bigint, scale: number): number {
  // Two exact doubles: their quotient is the nearest one.
  if (scale <= 22 && magnitude(value) <= mostExactInteger) return Number(value) / 10 ** scale;
  return Number(printScaled(value, scale));
}

/** A double's decimal digits as they stand in `text` (of `toString` or `toPrecision`), rounded to a scale. */
function fromDigits(text: string, scale: number): bigint {
  const [mantissa = "0", exponent = "0"] = text.split("e");
  const { value, scale: digits } = readScaled(mantissa) ?? { value: 0n, scale: 0 };
  const from = digits - Number(exponent);
  if (from >= 0) return from - scale > 400 ? 0n : rescale(value, from, scale);
  return value * powerOfTen(scale - from);
}

/** A double as SQL Server converts it: by its first 17 digits. */
export const numberToScaled = (value: number, scale: number): bigint =>
  fromDigits(value.toPrecision(17), scale);

/** A double that came as the text of a decimal number, which its shortest form gives back. */
export const shortestToScaled = (value: number, scale: number): bigint =>
  fromDigits(String(value), scale);

export interface Digits {
  readonly precision: number;
  readonly scale: number;
}

/** How many digits a constant has: 1.50 has three, 0.05 two, 250 three. */
export function digitsOf(value: bigint, scale: number): Digits {
  const digits = value === 0n ? 0 : magnitude(value).toString().length;
  return { precision: Math.min(mostDigits, Math.max(digits, scale, 1)), scale };
}
