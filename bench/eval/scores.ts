/** One line of the evaluation: what was measured of whom on which set. Shares are percent, times milliseconds. */
export interface Row {
  readonly kind: Kind;
  readonly set: string;
  readonly provider: string;
  readonly values: Readonly<Record<string, number>>;
  /** ISO 8601 date of the run that measured it, where that is an older one than its run's. */
  readonly measuredOn?: string;
}

export type Kind =
  | "fields"
  | "scope"
  | "chance"
  | "retrieval"
  | "drafts"
  | "sample"
  | "cost"
  | "words";

export const round = (value: number, places = 1): number => Number(value.toFixed(places));
export const percent = (part: number, all: number): number =>
  round(all === 0 ? 0 : (100 * part) / all);

/** Expected calibration error over 15 bins, 0 to 1. */
export function calibrationError(
  said: readonly (readonly [confidence: number, right: boolean])[],
): number {
  const bins = Array.from({ length: 15 }, () => ({ right: 0, confidence: 0 }));
  for (const [confidence, right] of said) {
    const bin = bins[Math.min(14, Math.floor(confidence * 15))];
    if (bin === undefined) continue;
    bin.confidence += confidence;
    if (right) bin.right++;
  }
  return (
    bins.reduce((sum, { right, confidence }) => sum + Math.abs(right - confidence), 0) /
    (said.length || 1)
  );
}

/** Mean of the labels' F1, 0 to 1. */
export function macroF1(said: readonly (readonly [truth: string, predicted: string])[]): number {
  const counts = new Map<string, { hit: number; all: number }>();
  const of = (label: string) => {
    const known = counts.get(label) ?? { hit: 0, all: 0 };
    counts.set(label, known);
    return known;
  };
  for (const [truth, predicted] of said) {
    of(truth).all++;
    of(predicted).all++;
    if (truth === predicted) of(truth).hit++;
  }
  const labels = [...new Set(said.map(([truth]) => truth))];
  const scores = labels.map((label) => (2 * of(label).hit) / (of(label).all || 1));
  return scores.reduce((sum, one) => sum + one, 0) / (labels.length || 1);
}

/** The value that so large a share of the values does not exceed. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}

/** How often a good one scores above a bad one, 0 to 1; one half is chance. */
export function areaUnderCurve(good: readonly number[], bad: readonly number[]): number {
  let above = 0;
  for (const one of good)
    for (const other of bad) above += one > other ? 1 : one === other ? 0.5 : 0;
  return above / (good.length * bad.length || 1);
}

/** Discounted gain of a ranking at 10 against the best there could be, 0 to 1. */
export function ndcg(gold: readonly string[], ranked: readonly string[]): number {
  const gain = (at: number) => 1 / Math.log2(at + 2);
  const found = ranked
    .slice(0, 10)
    .reduce((sum, id, at) => sum + (gold.includes(id) ? gain(at) : 0), 0);
  return found / gold.slice(0, 10).reduce((sum, _, at) => sum + gain(at), 0);
}

/** F1 of the words that two texts share, 0 to 1. */
export function wordF1(text: string, truth: string): number {
  const wordsOf = (of: string) => of.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  const left = new Map<string, number>();
  for (const word of wordsOf(truth)) left.set(word, (left.get(word) ?? 0) + 1);
  let shared = 0;
  for (const word of wordsOf(text)) {
    const count = left.get(word) ?? 0;
    if (count === 0) continue;
    shared++;
    left.set(word, count - 1);
  }
  return (2 * shared) / (wordsOf(text).length + wordsOf(truth).length || 1);
}

export function commonest(rows: readonly { readonly label: string }[]): string | undefined {
  const counts = new Map<string, number>();
  for (const { label } of rows) counts.set(label, (counts.get(label) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0];
}
