import {
  columnExpr,
  conjunction,
  conjuncts,
  constant,
  type Expr,
} from "../../../expression/expression";
import { columnIdsOf, columnsOf, type Plan, type PlanOf } from "../../nodes";
import type { Rule } from "../../rule";
import { isNeverNull, rejectsNull } from "../../subqueries/never-null";
import { replacementsOf, substitute } from "../../substitute";

/** `right.column IS NULL`, where that says that the row has no match. */
function saysNoMatch(part: Expr, { right, on }: PlanOf<"join">): boolean {
  if (part.kind !== "isNull" || part.negated || part.operand.kind !== "column") return false;
  const { id } = part.operand.column;
  if (!columnIdsOf(right).has(id)) return false;
  return isNeverNull(right, id) || conjuncts(on).some((one) => rejectsNull(one, new Set([id])));
}

/** `LEFT JOIN … WHERE right.id IS NULL` keeps the rows that have no match: an anti-join, and all columns of the right are NULL. */
export const leftJoinToAnti: Rule = {
  name: "left-join-to-anti",
  apply(plan) {
    if (plan.kind !== "filter" || plan.input.kind !== "join" || plan.input.type !== "left")
      return undefined;
    const join = plan.input;
    const parts = conjuncts(plan.predicate);
    if (!parts.some((part) => saysNoMatch(part, join))) return undefined;
    const nothing = columnsOf(join.right).map((column) => ({
      column,
      expr: constant(null, column.type),
    }));
    const by = replacementsOf(nothing);
    const rest = conjunction(
      parts.filter((part) => !saysNoMatch(part, join)).map((part) => substitute(part, by)),
    );
    const input: Plan = { ...join, type: "anti" };
    return {
      kind: "project",
      input: rest ? { kind: "filter", input, predicate: rest } : input,
      items: [
        ...columnsOf(join.left).map((column) => ({ column, expr: columnExpr(column) })),
        ...nothing,
      ],
    };
  },
};
