import {
  columnExpr,
  columnsIn,
  conjunction,
  conjuncts,
  type Expr,
  hasPart,
  type PlanColumn,
} from "../../expression/expression";
import {
  columnIdsOf,
  columnsOf,
  expressionsOf,
  inputsOf,
  type Parameter,
  type Plan,
  type PlanOf,
} from "../nodes";
import { replacementsOf, substituteParameters } from "../substitute";

/** A subquery as rows that depend on nothing around it, and the conditions by which they belong to a row around. */
export interface Decorrelated {
  readonly rows: Plan;
  readonly on: readonly Expr[];
}

interface Pulled {
  readonly rows: Plan;
  /** Conditions that name values of the row around. */
  readonly tied: readonly Expr[];
}

export const isVolatile = (expr: Expr): boolean =>
  hasPart(expr, (part) => part.kind === "call" && part.isVolatile === true);

export const isTied = (expr: Expr): boolean => hasPart(expr, (part) => part.kind === "parameter");

const isFixed = (plan: Plan): boolean =>
  !expressionsOf(plan).some(isTied) && inputsOf(plan).every(isFixed);

/** Undefined where the subquery gives other rows for each row around in any other way than by conditions. */
export function decorrelate(
  plan: Plan,
  parameters: readonly Parameter[],
): Decorrelated | undefined {
  const pulled = pull(plan);
  if (!pulled) return undefined;
  const by = replacementsOf(parameters);
  return { rows: pulled.rows, on: pulled.tied.map((part) => substituteParameters(part, by)) };
}

/** Conditions on the row around move up as far as they may. */
function pull(plan: Plan): Pulled | undefined {
  if (isFixed(plan)) return { rows: plan, tied: [] };
  switch (plan.kind) {
    case "filter": {
      const below = pull(plan.input);
      if (!below) return undefined;
      const { tied, free } = parted(plan.predicate);
      const predicate = conjunction(free);
      const rows: Plan = predicate ? { ...plan, input: below.rows, predicate } : below.rows;
      return { rows, tied: [...below.tied, ...tied] };
    }
    case "join":
      return pullFromJoin(plan);
    case "project":
      return pullFromProject(plan);
    case "sort":
      // No TOP stands above: then the order of a subquery says nothing.
      return plan.keys.some(({ expr }) => isTied(expr)) ? undefined : pull(plan.input);
    case "distinct": {
      const below = pull(plan.input);
      const ids = columnIdsOf(plan);
      const isKept = below?.tied.every((part) =>
        [...columnsIn(part)].every((column) => ids.has(column.id)),
      );
      if (!below || !isKept || columnsOf(below.rows).length > ids.size) return undefined;
      return { rows: { ...plan, input: below.rows }, tied: below.tied };
    }
    default:
      return undefined;
  }
}

function parted(predicate: Expr): {
  readonly tied: readonly Expr[];
  readonly free: readonly Expr[];
} {
  const parts = conjuncts(predicate);
  return { tied: parts.filter(isTied), free: parts.filter((part) => !isTied(part)) };
}

/** Rows of the right side of any other join than an inner one matter where there are none, too. */
function pullFromJoin(plan: PlanOf<"join">): Pulled | undefined {
  if (plan.type === "full") return undefined;
  const left = pull(plan.left);
  if (!left) return undefined;
  if (plan.type !== "inner")
    return isFixed(plan.right) && !isTied(plan.on)
      ? { rows: { ...plan, left: left.rows }, tied: left.tied }
      : undefined;
  const right = pull(plan.right);
  if (!right) return undefined;
  const { tied, free } = parted(plan.on);
  const on = conjunction(free) ?? { kind: "truth", type: "predicate", value: true };
  return {
    rows: { ...plan, left: left.rows, right: right.rows, on },
    tied: [...left.tied, ...right.tied, ...tied],
  };
}

/** What the conditions look at is handed on as well. */
function pullFromProject(plan: PlanOf<"project">): Pulled | undefined {
  if (plan.items.some(({ expr }) => isTied(expr) || isVolatile(expr))) return undefined;
  const below = pull(plan.input);
  if (!below) return undefined;
  const known = new Set(plan.items.map(({ column }) => column.id));
  const added = new Map<number, PlanColumn>();
  for (const part of below.tied)
    for (const column of columnsIn(part)) if (!known.has(column.id)) added.set(column.id, column);
  const items = [
    ...plan.items,
    ...[...added.values()].map((column) => ({ column, expr: columnExpr(column) })),
  ];
  return { rows: { ...plan, input: below.rows, items }, tied: below.tied };
}
