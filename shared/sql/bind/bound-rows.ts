import type { QueryExpression } from "../parser/ast";
import type { Plan } from "../plan/nodes";
import type { DerivedColumn } from "./names/relation";
import type { Correlation } from "./names/scope";

/** A query expression as rows: what a derived table, a subquery, a common table expression is. */
export interface BoundRows {
  /** Yields exactly `columns`, in order, and behind them companions that nothing need read. */
  readonly plan: Plan;
  readonly columns: readonly DerivedColumn[];
}

/** Binds a query inside another one; `correlation` is its way to the names around it. */
export type BindQuery = (query: QueryExpression, correlation: Correlation | undefined) => BoundRows;
