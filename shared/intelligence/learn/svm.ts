import type { Turns } from "../turns";
import type { Features } from "./features";
import { seededRandom, shuffle } from "./random";

/**
 * Weights of one linear classifier for each option, side by side: `(sparse + dense + 1) × options`, row by row; the
 * last row is the bias.
 */
export interface LinearModel {
  readonly weights: Float32Array;
  readonly options: number;
  readonly sparseSize: number;
  readonly denseSize: number;
}

export interface SvmSettings {
  /** Price of a training error. */
  readonly cost: number;
  readonly epochs: number;
}

/** Margin of every option for one text. */
export function margins(model: LinearModel, x: Features): Float64Array {
  const { weights, options, sparseSize, denseSize } = model;
  const scores = new Float64Array(options);
  const bias = (sparseSize + denseSize) * options;
  for (let c = 0; c < options; c++) scores[c] = weights[bias + c] as number;
  addRows(scores, weights, options, x, sparseSize);
  return scores;
}

function addRows(
  scores: Float64Array,
  weights: Float32Array,
  options: number,
  x: Features,
  sparseSize: number,
): void {
  addSparse(scores, weights, options, x);
  const { dense } = x;
  let row = sparseSize * options;
  for (let j = 0; j < dense.length; j++, row += options) {
    const value = dense[j] as number;
    for (let c = 0; c < options; c++) {
      scores[c] = (scores[c] as number) + (weights[row + c] as number) * value;
    }
  }
}

function addSparse(
  scores: Float64Array,
  weights: Float32Array,
  options: number,
  { ids, values }: Features,
): void {
  for (let j = 0; j < ids.length; j++) {
    const row = (ids[j] as number) * options;
    const value = values[j] as number;
    for (let c = 0; c < options; c++) {
      scores[c] = (scores[c] as number) + (weights[row + c] as number) * value;
    }
  }
}

/**
 * One-against-the-rest support vector machines with squared hinge loss, all options together, by dual coordinate
 * descent: one pass over a text serves every option, so the inner loop runs over contiguous memory.
 *
 * @see https://www.csie.ntu.edu.tw/~cjlin/papers/cddual.pdf
 */
export function* trainSvm(
  texts: readonly Features[],
  labels: Int32Array,
  shape: { readonly options: number; readonly sparseSize: number; readonly denseSize: number },
  settings: SvmSettings,
): Turns<LinearModel> {
  const { options, sparseSize, denseSize } = shape;
  const weights = new Float32Array((sparseSize + denseSize + 1) * options);
  const model = { weights, options, sparseSize, denseSize };
  const dual: Dual = {
    dense: new Float32Array(options * denseSize),
    scores: new Float64Array(options),
    alpha: new Float32Array(texts.length * options),
    diagonal: 0.5 / settings.cost,
    step: new Float64Array(options),
    changed: new Int32Array(options),
  };
  const order = Int32Array.from(texts, (_, at) => at);
  const squares = texts.map(squareOf);
  const random = seededRandom(7);
  for (let epoch = 0; epoch < settings.epochs; epoch++) {
    shuffle(order, random);
    let largest = 0;
    for (const at of order) {
      const curvature = (squares[at] as number) + dual.diagonal;
      const x = texts[at] as Features;
      largest = Math.max(largest, improve(model, dual, x, at, labels[at] as number, curvature));
      yield;
    }
    if (largest < 0.01) break;
  }
  placeDense(model, dual.dense);
  return model;
}

interface Dual {
  /** Weights of the dense part while training, option by option: long runs of memory make it twice as fast. */
  readonly dense: Float32Array;
  /** Margins of the text in hand. */
  readonly scores: Float64Array;
  /** Dual variable of each text and option. */
  readonly alpha: Float32Array;
  readonly diagonal: number;
  /** The options to change, and by how much. */
  readonly changed: Int32Array;
  readonly step: Float64Array;
}

/** One step for every option at one text. Returns the largest move. */
function improve(
  model: LinearModel,
  dual: Dual,
  x: Features,
  at: number,
  target: number,
  curvature: number,
): number {
  const { alpha, diagonal, step, changed, scores } = dual;
  trainingMargins(model, dual, x);
  const from = at * model.options;
  let largest = 0;
  let count = 0;
  for (let c = 0; c < model.options; c++) {
    const sign = c === target ? 1 : -1;
    const old = alpha[from + c] as number;
    const gradient = sign * (scores[c] as number) - 1 + old * diagonal;
    if (old === 0 && gradient >= 0) continue;
    const next = Math.max(0, old - gradient / curvature);
    const move = next - old;
    largest = Math.max(largest, Math.abs(move));
    if (Math.abs(move) < 1e-4) continue;
    alpha[from + c] = next;
    step[count] = move * sign;
    changed[count++] = c;
  }
  if (count > 0) update(model, dual, x, count);
  return largest;
}

/** As `margins`, with the dense part as it lies while training. */
function trainingMargins(model: LinearModel, { dense, scores }: Dual, x: Features): void {
  const { weights, options, sparseSize, denseSize } = model;
  const bias = (sparseSize + denseSize) * options;
  const meaning = x.dense;
  for (let c = 0; c < options; c++) {
    let sum = weights[bias + c] as number;
    const from = c * denseSize;
    for (let d = 0; d < meaning.length; d++)
      sum += (dense[from + d] as number) * (meaning[d] as number);
    scores[c] = sum;
  }
  addSparse(scores, weights, options, x);
}

/** The dense weights of training at their place in the model. */
function placeDense({ weights, options, sparseSize, denseSize }: LinearModel, dense: Float32Array) {
  for (let d = 0; d < denseSize; d++) {
    const row = (sparseSize + d) * options;
    for (let c = 0; c < options; c++) weights[row + c] = dense[c * denseSize + d] as number;
  }
}

function squareOf(x: Features): number {
  let square = 1;
  for (const value of x.values) square += value * value;
  for (const value of x.dense) square += value * value;
  return square;
}

function update(model: LinearModel, dual: Dual, x: Features, count: number): void {
  const { weights, options, sparseSize, denseSize } = model;
  const { dense, step, changed } = dual;
  const { ids, values } = x;
  const add = (row: number, value: number) => {
    for (let z = 0; z < count; z++) {
      const cell = row + (changed[z] as number);
      weights[cell] = (weights[cell] as number) + (step[z] as number) * value;
    }
  };
  for (let j = 0; j < ids.length; j++) add((ids[j] as number) * options, values[j] as number);
  for (let z = 0; z < count; z++) {
    const from = (changed[z] as number) * denseSize;
    const move = step[z] as number;
    for (let d = 0; d < x.dense.length; d++)
      dense[from + d] = (dense[from + d] as number) + move * (x.dense[d] as number);
  }
  add((sparseSize + denseSize) * options, 1);
}
