import {
  type Change,
  columnExpr,
  columnsIn,
  conjunction,
  conjuncts,
  constant,
  type Expr,
  mapChildren,
  type PlanColumn,
  truth,
} from "../../expression/expression";
import type { Span } from "../../parser/ast";
import { columnIdsOf, columnsOf, type JoinType, type Plan, type PlanOf } from "../../plan/nodes";
import { bit } from "../../types/sql-type";
import { applied, type PendingApply } from "../expressions/bind-expression";
import { Correlation, type Scope } from "../names/scope";

/** Both sides of a join, the condition over their columns, and the subqueries in it. */
interface Joining {
  readonly left: Plan;
  readonly right: Plan;
  readonly on: Expr;
  readonly applies: readonly PendingApply[];
}

interface WrittenJoin extends Span {
  readonly type: "inner" | "left" | "right" | "full";
}

/** A join whose condition may hold subqueries: each runs on the side whose values it takes. `scope` is that of the condition. */
export function joined(node: WrittenJoin, { left, right, ...rest }: Joining, scope: Scope): Plan {
  const { type } = node;
  if (type === "right")
    return joined({ ...node, type: "left" }, { left: right, right: left, ...rest }, scope);
  const { on, applies } = rest;
  const sides = placed(left, right, applies);
  if (sides.both.length === 0)
    return { kind: "join", type, left: sides.left, right: sides.right, on };
  if (type === "inner") return filtered(sides, on);
  if (type === "left") return matched(sides, on, scope);
  return both(sides, on, scope);
}

interface Sides {
  readonly left: Plan;
  readonly right: Plan;
  /** Subqueries that need rows of both sides. */
  readonly both: readonly PendingApply[];
}

function placed(left: Plan, right: Plan, applies: readonly PendingApply[]): Sides {
  const both: PendingApply[] = [];
  const ids = { left: new Set(columnIdsOf(left)), right: new Set(columnIdsOf(right)) };
  const plans = { left, right };
  for (const one of applies) {
    const needed = neededBy(one);
    const side = (["left", "right"] as const).find((each) =>
      needed.every((id) => ids[each].has(id)),
    );
    if (side === undefined) {
      both.push(one);
      continue;
    }
    plans[side] = applied(plans[side], [one]);
    if ("column" in one.mode) ids[side].add(one.mode.column.id);
  }
  return { ...plans, both };
}

/** Columns of the rows around that a subquery, or what is asked of it, depends on. */
function neededBy({ correlation, mode, when, inner }: PendingApply): readonly number[] {
  const own = columnIdsOf(inner);
  return [
    ...correlation.parameters.map(({ expr }) => expr),
    ...(mode.type === "quantified" ? [mode.test] : []),
    ...(when ? [when] : []),
  ].flatMap((expr) => [...columnsIn(expr)].map(({ id }) => id).filter((id) => !own.has(id)));
}

/** The pairs for which the rest of the condition holds, and then those for which the subqueries say so. */
function filtered({ left, right, both }: Sides, on: Expr): Plan {
  const results = new Set(both.flatMap(({ mode }) => ("column" in mode ? [mode.column.id] : [])));
  const parts = conjuncts(on);
  const asking = parts.filter((part) => [...columnsIn(part)].some(({ id }) => results.has(id)));
  const plain = conjunction(parts.filter((part) => !asking.includes(part)));
  const type: JoinType = "inner";
  const pairs: Plan = { kind: "join", type, left, right, on: plain ?? truth(true) };
  const predicate = conjunction(asking) ?? truth(true);
  return { kind: "filter", input: applied(pairs, both), predicate };
}

/** Each row of the left side with the rows of the right side for which the condition holds, or none. */
function matched({ left, right, both }: Sides, on: Expr, scope: Scope): PlanOf<"apply"> {
  const outside = columnIdsOf(left);
  const correlation = new Correlation(scope, scope.facts);
  const change: Change = (part) => {
    if (part.kind === "column" && outside.has(part.column.id))
      return correlation.take(part) as Expr as typeof part;
    return mapChildren(part, change);
  };
  const inner: Plan = {
    kind: "filter",
    input: applied(right, both, change),
    predicate: change(on),
  };
  const { parameters } = correlation;
  return { kind: "apply", input: left, inner, parameters, mode: { type: "outer" } };
}

/** What `matched` gives, and then the rows of the right side that have no row of the left side. Both sides are read for each of the two. */
function both(sides: Sides, on: Expr, scope: Scope): Plan {
  const { facts } = scope;
  const [before, after] = [columnsOf(sides.left), columnsOf(sides.right)];
  const fresh = ({ name, type }: PlanColumn) => facts.column(name, type);
  const pairs: Plan = {
    kind: "project",
    input: matched(sides, on, scope),
    items: [...before, ...after].map((one) => ({ column: fresh(one), expr: columnExpr(one) })),
  };
  const found = facts.column("found", bit);
  const swapped = { left: sides.right, right: sides.left, both: sides.both };
  const isAlone: Expr = {
    kind: "not",
    type: "predicate",
    operand: { kind: "isTrue", type: "predicate", operand: columnExpr(found) },
  };
  const alone: Plan = {
    kind: "project",
    input: {
      kind: "filter",
      input: { ...matched(swapped, on, scope), mode: { type: "exists", column: found } },
      predicate: isAlone,
    },
    items: [
      ...before.map((one) => ({ column: fresh(one), expr: constant(null, one.type) })),
      ...after.map((one) => ({ column: fresh(one), expr: columnExpr(one) })),
    ],
  };
  return {
    kind: "set",
    operator: "union all",
    inputs: [pairs, alone],
    columns: [...before, ...after].map(({ id, name, type }) => ({ id, name, type })),
  };
}
