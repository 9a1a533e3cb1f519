import type { Turns } from "../turns";
import { stem } from "../words/stem";
import { characterParts, words } from "../words/tokens";
import type { WordVectors } from "../words/word-vectors";

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

/** How much each part of a text's features counts: its words and pairs of words, the parts of its words, its meaning. */
export interface BlockWeights {
  readonly words: number;
  readonly parts: number;
  readonly meaning: number;
}

/** For a line of text, where a word seldom comes twice. */
export const evenWeights: BlockWeights = { words: 1, parts: 1, meaning: Math.SQRT2 };

type Counts = Map<string, number>;

/** A word as it is counted: its stem, and the parts of the stem. */
interface Cut {
  readonly root: string;
  readonly parts: readonly string[];
}

function countTerms(text: string, cutOf: (word: string) => Cut, longest: number): Counts {
  const counts: Counts = new Map();
  const list = words(text.slice(0, longest));
  let before: string | undefined;
  const once = new Set<string>();
  for (const one of list) {
    const { root: word, parts } = cutOf(one);
    counts.set(word, (counts.get(word) ?? 0) + 1);
    if (before !== undefined) {
      const pair = `${before} ${word}`;
      counts.set(pair, (counts.get(pair) ?? 0) + 1);
    }
    before = word;
    if (once.has(word)) continue;
    once.add(word);
    for (const part of parts) counts.set(part, (counts.get(part) ?? 0) + 1);
  }
  return counts;
}

function cut(word: string): Cut {
  const root = stem(word);
  return { root, parts: characterParts(root).map((part) => partMark + part) };
}

/** Words repeat: each is cut once. */
function cutWithMemory(): (word: string) => Cut {
  const memory = new Map<string, Cut>();
  return (word) => {
    let known = memory.get(word);
    if (known === undefined) {
      known = cut(word);
      memory.set(word, known);
    }
    return known;
  };
}

/** Terms (words, word pairs, parts of words) with their weights, learned from the texts of a history. */
export class Vocabulary {
  readonly terms: readonly string[];
  /** Inverse document frequency of each term. */
  readonly idf: Float32Array;
  readonly dense: WordVectors | undefined;
  readonly weights: BlockWeights;
  readonly #id: Map<string, number>;

  constructor(
    terms: readonly string[],
    idf: Float32Array,
    dense: WordVectors | undefined,
    weights = evenWeights,
  ) {
    this.terms = terms;
    this.idf = idf;
    this.dense = dense;
    this.weights = weights;
    this.#id = new Map();
    for (let id = 0; id < terms.length; id++) this.#id.set(terms[id] as string, id);
  }

  /** @param minimum texts that a term must stand in to be kept */
  static *learn(
    texts: readonly string[],
    dense: WordVectors | undefined,
    minimum: number,
    { weights = evenWeights, longest = maxCharacters } = {},
  ): Turns<{ readonly vocabulary: Vocabulary; readonly features: readonly Features[] }> {
    const cutOf = cutWithMemory();
    const counted: Counts[] = [];
    for (const text of texts) {
      counted.push(countTerms(text, cutOf, longest));
      yield;
    }
    const frequency = new Map<string, number>();
    for (const counts of counted) {
      for (const term of counts.keys()) frequency.set(term, (frequency.get(term) ?? 0) + 1);
      yield;
    }
    const terms: string[] = [];
    const idf: number[] = [];
    for (const [term, count] of frequency) {
      if (count < minimum) continue;
      terms.push(term);
      idf.push(Math.log((1 + texts.length) / (1 + count)) + 1);
    }
    const vocabulary = new Vocabulary(terms, Float32Array.from(idf), dense, weights);
    yield;
    const features: Features[] = [];
    for (const [at, counts] of counted.entries()) {
      features.push(vocabulary.#weigh(counts, texts[at] ?? ""));
      yield;
    }
    return { vocabulary, features };
  }

  features(text: string, longest = maxCharacters): Features {
    return this.#weigh(countTerms(text, cut, longest), text);
  }

  get denseSize(): number {
    return this.dense?.size ?? 0;
  }

  /** Words, parts and meaning are each brought to the length of their weight, so that none drowns another; all to length 1. */
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
    const of = {
      words: wordSquare > 0 ? this.weights.words : 0,
      parts: partSquare > 0 ? this.weights.parts : 0,
      meaning: hasMeaning ? this.weights.meaning : 0,
    };
    const whole = Math.hypot(of.words, of.parts, of.meaning) || 1;
    const ofWords = of.words / (whole * Math.sqrt(wordSquare || 1));
    const ofParts = of.parts / (whole * Math.sqrt(partSquare || 1));
    const values = new Float32Array(found);
    for (let at = 0; at < found; at++)
      values[at] = (raw[at] ?? 0) * (isPart[at] ? ofParts : ofWords);
    return {
      ids: ids.slice(0, found),
      values,
      dense: dense.map((value) => (value * of.meaning) / whole),
    };
  }
}
