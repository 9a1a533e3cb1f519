import { columnsOf, mapInputs, type Plan } from "./nodes";
import { rewrite } from "./rewrite";
import type { Rule, RuleContext } from "./rule";
import { dropImpossibleFilter } from "./rules/drop-impossible-filter";
import { foldAggregateIntoScan } from "./rules/fold-aggregate-into-scan";
import { foldDistinctIntoScan } from "./rules/fold-distinct-into-scan";
import { foldFilterIntoScan } from "./rules/fold-filter-into-scan";
import { foldJoinIntoScan } from "./rules/fold-join-into-scan";
import { foldLimitIntoScan } from "./rules/fold-limit-into-scan";
import { foldSortIntoScan } from "./rules/fold-sort-into-scan";
import { labelsToValues } from "./rules/labels-to-values";
import { leftJoinToInner } from "./rules/left-join-to-inner";
import { pushFilterBelowJoin, splitJoinCondition } from "./rules/push-filter-below-join";
import { simplifyFilter } from "./rules/simplify-filter";

/** First the plan is brought into a normal form, then work sinks into the scans. */
export const phases: readonly (readonly Rule[])[] = [
  [
    simplifyFilter,
    labelsToValues,
    dropImpossibleFilter,
    splitJoinCondition,
    leftJoinToInner,
    pushFilterBelowJoin,
  ],
  [
    foldFilterIntoScan,
    foldJoinIntoScan,
    foldAggregateIntoScan,
    foldDistinctIntoScan,
    foldSortIntoScan,
    foldLimitIntoScan,
  ],
];

export const ruleNames: readonly string[] = phases.flat().map((rule) => rule.name);

export interface Optimized {
  readonly plan: Plan;
  /** Names of the rules that fired, in order. */
  readonly trace: readonly string[];
}

/** Runs the rules, or only those that are named. Any subset gives the same rows. */
export function optimize(plan: Plan, allowed: ReadonlySet<string> = new Set(ruleNames)): Optimized {
  let last = highestId(plan);
  const context: RuleContext = {
    column(name, type) {
      last += 1;
      return { id: last, name, type };
    },
  };
  const trace: string[] = [];
  let current = plan;
  for (const phase of phases) {
    const rules = phase.filter((rule) => allowed.has(rule.name));
    current = rewrite(current, rules, context, trace);
  }
  return { plan: current, trace };
}

function highestId(plan: Plan): number {
  let highest = Math.max(0, ...columnsOf(plan).map((column) => column.id));
  mapInputs(plan, (input) => {
    highest = Math.max(highest, highestId(input));
    return input;
  });
  return highest;
}
