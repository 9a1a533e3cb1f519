import { conjunction, conjuncts, type Expr } from "../../expression/expression";
import { fromPredicate } from "../../fetchxml/from-predicate";
import { and, complexity, type FetchQuery, fetchLimits, isTooLong } from "../../fetchxml/model";
import type { Rule } from "../rule";
import { isPlainScan } from "../scan";

/**
 * filter(scan) becomes scan, for every condition that FetchXML can take and one request can carry. One that it takes only
 * roughly goes down and also stays above, so the rows never change.
 */
export const foldFilterIntoScan: Rule = {
  name: "fold-filter-into-scan",
  apply(plan) {
    if (plan.kind !== "filter" || !isPlainScan(plan.input)) return undefined;
    const scan = plan.input;
    const stays: Expr[] = [];
    const above = [...scan.alsoAbove];
    let fetch: FetchQuery = scan.fetch;
    for (const part of conjuncts(plan.predicate)) {
      const pushed = above.includes(part) ? undefined : fromPredicate(part);
      const parts = pushed ? [...(fetch.filter?.parts ?? []), pushed.filter] : [];
      const next = pushed && { ...fetch, filter: and(...parts) };
      if (!next || complexity(next) > fetchLimits.conditions || isTooLong(next)) {
        stays.push(part);
        continue;
      }
      fetch = next;
      if (!pushed.exact) {
        stays.push(part);
        above.push(part);
      }
    }
    if (fetch === scan.fetch) return undefined;
    const input = { ...scan, fetch, alsoAbove: above };
    const predicate = conjunction(stays);
    return predicate ? { kind: "filter", input, predicate } : input;
  },
};
