import { errorOn, SqlError } from "../errors";
import { hashKeyOf, testOf } from "../types/compare";
import { casting, tryCasting } from "../types/conversion/conversion";
import { orThrow } from "../types/failure";
import { compileLike } from "../types/like";
import type { Row, Value } from "../types/sql-type";
import type { Environment } from "./environment";
import { type Expr, type ExprOf, isScalar, type Place, type PlanColumn } from "./expression";
import { optionsTest } from "./options";

export type Evaluate = (row: Row) => Value;

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

/** Compiles an expression over rows with these columns. Predicates give true, false or null (unknown). */
export function compile(
  expr: Expr,
  columns: readonly PlanColumn[],
  environment: Environment,
): Evaluate {
  const evaluate = compilePart(expr, columns, environment);
  return isScalar(expr) && expr.place ? placing(evaluate, expr.place) : evaluate;
}

/** Errors of a row get the place of the innermost expression that has one. */
const placing =
  (evaluate: Evaluate, place: Place): Evaluate =>
  (row) => {
    try {
      return evaluate(row);
    } catch (error) {
      throw error instanceof SqlError && error.code === "type" && error.line === 0
        ? errorOn(error, place)
        : error;
    }
  };

function compilePart(
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
    case "truth": {
      const { value } = expr;
      return () => value;
    }
    case "parameter": {
      const value = environment.parameters?.get(expr.column.id);
      if (value === undefined) throw new Error(`No value for the parameter ${expr.column.name}`);
      return () => value;
    }
    case "currentUser": {
      const { userId } = environment;
      if (userId === undefined) throw new Error("CURRENT_USER was not read before the plan ran");
      return () => userId;
    }
    case "isTrue":
      return part(expr.operand);
    case "binary":
      return compileBinary(expr, part, environment);
    case "unary": {
      const operand = part(expr.operand);
      const { bound } = expr;
      return (row) => {
        const value = operand(row);
        return value === null ? null : bound.run(value);
      };
    }
    case "call":
      return compileCall(expr, part, environment);
    case "case":
      return compileCase(expr, part);
    case "cast": {
      const operand = part(expr.operand);
      const make = expr.isTry ? tryCasting : casting;
      const convert = make(expr.conversion, expr.style);
      return (row) => convert(operand(row));
    }
    case "compare":
      return compileComparison(expr, part, environment);
    case "distinct":
      return compileDistinct(expr, part, environment);
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
    case "options":
      return compileOptions(expr, part);
    case "service":
      throw expr.refuse();
  }
}

type Part = (expr: Expr) => Evaluate;

/** Texts below this are not worth counting. */
const shortText = 512;

function compileBinary(expr: ExprOf<"binary">, part: Part, { work }: Environment): Evaluate {
  const left = part(expr.left);
  const right = part(expr.right);
  const { bound } = expr;
  return (row) => {
    const a = left(row);
    if (a === null) return null;
    const b = right(row);
    return b === null ? null : bound.run(a, b, work);
  };
}

function compileCall(expr: ExprOf<"call">, part: Part, environment: Environment): Evaluate {
  const args = expr.args.map(part);
  const { bound } = expr;
  return (row) => {
    const values: Value[] = [];
    for (let at = 0; at < args.length; at += 1) values.push(args[at]?.(row) ?? null);
    return bound.run(values, environment);
  };
}

function compileCase(expr: ExprOf<"case">, part: Part): Evaluate {
  const whens = expr.whens.map(({ when, result }) => ({ when: part(when), result: part(result) }));
  const otherwise = part(expr.otherwise);
  return (row) => {
    for (const { when, result } of whens) if (when(row) === true) return result(row);
    return otherwise(row);
  };
}

function compileComparison(expr: ExprOf<"compare">, part: Part, { work }: Environment): Evaluate {
  const left = part(expr.left);
  const right = part(expr.right);
  const test = testOf(expr.operator, expr.left.type);
  return (row) => {
    const a = left(row);
    if (a === null) return null;
    const b = right(row);
    return b === null ? null : test(a, b, work);
  };
}

function compileDistinct(expr: ExprOf<"distinct">, part: Part, { work }: Environment): Evaluate {
  const left = part(expr.left);
  const right = part(expr.right);
  const test = testOf("=", expr.left.type);
  return (row) => {
    const a = left(row);
    const b = right(row);
    const isEqual = a === null || b === null ? a === b : test(a, b, work);
    return isEqual === expr.negated;
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
  const hashKey = hashKeyOf(expr.operand.type);
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

function compileOptions(expr: ExprOf<"options">, part: Part): Evaluate {
  const operand = part(expr.operand);
  const test = optionsTest(expr);
  return (row) => {
    const value = operand(row);
    return value === null ? null : test(String(value)) !== expr.negated;
  };
}

function compileLikeTest(expr: ExprOf<"like">, part: Part, { work }: Environment): Evaluate {
  const operand = part(expr.operand);
  const pattern = part(expr.pattern);
  const { type } = expr.operand;
  const compiled = (text: string) => orThrow(compileLike(text, expr.escapedBy, type));
  const fixed =
    expr.pattern.kind === "constant" && typeof expr.pattern.value === "string"
      ? compiled(expr.pattern.value)
      : undefined;
  return (row) => {
    const value = operand(row);
    const wanted = pattern(row);
    if (value === null || wanted === null) return null;
    const matches = fixed ?? compiled(String(wanted));
    return matches(String(value), work) !== expr.negated;
  };
}
