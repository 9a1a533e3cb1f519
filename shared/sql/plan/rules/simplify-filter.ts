import { SqlError } from "../../errors";
import { constantEnvironment } from "../../expression/environment";
import { compile } from "../../expression/evaluate";
import { childrenOf, type Expr, type ExprOf, truth } from "../../expression/expression";
import type { Rule } from "../rule";

const isConstant = (expr: Expr, value: boolean): boolean =>
  expr.kind === "truth" && expr.value === value;
const opposite = { "=": "<>", "<>": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">" } as const;

/** The negation of a predicate, with NOT gone: De Morgan inside, negated tests at the leaves. */
function negate(expr: Expr): Expr {
  switch (expr.kind) {
    case "not":
      return simplify(expr.operand);
    case "logic":
      return simplify({
        ...expr,
        operator: expr.operator === "and" ? "or" : "and",
        operands: expr.operands.map(negate),
      });
    case "compare":
      return simplify({ ...expr, operator: opposite[expr.operator] });
    case "isNull":
    case "in":
    case "like":
    case "options":
      return simplify({ ...expr, negated: !expr.negated });
    case "distinct":
      return { ...expr, negated: !expr.negated };
    case "truth":
      return truth(expr.value === null ? null : !expr.value);
    default:
      return { kind: "not", type: "predicate", operand: expr };
  }
}

/** In a filter unknown counts as false, and without NOT nothing turns it into true. */
function settle(expr: Expr): Expr {
  try {
    return truth(compile(expr, [], constantEnvironment())([]) === true);
  } catch (error) {
    // What cannot be computed is an error of the row that comes to it, if any does.
    if (error instanceof SqlError) return expr;
    throw error;
  }
}

function simplifyLogic(expr: ExprOf<"logic">): Expr {
  const decides = expr.operator === "or";
  const operands = expr.operands
    .map(simplify)
    .flatMap((one) =>
      one.kind === "logic" && one.operator === expr.operator ? one.operands : [one],
    )
    .filter((one) => !isConstant(one, !decides));
  if (operands.some((one) => isConstant(one, decides))) return truth(decides);
  const [first] = operands;
  if (!first) return truth(!decides);
  if (operands.length === 1) return first;
  const same =
    operands.length === expr.operands.length &&
    operands.every((one, i) => one === expr.operands[i]);
  return same ? expr : { ...expr, operands };
}

const isNullConstant = (expr: Expr): boolean => expr.kind === "constant" && expr.value === null;

/** `IS [NOT] DISTINCT FROM` a constant, as conditions that the service has. */
function simplifyDistinct(expr: ExprOf<"distinct">): Expr {
  const { negated } = expr;
  const [operand, value] =
    expr.left.kind === "constant" ? [expr.right, expr.left] : [expr.left, expr.right];
  if (operand.kind !== "column" || value.kind !== "constant") return expr;
  if (value.value === null)
    return { kind: "isNull", type: "predicate", operand, negated: !negated };
  const compared = { kind: "compare", type: "predicate", left: operand, right: value } as const;
  if (negated) return { ...compared, operator: "=" };
  const missing = { kind: "isNull", type: "predicate", operand, negated: false } as const;
  const operands = [{ ...compared, operator: "<>" } as const, missing];
  return { kind: "logic", type: "predicate", operator: "or", operands };
}

/** What has no negated form: NOT stays in front of it. */
const isLeaf = (expr: Expr): boolean => expr.kind === "isTrue" || expr.kind === "service";

function simplify(expr: Expr): Expr {
  if (expr.kind === "not") return isLeaf(expr.operand) ? expr : negate(expr.operand);
  if (expr.kind === "logic") return simplifyLogic(expr);
  if (expr.kind === "truth") return expr.value === null ? truth(false) : expr;
  if (expr.type !== "predicate") return expr;
  if (childrenOf(expr).every((child) => child.kind === "constant")) return settle(expr);
  if (expr.kind === "compare" && (isNullConstant(expr.left) || isNullConstant(expr.right))) {
    return truth(false);
  }
  if (expr.kind === "distinct") return simplifyDistinct(expr);
  if (expr.kind === "like" && isNullConstant(expr.pattern)) return truth(false);
  if (expr.kind === "in" && expr.list.some(isNullConstant)) {
    const list = expr.list.filter((item) => !isNullConstant(item));
    return expr.negated || list.length === 0 ? truth(false) : { ...expr, list };
  }
  return expr;
}

/** Takes NOT, constants and NULL comparisons out of a filter: `NOT (a = 1 OR b IS NULL)` is `a <> 1 AND b IS NOT NULL`. */
export const simplifyFilter: Rule = {
  name: "simplify-filter",
  apply(plan) {
    if (plan.kind !== "filter") return undefined;
    const predicate = simplify(plan.predicate);
    if (isConstant(predicate, true)) return plan.input;
    return predicate === plan.predicate ? undefined : { ...plan, predicate };
  },
};
