/** Probabilities of scores at a temperature; the higher it is, the flatter they are. */
export function softmax(scores: ArrayLike<number>, temperature: number): Float64Array {
  let top = Number.NEGATIVE_INFINITY;
  for (let c = 0; c < scores.length; c++) top = Math.max(top, scores[c] ?? 0);
  const raised = Float64Array.from(scores, (score) => Math.exp((score - top) / temperature));
  let sum = 0;
  for (const value of raised) sum += value;
  return raised.map((value) => value / sum);
}

export interface HeldOut {
  readonly scores: Float64Array;
  /** Index of the right option; -1 when training had no such option. */
  readonly truth: number;
}

/** The temperature at which the held-out answers were least surprising (likelihood), by golden section on its logarithm. */
export function fitTemperature(held: readonly HeldOut[]): number {
  const surprise = (exponent: number) => {
    let sum = 0;
    for (const { scores, truth } of held) {
      const p = truth < 0 ? 0 : (softmax(scores, 10 ** exponent)[truth] ?? 0);
      sum -= Math.log(Math.max(1e-12, p));
    }
    return sum;
  };
  const ratio = (Math.sqrt(5) - 1) / 2;
  let low = -2.5;
  let high = 1;
  for (let turn = 0; turn < 24; turn++) {
    const left = high - ratio * (high - low);
    const right = low + ratio * (high - low);
    if (surprise(left) <= surprise(right)) high = right;
    else low = left;
  }
  return 10 ** ((low + high) / 2);
}

/** Lower bound of a share, one-sided: z = 0.84 means that the truth is above it in 80 % of cases (Wilson). */
export function wilsonLowerBound(right: number, all: number, z = 0.84): number {
  if (all === 0) return 0;
  const p = right / all;
  const square = z * z;
  const spread = z * Math.sqrt((p * (1 - p)) / all + square / (4 * all * all));
  return (p + square / (2 * all) - spread) / (1 + square / all);
}

export interface Outcome {
  readonly confidence: number;
  readonly right: boolean;
}

/** Fewest held-out cases above a threshold that may speak for it. */
export const fewestHeldOut = 20;

/**
 * The lowest confidence at or above which held-out answers were right often enough: by the Wilson bound over all of
 * them, and by plain count over the newest. Undefined when there is none, or with fewer than 20 answers above it: then
 * nothing is written automatically.
 */
export function thresholdFor(
  outcomes: readonly Outcome[],
  newest: readonly Outcome[],
  targetPrecision: number,
): number | undefined {
  const sorted = [...outcomes].sort((a, b) => b.confidence - a.confidence);
  let right = 0;
  let threshold: number | undefined;
  for (const [at, { confidence, right: isRight }] of sorted.entries()) {
    if (isRight) right++;
    // Equal confidences stand or fall together.
    if (sorted[at + 1]?.confidence === confidence || at + 1 < fewestHeldOut) continue;
    if (wilsonLowerBound(right, at + 1) < targetPrecision) continue;
    const recent = newest.filter((outcome) => outcome.confidence >= confidence);
    const recentRight = recent.filter((outcome) => outcome.right).length;
    if (recentRight >= targetPrecision * recent.length) threshold = confidence;
  }
  return threshold;
}
