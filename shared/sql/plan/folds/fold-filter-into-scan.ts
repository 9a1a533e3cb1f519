import { conjunction, conjuncts, type Expr } from "../../expression/expression";
import { seenFrom } from "../../fetchxml/across";
import { fromPredicate } from "../../fetchxml/from-predicate";
import {
  and,
  type FetchCondition,
  type FetchFilter,
  type FetchQuery,
  hasRoomFor,
} from "../../fetchxml/model";
import { shortened } from "../../fetchxml/shorten";
import type { Rule } from "../rule";
import { isPlainScan } from "../scan";

/**
 * filter(scan) becomes scan, for every condition that FetchXML can take and one request can carry. One that it takes only
 * roughly goes down and also stays above, so the rows never change; of one that is too long, what has room goes down so.
 */
export const foldFilterIntoScan: Rule = {
  name: "fold-filter-into-scan",
  apply(plan) {
    if (plan.kind !== "filter" || !isPlainScan(plan.input)) return undefined;
    const scan = plan.input;
    const stays: Expr[] = [];
    const long: Expr[] = [];
    const above = [...scan.alsoAbove];
    let fetch: FetchQuery = scan.fetch;
    for (const part of conjuncts(plan.predicate)) {
      const pushed = above.includes(part) ? undefined : fromPredicate(part);
      const filter = pushed && seenFrom(fetch.ref, pushed.filter);
      if (!filter || !hasRoomFor(fetch, filter)) {
        stays.push(part);
        if (filter) long.push(part);
        continue;
      }
      fetch = narrowed(fetch, filter);
      if (!pushed.exact) {
        stays.push(part);
        above.push(part);
      }
    }
    fetch = withBeginnings(long, fetch, above);
    if (fetch === scan.fetch) return undefined;
    const input = { ...scan, fetch, alsoAbove: above };
    const predicate = conjunction(stays);
    return predicate ? { kind: "filter", input, predicate } : input;
  },
};

const narrowed = (fetch: FetchQuery, filter: FetchFilter | FetchCondition): FetchQuery => ({
  ...fetch,
  filter: and(...(fetch.filter?.parts ?? []), filter),
});

/** With as much of conditions that are too long as there is room for; these are added to those that stay above. */
function withBeginnings(long: readonly Expr[], fetch: FetchQuery, above: Expr[]): FetchQuery {
  let result = fetch;
  for (const part of long) {
    const rough = shortened(part, result);
    if (!rough || !hasRoomFor(result, rough)) continue;
    result = narrowed(result, rough);
    above.push(part);
  }
  return result;
}
