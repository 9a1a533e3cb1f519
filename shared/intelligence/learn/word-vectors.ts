import { words } from "./tokens";

/**
 * A table of word vectors. File: two little-endian 32-bit lengths, a JSON head `{n, d}`, the words by falling
 * frequency (one a line), one 32-bit float scale for each word, then `n × d` signed bytes.
 */
export class WordVectors {
  /** Numbers in a vector. */
  readonly size: number;
  readonly #rank = new Map<string, number>();
  readonly #scale: Float32Array;
  readonly #values: Int8Array;

  /** @param file the whole file; it is not copied more than alignment asks for. */
  constructor(file: Uint8Array) {
    const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
    const headEnd = 8 + view.getUint32(0, true);
    const wordsEnd = headEnd + view.getUint32(4, true);
    const decoder = new TextDecoder();
    const head: { n: number; d: number } = JSON.parse(decoder.decode(file.subarray(8, headEnd)));
    const list = decoder.decode(file.subarray(headEnd, wordsEnd)).split("\n");
    if (list.length !== head.n || file.byteLength !== wordsEnd + head.n * (4 + head.d)) {
      throw new RangeError("The table of word vectors is damaged: its parts do not add up.");
    }
    this.size = head.d;
    this.#scale = new Float32Array(
      // A copy: the bytes in the file are not aligned.
      new Uint8Array(file.subarray(wordsEnd, wordsEnd + head.n * 4)).buffer,
    );
    this.#values = new Int8Array(file.buffer, file.byteOffset + wordsEnd + head.n * 4);
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
    const list = words(text);
    let known = 0;
    for (const word of list) {
      const rank = this.#rank.get(word);
      if (rank === undefined) continue;
      known++;
      const weight = (this.#scale[rank] ?? 0) * (1e-3 / (1e-3 + 0.1 / (rank + 2)));
      const at = rank * this.size;
      for (let d = 0; d < this.size; d++)
        sum[d] = (sum[d] ?? 0) + (this.#values[at + d] ?? 0) * weight;
    }
    let length = 0;
    for (const value of sum) length += value * value;
    length = Math.sqrt(length) || 1;
    return {
      vector: Float32Array.from(sum, (value) => value / length),
      known: list.length === 0 ? 0 : known / list.length,
    };
  }
}
