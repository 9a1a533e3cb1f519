import { errorOfQuery } from "../errors";
import type { Expr, PlanColumn } from "../plan/expression";
import { roomOf } from "../plan/text-type";
import { classOf, isWhole, type Row, type Value } from "../types";
import { convert } from "./convert";
import { scalarFunctions } from "./functions";
import { compileLike } from "./like";
import { concatenate, cutToRoom } from "./text";
import { hashKey, sortKey, withoutNoise } from "./values";

export type Evaluate = (row: Row) => Value;

export interface Environment {
  /** Needed only where an expression has CURRENT_USER. */
  readonly userId: string | undefined;
  /** Told the characters that functions go over. Throws when one row takes too many. */
  readonly work: (characters: number) => void;
}

/** Positions of columns by id; operators compile many expressions over one list of columns. */
const positions = new WeakMap<readonly PlanColumn[], ReadonlyMap<number, number>>();

function positionOf(column: PlanColumn, columns: readonly PlanColumn[]): number {
  let known = positions.get(columns);
  if (!known) {
    known = new Map(columns.map(({ id }, index) => [id, index]));
    positions.set(columns, known);
  }
  const index = known.get(column.id);
  if (index === undefined) {
    throw new Error(`Column ${column.name} is not in the input of its plan node`);
  }
  return index;
}

type ExprOf<K extends Expr["kind"]> = Extract<Expr, { readonly kind: K }>;

/** Compiles an expression over rows with these columns. Predicates give true, false or null (unknown). */
export function compile(
  expr: Expr,
  columns: readonly PlanColumn[],
  environment: Environment,
): Evaluate {
  const part = (inner: Expr) => compile(inner, columns, environment);
  switch (expr.kind) {
    case "column": {
      const index = positionOf(expr.column, columns);
      return (row) => row[index] ?? null;
    }
    case "constant":
      return () => expr.value;
    case "currentUser": {
      const { userId } = environment;
      if (userId === undefined) throw new Error("CURRENT_USER was not read before the plan ran");
      return () => userId;
    }
    case "arithmetic":
      return compileArithmetic(expr, part, environment);
    case "call":
      return compileCall(expr, part, environment);
    case "case":
      return compileCase(expr, part);
    case "cast":
      return compileCast(expr, part);
    case "compare":
      return compileComparison(expr, part, environment);
    case "logic":
      return compileLogic(expr, part);
    case "not": {
      const operand = part(expr.operand);
      return (row) => {
        const value = operand(row);
        return value === null ? null : !value;
      };
    }
    case "isNull": {
      const operand = part(expr.operand);
      return (row) => (operand(row) === null) !== expr.negated;
    }
    case "in":
      return compileIn(expr, part, environment);
    case "like":
      return compileLikeTest(expr, part, environment);
  }
}

type Part = (expr: Expr) => Evaluate;

/** Texts below this are not worth counting. */
const shortText = 512;

function compileArithmetic(
  expr: ExprOf<"arithmetic">,
  part: Part,
  { work }: Environment,
): Evaluate {
  const left = part(expr.left);
  const right = part(expr.right);
  if (classOf(expr.type) === "text") {
    const room = roomOf(expr);
    return (row) => {
      const a = left(row);
      const b = right(row);
      if (a === null || b === null) return null;
      const text = concatenate([String(a), String(b)], room);
      if (text.length > shortText) work(text.length);
      return text;
    };
  }
  const whole = isWhole(expr.left.type) && isWhole(expr.right.type);
  return (row) => {
    const a = left(row);
    const b = right(row);
    return a === null || b === null ? null : calculate(expr.operator, Number(a), Number(b), whole);
  };
}

function calculate(operator: string, a: number, b: number, whole: boolean): number {
  if (b === 0 && (operator === "/" || operator === "%")) {
    throw errorOfQuery("type", "The query divides by zero.", {
      hint: "Write x / NULLIF(y, 0) to get NULL instead.",
    });
  }
  switch (operator) {
    case "+":
      return whole ? a + b : withoutNoise(a + b);
    case "-":
      return whole ? a - b : withoutNoise(a - b);
    case "*":
      return whole ? a * b : withoutNoise(a * b);
    case "/":
      return whole ? Math.trunc(a / b) : withoutNoise(a / b);
    default:
      return a % b;
  }
}

function compileCall(expr: ExprOf<"call">, part: Part, { work }: Environment): Evaluate {
  const definition = scalarFunctions[expr.name];
  if (!definition) throw new Error(`No function ${expr.name}`);
  const args = expr.args.map(part);
  const { takesNull = false } = definition;
  const room = roomOf(expr);
  return (row) => {
    const values: Value[] = [];
    for (let at = 0; at < args.length; at += 1) {
      const value = args[at]?.(row) ?? null;
      if (value === null && !takesNull) return null;
      if (typeof value === "string" && value.length > shortText) work(value.length);
      values.push(value);
    }
    const result = definition.run(values, room);
    if (typeof result !== "string") return result;
    if (result.length > shortText) work(result.length);
    return cutToRoom(result, room);
  };
}

function compileCase(expr: ExprOf<"case">, part: Part): Evaluate {
  const whens = expr.whens.map(({ when, result }) => ({ when: part(when), result: part(result) }));
  const otherwise = part(expr.otherwise);
  return (row) => (whens.find((one) => one.when(row) === true)?.result ?? otherwise)(row);
}

function compileCast(expr: ExprOf<"cast">, part: Part): Evaluate {
  const operand = part(expr.operand);
  const from = expr.operand.type;
  return (row) => {
    const value = convert(operand(row), from, expr.type);
    if (value !== undefined) return value;
    throw errorOfQuery("type", `A value of type ${from} could not be converted to ${expr.type}.`, {
      hint: "Filter out the rows whose value cannot be converted.",
    });
  };
}

const tests: Readonly<Record<string, (a: string | number, b: string | number) => boolean>> = {
  "=": (a, b) => a === b,
  "<>": (a, b) => a !== b,
  "<": (a, b) => a < b,
  "<=": (a, b) => a <= b,
  ">": (a, b) => a > b,
  ">=": (a, b) => a >= b,
};

function compileComparison(expr: ExprOf<"compare">, part: Part, { work }: Environment): Evaluate {
  const left = part(expr.left);
  const right = part(expr.right);
  const test = tests[expr.operator];
  if (!test) throw new Error(`No comparison ${expr.operator}`);
  return (row) => {
    const a = left(row);
    const b = right(row);
    if (a === null || b === null) return null;
    if (typeof a === "string" && a.length > shortText) work(a.length);
    if (typeof b === "string" && b.length > shortText) work(b.length);
    return test(sortKey(a, expr.left.type), sortKey(b, expr.right.type));
  };
}

function compileLogic(expr: ExprOf<"logic">, part: Part): Evaluate {
  const operands = expr.operands.map(part);
  // The value that decides alone: false for AND, true for OR.
  const decides = expr.operator === "or";
  return (row) => {
    let unknown = false;
    for (const operand of operands) {
      const value = operand(row);
      if (value === decides) return decides;
      if (value === null) unknown = true;
    }
    return unknown ? null : !decides;
  };
}

function compileIn(expr: ExprOf<"in">, part: Part, { work }: Environment): Evaluate {
  const operand = part(expr.operand);
  if (expr.list.every((item) => item.kind === "constant")) {
    const values = expr.list.map((item) => (item.kind === "constant" ? item.value : null));
    const keys = new Set(values.filter((value) => value !== null).map(hashKey));
    const hasNull = values.includes(null);
    return (row) => {
      const value = operand(row);
      if (value === null) return null;
      if (keys.has(hashKey(value))) return !expr.negated;
      return hasNull ? null : expr.negated;
    };
  }
  const list = expr.list.map(part);
  return (row) => {
    const value = operand(row);
    if (value === null) return null;
    const key = hashKey(value);
    let hasNull = false;
    for (const item of list) {
      const other = item(row);
      if (other === null) hasNull = true;
      else if (hashKey(other) === key) return !expr.negated;
      if (typeof other === "string" && other.length > shortText) work(other.length);
    }
    return hasNull ? null : expr.negated;
  };
}

function compileLikeTest(expr: ExprOf<"like">, part: Part, { work }: Environment): Evaluate {
  const operand = part(expr.operand);
  const pattern = part(expr.pattern);
  const fixed =
    expr.pattern.kind === "constant" && typeof expr.pattern.value === "string"
      ? compileLike(expr.pattern.value, expr.escapedBy)
      : undefined;
  return (row) => {
    const value = operand(row);
    const wanted = pattern(row);
    if (value === null || wanted === null) return null;
    const matches = fixed ?? compileLike(String(wanted), expr.escapedBy);
    return matches(String(value), work) !== expr.negated;
  };
}
