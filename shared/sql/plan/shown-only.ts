import { columnExpr, columnsIn, type Expr } from "./expression";
import { columnsOf, type Plan } from "./nodes";

/**
 * Ids of the columns that a plan only hands on to its result: nothing compares, sorts, groups or computes with them, so an answer
 * that cuts their texts may as well cut them where they are read.
 */
export function shownOnly(plan: Plan): ReadonlySet<number> {
  const plans = everyPlan(plan);
  const read = new Set<number>();
  for (const expr of plans.flatMap(readBy)) for (const { id } of columnsIn(expr)) read.add(id);
  const handedOn = plans.flatMap((each) => (each.kind === "project" ? each.items : []));
  // What is made of a column by its name alone and then read is a reading of that column.
  for (let size = -1; size !== read.size; ) {
    size = read.size;
    for (const { column, expr } of handedOn)
      if (expr.kind === "column" && read.has(column.id)) read.add(expr.column.id);
  }
  const scanned = plans.flatMap((each) => (each.kind === "scan" ? each.columns : []));
  return new Set(scanned.map(({ column }) => column.id).filter((id) => !read.has(id)));
}

function everyPlan(plan: Plan): readonly Plan[] {
  return [plan, ...inputsOf(plan).flatMap(everyPlan)];
}

function inputsOf(plan: Plan): readonly Plan[] {
  switch (plan.kind) {
    case "scan":
      return plan.fallback ? [plan.fallback] : [];
    case "rows":
      return [];
    case "join":
      return [plan.left, plan.right];
    default:
      return [plan.input];
  }
}

/** What an operator looks into, other than to hand it on. */
function readBy(plan: Plan): readonly Expr[] {
  switch (plan.kind) {
    case "scan":
    case "rows":
    case "limit":
      return [];
    case "project":
      return plan.items.map(({ expr }) => expr).filter((expr) => expr.kind !== "column");
    case "filter":
      return [plan.predicate];
    case "sort":
      return plan.keys.map(({ expr }) => expr);
    case "join":
      return [plan.on];
    default:
      // DISTINCT and groups look at whole rows, and so may an operator that is not known here.
      return inputsOf(plan).flatMap((input) => columnsOf(input).map(columnExpr));
  }
}
