import {
  columnExpr,
  conjunction,
  constant,
  type Expr,
  type Scalar,
  truth,
} from "../../../expression/expression";
import { columnsOf, type Plan, type PlanOf, type ProjectItem } from "../../nodes";
import type { Rule } from "../../rule";
import { decorrelate, isVolatile } from "../../subqueries/decorrelate";
import { isUnique, keyEquality } from "../../subqueries/keys";
import { replacementsOf, substituteParameters } from "../../substitute";

type Apply = PlanOf<"apply">;

/** What the subquery selects, and the rows of which it does. */
interface Selected {
  readonly items: readonly ProjectItem[];
  readonly body: Plan;
}

const passing = (plan: Plan): readonly ProjectItem[] =>
  columnsOf(plan).map((column) => ({ column, expr: columnExpr(column) }));

function selected(plan: Plan): Selected {
  if (plan.kind === "sort") return selected(plan.input);
  return plan.kind === "project"
    ? { items: plan.items, body: plan.input }
    : { items: passing(plan), body: plan };
}

/** A value of a row that may be missing: then it is NULL, and not what is computed of NULLs. */
const whereThere = (isThere: Expr, { type }: Scalar, value: Scalar): Scalar => ({
  kind: "case",
  type,
  whens: [{ when: isThere, result: value }],
  otherwise: constant(null, type),
});

function joined(plan: Apply): Plan | undefined {
  const { mode } = plan;
  const { items, body } = selected(plan.inner);
  if (items.some(({ expr }) => isVolatile(expr))) return undefined;
  const found = decorrelate(body, plan.parameters);
  const keys = found?.on.flatMap((part) => keyEquality(part, found.rows)?.key ?? []) ?? [];
  const [key] = keys;
  if (!found || !key) return undefined;
  // More rows than one for one value are an error, which a join does not find.
  if (mode.type === "scalar" && !keys.some(({ id }) => isUnique(found.rows, id))) return undefined;
  const input: Plan = {
    kind: "join",
    type: mode.type === "cross" ? "inner" : "left",
    left: plan.input,
    right: found.rows,
    on: conjunction(found.on) ?? truth(true),
  };
  const by = replacementsOf(plan.parameters);
  const isThere: Expr = {
    kind: "isNull",
    type: "predicate",
    operand: columnExpr(key),
    negated: true,
  };
  const made = items.map(({ column, expr }): ProjectItem => {
    const value = substituteParameters(expr, by);
    const isOwn = mode.type === "cross" || expr.kind === "column";
    return { column, expr: isOwn ? value : whereThere(isThere, expr, value) };
  });
  const [only] = made;
  if (mode.type !== "scalar")
    return { kind: "project", input, items: [...passing(plan.input), ...made] };
  if (!only) return undefined;
  return {
    kind: "project",
    input,
    items: [...passing(plan.input), { column: mode.column, expr: only.expr }],
  };
}

/**
 * CROSS APPLY, OUTER APPLY and a subquery that stands for one value are joins where the subquery belongs to the row around by an
 * equality: what it reads is read once for all rows, or follows a link of the service.
 */
export const applyToJoin: Rule = {
  name: "apply-to-join",
  apply(plan) {
    if (plan.kind !== "apply" || plan.when || plan.parameters.length === 0) return undefined;
    const { type } = plan.mode;
    return type === "cross" || type === "outer" || type === "scalar" ? joined(plan) : undefined;
  },
};
