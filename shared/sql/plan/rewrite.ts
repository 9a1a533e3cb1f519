import { mapInputs, type Plan } from "./nodes";
import type { Rule, RuleContext } from "./rule";

/** Far above what any query needs; reached only by rules that undo each other. */
const maxSteps = 10_000;

/** Applies the rules, inputs first, until none has more to do. `trace` gets the name of each that fired. */
export function rewrite(
  plan: Plan,
  rules: readonly Rule[],
  context: RuleContext,
  trace: string[],
): Plan {
  // Where no rule has anything to do, none will have later: a plan never changes, it is replaced.
  const settled = new WeakSet<Plan>();

  const visit = (start: Plan): Plan => {
    if (settled.has(start)) return start;
    let node = mapInputs(start, visit);
    for (let step = firstChange(node, rules, context); step; ) {
      trace.push(step.rule);
      if (trace.length > maxSteps) throw new Error(`Rules do not come to rest: ${step.rule}`);
      node = mapInputs(step.plan, visit);
      step = firstChange(node, rules, context);
    }
    settled.add(node);
    return node;
  };
  return visit(plan);
}

function firstChange(plan: Plan, rules: readonly Rule[], context: RuleContext) {
  for (const rule of rules) {
    const changed = rule.apply(plan, context);
    if (changed) return { rule: rule.name, plan: changed };
  }
  return undefined;
}
