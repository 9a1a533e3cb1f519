import { inputsOf, type Plan } from "./nodes";

/** The scans of which all rows are read here before the first row of the result is known, with the step that needs them. */
export function readWholeBy(plan: Plan): ReadonlyMap<Plan, Plan> {
  const found = new Map<Plan, Plan>();
  visit(plan, undefined, found);
  return found;
}

function visit(plan: Plan, step: Plan | undefined, found: Map<Plan, Plan>): void {
  switch (plan.kind) {
    case "scan":
      if (step && !plan.fetch.aggregate && plan.fetch.top === undefined) found.set(plan, step);
      if (plan.fallback) visit(plan.fallback, undefined, found);
      return;
    case "sort":
    case "aggregate":
    case "window":
      visit(plan.input, step ?? plan, found);
      return;
    case "filter":
    case "project":
      visit(plan.input, step, found);
      return;
    default:
      for (const input of inputsOf(plan)) visit(input, undefined, found);
  }
}
