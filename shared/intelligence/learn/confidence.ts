/** What speaks for an answer beside its probability. */
export interface Signs {
  /** Probability of the answer at the model's temperature. */
  readonly probability: number;
  /** Share of the likeness of the nearest examples that have this answer's label, 0 to 1. */
  readonly agreement: number;
  /** Likeness of the nearest example, 0 to 1. */
  readonly likeness: number;
}

/** Weights of a logistic map: of 1, of the probability's logit, of agreement and of likeness. */
export type ConfidenceMap = readonly [
  always: number,
  logit: number,
  agreement: number,
  likeness: number,
];

/** Confidence is the probability as it is. */
export const asItIs: ConfidenceMap = [0, 1, 0, 0];

/** Neighbours that are asked whether they agree. */
export const neighboursAsked = 5;

const logit = (p: number) => {
  const safe = Math.min(1 - 1e-6, Math.max(1e-6, p));
  return Math.log(safe / (1 - safe));
};

const rowOf = ({ probability, agreement, likeness }: Signs): readonly number[] => [
  1,
  logit(probability),
  agreement - 0.5,
  likeness - 0.5,
];

const chance = (map: readonly number[], row: readonly number[]) =>
  1 / (1 + Math.exp(-row.reduce((sum, value, j) => sum + value * (map[j] ?? 0), 0)));

/** How sure an answer is, 0 to 1: its probability, corrected by what held-out answers with such signs were worth. */
export const confidenceOf = (map: ConfidenceMap, signs: Signs): number =>
  map === asItIs ? signs.probability : chance(map, rowOf(signs));

/** How strongly a map is drawn to leaving the probability as it is, in held-out answers. */
const pull: number = 2;

/**
 * The map under which the held-out answers were least surprising: logistic regression by Newton's method, drawn to the
 * identity, so that few answers change little. Platt's scaling, with two signs more.
 *
 * @see https://en.wikipedia.org/wiki/Platt_scaling
 */
export function fitConfidence(
  answers: readonly { readonly signs: Signs; readonly right: boolean }[],
): ConfidenceMap {
  const rows = answers.map(({ signs }) => rowOf(signs));
  let map: number[] = [...asItIs];
  for (let turn = 0; turn < 25; turn++) {
    const slope = map.map((weight, j) => pull * (weight - (asItIs[j] ?? 0)));
    const bend = map.map((_, j) => map.map((_, k) => (j === k ? pull : 0)));
    for (const [at, row] of rows.entries()) {
      const p = chance(map, row);
      const miss = p - (answers[at]?.right ? 1 : 0);
      for (const [j, value] of row.entries()) {
        slope[j] = (slope[j] ?? 0) + miss * value;
        const line = bend[j] ?? [];
        for (const [k, other] of row.entries()) {
          line[k] = (line[k] ?? 0) + p * (1 - p) * value * other;
        }
      }
    }
    const change = solve(bend, slope);
    map = map.map((weight, j) => weight - (change[j] ?? 0));
    if (Math.max(...change.map(Math.abs)) < 1e-6) break;
  }
  const [always = 0, ofLogit = 1, ofAgreement = 0, ofLikeness = 0] = map;
  return [always, ofLogit, ofAgreement, ofLikeness];
}

/** Solves a small system with a symmetric, positive matrix (Gauss). */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const rows = matrix.map((line, at) => [...line, right[at] ?? 0]);
  const size = rows.length;
  for (let pivot = 0; pivot < size; pivot++) {
    const line = rows[pivot] ?? [];
    for (const other of rows.slice(pivot + 1)) {
      const factor = (other[pivot] ?? 0) / (line[pivot] ?? 1);
      for (let k = pivot; k <= size; k++) other[k] = (other[k] ?? 0) - factor * (line[k] ?? 0);
    }
  }
  const solution = new Array<number>(size).fill(0);
  for (let at = size - 1; at >= 0; at--) {
    const line = rows[at] ?? [];
    const known = solution.reduce(
      (sum, value, k) => sum + (k > at ? value * (line[k] ?? 0) : 0),
      0,
    );
    solution[at] = ((line[size] ?? 0) - known) / (line[at] ?? 1);
  }
  return solution;
}
