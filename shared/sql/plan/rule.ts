import type { PlanColumn } from "../expression/expression";
import type { SqlType } from "../types/sql-type";
import type { Plan } from "./nodes";

export interface RuleContext {
  /** A column with an id that no other column of the query has. */
  column(name: string, type: SqlType): PlanColumn;
}

/** Replaces one node by another that yields the same rows; undefined when it has nothing to do there. */
export interface Rule {
  readonly name: string;
  apply(plan: Plan, context: RuleContext): Plan | undefined;
}
