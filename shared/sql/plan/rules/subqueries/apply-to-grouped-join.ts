import {
  columnExpr,
  conjunction,
  type Expr,
  hasPart,
  type PlanColumn,
  type Scalar,
  truth,
} from "../../../expression/expression";
import { orZero } from "../../aggregate/merge";
import { type Aggregation, columnsOf, type Plan, type PlanOf, type ProjectItem } from "../../nodes";
import type { Rule } from "../../rule";
import { decorrelate, isTied, isVolatile } from "../../subqueries/decorrelate";
import { keyEquality } from "../../subqueries/keys";
import {
  type Replacements,
  replacementsOf,
  substitute,
  substituteParameters,
} from "../../substitute";

type Aggregate = PlanOf<"aggregate">;

const counts: ReadonlySet<string> = new Set(["COUNT", "COUNT_BIG", "APPROX_COUNT_DISTINCT"]);
/** Of no rows they are NULL. */
const nullOfNone: ReadonlySet<string> = new Set([
  "SUM",
  "AVG",
  "MIN",
  "MAX",
  "STDEV",
  "STDEVP",
  "VAR",
  "VARP",
]);

/** Whatever the row, none of these fails: groups that no row around asks for are worked out as well. */
const harmless: ReadonlySet<Expr["kind"]> = new Set<Expr["kind"]>([
  "column",
  "constant",
  "case",
  "truth",
  "isTrue",
  "compare",
  "distinct",
  "logic",
  "not",
  "isNull",
  "in",
  "like",
]);

const isHarmless = ({ name, args, order }: Aggregation): boolean =>
  (counts.has(name) || nullOfNone.has(name)) &&
  order.length === 0 &&
  !args.some((arg) => hasPart(arg, ({ kind }) => !harmless.has(kind)));

interface Subquery {
  readonly aggregate: Aggregate;
  readonly value: Scalar;
}

/** `SELECT expression over aggregates FROM … WHERE …`, without GROUP BY. */
function subqueryOf(plan: Plan): Subquery | undefined {
  const aggregate = plan.kind === "project" ? plan.input : plan;
  if (aggregate.kind !== "aggregate" || aggregate.sets || aggregate.keys.length > 0)
    return undefined;
  const [item] = plan.kind === "project" ? plan.items : [];
  const [first] = aggregate.aggregations;
  if (!first || !aggregate.aggregations.every(isHarmless)) return undefined;
  const value = item?.expr ?? columnExpr(first.column);
  return isVolatile(value) ? undefined : { aggregate, value };
}

/** What an aggregate is where there is no group for the row. */
const ofNone = ({ aggregations }: Aggregate): Replacements =>
  new Map(
    aggregations.flatMap(({ name, column }) =>
      counts.has(name) ? [[column.id, orZero(columnExpr(column))] as const] : [],
    ),
  );

/**
 * `(SELECT COUNT(*) FROM incident i WHERE i.customerid = a.accountid)` is one of the groups by `customerid`: they are asked for once,
 * in place of one subquery for each row.
 */
export const applyToGroupedJoin: Rule = {
  name: "apply-to-grouped-join",
  apply(plan) {
    if (plan.kind !== "apply" || plan.mode.type !== "scalar" || plan.when) return undefined;
    const subquery = subqueryOf(plan.inner);
    if (!subquery) return undefined;
    const { aggregate } = subquery;
    const found = decorrelate(aggregate.input, plan.parameters);
    if (!found || found.on.length === 0) return undefined;
    const keys = new Map<number, PlanColumn>();
    for (const part of found.on) {
      const key = keyEquality(part, found.rows)?.key;
      if (!key) return undefined;
      keys.set(key.id, key);
    }
    if (aggregate.aggregations.some(({ args }) => args.some(isTied))) return undefined;
    const groups: ProjectItem[] = [...keys.values()].map((column) => ({
      column,
      expr: columnExpr(column),
    }));
    const input: Plan = {
      kind: "join",
      type: "left",
      left: plan.input,
      right: { ...aggregate, input: found.rows, keys: groups },
      on: conjunction(found.on) ?? truth(true),
    };
    const value = substituteParameters(
      substitute(subquery.value, ofNone(aggregate)),
      replacementsOf(plan.parameters),
    );
    const passed = columnsOf(plan.input).map((column) => ({ column, expr: columnExpr(column) }));
    return {
      kind: "project",
      input,
      items: [...passed, { column: plan.mode.column, expr: value }],
    };
  },
};
