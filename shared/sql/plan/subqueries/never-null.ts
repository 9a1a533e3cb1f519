import { conjuncts, type Expr } from "../../expression/expression";
import { columnIdsOf, columnsOf, type Plan } from "../nodes";

/** Can the predicate not be true when all these columns are NULL? */
export function rejectsNull(expr: Expr, ids: ReadonlySet<number>): boolean {
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

/** Has every row of the plan a value in this column? */
export function isNeverNull(plan: Plan, id: number): boolean {
  const rejects = (predicate: Expr) =>
    conjuncts(predicate).some((part) => rejectsNull(part, new Set([id])));
  switch (plan.kind) {
    case "scan":
      return columnsOf(plan).some(
        (column) =>
          column.id === id &&
          column.origin?.part === "value" &&
          column.origin.meta.isPrimaryId &&
          column.origin.ref === plan.fetch.ref &&
          !plan.fetch.aggregate,
      );
    case "filter":
      return rejects(plan.predicate) || isNeverNull(plan.input, id);
    case "sort":
    case "limit":
    case "distinct":
      return isNeverNull(plan.input, id);
    case "project": {
      const item = plan.items.find(({ column }) => column.id === id);
      if (item?.expr.kind === "constant") return item.expr.value !== null;
      return item?.expr.kind === "column" && isNeverNull(plan.input, item.expr.column.id);
    }
    case "apply":
      return columnIdsOf(plan.input).has(id) && isNeverNull(plan.input, id);
    case "join": {
      const { left, right, type, on } = plan;
      if (type === "full") return false;
      if (columnIdsOf(left).has(id))
        return ((type === "inner" || type === "semi") && rejects(on)) || isNeverNull(left, id);
      return type === "inner" && (rejects(on) || isNeverNull(right, id));
    }
    default:
      return false;
  }
}
