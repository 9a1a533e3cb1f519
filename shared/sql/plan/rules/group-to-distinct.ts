import type { Rule } from "../rule";

/** GROUP BY without any aggregate asks for different rows: of those the service gives as many as there are, of groups it does not. */
export const groupToDistinct: Rule = {
  name: "group-to-distinct",
  apply(plan) {
    if (plan.kind !== "aggregate" || plan.sets || plan.aggregations.length > 0) return undefined;
    const { keys, input } = plan;
    if (keys.length === 0 || !keys.every(({ expr }) => expr.kind === "column")) return undefined;
    return { kind: "distinct", input: { kind: "project", input, items: keys } };
  },
};
