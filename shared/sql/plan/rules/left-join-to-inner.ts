import { conjuncts, type Expr } from "../../expression/expression";
import { columnIdsOf } from "../nodes";
import type { Rule } from "../rule";

/** Can the predicate not be true when all these columns are NULL? */
function rejectsNull(expr: Expr, ids: ReadonlySet<number>): boolean {
  // A conversion, a sum or a negation of NULL is NULL.
  const isOne = (operand: Expr): boolean => {
    switch (operand.kind) {
      case "column":
        return ids.has(operand.column.id);
      case "cast":
      case "unary":
        return isOne(operand.operand);
      case "binary":
        return isOne(operand.left) || isOne(operand.right);
      default:
        return false;
    }
  };
  switch (expr.kind) {
    case "compare":
      return isOne(expr.left) || isOne(expr.right);
    case "in":
    case "like":
    case "options":
    case "isTrue":
    case "service":
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
