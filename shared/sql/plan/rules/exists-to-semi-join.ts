import {
  columnExpr,
  columnsIn,
  conjunction,
  conjuncts,
  constant,
  type Expr,
  hasPart,
  truth,
} from "../../expression/expression";
import { columnsOf, expressionsOf, inputsOf, type Plan, type PlanOf } from "../nodes";
import type { Rule } from "../rule";
import { replacementsOf, substitute, substituteParameters } from "../substitute";

type Apply = PlanOf<"apply">;

const isOutside = (part: Expr): boolean => part.kind === "parameter";
const isFixed = (plan: Plan): boolean =>
  !expressionsOf(plan).some((expr) => hasPart(expr, isOutside)) && inputsOf(plan).every(isFixed);

/** The subquery as rows that depend on nothing around it, and the conditions by which they belong to a row around. */
interface Decorrelated {
  readonly rows: Plan;
  readonly on: readonly Expr[];
}

function decorrelate(plan: Plan, parameters: Apply["parameters"]): Decorrelated | undefined {
  if (plan.kind !== "filter") return isFixed(plan) ? { rows: plan, on: [] } : undefined;
  if (!isFixed(plan.input)) return undefined;
  const parts = conjuncts(plan.predicate);
  const tied = parts.filter((part) => hasPart(part, isOutside));
  const free = conjunction(parts.filter((part) => !tied.includes(part)));
  const by = new Map(parameters.map(({ column, expr }) => [column.id, expr]));
  const freed = tied.map((part) => substituteParameters(part, by));
  return {
    rows: free ? { ...plan, predicate: free } : plan.input,
    on: freed,
  };
}

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

/** `operand = ANY (SELECT expr FROM …)` as a condition over the rows below the SELECT list. */
function membership(apply: Apply): Decorrelated | undefined {
  const { mode, inner, parameters } = apply;
  if (mode.type !== "quantified" || mode.quantifier !== "any") return undefined;
  if (inner.kind !== "project")
    return isFixed(inner) ? { rows: inner, on: [mode.test] } : undefined;
  const by = replacementsOf(inner.items);
  const isVolatile = inner.items.some(({ expr }) =>
    hasPart(expr, (part) => part.kind === "call" && part.isVolatile === true),
  );
  const found = isVolatile ? undefined : decorrelate(inner.input, parameters);
  if (!found) return undefined;
  const test = substituteParameters(
    substitute(mode.test, by),
    new Map(parameters.map(({ column, expr }) => [column.id, expr])),
  );
  return { ...found, on: [test, ...found.on] };
}

/**
 * `WHERE EXISTS (…)` and `WHERE x IN (SELECT …)` keep the rows that have a match: a semi-join; NOT EXISTS those that have none.
 * NOT IN is none of these: a NULL in the subquery makes it unknown for every row.
 */
export const existsToSemiJoin: Rule = {
  name: "exists-to-semi-join",
  apply(plan) {
    if (plan.kind !== "filter" || plan.input.kind !== "apply") return undefined;
    const apply = plan.input;
    const { mode } = apply;
    if (mode.type !== "exists" && mode.type !== "quantified") return undefined;
    if (apply.when) return undefined;
    const { id } = mode.column;
    const isFlag = (expr: Expr) =>
      expr.kind === "isTrue" && expr.operand.kind === "column" && expr.operand.column.id === id;
    const parts = conjuncts(plan.predicate);
    const positive = parts.find(isFlag);
    const negative = parts.find((part) => part.kind === "not" && isFlag(part.operand));
    const decisive = positive ?? (mode.type === "exists" ? negative : undefined);
    if (!decisive) return undefined;
    const others = parts.filter((part) => part !== decisive);
    if (others.some((part) => [...columnsIn(part)].some((column) => column.id === id)))
      return undefined;
    const found =
      mode.type === "exists"
        ? decorrelate(rowsOnly(apply.inner), apply.parameters)
        : membership(apply);
    // Without a tie one answer holds for all rows: the subquery runs once.
    if (!found || found.on.length === 0) return undefined;
    const input: Plan = {
      kind: "join",
      type: decisive === positive ? "semi" : "anti",
      left: apply.input,
      right: found.rows,
      on: conjunction(found.on) ?? truth(true),
    };
    const predicate = conjunction(others);
    // Of every row that is kept it is known now what the subquery said.
    const said = { column: mode.column, expr: constant(decisive === positive, mode.column.type) };
    const passed = columnsOf(apply.input).map((column) => ({ column, expr: columnExpr(column) }));
    return {
      kind: "project",
      input: predicate ? { kind: "filter", input, predicate } : input,
      items: [...passed, said],
    };
  },
};
