import { type Expr, hasPart } from "../expression/expression";
import { expressionsOf, inputsOf, mapInputs, type Plan } from "./nodes";

/**
 * Inside of what runs again and again (the subquery of an apply, the rounds of a recursive expression) the parts that are the
 * same each time are read once and kept.
 */
export function spoolRepeated(plan: Plan): Plan {
  const inside = mapInputs(plan, spoolRepeated);
  if (inside.kind === "apply" && inside.parameters.length > 0 && !isOneRow(inside.input))
    return { ...inside, inner: keepSame(inside.inner) };
  return inside.kind === "recursive" ? { ...inside, step: keepSame(inside.step) } : inside;
}

/** Is it one row at most, so that a subquery runs once? */
function isOneRow(plan: Plan): boolean {
  switch (plan.kind) {
    case "rows":
      return plan.rows.length <= 1;
    case "project":
    case "filter":
      return isOneRow(plan.input);
    case "apply":
      return plan.mode.type !== "cross" && plan.mode.type !== "outer" && isOneRow(plan.input);
    default:
      return false;
  }
}

function keepSame(plan: Plan): Plan {
  if (plan.kind === "spool" || plan.kind === "rows" || plan.kind === "function") return plan;
  if (isSame(plan)) return { kind: "spool", input: plan };
  return mapInputs(plan, keepSame);
}

/** Does the plan give the same rows whatever row is around it, and in each round? */
const isSame = (plan: Plan): boolean => !hasForeign(plan, new Set());

function hasForeign(plan: Plan, own: ReadonlySet<number>): boolean {
  if (plan.kind === "last round") return !own.has(plan.of[0]?.id ?? -1);
  const known =
    plan.kind === "apply"
      ? new Set([...own, ...plan.parameters.map(({ column }) => column.id)])
      : plan.kind === "recursive"
        ? new Set([...own, ...plan.columns.map(({ id }) => id)])
        : own;
  const isForeign = (expr: Expr) =>
    hasPart(
      expr,
      (part) =>
        (part.kind === "parameter" && !known.has(part.column.id)) ||
        (part.kind === "call" && !!part.isVolatile),
    );
  return (
    expressionsOf(plan).some(isForeign) || inputsOf(plan).some((one) => hasForeign(one, known))
  );
}
