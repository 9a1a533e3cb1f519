import { columnsOf, type PlanOf } from "../plan/nodes";
import type { Row } from "../types";
import { compile, type Environment } from "./evaluate";
import { sortKey } from "./values";

/** Sorts by keys computed once for each row; rows with equal keys keep their order; NULL is lowest. */
export function sortRows(
  plan: PlanOf<"sort">,
  rows: readonly Row[],
  environment: Environment,
): Row[] {
  const columns = columnsOf(plan.input);
  const keys = plan.keys.map(({ expr, descending }) => ({
    evaluate: compile(expr, columns, environment),
    type: expr.type,
    sign: descending ? -1 : 1,
  }));
  const keyed = rows.map((row) => ({
    row,
    values: keys.map(({ evaluate, type }) => {
      const value = evaluate(row);
      return value === null ? null : sortKey(value, type);
    }),
  }));
  keyed.sort((a, b) => {
    for (const [index, { sign }] of keys.entries()) {
      const order = compareKeys(a.values[index] ?? null, b.values[index] ?? null);
      if (order !== 0) return order * sign;
    }
    return 0;
  });
  return keyed.map((one) => one.row);
}

function compareKeys(a: string | number | null, b: string | number | null): number {
  if (a === null || b === null) return Number(a !== null) - Number(b !== null);
  return a < b ? -1 : a > b ? 1 : 0;
}
