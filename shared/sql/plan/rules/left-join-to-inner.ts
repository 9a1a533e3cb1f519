import { conjuncts, type Expr } from "../expression";
import { columnIdsOf } from "../nodes";
import type { Rule } from "../rule";

/** Can the predicate not be true when all these columns are NULL? */
function rejectsNull(expr: Expr, ids: ReadonlySet<number>): boolean {
  const isOne = (operand: Expr) => operand.kind === "column" && ids.has(operand.column.id);
  switch (expr.kind) {
    case "compare":
      return isOne(expr.left) || isOne(expr.right);
    case "in":
    case "like":
      return isOne(expr.operand);
    case "isNull":
      return expr.negated && isOne(expr.operand);
    case "logic":
      return expr.operator === "and"
        ? expr.operands.some((operand) => rejectsNull(operand, ids))
        : expr.operands.every((operand) => rejectsNull(operand, ids));
    default:
      return false;
  }
}

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
