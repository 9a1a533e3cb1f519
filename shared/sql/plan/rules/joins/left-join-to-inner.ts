import { conjuncts } from "../../../expression/expression";
import { columnIdsOf } from "../../nodes";
import type { Rule } from "../../rule";
import { rejectsNull } from "../../subqueries/never-null";

/** A left join whose unmatched rows a later condition drops anyway is an inner join. */
export const leftJoinToInner: Rule = {
  name: "left-join-to-inner",
  apply(plan) {
    if (plan.kind !== "filter" || plan.input.kind !== "join" || plan.input.type !== "left") {
      return undefined;
    }
    const ids = columnIdsOf(plan.input.right);
    if (!conjuncts(plan.predicate).some((part) => rejectsNull(part, ids))) return undefined;
    return { ...plan, input: { ...plan.input, type: "inner" } };
  },
};
