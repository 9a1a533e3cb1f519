import { conjunction, conjuncts } from "../../expression/expression";
import { asPair, type Pair } from "../joined-columns";
import { linked } from "../linked";
import type { Plan, PlanOf, Scan } from "../nodes";
import type { Rule } from "../rule";
import { isPlainScan } from "../scan";

function foldPair(join: PlanOf<"join">, left: Scan, right: Scan, pair: Pair): Scan | undefined {
  if (join.type === "left")
    return linked(left, right, "outer", { to: pair.left, from: pair.right });
  return (
    linked(left, right, "inner", { to: pair.left, from: pair.right }) ??
    linked(right, left, "inner", { to: pair.right, from: pair.left })
  );
}

/** join(scan, scan) becomes one scan with a link, when the join follows a lookup to the row it refers to. */
export const foldJoinIntoScan: Rule = {
  name: "fold-join-into-scan",
  apply(plan): Plan | undefined {
    if (plan.kind !== "join" || !isPlainScan(plan.left) || !isPlainScan(plan.right))
      return undefined;
    if (plan.type !== "inner" && plan.type !== "left") return undefined;
    const { left, right } = plan;
    const parts = conjuncts(plan.on);
    if (plan.type === "left" && parts.length > 1) return undefined;
    for (const part of parts) {
      const pair = asPair(part, left, right);
      const scan = pair && foldPair(plan, left, right, pair);
      if (!scan) continue;
      const predicate = conjunction(parts.filter((one) => one !== part));
      return predicate ? { kind: "filter", input: scan, predicate } : scan;
    }
    return undefined;
  },
};
