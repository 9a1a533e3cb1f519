import { columnExpr, type Expr, truth } from "../../expression/expression";
import { measurable } from "../aggregate/measures";
import type { Aggregation, Plan } from "../nodes";
import type { Rule } from "../rule";
import { isSortedByValue } from "../scan";

/** Each is a request of its own. */
const mostFirsts = 4;

const isExtreme = ({ name, args, order }: Aggregation): boolean => {
  const [argument] = args;
  return (
    (name === "MIN" || name === "MAX") &&
    order.length === 0 &&
    argument?.kind === "column" &&
    isSortedByValue(argument.column)
  );
};

const isRows = (plan: Plan): boolean =>
  plan.kind === "scan" || (plan.kind === "filter" && isRows(plan.input));

/** The rows, of which one is asked for: the first with a value, in the order of the column. */
function firstOf(input: Plan, one: Aggregation): Plan {
  const [argument] = one.args;
  if (!argument) throw new Error(`${one.name} needs an argument`);
  const present: Expr = { kind: "isNull", type: "predicate", operand: argument, negated: true };
  const sorted: Plan = {
    kind: "sort",
    input: { kind: "filter", input, predicate: present },
    keys: [{ expr: argument, descending: one.name === "MAX" }],
  };
  return {
    kind: "aggregate",
    input: { kind: "limit", input: sorted, offset: 0, count: 1 },
    keys: [],
    aggregations: [one],
  };
}

/**
 * MIN and MAX of columns that the service sorts but does not compare, such as texts: the first row of each order tells them. What
 * else is asked of the rows the service aggregates beside it.
 */
export const minMaxToFirst: Rule = {
  name: "min-max-to-first",
  apply(plan) {
    if (plan.kind !== "aggregate" || plan.sets || plan.keys.length > 0) return undefined;
    const { input, aggregations } = plan;
    if (!isRows(input)) return undefined;
    const forService = aggregations.filter((one) => measurable(one) !== undefined);
    const own = aggregations.filter((one) => measurable(one) === undefined);
    if (own.length === 0 || own.length > mostFirsts || !own.every(isExtreme)) return undefined;
    const together: readonly Plan[] =
      forService.length > 0
        ? [{ kind: "aggregate", input, keys: [], aggregations: forService }]
        : [];
    const [first, ...others] = [...together, ...own.map((one) => firstOf(input, one))];
    if (!first) return undefined;
    const joined = others.reduce<Plan>(
      (left, right) => ({ kind: "join", type: "inner", left, right, on: truth(true) }),
      first,
    );
    const items = aggregations.map(({ column }) => ({ column, expr: columnExpr(column) }));
    return { kind: "project", input: joined, items };
  },
};
