import { words } from "./tokens";

/**
 * A table of word vectors. File: two little-endian 32-bit lengths, a JSON head `{n, d, bits: 4}`, the words by falling
 * frequency (one a line), one 32-bit float for each direction (the width of its steps), then `n × d` half bytes, low half
 * first, each 8 more than the signed number of steps. `regenerate.mjs` makes it.
 */
export class WordVectors {
  /** Numbers in a vector. */
  readonly size: number;
  readonly #rank = new Map<string, number>();
  readonly #steps: Float32Array;
  readonly #packed: Uint8Array;

  /**
   * @param file the whole file; it is not copied more than alignment asks for
   * @throws RangeError when its parts do not add up
   */
  constructor(file: Uint8Array) {
    const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
    const headEnd = 8 + view.getUint32(0, true);
    const wordsEnd = headEnd + view.getUint32(4, true);
    const decoder = new TextDecoder();
    const head: { n: number; d: number } = JSON.parse(decoder.decode(file.subarray(8, headEnd)));
    const list = decoder.decode(file.subarray(headEnd, wordsEnd)).split("\n");
    const stepsEnd = wordsEnd + head.d * 4;
    if (list.length !== head.n || file.byteLength !== stepsEnd + (head.n * head.d) / 2) {
      throw new RangeError("The table of word vectors is damaged: its parts do not add up.");
    }
    this.size = head.d;
    this.#steps = new Float32Array(
      // A copy: the bytes in the file are not aligned.
      new Uint8Array(file.subarray(wordsEnd, stepsEnd)).buffer,
    );
    this.#packed = file.subarray(stepsEnd);
    for (let rank = 0; rank < list.length; rank++) {
      const word = list[rank] ?? "";
      if (!this.#rank.has(word)) this.#rank.set(word, rank);
    }
  }

  /**
   * The mean vector of a text, of length 1, each word weighted against its frequency (SIF, with the rank in place of
   * the probability), and the share of its words that the table knows. All zero when it knows none.
   */
  mean(text: string): { readonly vector: Float32Array; readonly known: number } {
    const sum = new Float64Array(this.size);
    const half = this.size / 2;
    const list = words(text);
    let known = 0;
    for (const word of list) {
      const rank = this.#rank.get(word);
      if (rank === undefined) continue;
      known++;
      const weight = 1e-3 / (1e-3 + 0.1 / (rank + 2));
      const at = (rank * this.size) / 2;
      for (let pair = 0; pair < half; pair++) {
        const both = this.#packed[at + pair] as number;
        const d = 2 * pair;
        sum[d] = (sum[d] as number) + ((both & 15) - 8) * weight;
        sum[d + 1] = (sum[d + 1] as number) + ((both >> 4) - 8) * weight;
      }
    }
    let length = 0;
    for (let d = 0; d < sum.length; d++) {
      sum[d] = (sum[d] as number) * (this.#steps[d] as number);
      length += (sum[d] as number) ** 2;
    }
    length = Math.sqrt(length) || 1;
    return {
      vector: Float32Array.from(sum, (value) => value / length),
      known: list.length === 0 ? 0 : known / list.length,
    };
  }
}
