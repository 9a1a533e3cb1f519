import { type FetchQuery, fetchLimits } from "../../fetchxml/model";
import type { Plan, PlanOf } from "../nodes";
import type { Rule } from "../rule";
import { isOnePage } from "../scan";

type Limit = PlanOf<"limit">;

/** The smallest page in which all rows between the two lie. */
function pageAround(offset: number, count: number): FetchQuery["page"] {
  for (let size = count; size <= fetchLimits.top; size += 1) {
    const skipped = offset % size;
    const number = (offset - skipped) / size + 1;
    if (skipped + count <= size)
      return number * size <= fetchLimits.paged ? { size, number } : undefined;
  }
  return undefined;
}

function folded(plan: Limit, count: number): Plan | undefined {
  const { input, offset } = plan;
  if (input.kind !== "scan") return undefined;
  const { fetch } = input;
  if (fetch.aggregate || fetch.distinct || fetch.top !== undefined || fetch.page) return undefined;
  const fallback = input.fallback && { ...plan, input: input.fallback };
  if (offset === 0)
    return { ...input, fetch: { ...fetch, top: count }, ...(fallback && { fallback }) };
  const page = isOnePage(input) ? undefined : pageAround(offset, count);
  if (!page) return undefined;
  const scan: Plan = { ...input, fetch: { ...fetch, page } };
  const skipped = offset % page.size;
  return skipped === 0 && page.size === count ? scan : { ...plan, input: scan, offset: skipped };
}

/**
 * limit(scan) becomes scan with `top`, up to the service's 5,000, or one of its pages where rows are skipped; never below DISTINCT or
 * an aggregate.
 */
export const foldLimitIntoScan: Rule = {
  name: "fold-limit-into-scan",
  apply(plan) {
    if (plan.kind !== "limit") return undefined;
    const { count, ties, given } = plan;
    if (ties !== undefined || given !== undefined) return undefined;
    if (count === undefined || count === 0 || count > fetchLimits.top) return undefined;
    return folded(plan, count);
  },
};
