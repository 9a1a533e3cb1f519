import {
  columnExpr,
  conjunction,
  conjuncts,
  constant,
  truth,
} from "../../../expression/expression";
import { columnsOf, type Plan } from "../../nodes";
import type { Rule } from "../../rule";
import { existence, isFlag, membership, namesColumn } from "../../subqueries/membership";

/**
 * `WHERE EXISTS (…)` and `WHERE x IN (SELECT …)` keep the rows that have a match: a semi-join; NOT EXISTS those that have none.
 * NOT IN is none of these: a NULL in the subquery makes it unknown for every row.
 */
export const existsToSemiJoin: Rule = {
  name: "exists-to-semi-join",
  apply(plan) {
    if (plan.kind !== "filter" || plan.input.kind !== "apply") return undefined;
    const apply = plan.input;
    const { mode } = apply;
    const isAny = mode.type === "quantified" && mode.quantifier === "any";
    if ((mode.type !== "exists" && !isAny) || apply.when) return undefined;
    const { id } = mode.column;
    const parts = conjuncts(plan.predicate);
    const positive = parts.find((part) => isFlag(part, id));
    const negative = parts.find((part) => part.kind === "not" && isFlag(part.operand, id));
    const decisive = positive ?? (mode.type === "exists" ? negative : undefined);
    if (!decisive) return undefined;
    const others = parts.filter((part) => part !== decisive);
    if (others.some((part) => namesColumn(part, id))) return undefined;
    const found = mode.type === "exists" ? existence(apply) : membership(apply);
    // Without a tie one answer holds for all rows: the subquery runs once.
    if (!found || found.on.length === 0) return undefined;
    const input: Plan = {
      kind: "join",
      type: decisive === positive ? "semi" : "anti",
      left: apply.input,
      right: found.rows,
      on: conjunction(found.on) ?? truth(true),
    };
    const predicate = conjunction(others);
    // Of every row that is kept it is known now what the subquery said.
    const said = { column: mode.column, expr: constant(decisive === positive, mode.column.type) };
    const passed = columnsOf(apply.input).map((column) => ({ column, expr: columnExpr(column) }));
    return {
      kind: "project",
      input: predicate ? { kind: "filter", input, predicate } : input,
      items: [...passed, said],
    };
  },
};
