import { columnExpr, columnsIn, type Expr } from "../expression/expression";
import { columnsOf, expressionsOf, inputsOf, type Plan } from "./nodes";

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
  const inputs = plan.kind === "scan" && plan.fallback ? [plan.fallback] : inputsOf(plan);
  return [plan, ...inputs.flatMap(everyPlan)];
}

/** What an operator looks into, other than to hand it on. */
function readBy(plan: Plan): readonly Expr[] {
  switch (plan.kind) {
    case "scan":
    case "rows":
    case "last round":
    case "spool":
    case "filter":
    case "sort":
    case "join":
    case "limit":
    case "window":
    case "function":
      return expressionsOf(plan);
    case "project":
      return expressionsOf(plan).filter((expr) => expr.kind !== "column");
    case "apply":
    case "aggregate":
    case "set":
    case "recursive":
    case "distinct":
      // They look at whole rows, or hand columns on under other names.
      return inputsOf(plan).flatMap((input) => columnsOf(input).map(columnExpr));
  }
}
