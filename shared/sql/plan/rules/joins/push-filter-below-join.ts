import {
  columnsIn,
  conjunction,
  conjuncts,
  type Expr,
  truth,
} from "../../../expression/expression";
import { columnIdsOf, type JoinType, type Plan } from "../../nodes";
import type { Rule } from "../../rule";

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

/** Anything but TRUE, which is what a cross join is on. */
export const says = (expr: Expr): boolean => !(expr.kind === "truth" && expr.value === true);

/** An equality of a value of the one side with one of the other, by which a join finds its rows. */
function isTie(expr: Expr, left: Plan, right: Plan): boolean {
  if (expr.kind !== "compare" || expr.operator !== "=") return false;
  const within = (side: Expr, plan: Plan) => {
    const columns = [...columnsIn(side)];
    return columns.length > 0 && columns.every(({ id }) => columnIdsOf(plan).has(id));
  };
  return (
    (within(expr.left, left) && within(expr.right, right)) ||
    (within(expr.left, right) && within(expr.right, left))
  );
}

const filtered = (input: Plan, parts: readonly Expr[]): Plan => {
  const predicate = conjunction(parts);
  return predicate ? { kind: "filter", input, predicate } : input;
};

/** On which sides of a join a condition above it may as well be applied before. */
const passing: Readonly<Record<JoinType, { readonly left: boolean; readonly right: boolean }>> = {
  inner: { left: true, right: true },
  left: { left: true, right: false },
  full: { left: false, right: false },
  semi: { left: true, right: false },
  anti: { left: true, right: false },
};

/** A condition on one side of a join is applied to that side before joining, where that gives the same rows. */
export const pushFilterBelowJoin: Rule = {
  name: "push-filter-below-join",
  apply(plan) {
    if (plan.kind !== "filter" || plan.input.kind !== "join") return undefined;
    const join = plan.input;
    // Below a side that is filled up with NULLs a WHERE would keep rows that it should drop.
    const passes = passing[join.type];
    const sides = split(conjuncts(plan.predicate), join.left, join.right);
    const left = passes.left ? sides.left : [];
    const right = passes.right ? sides.right : [];
    // `FROM a, b WHERE a.x = b.y` is a join on that.
    const ties =
      join.type === "inner" ? sides.both.filter((one) => isTie(one, join.left, join.right)) : [];
    if (left.length + right.length + ties.length === 0) return undefined;
    const below: Plan = {
      ...join,
      left: filtered(join.left, left),
      right: filtered(join.right, right),
      on: conjunction([...conjuncts(join.on).filter(says), ...ties]) ?? truth(true),
    };
    return filtered(below, [
      ...sides.both.filter((one) => !ties.includes(one)),
      ...sides.left.filter((one) => !left.includes(one)),
      ...sides.right.filter((one) => !right.includes(one)),
    ]);
  },
};

/** A condition in ON that names one table only moves to that table, where that gives the same rows. */
export const splitJoinCondition: Rule = {
  name: "split-join-condition",
  apply(plan) {
    if (plan.kind !== "join") return undefined;
    const sides = split(conjuncts(plan.on), plan.left, plan.right);
    // A row that fails ON stays, where its side is kept whole, so its condition cannot move.
    const left = plan.type === "inner" || plan.type === "semi" ? sides.left : [];
    const right = plan.type === "full" ? [] : sides.right;
    if (left.length + right.length === 0) return undefined;
    const stays = [
      ...sides.both,
      ...sides.left.filter((one) => !left.includes(one)),
      ...sides.right.filter((one) => !right.includes(one)),
    ];
    return {
      ...plan,
      left: filtered(plan.left, left),
      right: filtered(plan.right, right),
      on: conjunction(stays) ?? truth(true),
    };
  },
};
