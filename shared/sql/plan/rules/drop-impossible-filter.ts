import { columnsOf } from "../nodes";
import type { Rule } from "../rule";

/** A filter that no row can pass reads nothing. */
export const dropImpossibleFilter: Rule = {
  name: "drop-impossible-filter",
  apply(plan) {
    if (plan.kind !== "filter" || plan.predicate.kind !== "truth") return undefined;
    if (plan.predicate.value === true) return plan.input;
    return { kind: "rows", columns: columnsOf(plan.input), rows: [] };
  },
};
