import type { SamplePlan } from "../plan";

/** How many cases before the one that is sent again. */
export const repeatDistance = 11;

/** Three in a hundred are sent twice: the same story, an hour later, under a number of its own. */
export const isRepeatAt = (plan: SamplePlan, row: number): boolean =>
  isSentAgain(plan, row) && !isSentAgain(plan, row - repeatDistance);

export const isSentAgain = (plan: SamplePlan, row: number): boolean =>
  row > 50 && plan.draw("incident", row).chance("repeat", 0.031);
