import { conjuncts } from "../../expression/expression";
import { asPair } from "../joined-columns";
import { linked } from "../linked";
import type { Rule } from "../rule";
import { isPlainScan } from "../scan";

/**
 * A row may meet several of the other table. The service does such a join as well, but its pages count rows of the first table: so
 * it is asked for one page, and where there is more the join is worked out here.
 */
export const foldJoinInOnePage: Rule = {
  name: "fold-join-in-one-page",
  apply(plan) {
    if (plan.kind !== "join" || (plan.type !== "inner" && plan.type !== "left")) return undefined;
    const { left, right } = plan;
    if (!isPlainScan(left) || !isPlainScan(right)) return undefined;
    const [part, ...more] = conjuncts(plan.on);
    const pair = part && more.length === 0 ? asPair(part, left, right) : undefined;
    const type = plan.type === "left" ? "outer" : "inner";
    const scan = pair && linked(left, right, type, { to: pair.left, from: pair.right }, true);
    return scan && { ...scan, fallback: plan };
  },
};
