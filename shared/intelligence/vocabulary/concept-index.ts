import { conceptsOf } from "./concepts";

const k1 = 1.2;
const b = 0.75;
/** A concept of the title counts as often as three of the body. */
const titleWeight = 3;

/** Texts by the concepts of the support vocabulary: BM25 over concepts instead of words, so that languages meet. */
export class ConceptIndex {
  readonly #counts: readonly ReadonlyMap<string, number>[];
  readonly #lengths: readonly number[];
  readonly #frequency = new Map<string, number>();
  readonly #average: number;

  constructor(counts: readonly ReadonlyMap<string, number>[]) {
    this.#counts = counts;
    this.#lengths = counts.map((one) => [...one.values()].reduce((sum, each) => sum + each, 0));
    this.#average = this.#lengths.reduce((sum, each) => sum + each, 0) / (counts.length || 1) || 1;
    for (const one of counts)
      for (const concept of one.keys())
        this.#frequency.set(concept, (this.#frequency.get(concept) ?? 0) + 1);
  }

  /** Concepts of a text by how often it says them. */
  static count(title: string, text: string): ReadonlyMap<string, number> {
    const counts = new Map<string, number>();
    const add = (part: string, weight: number) => {
      for (const concept of conceptsOf(part))
        counts.set(concept, (counts.get(concept) ?? 0) + weight);
    };
    add(title, titleWeight);
    add(text, 1);
    return counts;
  }

  /** 0 and up, by place; comparable within one call. */
  scores(asked: readonly string[]): readonly number[] {
    const once = [...new Set(asked)];
    return this.#counts.map((counts, at) => {
      const norm = k1 * (1 - b + (b * (this.#lengths[at] ?? 0)) / this.#average);
      return once.reduce((sum, concept) => {
        const count = counts.get(concept) ?? 0;
        return count === 0 ? sum : sum + (this.rarity(concept) * count * (k1 + 1)) / (count + norm);
      }, 0);
    });
  }

  holds(at: number, concept: string): boolean {
    return this.#counts[at]?.has(concept) === true;
  }

  /** Inverse document frequency. */
  rarity(concept: string): number {
    const texts = this.#frequency.get(concept) ?? 0;
    return Math.log(1 + (this.#counts.length - texts + 0.5) / (texts + 0.5));
  }
}
