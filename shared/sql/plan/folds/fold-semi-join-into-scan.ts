import { conjuncts } from "../../expression/expression";
import {
  and,
  complexity,
  countLinks,
  type FetchExists,
  type FetchFilter,
  type FetchLink,
  fetchLimits,
  isAllOf,
  isTooLong,
} from "../../fetchxml/model";
import { asPair } from "../joined-columns";
import type { Rule } from "../rule";
import { isPlainScan } from "../scan";

/** Where rows are only looked for, an inner link is one more search, and an outer one says nothing. */
function withLinks(
  filter: FetchFilter | undefined,
  links: readonly FetchLink[],
): FetchFilter | undefined {
  const further = links.flatMap((link): FetchExists[] =>
    link.type === "outer"
      ? []
      : [
          {
            kind: "exists",
            type: "any",
            table: link.table,
            ref: link.ref,
            from: link.from,
            to: link.to,
            filter: withLinks(link.filter, link.links),
          },
        ],
  );
  return further.length > 0 ? and(...(filter?.parts ?? []), ...further) : filter;
}

/**
 * A semi-join of two scans by one equality becomes a condition: rows of the other table are looked for by the service, and none
 * is read. An anti-join as well: a row without a key has no match and stays, there as here.
 */
export const foldSemiJoinIntoScan: Rule = {
  name: "fold-semi-join-into-scan",
  apply(plan) {
    if (plan.kind !== "join" || (plan.type !== "semi" && plan.type !== "anti")) return undefined;
    const { left, right } = plan;
    if (!isPlainScan(left) || !isPlainScan(right)) return undefined;
    const [part, ...more] = conjuncts(plan.on);
    const pair = part && more.length === 0 ? asPair(part, left, right) : undefined;
    // What the service judges only roughly is judged here.
    if (!pair || right.alsoAbove.length > 0) return undefined;
    const { fetch } = right;
    const isOwn = pair.right.origin?.ref === fetch.ref && pair.left.origin?.ref === left.fetch.ref;
    if (!isOwn || !isAllOf(fetch.filter, fetch.ref)) return undefined;
    const exists: FetchExists = {
      kind: "exists",
      type: plan.type === "semi" ? "any" : "not any",
      table: fetch.table,
      ref: fetch.ref,
      from: pair.right.name,
      to: pair.left.name,
      filter: withLinks(fetch.filter, fetch.links),
    };
    const filter = and(...(left.fetch.filter?.parts ?? []), exists);
    const folded = { ...left.fetch, filter };
    if (
      countLinks(folded) > fetchLimits.links ||
      complexity(folded) > fetchLimits.conditions ||
      isTooLong(folded)
    )
      return undefined;
    return { ...left, fetch: folded };
  },
};
