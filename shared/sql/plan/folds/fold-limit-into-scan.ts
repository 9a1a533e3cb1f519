import { fetchLimits } from "../../fetchxml/model";
import type { Rule } from "../rule";

/** limit(scan) becomes scan with `top`, up to the service's 5,000; never below DISTINCT or an aggregate. */
export const foldLimitIntoScan: Rule = {
  name: "fold-limit-into-scan",
  apply(plan) {
    if (plan.kind !== "limit" || plan.input.kind !== "scan" || plan.offset > 0) return undefined;
    const { count, input, ties, given } = plan;
    if (ties !== undefined || given !== undefined) return undefined;
    if (count === undefined || count === 0 || count > fetchLimits.top) return undefined;
    if (input.fetch.aggregate || input.fetch.distinct || input.fetch.top !== undefined)
      return undefined;
    return { ...input, fetch: { ...input.fetch, top: count } };
  },
};
