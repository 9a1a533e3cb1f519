import { inRange } from "../../types/conversion/to-number";
import {
  divideRounded,
  numberToScaled,
  powerOfTen,
  rescale,
  scaledToNumber,
} from "../../types/decimal";
import { Failure } from "../../types/failure";
import {
  decimal,
  float,
  int,
  isMoney,
  isScaled,
  isWhole,
  kindName,
  type Present,
  type SqlType,
  type Value,
} from "../../types/sql-type";
import { aFloat, aNumber, anInt, define } from "../define";
import type { SqlFunction } from "../function";

const overflow = (type: SqlType): Error =>
  new Failure(
    8115,
    `Arithmetic overflow error converting expression to data type ${kindName(type)}`,
    "CAST the argument to a larger type first.",
  ).error();

const invalid = (): Error =>
  new Failure(
    3623,
    "An invalid floating point operation occurred",
    "The argument lies outside of what the function is defined for.",
  ).error();

/** tinyint, smallint and bit count as int in these functions; other numbers keep their kind. */
const asNumber = ([type]: readonly SqlType[]): SqlType => {
  if (!type || type.kind === "bit" || type.kind === "tinyint" || type.kind === "smallint")
    return int;
  if (type.kind === "real") return float;
  return type;
};

/** The number as a double. */
const double = (value: Present, type: SqlType): number =>
  isScaled(type) ? scaledToNumber(value as bigint, type.scale) : Number(value);

/** A double as a value of a type. */
function fromDouble(value: number, type: SqlType): Value {
  if (Number.isNaN(value)) throw invalid();
  if (!Number.isFinite(value)) throw overflow(type);
  if (isScaled(type)) {
    const scaled = numberToScaled(value, type.scale);
    if (!inRange(scaled, type)) throw overflow(type);
    return scaled;
  }
  if (!isWhole(type)) return value + 0;
  const whole = BigInt(Math.trunc(value));
  if (!inRange(whole, type)) {
    throw new Failure(
      232,
      `Arithmetic overflow error for type ${type.kind}, value = ${value.toFixed(6)}`,
      "CAST the argument to FLOAT first.",
    ).error();
  }
  return type.kind === "bigint" ? whole : Number(whole);
}

const onFloat = (name: string, run: (value: number) => number): SqlFunction =>
  define({
    name,
    syntax: `${name}(number)`,
    arguments: [1, 1],
    takes: [aFloat],
    type: float,
    run: ([value]) => fromDouble(run(value as number), float),
  });

/** Up or down to a whole number, which keeps its kind. */
const toWhole = (name: string, up: boolean): SqlFunction =>
  define({
    name,
    syntax: `${name}(number)`,
    arguments: [1, 1],
    takes: [aNumber],
    type: (takes) => {
      const type = asNumber(takes);
      return type.kind === "decimal" ? decimal(type.precision, 0) : type;
    },
    run: ([value], { takes }) => {
      const [type = int] = takes;
      if (!isScaled(type)) {
        if (typeof value === "bigint") return value;
        return (up ? Math.ceil(Number(value)) : Math.floor(Number(value))) + 0;
      }
      const unit = powerOfTen(type.scale);
      const exact = value as bigint;
      const cut = exact / unit;
      const rest = exact % unit;
      const whole = up ? (rest > 0n ? cut + 1n : cut) : rest < 0n ? cut - 1n : cut;
      return isMoney(type) ? whole * unit : whole;
    },
  });

/** In the direction that the page on ROUND has: half away from zero, or cut. */
function roundScaled(value: bigint, scale: number, digits: number, cuts: boolean): bigint {
  if (digits >= scale) return value;
  if (scale - digits > 60) return 0n;
  const unit = powerOfTen(scale - digits);
  return (cuts ? value / unit : divideRounded(value, unit)) * unit;
}

function roundFloat(value: number, digits: number, cuts: boolean): number {
  const size = Math.abs(value);
  const factor = 10 ** Math.abs(digits);
  if (!Number.isFinite(factor)) return digits > 0 ? value : 0;
  const scaled = digits >= 0 ? size * factor : size / factor;
  if (!Number.isFinite(scaled) || (digits >= 0 && scaled > 2 ** 52)) return value;
  const whole = cuts ? Math.floor(scaled) : Math.floor(scaled + 0.5);
  const result = digits >= 0 ? whole / factor : whole * factor;
  return Math.sign(value) * result + 0;
}

const round = define({
  name: "ROUND",
  syntax: "ROUND(number, digits[, cut])",
  arguments: [2, 3],
  takes: [aNumber, anInt],
  type: asNumber,
  run: ([value, digits, cut = 0], { type, takes }) => {
    const cuts = cut !== 0;
    const places = digits as number;
    if (type.kind === "float") return roundFloat(value as number, places, cuts);
    const scale = isScaled(type) ? type.scale : 0;
    const exact = isScaled(type) ? (value as bigint) : BigInt(value as number | bigint | boolean);
    const rounded = roundScaled(exact, scale, places, cuts);
    if (!inRange(rounded, type)) throw overflow(takes[0] ?? type);
    return isScaled(type) || type.kind === "bigint" ? rounded : Number(rounded);
  },
});

const wideResult = (takes: readonly SqlType[]): SqlType => {
  const type = asNumber(takes);
  return type.kind === "decimal" ? decimal(38, type.scale) : type;
};

const angle = (name: string, factor: number): SqlFunction =>
  define({
    name,
    syntax: `${name}(number)`,
    arguments: [1, 1],
    takes: [aNumber],
    type: (takes) => {
      const type = asNumber(takes);
      return type.kind === "decimal" ? decimal(38, 18) : type;
    },
    run: ([value], { type, takes }) =>
      fromDouble(double(value as Present, takes[0] ?? float) * factor, type),
  });

export const mathFunctions: readonly SqlFunction[] = [
  define({
    name: "ABS",
    syntax: "ABS(number)",
    arguments: [1, 1],
    takes: [aNumber],
    type: asNumber,
    run: ([value], { type }) => {
      if (typeof value === "bigint") {
        const size = value < 0n ? -value : value;
        if (!inRange(size, type)) throw overflow(type);
        return size;
      }
      const size = Math.abs(Number(value));
      if (type.kind === "int" && size > 2_147_483_647) throw overflow(type);
      return size;
    },
  }),
  toWhole("CEILING", true),
  toWhole("FLOOR", false),
  round,
  define({
    name: "SIGN",
    syntax: "SIGN(number)",
    arguments: [1, 1],
    takes: [aNumber],
    type: wideResult,
    run: ([value], { type }) => {
      const sign = Math.sign(Number(value));
      if (isScaled(type)) return rescale(BigInt(sign), 0, type.scale);
      return type.kind === "bigint" ? BigInt(sign) : sign + 0;
    },
  }),
  define({
    name: "POWER",
    syntax: "POWER(number, exponent)",
    arguments: [2, 2],
    takes: [aNumber, aFloat],
    type: wideResult,
    run: ([base, exponent], { type, takes }) => {
      const value = double(base as Present, takes[0] ?? float);
      if (value === 0 && (exponent as number) < 0)
        throw new Failure(8134, "Divide by zero error encountered").error();
      return fromDouble(value ** (exponent as number), type);
    },
  }),
  onFloat("SQRT", Math.sqrt),
  onFloat("SQUARE", (value) => value * value),
  onFloat("EXP", Math.exp),
  define({
    name: "LOG",
    syntax: "LOG(number[, base])",
    arguments: [1, 2],
    takes: [aFloat],
    type: float,
    run: ([value, base]) => {
      if ((value as number) <= 0) throw invalid();
      if (base === undefined) return Math.log(value as number);
      if ((base as number) <= 0 || base === 1) throw invalid();
      return Math.log(value as number) / Math.log(base as number);
    },
  }),
  define({
    name: "LOG10",
    syntax: "LOG10(number)",
    arguments: [1, 1],
    takes: [aFloat],
    type: float,
    run: ([value]) => {
      if ((value as number) <= 0) throw invalid();
      return Math.log10(value as number);
    },
  }),
  define({
    name: "PI",
    syntax: "PI()",
    arguments: [0, 0],
    takes: [],
    type: float,
    run: () => Math.PI,
  }),
  angle("RADIANS", Math.PI / 180),
  angle("DEGREES", 180 / Math.PI),
  onFloat("SIN", Math.sin),
  onFloat("COS", Math.cos),
  onFloat("TAN", Math.tan),
  onFloat("COT", (value) => 1 / Math.tan(value)),
  onFloat("ASIN", Math.asin),
  onFloat("ACOS", Math.acos),
  onFloat("ATAN", Math.atan),
  define({
    name: "ATN2",
    syntax: "ATN2(y, x)",
    arguments: [2, 2],
    takes: [aFloat],
    type: float,
    run: ([y, x]) => Math.atan2(y as number, x as number),
  }),
  define({
    name: "RAND",
    syntax: "RAND()",
    arguments: [0, 0],
    takes: [],
    type: float,
    determinism: "query",
    run: (_, { environment }) => environment.random(),
  }),
];
