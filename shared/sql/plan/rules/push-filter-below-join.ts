import { columnsIn, conjunction, conjuncts, constant, type Expr } from "../expression";
import { columnIdsOf, type Plan } from "../nodes";
import type { Rule } from "../rule";

type Sides = { readonly left: Expr[]; readonly right: Expr[]; readonly both: Expr[] };

function split(predicates: readonly Expr[], left: Plan, right: Plan): Sides {
  const leftIds = columnIdsOf(left);
  const rightIds = columnIdsOf(right);
  const sides: Sides = { left: [], right: [], both: [] };
  for (const predicate of predicates) {
    const columns = [...columnsIn(predicate)];
    if (columns.length === 0) sides.both.push(predicate);
    else if (columns.every((column) => leftIds.has(column.id))) sides.left.push(predicate);
    else if (columns.every((column) => rightIds.has(column.id))) sides.right.push(predicate);
    else sides.both.push(predicate);
  }
  return sides;
}

const filtered = (input: Plan, parts: readonly Expr[]): Plan => {
  const predicate = conjunction(parts);
  return predicate ? { kind: "filter", input, predicate } : input;
};

/** A condition on one side of a join is applied to that side before joining, where that gives the same rows. */
export const pushFilterBelowJoin: Rule = {
  name: "push-filter-below-join",
  apply(plan) {
    if (plan.kind !== "filter" || plan.input.kind !== "join") return undefined;
    const join = plan.input;
    const sides = split(conjuncts(plan.predicate), join.left, join.right);
    // Below the right side of a left join a WHERE would keep rows that it should drop.
    const right = join.type === "inner" ? sides.right : [];
    if (sides.left.length + right.length === 0) return undefined;
    const stays = join.type === "inner" ? sides.both : [...sides.both, ...sides.right];
    const below: Plan = {
      ...join,
      left: filtered(join.left, sides.left),
      right: filtered(join.right, right),
    };
    return filtered(below, stays);
  },
};

/** A condition in ON that names one table only moves to that table, where that gives the same rows. */
export const splitJoinCondition: Rule = {
  name: "split-join-condition",
  apply(plan) {
    if (plan.kind !== "join") return undefined;
    const sides = split(conjuncts(plan.on), plan.left, plan.right);
    // A left row that fails ON stays in a left join, so its condition cannot move.
    const left = plan.type === "inner" ? sides.left : [];
    if (left.length + sides.right.length === 0) return undefined;
    const stays = plan.type === "inner" ? sides.both : [...sides.both, ...sides.left];
    return {
      ...plan,
      left: filtered(plan.left, left),
      right: filtered(plan.right, sides.right),
      on: conjunction(stays) ?? constant(true, "predicate"),
    };
  },
};
