import { columnExpr, hasPart, type Scalar } from "../../expression/expression";
import { columnsOf, type Plan, type PlanOf, type ProjectItem } from "../nodes";
import type { Rule } from "../rule";
import {
  isPlain,
  isPlainProject,
  isRenaming,
  type Replacements,
  replacementsOf,
  substitute,
} from "../substitute";

type Project = PlanOf<"project">;

/** Columns handed on as they are. */
const passing = (plan: Plan): readonly ProjectItem[] =>
  columnsOf(plan).map((column) => ({ column, expr: columnExpr(column) }));

const plainProject = (plan: Plan): Project | undefined =>
  plan.kind === "project" && isPlainProject(plan) ? plan : undefined;

const isVolatile = (expr: Scalar): boolean =>
  hasPart(expr, (part) => part.kind === "call" && part.isVolatile === true);

/** project(project(x)): one, where nothing that takes work would be computed more than once. */
function merged(plan: Project, below: Project): Plan | undefined {
  const uses = new Map<number, number>();
  for (const { expr } of plan.items)
    hasPart(expr, (part) => {
      if (part.kind === "column") uses.set(part.column.id, (uses.get(part.column.id) ?? 0) + 1);
      return false;
    });
  const isFree = below.items.every(
    ({ column, expr }) => isPlain(expr) || (!isVolatile(expr) && (uses.get(column.id) ?? 0) <= 1),
  );
  if (!isFree) return undefined;
  const by = replacementsOf(below.items);
  const items = plan.items.map(({ column, expr }) => ({ column, expr: substitute(expr, by) }));
  return { kind: "project", input: below.input, items };
}

/** A constant of a side that is filled up with NULLs is none above the join. */
function liftable(plan: Plan, isFilledUp: boolean): Project | undefined {
  const project = plainProject(plan);
  return project && (!isFilledUp || isRenaming(project)) ? project : undefined;
}

function aboveJoin(plan: PlanOf<"join">): Plan | undefined {
  const left = liftable(plan.left, plan.type === "full");
  const right = liftable(plan.right, plan.type === "full" || plan.type === "left");
  if (!left && !right) return undefined;
  const by: Replacements = new Map([
    ...replacementsOf(left?.items ?? []),
    ...replacementsOf(right?.items ?? []),
  ]);
  const input: Plan = {
    ...plan,
    left: left?.input ?? plan.left,
    right: right?.input ?? plan.right,
    on: substitute(plan.on, by),
  };
  const leftItems = left?.items ?? passing(plan.left);
  if (plan.type === "semi" || plan.type === "anti")
    return left ? { kind: "project", input, items: leftItems } : input;
  return {
    kind: "project",
    input,
    items: [...leftItems, ...(right?.items ?? passing(plan.right))],
  };
}

function aboveApply(plan: PlanOf<"apply">, below: Project): Plan {
  const by = replacementsOf(below.items);
  const { mode } = plan;
  const input: Plan = {
    ...plan,
    input: below.input,
    parameters: plan.parameters.map(({ column, expr }) => ({
      column,
      expr: substitute(expr, by),
    })),
    mode: mode.type === "quantified" ? { ...mode, test: substitute(mode.test, by) } : mode,
    ...(plan.when && { when: substitute(plan.when, by) }),
  };
  const own = new Set(columnsOf(below).map(({ id }) => id));
  return {
    kind: "project",
    input,
    items: [...below.items, ...passing(plan).filter(({ column }) => !own.has(column.id))],
  };
}

function aboveWindow(plan: PlanOf<"window">, below: Project): Plan {
  const by = replacementsOf(below.items);
  const input: Plan = {
    ...plan,
    input: below.input,
    partition: plan.partition.map((expr) => substitute(expr, by)),
    order: plan.order.map((key) => ({ ...key, expr: substitute(key.expr, by) })),
    functions: plan.functions.map((one) => ({
      ...one,
      args: one.args.map((arg) => substitute(arg, by)),
      within: one.within.map((key) => ({ ...key, expr: substitute(key.expr, by) })),
    })),
  };
  const added = plan.functions.map(({ column }) => ({ column, expr: columnExpr(column) }));
  return { kind: "project", input, items: [...below.items, ...added] };
}

function withoutProject(plan: PlanOf<"aggregate">, below: Project): Plan {
  const by = replacementsOf(below.items);
  return {
    ...plan,
    input: below.input,
    keys: plan.keys.map(({ column, expr }) => ({ column, expr: substitute(expr, by) })),
    aggregations: plan.aggregations.map((one) => ({
      ...one,
      args: one.args.map((arg) => substitute(arg, by)),
      order: one.order.map((key) => ({ ...key, expr: substitute(key.expr, by) })),
    })),
  };
}

/**
 * Names that a derived table gives and columns that it leaves away move up, above what reads it, so that the operators around
 * meet the tables below: sort(project(scan)) is project(sort(scan)). The columns stay the same ones in the same order.
 */
export const pullUpProject: Rule = {
  name: "pull-up-project",
  apply(plan) {
    if (plan.kind === "join") return aboveJoin(plan);
    if (
      plan.kind !== "project" &&
      plan.kind !== "aggregate" &&
      plan.kind !== "window" &&
      plan.kind !== "apply" &&
      plan.kind !== "sort" &&
      plan.kind !== "limit"
    )
      return undefined;
    if (plan.kind === "project")
      return plan.input.kind === "project" ? merged(plan, plan.input) : undefined;
    const below = plainProject(plan.input);
    if (!below) return undefined;
    const by = replacementsOf(below.items);
    switch (plan.kind) {
      case "aggregate":
        return withoutProject(plan, below);
      case "window":
        return aboveWindow(plan, below);
      case "apply":
        return aboveApply(plan, below);
      case "sort": {
        const keys = plan.keys.map((key) => ({ ...key, expr: substitute(key.expr, by) }));
        return { ...below, input: { ...plan, input: below.input, keys } };
      }
      case "limit": {
        const ties = plan.ties?.map((key) => ({ ...key, expr: substitute(key.expr, by) }));
        return { ...below, input: { ...plan, input: below.input, ...(ties && { ties }) } };
      }
    }
  },
};
