import {
  columnExpr,
  conjunction,
  conjuncts,
  constant,
  type Expr,
  mapChildren,
  type PlanColumn,
  type Scalar,
  truth,
} from "../../../expression/expression";
import { columnsOf, type Plan } from "../../nodes";
import type { Rule } from "../../rule";
import { isUnique, keyEquality } from "../../subqueries/keys";
import { existence, isFlag, membership, namesColumn } from "../../subqueries/membership";

const isThere = (key: PlanColumn): Expr => ({
  kind: "isNull",
  type: "predicate",
  operand: columnExpr(key),
  negated: true,
});

/** The predicate with `test` in place of the flag; undefined where the flag stands in anything but a condition of its own. */
function replaced(expr: Expr, id: number, test: Expr, mayNegate: boolean): Expr | undefined {
  if (isFlag(expr, id)) return test;
  if (!namesColumn(expr, id)) return expr;
  if (expr.kind !== "logic" && !(expr.kind === "not" && mayNegate)) return undefined;
  let isWhole = true;
  const made = mapChildren(expr, (part) => {
    const one = replaced(part, id, test, mayNegate);
    if (one === undefined) isWhole = false;
    return (one ?? part) as typeof part;
  });
  return isWhole ? made : undefined;
}

/**
 * `WHERE name = 'x' OR EXISTS (SELECT … WHERE other.id = lookup)`: the subquery finds one row at most, so that a left join tells
 * whether it is there. What IN does not know counts as false, so it may not stand below NOT.
 */
export const existsToLeftJoin: Rule = {
  name: "exists-to-left-join",
  apply(plan) {
    if (plan.kind !== "filter" || plan.input.kind !== "apply") return undefined;
    const apply = plan.input;
    const { mode } = apply;
    const isAny = mode.type === "quantified" && mode.quantifier === "any";
    if ((mode.type !== "exists" && !isAny) || apply.when) return undefined;
    const { column: flag } = mode;
    if (!namesColumn(plan.predicate, flag.id)) return undefined;
    const found = mode.type === "exists" ? existence(apply) : membership(apply);
    const key = found?.on
      .map((part) => keyEquality(part, found.rows)?.key)
      .find((one) => one !== undefined && isUnique(found.rows, one.id));
    if (!found || !key) return undefined;
    const parts = conjuncts(plan.predicate).map((part) =>
      replaced(part, flag.id, isThere(key), mode.type === "exists"),
    );
    const predicate = conjunction(parts.filter((part) => part !== undefined));
    if (!predicate || parts.includes(undefined)) return undefined;
    const input: Plan = {
      kind: "join",
      type: "left",
      left: apply.input,
      right: found.rows,
      on: conjunction(found.on) ?? truth(true),
    };
    const { type } = flag;
    const said: Scalar = {
      kind: "case",
      type,
      whens: [{ when: isThere(key), result: constant(true, type) }],
      otherwise: constant(false, type),
    };
    const passed = columnsOf(apply.input).map((column) => ({ column, expr: columnExpr(column) }));
    return {
      kind: "project",
      input: { kind: "filter", input, predicate },
      items: [...passed, { column: flag, expr: said }],
    };
  },
};
