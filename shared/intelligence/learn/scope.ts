import { fewestHeldOut } from "./calibration";
import type { Features } from "./features";

/**
 * How much a text is like the history: the best margin says that some option wants it, the nearest example that something
 * like it was seen, and the nearest centre that it means what some option means.
 */
export function scopeOf(scores: Float64Array, likeness: number, meaning: number): number {
  let top = Number.NEGATIVE_INFINITY;
  for (const score of scores) top = Math.max(top, score);
  return top + likeness + 2 * meaning;
}

/** The mean direction of each label's texts, row by row, each of length 1 (or 0 without texts or vectors). */
export function centresOf(
  texts: readonly Features[],
  truth: ArrayLike<number>,
  labels: number,
  size: number,
): Float32Array {
  const centres = new Float32Array(labels * size);
  for (const [at, { dense }] of texts.entries()) {
    const row = (truth[at] ?? 0) * size;
    for (let d = 0; d < size; d++) centres[row + d] = (centres[row + d] ?? 0) + (dense[d] ?? 0);
  }
  for (let row = 0; row < centres.length; row += size) {
    const length = Math.hypot(...centres.subarray(row, row + size)) || 1;
    for (let d = row; d < row + size; d++) centres[d] = (centres[d] ?? 0) / length;
  }
  return centres;
}

/** Cosine of a text's meaning with the nearest centre, 0 to 1. */
export function nearestCentre(centres: Float32Array, dense: Float32Array): number {
  const size = dense.length;
  const length = Math.hypot(...dense) || 1;
  let best = 0;
  for (let row = 0; size > 0 && row < centres.length; row += size) {
    let sum = 0;
    for (let d = 0; d < size; d++) sum += (centres[row + d] as number) * (dense[d] as number);
    best = Math.max(best, sum / length);
  }
  return best;
}

/**
 * Where to draw the line: at the share of false alarms allowed; with known outsiders, at the point up to there that parts
 * them best.
 */
export function scopeThresholdOf(
  inside: readonly number[],
  outside: readonly number[],
  falseAlarms: number,
): number {
  const sorted = [...inside].sort((a, b) => a - b);
  const at = (part: number) => sorted[Math.floor(part * sorted.length)] ?? Number.NEGATIVE_INFINITY;
  if (outside.length < fewestHeldOut) return at(falseAlarms);
  let best = at(falseAlarms);
  let bestGain = Number.NEGATIVE_INFINITY;
  for (let part = 0; part <= falseAlarms; part += 0.0025) {
    const line = at(part);
    const caught = outside.filter((score) => score < line).length / outside.length;
    const gain = caught - 5 * part;
    if (gain > bestGain) {
      bestGain = gain;
      best = line;
    }
  }
  return best;
}
