import { constantEnvironment } from "../../expression/environment";
import { compile } from "../../expression/evaluate";
import {
  columnExpr,
  constant,
  type Expr,
  type PlanColumn,
  truth,
} from "../../expression/expression";
import { columnIdsOf } from "../nodes";
import type { Rule } from "../rule";

/** The one label column of a predicate whose other parts are constants. */
function labelColumn(expr: Expr): PlanColumn | undefined {
  let operand: Expr;
  if (expr.kind === "compare") {
    if (expr.right.kind !== "constant") return undefined;
    operand = expr.left;
  } else if (expr.kind === "in") {
    if (!expr.list.every((item) => item.kind === "constant")) return undefined;
    operand = expr.operand;
  } else if (expr.kind === "like") {
    if (expr.pattern.kind !== "constant") return undefined;
    operand = expr.operand;
  } else if (expr.kind === "isNull" || expr.kind === "options") {
    operand = expr.operand;
  } else {
    return undefined;
  }
  return operand.kind === "column" && operand.column.origin?.part === "label"
    ? operand.column
    : undefined;
}

function replace(expr: Expr, ids: ReadonlySet<number>): Expr {
  if (expr.kind === "logic") {
    const operands = expr.operands.map((operand) => replace(operand, ids));
    const same = operands.every((one, index) => one === expr.operands[index]);
    return same ? expr : { ...expr, operands };
  }
  const column = labelColumn(expr);
  const base = column?.origin?.base;
  const options = column?.origin?.meta.options;
  if (!column || !base || !options || !ids.has(base.id)) return expr;
  const operand = columnExpr(base);
  if (expr.kind === "isNull" || expr.kind === "options") return { ...expr, operand };
  // The labels of several options are one text, which is no option's.
  if (column.origin?.meta.ofChoices) return expr;
  const test = compile(expr, [column], constantEnvironment());
  const values = options.filter((one) => test([one.label]) === true).map((one) => one.value);
  const list = values.map((value) =>
    constant(base.type.kind === "bit" ? value === 1 : value, base.type),
  );
  const [only] = list;
  if (!only) return truth(false);
  return list.length === 1
    ? { kind: "compare", type: "predicate", operator: "=", left: operand, right: only }
    : { kind: "in", type: "predicate", operand, list, negated: false };
}

/** `statecodename LIKE 'Act%'` becomes `statecode = 0`: labels are known here, the service filters by number. */
export const labelsToValues: Rule = {
  name: "labels-to-values",
  apply(plan) {
    if (plan.kind !== "filter") return undefined;
    const predicate = replace(plan.predicate, columnIdsOf(plan.input));
    return predicate === plan.predicate ? undefined : { ...plan, predicate };
  },
};
