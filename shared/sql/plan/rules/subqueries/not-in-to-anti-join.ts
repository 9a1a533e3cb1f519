import { columnExpr, conjunction, conjuncts, constant } from "../../../expression/expression";
import { columnsOf, type Plan } from "../../nodes";
import type { Rule } from "../../rule";
import { keyEquality } from "../../subqueries/keys";
import { isFlag, membership, namesColumn } from "../../subqueries/membership";
import { isNeverNull } from "../../subqueries/never-null";

/**
 * `WHERE id NOT IN (SELECT other …)` keeps the rows without a match, where neither side can be NULL: one NULL in the subquery makes
 * it unknown for every row, and a NULL before it for that row, unless the subquery has no rows at all.
 */
export const notInToAntiJoin: Rule = {
  name: "not-in-to-anti-join",
  apply(plan) {
    if (plan.kind !== "filter" || plan.input.kind !== "apply") return undefined;
    const apply = plan.input;
    const { mode } = apply;
    if (mode.type !== "quantified" || mode.quantifier !== "all" || apply.when) return undefined;
    if (mode.test.kind !== "compare" || mode.test.operator !== "<>") return undefined;
    const { id, type } = mode.column;
    const parts = conjuncts(plan.predicate);
    const decisive = parts.find((part) => isFlag(part, id));
    const others = parts.filter((part) => part !== decisive);
    if (!decisive || others.some((part) => namesColumn(part, id))) return undefined;
    const found = membership(apply);
    const [different, ...tied] = found?.on ?? [];
    if (!found || different?.kind !== "compare") return undefined;
    const equal = { ...different, operator: "=" } as const;
    const equality = keyEquality(equal, found.rows);
    if (equality?.outside.kind !== "column") return undefined;
    const around = equality.outside.column;
    if (!isNeverNull(found.rows, equality.key.id) || !isNeverNull(apply.input, around.id))
      return undefined;
    const input: Plan = {
      kind: "join",
      type: "anti",
      left: apply.input,
      right: found.rows,
      on: conjunction([equal, ...tied]) ?? equal,
    };
    const predicate = conjunction(others);
    const passed = columnsOf(apply.input).map((column) => ({ column, expr: columnExpr(column) }));
    return {
      kind: "project",
      input: predicate ? { kind: "filter", input, predicate } : input,
      items: [...passed, { column: mode.column, expr: constant(true, type) }],
    };
  },
};
