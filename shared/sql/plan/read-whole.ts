import { inputsOf, type Plan } from "./nodes";

/** The scans of which all rows are read here before the first row of the result is known, with the step that needs them. */
export function readWholeBy(plan: Plan): ReadonlyMap<Plan, Plan> {
  const found = new Map<Plan, Plan>();
  visit(plan, undefined, found, false);
  return found;
}

/**
 * These, and those that joins and sets of rows read to their end. Of some of them fewer are read when it comes to it, such as the
 * rows of a join's other side whose keys are known by then: they stand in the plan as other scans.
 */
export function readToTheEndBy(plan: Plan): ReadonlyMap<Plan, Plan> {
  const found = new Map<Plan, Plan>();
  visit(plan, undefined, found, true);
  return found;
}

function visit(
  plan: Plan,
  step: Plan | undefined,
  found: Map<Plan, Plan>,
  throughJoins: boolean,
): void {
  const go = (input: Plan, by: Plan | undefined) => visit(input, by, found, throughJoins);
  const all = (by: Plan | undefined) => {
    for (const input of inputsOf(plan)) go(input, by);
  };
  switch (plan.kind) {
    case "scan":
      if (step && !plan.fetch.aggregate && plan.fetch.top === undefined) found.set(plan, step);
      if (plan.fallback) go(plan.fallback, undefined);
      return;
    case "sort":
    case "aggregate":
    case "window":
      go(plan.input, step ?? plan);
      return;
    case "filter":
    case "project":
      go(plan.input, step);
      return;
    case "join":
      go(plan.left, throughJoins ? step : undefined);
      // It is kept here, so that rows of the other side can be looked up in it.
      go(plan.right, throughJoins ? plan : undefined);
      return;
    case "distinct":
    case "set":
      all(throughJoins ? step : undefined);
      return;
    default:
      all(undefined);
  }
}
