import type { CatalogColumn, ColumnPart } from "../catalog";
import type { ArithmeticOperator, ComparisonOperator } from "../parser/ast";
import type { SqlType, Value } from "../types";

/** A column of a plan. Its id is unique in the query, so plans can be rearranged without renaming. */
export interface PlanColumn {
  readonly id: number;
  readonly name: string;
  readonly type: SqlType;
  /** Set for columns that come straight from a table. */
  readonly origin?: ColumnOrigin;
}

export interface ColumnOrigin {
  /** The table's alias in the plan, unique in the query and safe in FetchXML. */
  readonly ref: string;
  readonly part: ColumnPart;
  readonly meta: CatalogColumn;
  /** For a computed part: the stored column it belongs to, which the same scan reads. */
  readonly base?: PlanColumn;
}

/** A bound expression: every name is a column, every type is known. */
export type Expr =
  | { readonly kind: "column"; readonly type: SqlType; readonly column: PlanColumn }
  | {
      readonly kind: "constant";
      readonly type: SqlType;
      readonly value: Value;
      /** A text of two-byte characters: N'…', or computed from one. */
      readonly unicode?: true;
    }
  | { readonly kind: "currentUser"; readonly type: "guid" }
  | {
      readonly kind: "arithmetic";
      readonly type: SqlType;
      readonly operator: ArithmeticOperator;
      readonly left: Expr;
      readonly right: Expr;
    }
  | {
      readonly kind: "call";
      readonly type: SqlType;
      readonly name: string;
      readonly args: readonly Expr[];
    }
  | {
      readonly kind: "case";
      readonly type: SqlType;
      readonly whens: readonly { readonly when: Expr; readonly result: Expr }[];
      readonly otherwise: Expr;
    }
  | {
      readonly kind: "cast";
      readonly type: SqlType;
      readonly operand: Expr;
      /** The type was written NVARCHAR or NCHAR. */
      readonly unicode?: true;
    }
  | Predicate;

export type Predicate = { readonly type: "predicate" } & (
  | {
      readonly kind: "compare";
      readonly operator: ComparisonOperator;
      readonly left: Expr;
      readonly right: Expr;
    }
  | { readonly kind: "logic"; readonly operator: "and" | "or"; readonly operands: readonly Expr[] }
  | { readonly kind: "not"; readonly operand: Expr }
  | { readonly kind: "isNull"; readonly operand: Expr; readonly negated: boolean }
  | {
      readonly kind: "in";
      readonly operand: Expr;
      readonly list: readonly Expr[];
      readonly negated: boolean;
    }
  | {
      readonly kind: "like";
      readonly operand: Expr;
      readonly pattern: Expr;
      readonly escapedBy: string | undefined;
      readonly negated: boolean;
    }
);

export const constant = (value: Value, type: SqlType): Expr => ({ kind: "constant", value, type });
export const columnExpr = (column: PlanColumn): Expr => ({
  kind: "column",
  type: column.type,
  column,
});

/** The parts of an expression, in order. */
export function childrenOf(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case "column":
    case "constant":
    case "currentUser":
      return [];
    case "arithmetic":
    case "compare":
      return [expr.left, expr.right];
    case "call":
      return expr.args;
    case "case":
      return [...expr.whens.flatMap((one) => [one.when, one.result]), expr.otherwise];
    case "cast":
    case "not":
    case "isNull":
      return [expr.operand];
    case "logic":
      return expr.operands;
    case "in":
      return [expr.operand, ...expr.list];
    case "like":
      return [expr.operand, expr.pattern];
  }
}

/** A copy with every part replaced by `change(part)`. */
export function mapChildren(expr: Expr, change: (part: Expr) => Expr): Expr {
  switch (expr.kind) {
    case "column":
    case "constant":
    case "currentUser":
      return expr;
    case "arithmetic":
    case "compare":
      return { ...expr, left: change(expr.left), right: change(expr.right) };
    case "call":
      return { ...expr, args: expr.args.map(change) };
    case "case":
      return {
        ...expr,
        whens: expr.whens.map(({ when, result }) => ({
          when: change(when),
          result: change(result),
        })),
        otherwise: change(expr.otherwise),
      };
    case "cast":
    case "not":
    case "isNull":
      return { ...expr, operand: change(expr.operand) };
    case "logic":
      return { ...expr, operands: expr.operands.map(change) };
    case "in":
      return { ...expr, operand: change(expr.operand), list: expr.list.map(change) };
    case "like":
      return { ...expr, operand: change(expr.operand), pattern: change(expr.pattern) };
  }
}

/** Every column an expression reads. */
export function columnsIn(expr: Expr, found: Set<PlanColumn> = new Set()): Set<PlanColumn> {
  if (expr.kind === "column") found.add(expr.column);
  for (const child of childrenOf(expr)) columnsIn(child, found);
  return found;
}

/** The parts of a conjunction; a single predicate is its own only part. */
export function conjuncts(expr: Expr): readonly Expr[] {
  return expr.kind === "logic" && expr.operator === "and"
    ? expr.operands.flatMap(conjuncts)
    : [expr];
}

/** All of them must hold; undefined when there are none. */
export function conjunction(parts: readonly Expr[]): Expr | undefined {
  const [first] = parts;
  if (parts.length <= 1) return first;
  return { kind: "logic", type: "predicate", operator: "and", operands: parts };
}

/** Equal keys mean equal expressions (up to column identity). */
export function expressionKey(expr: Expr): string {
  return JSON.stringify(expr, (name, value) => (name === "column" ? value.id : value));
}
