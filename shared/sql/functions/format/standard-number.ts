import { withoutTrailing } from "../../types/digits";
import type { Culture } from "./culture";
import { digitsOf, type Exact, grouped, roundTo } from "./decimal-text";

const mostDigits = 99;

/** A number in a standard format of .NET (`N2`, `C`, `P1`, `D5`, `X`), or null where the format is not for such a number. */
export function standardNumber(
  letter: string,
  precision: number | undefined,
  exact: Exact,
  isWhole: boolean,
  culture: Culture,
): string | null {
  const digits = Math.min(precision ?? 2, mostDigits);
  switch (letter.toUpperCase()) {
    case "N":
      return signed(exact, digits, culture, true);
    case "F":
      return signed(exact, digits, culture, false);
    case "C":
      return currency(exact, precision ?? culture.currency.digits, culture);
    case "P":
      return `${signed({ value: exact.value * 100n, scale: exact.scale }, digits, culture, true)} %`;
    case "E":
      return exponential(exact, precision ?? 6, letter, culture, 3);
    case "G":
    case "R":
      return general(exact, letter, culture);
    case "D":
      return isWhole ? padded(exact, precision ?? 1) : null;
    case "X":
      return isWhole ? hexadecimal(exact, precision ?? 1, letter) : null;
    default:
      return null;
  }
}

function signed(exact: Exact, digits: number, culture: Culture, groups: boolean): string {
  const { negative, whole, fraction } = digitsOf(roundTo(exact, digits));
  const text = body(whole, fraction, culture, groups);
  return negative && /[1-9]/.test(whole + fraction) ? `-${text}` : text;
}

const body = (whole: string, fraction: string, culture: Culture, groups: boolean): string =>
  `${groups ? grouped(whole, culture.group) : whole}${fraction === "" ? "" : culture.decimal + fraction}`;

function currency(exact: Exact, digits: number, culture: Culture): string {
  const { negative, whole, fraction } = digitsOf(roundTo(exact, Math.min(digits, mostDigits)));
  const { symbol, positive, negative: below } = culture.currency;
  const number = body(whole, fraction, culture, true);
  const shape = negative && /[1-9]/.test(whole + fraction) ? below : positive;
  return shape.replace(/[n$]/g, (mark) => (mark === "n" ? number : symbol));
}

/** Digits of a number with its power of ten: 1234.5 is 1.2345 times 10 to the 3rd. */
function normalized({ value, scale }: Exact): { readonly digits: string; readonly power: number } {
  const all = (value < 0n ? -value : value).toString();
  return { digits: all, power: value === 0n ? 0 : all.length - 1 - scale };
}

export function exponential(
  exact: Exact,
  precision: number,
  letter: string,
  culture: Culture,
  width: number,
): string {
  const { power } = normalized(exact);
  const shifted =
    power >= 0
      ? { value: exact.value, scale: exact.scale + power }
      : { value: exact.value * 10n ** BigInt(-power), scale: exact.scale };
  let rounded = roundTo(shifted, precision);
  let size = power;
  // 9.99 rounds to 10.0, which is 1.00 of the next power.
  if (digitsOf(rounded).whole.length > 1) {
    rounded = roundTo({ value: rounded.value, scale: rounded.scale + 1 }, precision);
    size += 1;
  }
  const { negative, whole, fraction } = digitsOf(rounded);
  const exponent = String(Math.abs(size)).padStart(width, "0");
  return `${negative ? "-" : ""}${body(whole, fraction, culture, false)}${letter}${size < 0 ? "-" : "+"}${exponent}`;
}

function general(exact: Exact, letter: string, culture: Culture): string {
  const { power, digits } = normalized(exact);
  if (power > 28 || power < -5) {
    const significant = withoutTrailing(digits, "0").length;
    return exponential(exact, Math.max(0, significant - 1), letter === "g" ? "e" : "E", culture, 2);
  }
  const { negative, whole, fraction } = digitsOf(exact);
  return `${negative ? "-" : ""}${body(whole, fraction, culture, false)}`;
}

function padded(exact: Exact, width: number): string {
  const { negative, whole } = digitsOf(exact);
  return `${negative ? "-" : ""}${whole.padStart(Math.min(width, mostDigits), "0")}`;
}

function hexadecimal({ value }: Exact, width: number, letter: string): string {
  const bits = value < -2_147_483_648n || value > 2_147_483_647n ? 64 : 32;
  const text = BigInt.asUintN(bits, value).toString(16).padStart(Math.min(width, mostDigits), "0");
  return letter === "X" ? text.toUpperCase() : text;
}
