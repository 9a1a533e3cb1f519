import { columnsIn, type Expr } from "../expression/expression";
import { columnIdsOf, columnsOf, expressionsOf, mapInputs, type Plan, type PlanOf } from "./nodes";

type Ids = ReadonlySet<number>;

const readIn = (expressions: readonly Expr[], and: Ids = new Set()): Ids => {
  const ids = new Set(and);
  for (const expr of expressions) for (const { id } of columnsIn(expr)) ids.add(id);
  return ids;
};

/** The plan without columns that nothing reads: what is not needed is neither asked for nor computed. Its own columns stay. */
export const prune = (plan: Plan): Plan => needing(plan, columnIdsOf(plan));

/** The plan, of which only these columns are read, with at least them in unchanged order. */
function needing(plan: Plan, ids: Ids): Plan {
  switch (plan.kind) {
    case "scan": {
      // What the service groups or makes distinct is told by its columns, and another plan in its place has the same ones.
      if (plan.fetch.aggregate || plan.fetch.distinct || plan.fallback) return plan;
      const columns = plan.columns.filter(({ column }) => ids.has(column.id));
      return columns.length === plan.columns.length ? plan : { ...plan, columns };
    }
    case "rows":
    case "last round":
    case "function":
      return plan;
    case "filter":
    case "sort":
    case "limit":
    case "join": {
      const needed = readIn(expressionsOf(plan), ids);
      return mapInputs(plan, (input) => needing(input, needed));
    }
    case "project": {
      const items = plan.items.filter(({ column }) => ids.has(column.id));
      const input = needing(plan.input, readIn(items.map(({ expr }) => expr)));
      return items.length === plan.items.length && input === plan.input
        ? plan
        : { ...plan, input, items };
    }
    case "aggregate": {
      const aggregations = plan.aggregations.filter(({ column }) => ids.has(column.id));
      const kept = { ...plan, aggregations };
      const input = needing(plan.input, readIn(expressionsOf(kept)));
      return aggregations.length === plan.aggregations.length && input === plan.input
        ? plan
        : { ...kept, input };
    }
    case "window": {
      const functions = plan.functions.filter(({ column }) => ids.has(column.id));
      if (functions.length === 0) return needing(plan.input, ids);
      const kept = { ...plan, functions };
      return { ...kept, input: needing(plan.input, readIn(expressionsOf(kept), ids)) };
    }
    case "apply":
      return needingApply(plan, ids);
    case "set":
    case "recursive":
    case "distinct":
    case "spool":
      // They go by the places of columns, or look at all of them.
      return mapInputs(plan, (input) =>
        needing(input, new Set(columnsOf(input).map(({ id }) => id))),
      );
  }
}

function needingApply(plan: PlanOf<"apply">, ids: Ids): Plan {
  const { mode } = plan;
  const joins = mode.type === "cross" || mode.type === "outer";
  if (!joins && !ids.has(mode.column.id)) return needing(plan.input, ids);
  // Who asks for one value, or whether it is there, reads the first column; who asks for rows alone reads none.
  const asked = mode.type === "exists" ? [] : columnsOf(plan.inner).slice(0, 1);
  const inner = joins ? ids : new Set(asked.map(({ id }) => id));
  return {
    ...plan,
    input: needing(plan.input, readIn(expressionsOf(plan), ids)),
    inner: needing(plan.inner, inner),
  };
}
