import type { Draw } from "../draw";
import type { SamplePlan } from "../plan";

const dayMs = 86_400_000;
const stateWeights = [
  [1, 68],
  [2, 4],
] as const;
const reasons = {
  0: [
    [1, 60],
    [2, 20],
    [3, 10],
    [4, 10],
  ],
  1: [
    [5, 85],
    [1000, 15],
  ],
} as const;
const cancelled = 6;
export const merged = 2000;

export interface Outcome {
  readonly wanted: 0 | 1 | 2;
  readonly reason: number;
}

/** What becomes of a case by its age. */
export function outcomeOf(
  { isShown }: SamplePlan,
  draw: Draw,
  ageMs: number,
  isRepeat: boolean,
): Outcome {
  // What came twice is often merged into what came first.
  if (isRepeat && draw.chance("isMerged", 0.33)) return { wanted: 2, reason: merged };
  if (isShown ? isOpen(draw, ageMs) : isOpenInSmallSet(draw, ageMs)) return openOutcome(draw);
  const wanted = draw.weighted("state", stateWeights);
  return { wanted, reason: wanted === 2 ? cancelled : draw.weighted("reason", reasons[1]) };
}

export const openOutcome = (draw: Draw): Outcome => ({
  wanted: 0,
  reason: draw.weighted("reason", reasons[0]),
});

/** Young cases are mostly open, old ones mostly closed, with a tail; over all, 28 of a hundred are open. */
function isOpenInSmallSet(draw: Draw, ageMs: number): boolean {
  const slope = 148 / (148 + ageMs / dayMs);
  return draw.chance("isYoung", 0.95 * slope * slope) || draw.chance("isTail", 0.09);
}

/** Half of what came in three days ago, one in ten after two weeks, hardly any after a month. */
function isOpen(draw: Draw, ageMs: number): boolean {
  const slope = 16 / (16 + ageMs / dayMs);
  return draw.chance("isYoung", 0.95 * slope * slope * slope * slope);
}
