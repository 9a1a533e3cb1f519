import { mapInputs, type Plan } from "./nodes";
import type { Rule, RuleContext } from "./rule";

/** Far above what any query needs; reached only by rules that undo each other. */
const maxSteps = 2000;

/** Applies the rules, inputs first, until none has more to do. `trace` gets the name of each that fired. */
export function rewrite(
  plan: Plan,
  rules: readonly Rule[],
  context: RuleContext,
  trace: string[],
): Plan {
  let node = mapInputs(plan, (input) => rewrite(input, rules, context, trace));
  for (;;) {
    const step = firstChange(node, rules, context);
    if (!step) return node;
    trace.push(step.rule);
    if (trace.length > maxSteps) throw new Error(`Rules do not come to rest: ${step.rule}`);
    node = mapInputs(step.plan, (input) => rewrite(input, rules, context, trace));
  }
}

function firstChange(plan: Plan, rules: readonly Rule[], context: RuleContext) {
  for (const rule of rules) {
    const changed = rule.apply(plan, context);
    if (changed) return { rule: rule.name, plan: changed };
  }
  return undefined;
}
