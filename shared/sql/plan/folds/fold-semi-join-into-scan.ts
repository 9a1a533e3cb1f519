import { conjuncts } from "../../expression/expression";
import {
  and,
  complexity,
  conditionsIn,
  countLinks,
  type FetchExists,
  fetchLimits,
  isTooLong,
} from "../../fetchxml/model";
import { asPair } from "../joined-columns";
import type { Rule } from "../rule";
import { isPlainScan } from "../scan";

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
    // What the service judges only roughly, or by a further table, is judged here.
    if (!pair || right.fetch.links.length > 0 || right.alsoAbove.length > 0) return undefined;
    const { fetch } = right;
    const isOwn = pair.right.origin?.ref === fetch.ref && pair.left.origin?.ref === left.fetch.ref;
    if (!isOwn || conditionsIn(fetch.filter).some(({ ref }) => ref !== fetch.ref)) return undefined;
    const exists: FetchExists = {
      kind: "exists",
      type: plan.type === "semi" ? "any" : "not any",
      table: fetch.table,
      ref: fetch.ref,
      from: pair.right.name,
      to: pair.left.name,
      filter: fetch.filter,
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
