import type { PlanColumn, Scalar } from "../../expression/expression";
import { inRange } from "../../types/conversion/to-number";
import { powerOfTen } from "../../types/decimal";
import { isApproximate, isWhole, type SqlType, type Value } from "../../types/sql-type";

/**
 * A value made of one stored column by steps that round nothing: `times` the column's own digits and `plus`, in digits of the
 * value's type. Its sum over rows comes of the column's sum and of their number.
 */
export interface Linear {
  readonly column: PlanColumn;
  readonly times: bigint;
  readonly plus: bigint;
  /** What it is where the column is NULL; undefined for NULL. */
  readonly whenNull: bigint | undefined;
  /** May leave a type on the way: then its least and greatest value tell whether it does. */
  readonly mayOverflow: boolean;
}

interface Step extends Linear {
  readonly type: SqlType;
  /** Values of the column that its type allows. */
  readonly from: bigint;
  readonly to: bigint;
}

interface Constant {
  readonly value: bigint;
  readonly type: SqlType;
}

const isExact = (type: SqlType): boolean => isWhole(type) || type.kind === "decimal";

const isConstant = (step: Step | Constant): step is Constant => "value" in step;

/** Undefined for every value that is not surely of that kind. */
export function linearOf(expr: Scalar): Linear | undefined {
  if (isApproximate(expr.type)) return approximate(expr);
  const step = stepOf(expr);
  return step && !isConstant(step) ? step : undefined;
}

/** A float that is a column itself, or whole numbers of one: the sum of these is as exact as a float can hold it. */
function approximate(expr: Scalar): Linear | undefined {
  if (expr.kind === "column")
    return { column: expr.column, times: 1n, plus: 0n, whenNull: undefined, mayOverflow: false };
  if (expr.kind === "cast" && expr.type.kind === "float" && isPlainCast(expr)) {
    const { operand } = expr;
    if (isApproximate(operand.type)) return approximate(operand);
    return isWhole(operand.type) ? linearOf(operand) : undefined;
  }
  if (expr.kind !== "binary" || expr.operator !== "*") return undefined;
  if (isOne(expr.right)) return approximate(expr.left);
  return isOne(expr.left) ? approximate(expr.right) : undefined;
}

/** 1.0 beside a float: a constant, or the cast of one. */
function isOne(expr: Scalar): boolean {
  if (expr.kind === "constant") {
    const scale = expr.type.kind === "decimal" ? expr.type.scale : 0;
    return expr.value !== null && Number(expr.value) === 10 ** scale && expr.type.kind !== "bit";
  }
  return expr.kind === "cast" && isPlainCast(expr) && isOne(expr.operand);
}

const isPlainCast = ({ isTry, style, culture }: Scalar & { kind: "cast" }): boolean =>
  !isTry && style === undefined && culture === undefined;

function stepOf(expr: Scalar): Step | Constant | undefined {
  if (!isExact(expr.type)) return undefined;
  switch (expr.kind) {
    case "column":
      return ofColumn(expr.column);
    case "constant":
      return digitsOf(expr.value, expr.type);
    case "cast": {
      const step = isPlainCast(expr) ? stepOf(expr.operand) : undefined;
      const grows = step && expr.type.scale >= step.type.scale;
      return step && grows ? scaled(step, expr.type) : undefined;
    }
    case "unary": {
      const step = expr.operator === "-" ? stepOf(expr.operand) : undefined;
      return step && multiplied(step, -1n, expr.type);
    }
    case "binary":
      return ofBinary(expr);
    case "case":
      return unlessNull(expr);
    default:
      return undefined;
  }
}

function ofColumn(column: PlanColumn): Step | undefined {
  const { type } = column;
  const kind = column.origin?.part === "value" ? column.origin.meta.type : undefined;
  if (kind !== "integer" && kind !== "decimal") return undefined;
  const most = kind === "integer" ? 2n ** 31n : powerOfTen(type.precision);
  return {
    column,
    times: 1n,
    plus: 0n,
    whenNull: undefined,
    mayOverflow: false,
    type,
    from: kind === "integer" ? -most : 1n - most,
    to: most - 1n,
  };
}

function digitsOf(value: Value, type: SqlType): Constant | undefined {
  return typeof value === "number" || typeof value === "bigint"
    ? { value: BigInt(value), type }
    : undefined;
}

/** With the type's digits, and the question whether it always fits. */
function checked(step: Omit<Step, "mayOverflow" | "type">, before: boolean, type: SqlType): Step {
  const ends = [step.from, step.to].map((end) => end * step.times + step.plus);
  const isSafe = [...ends, step.whenNull ?? 0n].every((value) => inRange(value, type));
  return { ...step, type, mayOverflow: before || !isSafe };
}

function multiplied(step: Step | Constant, by: bigint, type: SqlType): Step | Constant | undefined {
  if (isConstant(step)) {
    const value = step.value * by;
    return inRange(value, type) ? { value, type } : undefined;
  }
  const whenNull = step.whenNull === undefined ? undefined : step.whenNull * by;
  if (whenNull !== undefined && !inRange(whenNull, type)) return undefined;
  const { times, plus, mayOverflow } = step;
  return checked({ ...step, times: times * by, plus: plus * by, whenNull }, mayOverflow, type);
}

const scaled = (step: Step | Constant, type: SqlType) =>
  multiplied(step, powerOfTen(type.scale - step.type.scale), type);

function ofBinary({
  operator,
  left,
  right,
  type,
}: Scalar & { kind: "binary" }): Step | Constant | undefined {
  const [a, b] = [stepOf(left), stepOf(right)];
  if (!a || !b) return undefined;
  const [first, second] = [a.type.scale, b.type.scale];
  if (operator === "*") {
    // Digits that the type has no room for are rounded away.
    if (type.scale !== first + second) return undefined;
    if (isConstant(b)) return multiplied(a, b.value, type);
    return isConstant(a) ? multiplied(b, a.value, type) : undefined;
  }
  if (operator !== "+" && operator !== "-") return undefined;
  if (type.scale !== Math.max(first, second)) return undefined;
  if (isConstant(b)) return added(a, b, operator === "-" ? -1n : 1n, type);
  if (!isConstant(a)) return undefined;
  if (operator === "+") return added(b, a, 1n, type);
  const negative = multiplied(b, -1n, { ...b.type, kind: "decimal", precision: 38 });
  return negative && added(negative, a, 1n, type);
}

function added(
  to: Step | Constant,
  one: Constant,
  sign: bigint,
  type: SqlType,
): Step | Constant | undefined {
  const raise = (scale: number) => powerOfTen(type.scale - scale);
  const more = one.value * raise(one.type.scale) * sign;
  const by = raise(to.type.scale);
  if (isConstant(to)) {
    const value = to.value * by + more;
    return inRange(value, type) ? { value, type } : undefined;
  }
  const whenNull = to.whenNull === undefined ? undefined : to.whenNull * by + more;
  if (whenNull !== undefined && !inRange(whenNull, type)) return undefined;
  const parts = { ...to, times: to.times * by, plus: to.plus * by + more, whenNull };
  return checked(parts, to.mayOverflow, type);
}

/** ISNULL(value, constant) and COALESCE. */
function unlessNull({ whens, otherwise, type }: Scalar & { kind: "case" }): Step | undefined {
  const [when, ...more] = whens;
  if (!when || more.length > 0 || when.when.kind !== "isNull" || !when.when.negated)
    return undefined;
  const [asked, given, other] = [when.when.operand, when.result, otherwise].map(stepOf);
  if (!asked || !given || !other || isConstant(asked) || isConstant(given)) return undefined;
  if (!isConstant(other) || asked.column.id !== given.column.id) return undefined;
  if (asked.whenNull !== undefined || given.whenNull !== undefined) return undefined;
  if (other.type.scale > type.scale || given.type.scale !== type.scale) return undefined;
  const whenNull = other.value * powerOfTen(type.scale - other.type.scale);
  return inRange(whenNull, type) ? { ...given, whenNull, type } : undefined;
}
