import { errorAt, SqlError, type SqlErrorDetails } from "../../errors";
import { compile } from "../../expression/evaluate";
import {
  childrenOf,
  constant,
  type Expr,
  type Place,
  type Scalar,
  truth,
} from "../../expression/expression";
import type { ComparisonOperator, Expression, QueryExpression, Span } from "../../parser/ast";
import type { ApplyMode, Plan } from "../../plan/nodes";
import type { Strictness } from "../../types/conversion/conversion";
import { bindConversion, isIdentity } from "../../types/conversion/convert";
import { Failure } from "../../types/failure";
import type { SqlType } from "../../types/sql-type";
import type { DerivedColumn } from "../names/relation";
import type { QueryFacts } from "../query-facts";

export type Node<K extends Expression["kind"]> = Extract<Expression, { readonly kind: K }>;

/** A subquery inside an expression: what it yields, for the one who says what is asked of it. */
export interface SubqueryUse {
  readonly plan: Plan;
  readonly columns: readonly DerivedColumn[];
  /** Adds the apply node; gives nothing, the column is named in the mode. */
  apply(mode: ApplyMode): void;
}

/** What the parts of the binder need of each other. */
export interface Binding {
  readonly facts: QueryFacts;
  value(node: Expression): Scalar;
  condition(node: Expression): Expr;
  /** Binds what is computed only for rows for which `when` gives true; subqueries in it run for these alone. */
  guarded<T>(when: () => Expr, bind: () => T): T;
  compare(at: Span, operator: ComparisonOperator, left: Expression, right: Expression): Expr;
  /** Throws SqlError `unsupported` or `group_by` where a subquery is not allowed. */
  subquery(at: Span, query: QueryExpression): SubqueryUse;
}

type Placed = Pick<Binding, "facts">;

export const fail = (
  { facts }: Placed,
  at: Span,
  code: SqlError["code"],
  message: string,
  details: SqlErrorDetails = {},
): SqlError => errorAt(facts.source, at.start, code, message, details);

/** For what may fail on a row. */
export const placeOf = ({ facts: { source } }: Placed, { start, end }: Span): Place => ({
  source,
  start,
  end,
});

/** The result of binding, or SQL Server's refusal with the place. */
export function orFail<T>({ facts }: Placed, at: Span, result: T | Failure): T {
  if (result instanceof Failure) throw result.at(facts.source, at.start);
  return result;
}

/**
 * Computes what depends on no row now, once for the query. What ends in an error is left as it is: it is one only for the row
 * that comes to it.
 */
export function settle<Whole extends Expr>(expr: Whole, { facts }: Placed): Whole | Scalar | Expr {
  if (expr.kind === "constant" || expr.kind === "truth" || !isSettled(expr)) return expr;
  try {
    const value = compile(expr, [], facts.environment)([]);
    if (expr.type === "predicate") return truth(value as boolean | null);
    const known = constant(value, expr.type);
    return expr.kind === "call" && expr.bound.isJson ? { ...known, isJson: true } : known;
  } catch (error) {
    if (error instanceof SqlError && error.code === "type") return expr;
    throw error;
  }
}

const isSettled = (expr: Expr): boolean =>
  !(expr.kind === "call" && expr.isVolatile) &&
  expr.kind !== "column" &&
  expr.kind !== "parameter" &&
  expr.kind !== "currentUser" &&
  childrenOf(expr).every((child) => child.kind === "constant" || child.kind === "truth");

export const settled = (expr: Scalar, binding: Placed): Scalar => settle(expr, binding) as Scalar;

/** The value as one of another type; itself where every value of its type is one already. */
export function castTo(
  binding: Placed,
  expr: Scalar,
  type: SqlType,
  at: Span,
  strictness: Strictness = "implicit",
): Scalar {
  if (expr.kind === "constant" && expr.value === null) return constant(null, type);
  if (isIdentity(expr.type, type) || type.kind === "null") return expr;
  const conversion = orFail(binding, at, bindConversion(expr.type, type, strictness));
  return settled(
    {
      kind: "cast",
      type,
      operand: expr,
      conversion,
      style: undefined,
      isTry: false,
      place: placeOf(binding, at),
    },
    binding,
  );
}
