import { resultDigits } from "../arithmetic-type";
import { inRange } from "../conversion/to-number";
import { divideRounded, powerOfTen, rescale } from "../decimal";
import { Failure } from "../failure";
import { decimal, kindName, type SqlType } from "../sql-type";
import type { BinaryOperator, BoundOperator, RunBinary } from "./operator";

const byZero = (): Error =>
  new Failure(
    8134,
    "Divide by zero error encountered",
    "Write x / NULLIF(y, 0) to get NULL instead.",
  ).error();

const overflow = (type: SqlType): Error =>
  new Failure(
    8115,
    `Arithmetic overflow error converting expression to data type ${kindName(type)}`,
    type.kind === "int"
      ? "CAST one side to BIGINT first."
      : "CAST one side to a larger type first.",
  ).error();

const smallest: Readonly<Record<string, readonly [number, number]>> = {
  tinyint: [0, 255],
  smallint: [-32_768, 32_767],
  int: [-2_147_483_648, 2_147_483_647],
};

/** tinyint, smallint and int: plain numbers, whose products may be inexact only where they overflow. */
export function runSmall(operator: BinaryOperator, type: SqlType): RunBinary {
  const [least, most] = smallest[type.kind] ?? [0, 0];
  const check = (result: number): number => {
    if (result < least || result > most) throw overflow(type);
    // No -0: it would print as one.
    return result + 0;
  };
  const on =
    (run: (a: number, b: number) => number): RunBinary =>
    (a, b) =>
      check(run(a as number, b as number));
  switch (operator) {
    case "+":
      return on((a, b) => a + b);
    case "-":
      return on((a, b) => a - b);
    case "*":
      return on((a, b) => a * b);
    case "/":
      return on((a, b) => {
        if (b === 0) throw byZero();
        return Math.trunc(a / b);
      });
    case "%":
      return on((a, b) => {
        if (b === 0) throw byZero();
        return a % b;
      });
    case "&":
      return on((a, b) => a & b);
    case "|":
      return on((a, b) => a | b);
    case "^":
      return on((a, b) => a ^ b);
    default: {
      const bits = type.kind === "int" ? 32 : type.kind === "smallint" ? 16 : 8;
      return (a, b) => Number(shift(operator, BigInt(a as number), BigInt(b as number), bits));
    }
  }
}

/** Shifts lose what goes out at the end; by a negative number they go the other way. */
export function shift(operator: string, value: bigint, by: bigint, bits: number): bigint {
  const left = operator === "<<" ? by >= 0n : by < 0n;
  const size = by < 0n ? -by : by;
  const unsigned = BigInt.asUintN(bits, value);
  const moved = size >= BigInt(bits) ? 0n : left ? unsigned << size : unsigned >> size;
  return bits === 8 ? BigInt.asUintN(8, moved) : BigInt.asIntN(bits, moved);
}

export function runBig(operator: BinaryOperator, type: SqlType): RunBinary {
  const on =
    (run: (a: bigint, b: bigint) => bigint): RunBinary =>
    (a, b) => {
      const result = run(a as bigint, b as bigint);
      if (!inRange(result, type)) throw overflow(type);
      return result;
    };
  switch (operator) {
    case "+":
      return on((a, b) => a + b);
    case "-":
      return on((a, b) => a - b);
    case "*":
      return on((a, b) => a * b);
    case "/":
      return on((a, b) => divide(a, b));
    case "%":
      return on((a, b) => remainder(a, b));
    case "&":
      return on((a, b) => a & b);
    case "|":
      return on((a, b) => a | b);
    case "^":
      return on((a, b) => a ^ b);
    default:
      return on((a, b) => shift(operator, a, b, 64));
  }
}

function divide(a: bigint, b: bigint): bigint {
  if (b === 0n) throw byZero();
  return a / b;
}

function remainder(a: bigint, b: bigint): bigint {
  if (b === 0n) throw byZero();
  return a % b;
}

export function runFloat(operator: BinaryOperator, type: SqlType): RunBinary {
  const isReal = type.kind === "real";
  const on =
    (run: (a: number, b: number) => number): RunBinary =>
    (a, b) => {
      const result = run(a as number, b as number);
      const kept = isReal ? Math.fround(result) : result;
      if (!Number.isFinite(kept)) throw overflow(type);
      return kept + 0;
    };
  switch (operator) {
    case "+":
      return on((a, b) => a + b);
    case "-":
      return on((a, b) => a - b);
    case "*":
      return on((a, b) => a * b);
    default:
      return on((a, b) => {
        if (b === 0) throw byZero();
        return a / b;
      });
  }
}

const moneyUnit = 10_000n;

/** Four digits behind the point: a product is rounded to them, a quotient cut, as SQL Server does it. */
export function runMoney(operator: BinaryOperator, type: SqlType): RunBinary {
  const on =
    (run: (a: bigint, b: bigint) => bigint): RunBinary =>
    (a, b) => {
      const result = run(a as bigint, b as bigint);
      if (!inRange(result, type)) throw overflow(type);
      return result;
    };
  switch (operator) {
    case "+":
      return on((a, b) => a + b);
    case "-":
      return on((a, b) => a - b);
    case "*":
      return on((a, b) => divideRounded(a * b, moneyUnit));
    case "/":
      return on((a, b) => divide(a * moneyUnit, b));
    default:
      return on((a, b) => remainder(a, b));
  }
}

/** Exact numbers. A quotient is cut at the scale of its type, sums and products are rounded to it. */
export function bindDecimal(
  operator: BinaryOperator,
  left: SqlType,
  right: SqlType,
): BoundOperator {
  const { precision, scale } = resultDigits(operator, left, right);
  const type = decimal(precision, scale);
  const check = (result: bigint): bigint => {
    if (!inRange(result, type)) throw overflow(type);
    return result;
  };
  return {
    type,
    takes: [left, right],
    run: runDecimal(operator, left.scale, right.scale, scale, check),
  };
}

function runDecimal(
  operator: BinaryOperator,
  s1: number,
  s2: number,
  scale: number,
  check: (result: bigint) => bigint,
): RunBinary {
  const common = Math.max(s1, s2);
  const upLeft = powerOfTen(common - s1);
  const upRight = powerOfTen(common - s2);
  const a = (value: unknown): bigint => (value as bigint) * upLeft;
  const b = (value: unknown): bigint => (value as bigint) * upRight;
  switch (operator) {
    case "+":
      return (x, y) => check(rescale(a(x) + b(y), common, scale));
    case "-":
      return (x, y) => check(rescale(a(x) - b(y), common, scale));
    case "*":
      return (x, y) => check(rescale((x as bigint) * (y as bigint), s1 + s2, scale));
    case "/": {
      const up = scale + s2 - s1;
      const numerator = powerOfTen(Math.max(0, up));
      const denominator = powerOfTen(Math.max(0, -up));
      return (x, y) => check(divide((x as bigint) * numerator, (y as bigint) * denominator));
    }
    default:
      return (x, y) => check(rescale(remainder(a(x), b(y)), common, scale));
  }
}
