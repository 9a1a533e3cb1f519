import { errorAt } from "../../errors";
import {
  type Change,
  columnsIn,
  conjunction,
  conjuncts,
  type Expr,
  mapChildren,
  truth,
} from "../../expression/expression";
import type { Span } from "../../parser/ast";
import { columnIdsOf, type JoinType, type Plan } from "../../plan/nodes";
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
  throw errorAt(
    scope.facts.source,
    node.start,
    "unsupported",
    "A subquery inside ON of a FULL JOIN that takes values of both tables is not available",
    { hint: "Write it as a LEFT JOIN UNION ALL the rows of the other table that have no match." },
  );
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
function matched({ left, right, both }: Sides, on: Expr, scope: Scope): Plan {
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
