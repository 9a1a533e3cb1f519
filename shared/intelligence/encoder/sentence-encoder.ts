import type { Turns } from "../turns";
import { type Matrix, MatrixMemory } from "./matrix-memory";
import { WordPieces } from "./word-pieces";

interface Head {
  readonly size: number;
  readonly layers: number;
  readonly heads: number;
  readonly inner: number;
  readonly positions: number;
  readonly tokens: number;
}

/** What brings a row to mean 0 and spread 1, and then to its own scale. */
interface Norm {
  readonly scale: Float32Array;
  readonly shift: Float32Array;
}

interface Layer {
  /** Three in one: queries, keys and values. */
  readonly asked: Matrix;
  readonly attended: Matrix;
  readonly inner: Matrix;
  readonly outer: Matrix;
  readonly afterAttention: Norm;
  readonly afterAll: Norm;
}

// Looked up once: where scripts run in a context of their own, each look at a global costs more than what it computes.
const { abs, exp, sqrt, SQRT1_2 } = Math;

/** Tokens of a text that are read: a mail says what it is about in its first lines. */
const longest = 64;

/**
 * What a sentence says as a direction: texts that mean the same in other words come near to each other. English only.
 * A transformer of six layers (all-MiniLM-L6-v2, see NOTICE.md), whose matrices are bytes and are multiplied in WebAssembly.
 */
export class SentenceEncoder {
  readonly #head: Head;
  readonly #pieces: WordPieces;
  readonly #memory: MatrixMemory;
  readonly #positions: Float32Array;
  readonly #first: Norm;
  readonly #tokenSteps: Float32Array;
  readonly #layers: readonly Layer[];

  private constructor(
    { head, positions, first, tokenSteps, layers }: Parts,
    pieces: WordPieces,
    memory: MatrixMemory,
  ) {
    this.#head = head;
    this.#pieces = pieces;
    this.#memory = memory;
    this.#positions = positions;
    this.#first = first;
    this.#tokenSteps = tokenSteps;
    this.#layers = layers;
  }

  /**
   * @param file two little-endian 32-bit lengths, a JSON head, the tokens (one a line), 32-bit floats, then bytes, in the order
   * that `regenerate.mjs` writes
   * @param program the multiplication, `multiply.wat`
   * @throws RangeError when the parts of the file do not add up
   */
  static async from(file: Uint8Array, program: Uint8Array): Promise<SentenceEncoder> {
    const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
    const headEnd = 8 + view.getUint32(0, true);
    const tokensEnd = headEnd + view.getUint32(4, true);
    const decoder = new TextDecoder();
    const head: Head = JSON.parse(decoder.decode(file.subarray(8, headEnd)));
    const pieces = new WordPieces(decoder.decode(file.subarray(headEnd, tokensEnd)).split("\n"));
    const parts = partsOf(head, file, tokensEnd);
    const memory = await MatrixMemory.with(program, parts.bytes, longest, head.inner);
    return new SentenceEncoder(parts, pieces, memory);
  }

  /** Numbers in a direction. */
  get size(): number {
    return this.#head.size;
  }

  /** The direction of a text, of length 1. */
  *encode(text: string): Turns<Float32Array> {
    const { size } = this.#head;
    const places = this.#pieces.places(text, longest);
    const rows = places.length;
    let x: Float32Array = new Float32Array(rows * size);
    for (const [row, place] of places.entries()) {
      const token = this.#memory.row(place * size, size);
      const step = this.#tokenSteps[place] as number;
      for (let d = 0; d < size; d++)
        x[row * size + d] =
          (token[d] as number) * step + (this.#positions[row * size + d] as number);
    }
    normalise(x, size, this.#first);
    for (const layer of this.#layers) x = yield* this.#through(layer, x, rows);
    const mean = new Float32Array(size);
    for (let at = 0; at < x.length; at++)
      mean[at % size] = (mean[at % size] as number) + (x[at] as number);
    const length = Math.hypot(...mean) || 1;
    return mean.map((value) => value / length);
  }

  *#through(layer: Layer, x: Float32Array, rows: number): Turns<Float32Array> {
    const { size } = this.#head;
    const times = (from: Float32Array, matrix: Matrix) => this.#memory.product(from, rows, matrix);
    const asked = times(x, layer.asked);
    yield;
    const met = attend(asked, rows, size, this.#head.heads);
    yield;
    const attended = times(met, layer.attended);
    add(attended, x);
    normalise(attended, size, layer.afterAttention);
    yield;
    const inner = times(attended, layer.inner);
    gelu(inner);
    yield;
    const outer = times(inner, layer.outer);
    add(outer, attended);
    normalise(outer, size, layer.afterAll);
    yield;
    return outer;
  }
}

interface Parts {
  readonly head: Head;
  readonly positions: Float32Array;
  readonly first: Norm;
  readonly tokenSteps: Float32Array;
  readonly layers: readonly Layer[];
  readonly bytes: Uint8Array;
}

function partsOf(head: Head, file: Uint8Array, from: number): Parts {
  const { size, inner, layers: count, positions, tokens } = head;
  let at = from;
  let byte = tokens * size;
  const floats = (length: number) => {
    // A copy: the bytes in the file are not aligned.
    const part = file.slice(at, at + length * 4);
    at += length * 4;
    if (part.length !== length * 4) throw new RangeError(damaged);
    return new Float32Array(part.buffer);
  };
  const norm = (): Norm => ({ scale: floats(size), shift: floats(size) });
  const matrix = (outs: number, width: number): Matrix => {
    const found = { at: byte, outs, inner: width, steps: floats(outs), bias: floats(outs) };
    byte += outs * width;
    return found;
  };
  const positioned = floats(positions * size);
  const first = norm();
  const tokenSteps = floats(tokens);
  const layers = Array.from(
    { length: count },
    (): Layer => ({
      asked: matrix(3 * size, size),
      attended: matrix(size, size),
      inner: matrix(inner, size),
      outer: matrix(size, inner),
      afterAttention: norm(),
      afterAll: norm(),
    }),
  );
  const bytes = file.subarray(at);
  if (bytes.length !== byte) throw new RangeError(damaged);
  return { head, positions: positioned, first, tokenSteps, layers, bytes };
}

const damaged = "The sentence encoder is damaged: its parts do not add up.";

function add(to: Float32Array, from: Float32Array): void {
  for (let at = 0; at < to.length; at++) to[at] = (to[at] as number) + (from[at] as number);
}

function normalise(x: Float32Array, size: number, { scale, shift }: Norm): void {
  for (let from = 0; from < x.length; from += size) {
    let sum = 0;
    for (let d = 0; d < size; d++) sum += x[from + d] as number;
    const mean = sum / size;
    let spread = 0;
    for (let d = 0; d < size; d++) spread += ((x[from + d] as number) - mean) ** 2;
    const factor = 1 / sqrt(spread / size + 1e-12);
    for (let d = 0; d < size; d++)
      x[from + d] =
        ((x[from + d] as number) - mean) * factor * (scale[d] as number) + (shift[d] as number);
  }
}

/**
 * Each row as a mean of all values, weighted by how well its query meets their keys; in each head by itself.
 *
 * @param asked query, key and value of each row, one behind the other
 */
function attend(asked: Float32Array, rows: number, size: number, heads: number): Float32Array {
  const width = size / heads;
  const factor = 1 / sqrt(width);
  const met = new Float32Array(rows * size);
  const weights = new Float32Array(rows);
  for (let begin = 0; begin < size; begin += width) {
    for (let row = 0; row < rows; row++) {
      const all = weigh(
        weights,
        asked,
        row * 3 * size + begin,
        size + begin,
        3 * size,
        width,
        factor,
      );
      const to = row * size + begin;
      for (let other = 0; other < rows; other++) {
        const weight = (weights[other] as number) / all;
        const from = other * 3 * size + 2 * size + begin;
        for (let d = 0; d < width; d++)
          met[to + d] = (met[to + d] as number) + weight * (asked[from + d] as number);
      }
    }
  }
  return met;
}

/**
 * How well a query meets each key, as weights above 0.
 *
 * @param key where the first key begins; the next is `apart` behind it
 * @returns the sum of the weights
 */
function weigh(
  weights: Float32Array,
  asked: Float32Array,
  query: number,
  key: number,
  apart: number,
  width: number,
  factor: number,
): number {
  let top = Number.NEGATIVE_INFINITY;
  for (let other = 0, at = key; other < weights.length; other++, at += apart) {
    // Four sums side by side: a processor need not wait for one addition before the next.
    let [a, b, c, d] = [0, 0, 0, 0];
    for (let i = 0; i < width; i += 4) {
      a += (asked[query + i] as number) * (asked[at + i] as number);
      b += (asked[query + i + 1] as number) * (asked[at + i + 1] as number);
      c += (asked[query + i + 2] as number) * (asked[at + i + 2] as number);
      d += (asked[query + i + 3] as number) * (asked[at + i + 3] as number);
    }
    const met = (a + b + c + d) * factor;
    weights[other] = met;
    if (met > top) top = met;
  }
  let all = 0;
  for (let other = 0; other < weights.length; other++) {
    const weight = exp((weights[other] as number) - top);
    weights[other] = weight;
    all += weight;
  }
  return all;
}

/** Gaussian error linear unit; the error function after Abramowitz and Stegun 7.1.26. */
function gelu(x: Float32Array): void {
  for (let at = 0; at < x.length; at++) {
    const value = x[at] as number;
    const size = abs(value) * SQRT1_2;
    const t = 1 / (1 + 0.3275911 * size);
    const tail =
      t *
      (0.254829592 +
        t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429)))) *
      exp(-size * size);
    x[at] = 0.5 * value * (value < 0 ? tail : 2 - tail);
  }
}
