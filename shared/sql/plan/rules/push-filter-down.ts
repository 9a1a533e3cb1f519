import {
  columnExpr,
  columnsIn,
  conjunction,
  conjuncts,
  type Expr,
} from "../../expression/expression";
import { columnIdsOf, columnsOf, type Plan, type PlanOf } from "../nodes";
import type { Rule } from "../rule";
import { isPlain, type Replacements, replacementsOf, substitute } from "../substitute";

const filtered = (input: Plan, parts: readonly Expr[]): Plan => {
  const predicate = conjunction(parts);
  return predicate ? { kind: "filter", input, predicate } : input;
};

/** Reads nothing but these columns, and at least one: a condition on no column says something of the whole result. */
const readsOnly = (expr: Expr, ids: ReadonlySet<number>): boolean => {
  const columns = [...columnsIn(expr)];
  return columns.length > 0 && columns.every(({ id }) => ids.has(id));
};

/** Columns by which rows can be left out below the operator with the same result; and what they are called there. */
function passable(plan: Plan): { ids: ReadonlySet<number>; by: Replacements } | undefined {
  const same: Replacements = new Map();
  switch (plan.kind) {
    case "project": {
      const plain = plan.items.filter(({ expr }) => isPlain(expr));
      return { ids: new Set(plain.map(({ column }) => column.id)), by: replacementsOf(plain) };
    }
    case "sort":
    case "distinct":
      return { ids: columnIdsOf(plan), by: same };
    case "apply":
      return { ids: columnIdsOf(plan.input), by: same };
    case "aggregate":
      if (plan.sets) return undefined;
      return {
        ids: new Set(plan.keys.map(({ column }) => column.id)),
        by: replacementsOf(plan.keys),
      };
    case "window": {
      const columns = plan.partition.flatMap((expr) =>
        expr.kind === "column" ? [expr.column.id] : [],
      );
      return { ids: new Set(columns), by: same };
    }
    case "scan":
    case "rows":
    case "filter":
    case "join":
    case "set":
    case "limit":
    case "spool":
    case "recursive":
    case "last round":
    case "function":
      return undefined;
  }
}

/** UNION ALL is filtered in each of its inputs; of INTERSECT and EXCEPT the first input decides. */
function belowSet(predicate: Expr, plan: PlanOf<"set">): Plan {
  const inputs = plan.inputs.map((input, index) => {
    if (plan.operator !== "union all" && index > 0) return input;
    const columns = columnsOf(input);
    const by: Replacements = new Map(
      plan.columns.flatMap(({ id }, at) => {
        const column = columns[at];
        return column ? [[id, columnExpr(column)] as const] : [];
      }),
    );
    return filtered(input, [substitute(predicate, by)]);
  });
  return { ...plan, inputs };
}

/** A condition sinks below an operator that hands the rows on one by one, or whole groups of them. */
export const pushFilterDown: Rule = {
  name: "push-filter-down",
  apply(plan) {
    if (plan.kind !== "filter") return undefined;
    const below = plan.input;
    if (below.kind === "filter")
      return filtered(below.input, [...conjuncts(below.predicate), ...conjuncts(plan.predicate)]);
    if (below.kind === "set") {
      const parts = conjuncts(plan.predicate);
      const down = parts.filter((part) => readsOnly(part, columnIdsOf(below)));
      const sinking = conjunction(down);
      if (!sinking) return undefined;
      return filtered(
        belowSet(sinking, below),
        parts.filter((part) => !down.includes(part)),
      );
    }
    const pass = passable(below);
    if (!pass || !("input" in below)) return undefined;
    const parts = conjuncts(plan.predicate);
    const down = parts.filter((part) => readsOnly(part, pass.ids));
    if (down.length === 0) return undefined;
    const input = filtered(
      below.input,
      down.map((part) => substitute(part, pass.by)),
    );
    return filtered(
      { ...below, input } as Plan,
      parts.filter((part) => !down.includes(part)),
    );
  },
};
