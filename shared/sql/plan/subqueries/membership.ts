import { columnsIn, type Expr } from "../../expression/expression";
import type { Plan, PlanOf } from "../nodes";
import { replacementsOf, substitute, substituteParameters } from "../substitute";
import { type Decorrelated, decorrelate, isVolatile } from "./decorrelate";

type Apply = PlanOf<"apply">;

/** What rows there are, whatever they say: for EXISTS order, names and repetitions do not matter. */
function rowsOnly(plan: Plan): Plan {
  if (plan.kind === "project" || plan.kind === "sort" || plan.kind === "distinct")
    return rowsOnly(plan.input);
  const isAny =
    plan.kind === "limit" &&
    plan.offset === 0 &&
    plan.given === undefined &&
    (plan.percent === undefined ? (plan.count ?? 1) > 0 : plan.percent > 0);
  return plan.kind === "limit" && isAny ? rowsOnly(plan.input) : plan;
}

/** The rows that EXISTS looks for. */
export const existence = ({ inner, parameters }: Apply): Decorrelated | undefined =>
  decorrelate(rowsOnly(inner), parameters);

/** Repetitions and order say nothing of what is among the values. */
const values = (plan: Plan): Plan =>
  plan.kind === "distinct" || plan.kind === "sort" ? values(plan.input) : plan;

/**
 * `operand = ANY (SELECT expr FROM …)`, or with `<> ALL`, as rows below the SELECT list; the first condition is the comparison.
 */
export function membership(apply: Apply): Decorrelated | undefined {
  const { mode, parameters } = apply;
  if (mode.type !== "quantified") return undefined;
  const inner = values(apply.inner);
  if (inner.kind !== "project") {
    const found = decorrelate(inner, parameters);
    return found && { ...found, on: [mode.test, ...found.on] };
  }
  if (inner.items.some(({ expr }) => isVolatile(expr))) return undefined;
  const found = decorrelate(inner.input, parameters);
  if (!found) return undefined;
  const test = substituteParameters(
    substitute(mode.test, replacementsOf(inner.items)),
    replacementsOf(parameters),
  );
  return { ...found, on: [test, ...found.on] };
}

/** The column of an apply as a condition: what EXISTS or IN found. */
export const isFlag = (expr: Expr, id: number): boolean =>
  expr.kind === "isTrue" && expr.operand.kind === "column" && expr.operand.column.id === id;

export const namesColumn = (expr: Expr, id: number): boolean =>
  [...columnsIn(expr)].some((column) => column.id === id);
