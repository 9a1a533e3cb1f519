import { foldAggregateIntoScan } from "./folds/fold-aggregate-into-scan";
import { foldDistinctIntoScan } from "./folds/fold-distinct-into-scan";
import { foldFilterIntoScan } from "./folds/fold-filter-into-scan";
import { foldJoinInOnePage } from "./folds/fold-join-in-one-page";
import { foldJoinIntoScan } from "./folds/fold-join-into-scan";
import { foldLimitIntoScan } from "./folds/fold-limit-into-scan";
import { foldSemiJoinIntoScan } from "./folds/fold-semi-join-into-scan";
import { foldSortIntoScan } from "./folds/fold-sort-into-scan";
import { splitLongList } from "./folds/split-long-list";
import { columnsOf, mapInputs, type Plan } from "./nodes";
import { prune } from "./prune";
import { rewrite } from "./rewrite";
import type { Rule, RuleContext } from "./rule";
import { dropImpossibleFilter } from "./rules/drop-impossible-filter";
import { groupToDistinct } from "./rules/group-to-distinct";
import { leftJoinToAnti } from "./rules/joins/left-join-to-anti";
import { leftJoinToInner } from "./rules/joins/left-join-to-inner";
import { limitBeforeJoin } from "./rules/joins/limit-before-join";
import { orderJoins } from "./rules/joins/order-joins";
import { pushFilterBelowJoin, splitJoinCondition } from "./rules/joins/push-filter-below-join";
import { semiJoinToInner } from "./rules/joins/semi-join-to-inner";
import { labelsToValues } from "./rules/labels-to-values";
import { minMaxToFirst } from "./rules/min-max-to-first";
import { pullUpProject } from "./rules/pull-up-project";
import { pushFilterDown } from "./rules/push-filter-down";
import { serviceConditionAside } from "./rules/service-condition-aside";
import { simplifyFilter } from "./rules/simplify-filter";
import { sortByOption } from "./rules/sort-by-option";
import { applyToGroupedJoin } from "./rules/subqueries/apply-to-grouped-join";
import { applyToJoin } from "./rules/subqueries/apply-to-join";
import { existsToLeftJoin } from "./rules/subqueries/exists-to-left-join";
import { existsToSemiJoin } from "./rules/subqueries/exists-to-semi-join";
import { notInToAntiJoin } from "./rules/subqueries/not-in-to-anti-join";
import { spoolRepeated } from "./spools";

/** First the plan is brought into a normal form, then work sinks into the scans, as far as their pages allow. */
export const phases: readonly (readonly Rule[])[] = [
  [
    simplifyFilter,
    labelsToValues,
    serviceConditionAside,
    dropImpossibleFilter,
    splitJoinCondition,
    leftJoinToInner,
    leftJoinToAnti,
    orderJoins,
    pushFilterBelowJoin,
    pushFilterDown,
    pullUpProject,
    existsToSemiJoin,
    existsToLeftJoin,
    notInToAntiJoin,
    applyToJoin,
    applyToGroupedJoin,
    semiJoinToInner,
    groupToDistinct,
    sortByOption,
    minMaxToFirst,
  ],
  [
    splitLongList,
    foldFilterIntoScan,
    foldJoinIntoScan,
    foldSemiJoinIntoScan,
    foldAggregateIntoScan,
    foldDistinctIntoScan,
    // Behind the joins, which take no rows that are sorted or cut before.
    limitBeforeJoin,
    foldSortIntoScan,
    foldLimitIntoScan,
  ],
  // When nothing else has become of a join: a query of one page takes no more of what stands above than its order and TOP.
  [foldJoinInOnePage, foldSortIntoScan, foldLimitIntoScan],
];

/** A pass over the whole plan between the phases: no rule of one node, but as free to leave out. */
const pruning = "prune-columns";

export const ruleNames: readonly string[] = [
  ...new Set(phases.flat().map((rule) => rule.name)),
  pruning,
];

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
    // Before work sinks into the scans, so that it meets nothing else, and after, for what is asked of the service alone.
    if (!allowed.has(pruning)) continue;
    const pruned = prune(current);
    if (pruned !== current) trace.push(pruning);
    current = pruned;
  }
  return { plan: spoolRepeated(current), trace };
}

function highestId(plan: Plan): number {
  const given = plan.kind === "apply" ? plan.parameters : [];
  let highest = Math.max(
    0,
    ...columnsOf(plan).map((column) => column.id),
    ...given.map(({ column }) => column.id),
  );
  mapInputs(plan, (input) => {
    highest = Math.max(highest, highestId(input));
    return input;
  });
  return highest;
}
