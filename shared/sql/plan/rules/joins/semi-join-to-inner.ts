import { columnExpr, conjuncts } from "../../../expression/expression";
import { columnsOf } from "../../nodes";
import type { Rule } from "../../rule";
import { isUnique, keyEquality } from "../../subqueries/keys";

/**
 * A semi-join by the key of the other side and by more than that is an inner join: it finds one row at most. The service follows a
 * link and compares columns across it, while its search for rows that exist knows one equality.
 */
export const semiJoinToInner: Rule = {
  name: "semi-join-to-inner",
  apply(plan) {
    if (plan.kind !== "join" || plan.type !== "semi") return undefined;
    const parts = conjuncts(plan.on);
    if (parts.length < 2) return undefined;
    const isByKey = parts.some((part) => {
      const key = keyEquality(part, plan.right)?.key;
      return key !== undefined && isUnique(plan.right, key.id);
    });
    if (!isByKey) return undefined;
    const items = columnsOf(plan.left).map((column) => ({ column, expr: columnExpr(column) }));
    return { kind: "project", input: { ...plan, type: "inner" }, items };
  },
};
