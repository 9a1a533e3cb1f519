import { errorAt, type SqlError, type SqlErrorDetails } from "../errors";
import { compile, type Environment } from "../exec/evaluate";
import type { ComparisonOperator, Expression, Span } from "../parser/ast";
import { childrenOf, constant, type Expr } from "../plan/expression";
import { isUnicode } from "../plan/text-type";

export type Node<K extends Expression["kind"]> = Extract<Expression, { readonly kind: K }>;

/** What the parts of the binder need of each other. */
export interface Binding {
  readonly source: string;
  /** GETDATE(). */
  readonly now: Date;
  /** What constants are computed in: all of a query together may take as much work as one row. */
  readonly environment: Environment;
  value(node: Expression): Expr;
  condition(node: Expression): Expr;
  compare(at: Span, operator: ComparisonOperator, left: Expression, right: Expression): Expr;
}

export const fail = (
  binding: Pick<Binding, "source">,
  at: Span,
  code: SqlError["code"],
  message: string,
  details: SqlErrorDetails = {},
): SqlError => errorAt(binding.source, at.start, code, message, details);

/** Computes what depends on no row now, once for the query. */
export function settle(expr: Expr, { environment }: Pick<Binding, "environment">): Expr {
  if (!childrenOf(expr).every((child) => child.kind === "constant")) return expr;
  const value = compile(expr, [], environment)([]);
  const unicode = typeof value === "string" && isUnicode(expr);
  return { ...constant(value, expr.type), ...(unicode && { unicode }) } as Expr;
}
