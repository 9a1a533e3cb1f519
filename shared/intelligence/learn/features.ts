import { characterParts, words } from "./tokens";
import type { WordVectors } from "./word-vectors";

/** The features of a text: a sparse part (words and characters) and a dense part (meaning). Together of length 1. */
export interface Features {
  readonly ids: Int32Array;
  readonly values: Float32Array;
  readonly dense: Float32Array;
}

/** Marks a part of a word, so that it is never taken for a word. */
const partMark = "#";

/** Only the beginning of a text is read: that is where a case says what it is about. */
export const maxCharacters = 2000;

type Counts = Map<string, number>;

function countTerms(
  text: string,
  partsOf: (word: string) => readonly string[],
  longest: number,
): Counts {
  const counts: Counts = new Map();
  const list = words(text.slice(0, longest));
  let before: string | undefined;
  const once = new Set<string>();
  for (const word of list) {
    counts.set(word, (counts.get(word) ?? 0) + 1);
    if (before !== undefined) {
      const pair = `${before} ${word}`;
      counts.set(pair, (counts.get(pair) ?? 0) + 1);
    }
    before = word;
    if (once.has(word)) continue;
    once.add(word);
    for (const part of partsOf(word)) counts.set(part, (counts.get(part) ?? 0) + 1);
  }
  return counts;
}

const markedParts = (word: string) => characterParts(word).map((part) => partMark + part);

/** Words repeat: their parts are cut once. */
function partsWithMemory(): (word: string) => readonly string[] {
  const memory = new Map<string, readonly string[]>();
  return (word) => {
    let parts = memory.get(word);
    if (parts === undefined) {
      parts = markedParts(word);
      memory.set(word, parts);
    }
    return parts;
  };
}

/** Terms (words, word pairs, parts of words) with their weights, learned from the texts of a history. */
export class Vocabulary {
  readonly terms: readonly string[];
  /** Inverse document frequency of each term. */
  readonly idf: Float32Array;
  readonly dense: WordVectors | undefined;
  readonly #id: Map<string, number>;

  constructor(terms: readonly string[], idf: Float32Array, dense: WordVectors | undefined) {
    this.terms = terms;
    this.idf = idf;
    this.dense = dense;
    this.#id = new Map(terms.map((term, id) => [term, id]));
  }

  /** @param minimum texts that a term must stand in to be kept */
  static learn(
    texts: readonly string[],
    dense: WordVectors | undefined,
    minimum: number,
    longest = maxCharacters,
  ): { readonly vocabulary: Vocabulary; readonly features: readonly Features[] } {
    const partsOf = partsWithMemory();
    const counted = texts.map((text) => countTerms(text, partsOf, longest));
    const frequency = new Map<string, number>();
    for (const counts of counted) {
      for (const term of counts.keys()) frequency.set(term, (frequency.get(term) ?? 0) + 1);
    }
    const terms: string[] = [];
    const idf: number[] = [];
    for (const [term, count] of frequency) {
      if (count < minimum) continue;
      terms.push(term);
      idf.push(Math.log((1 + texts.length) / (1 + count)) + 1);
    }
    const vocabulary = new Vocabulary(terms, Float32Array.from(idf), dense);
    const features = counted.map((counts, at) => vocabulary.#weigh(counts, texts[at] ?? ""));
    return { vocabulary, features };
  }

  features(text: string, longest = maxCharacters): Features {
    return this.#weigh(countTerms(text, markedParts, longest), text);
  }

  get denseSize(): number {
    return this.dense?.size ?? 0;
  }

  /** Words and parts are each brought to length 1, so that neither drowns the other; then the meaning is set beside. */
  #weigh(counts: Counts, text: string): Features {
    const ids = new Int32Array(counts.size);
    const raw = new Float32Array(counts.size);
    let found = 0;
    let wordSquare = 0;
    let partSquare = 0;
    const isPart = new Uint8Array(counts.size);
    for (const [term, count] of counts) {
      const id = this.#id.get(term);
      if (id === undefined) continue;
      const value = (1 + Math.log(count)) * (this.idf[id] ?? 0);
      ids[found] = id;
      raw[found] = value;
      if (term.startsWith(partMark)) {
        isPart[found] = 1;
        partSquare += value * value;
      } else wordSquare += value * value;
      found++;
    }
    const dense = this.dense?.mean(text.slice(0, maxCharacters)).vector ?? new Float32Array(0);
    const hasMeaning = dense.some((value) => value !== 0);
    const blocks = (wordSquare > 0 ? 1 : 0) + (partSquare > 0 ? 1 : 0);
    const share = hasMeaning ? Math.SQRT1_2 : 1;
    const scale = share / Math.sqrt(blocks || 1);
    const ofWords = wordSquare > 0 ? scale / Math.sqrt(wordSquare) : 0;
    const ofParts = partSquare > 0 ? scale / Math.sqrt(partSquare) : 0;
    const values = new Float32Array(found);
    for (let at = 0; at < found; at++)
      values[at] = (raw[at] ?? 0) * (isPart[at] ? ofParts : ofWords);
    const denseShare = blocks > 0 ? Math.SQRT1_2 : 1;
    return {
      ids: ids.slice(0, found),
      values,
      dense: dense.map((value) => value * denseShare),
    };
  }
}
