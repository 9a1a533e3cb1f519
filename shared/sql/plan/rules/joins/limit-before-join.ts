import { columnsIn } from "../../../expression/expression";
import { columnIdsOf, expressionsOf, type Plan, type PlanOf, type SortKey } from "../../nodes";
import type { Rule } from "../../rule";
import { isVolatile } from "../../subqueries/decorrelate";
import { meetsOneOf } from "../../subqueries/keys";
import { type Replacements, replacementsOf, substitute } from "../../substitute";

type Step = PlanOf<"sort"> | PlanOf<"limit">;

const readsOnly = (step: Step, plan: Plan): boolean => {
  const ids = columnIdsOf(plan);
  return expressionsOf(step).every((expr) => [...columnsIn(expr)].every(({ id }) => ids.has(id)));
};

function renamed(step: Step, by: Replacements): Step {
  const keys = (list: readonly SortKey[]) =>
    list.map((key) => ({ ...key, expr: substitute(key.expr, by) }));
  if (step.kind === "sort") return { ...step, keys: keys(step.keys) };
  return step.ties ? { ...step, ties: keys(step.ties) } : step;
}

const placed = (step: Step, input: Plan): Plan => below(step, input) ?? { ...step, input };

/** The step below the operators that give one row for each of theirs, in the same order; undefined where it is not below any. */
function below(step: Step, input: Plan): Plan | undefined {
  switch (input.kind) {
    case "project": {
      if (input.items.some(({ expr }) => isVolatile(expr))) return undefined;
      const inner = below(renamed(step, replacementsOf(input.items)), input.input);
      return inner && { ...input, input: inner };
    }
    case "apply": {
      const { type } = input.mode;
      if (type === "cross" || type === "outer" || !readsOnly(step, input.input)) return undefined;
      return { ...input, input: placed(step, input.input) };
    }
    case "join":
      return input.type === "left" && readsOnly(step, input.left) && meetsOneOf(input, input.right)
        ? { ...input, left: placed(step, input.left) }
        : undefined;
    default:
      return undefined;
  }
}

/**
 * The ten first accounts and how many cases each has: first the ten, then their cases. A step that adds one value to each row, a
 * subquery or a left join to a row at most, is taken for the rows alone that are wanted.
 */
export const limitBeforeJoin: Rule = {
  name: "limit-before-join",
  apply: (plan) =>
    plan.kind === "sort" || plan.kind === "limit" ? below(plan, plan.input) : undefined,
};
