import { divideRounded, powerOfTen, readScaled } from "../../types/decimal";

/** A number by its digits, so that no format rounds what is exact. */
export interface Exact {
  readonly value: bigint;
  readonly scale: number;
}

/** A double by the fifteen digits that .NET shows of it. */
export function exactOf(value: number): Exact {
  const [mantissa = "0", exponent = "0"] = value.toPrecision(15).split("e");
  const read = readScaled(mantissa) ?? { value: 0n, scale: 0 };
  const scale = read.scale - Number(exponent);
  return scale >= 0
    ? { value: read.value, scale }
    : { value: read.value * powerOfTen(-scale), scale: 0 };
}

/** Rounded half away from zero to so many digits behind the point. */
export function roundTo({ value, scale }: Exact, digits: number): Exact {
  if (scale <= digits) return { value: value * powerOfTen(digits - scale), scale: digits };
  return { value: divideRounded(value, powerOfTen(scale - digits)), scale: digits };
}

export interface Digits {
  readonly negative: boolean;
  readonly whole: string;
  readonly fraction: string;
}

export function digitsOf({ value, scale }: Exact): Digits {
  const negative = value < 0n;
  const all = (negative ? -value : value).toString().padStart(scale + 1, "0");
  return {
    negative,
    whole: all.slice(0, all.length - scale),
    fraction: all.slice(all.length - scale),
  };
}

export { groupThousands as grouped } from "../../types/digits";
