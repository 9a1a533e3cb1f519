import type { Features } from "./features";

/** Finds the texts of a history that are most like a new one, by the sparse part of their features. */
export class CaseIndex {
  readonly size: number;
  readonly #start: Int32Array;
  readonly #text: Int32Array;
  readonly #weight: Float32Array;

  constructor(texts: readonly Features[], terms: number) {
    this.size = texts.length;
    const start = new Int32Array(terms + 1);
    for (const { ids } of texts) {
      for (let j = 0; j < ids.length; j++) {
        const after = (ids[j] as number) + 1;
        start[after] = (start[after] as number) + 1;
      }
    }
    for (let id = 0; id < terms; id++)
      start[id + 1] = (start[id + 1] as number) + (start[id] as number);
    const next = start.slice();
    this.#text = new Int32Array(start[terms] ?? 0);
    this.#weight = new Float32Array(start[terms] ?? 0);
    for (let at = 0; at < texts.length; at++) {
      const { ids, values } = texts[at] as Features;
      const norm = 1 / (lengthOf(values) || 1);
      for (let j = 0; j < ids.length; j++) {
        const id = ids[j] as number;
        const cell = next[id] as number;
        next[id] = cell + 1;
        this.#text[cell] = at;
        this.#weight[cell] = (values[j] as number) * norm;
      }
    }
    this.#start = start;
  }

  /** The `count` nearest texts by cosine, best first; texts that share nothing are left out. */
  nearest(
    x: Features,
    count: number,
  ): readonly { readonly at: number; readonly likeness: number }[] {
    const scores = this.likeness(x);
    const best: { at: number; likeness: number }[] = [];
    // What must be exceeded to be among the best: nothing in common at first, then the last of them.
    let floor = 0;
    for (let at = 0; at < scores.length; at++) {
      const likeness = scores[at] as number;
      if (likeness <= floor) continue;
      let place = best.length;
      while (place > 0 && (best[place - 1]?.likeness ?? 0) < likeness) place--;
      best.splice(place, 0, { at, likeness });
      if (best.length > count) best.pop();
      if (best.length === count) floor = best.at(-1)?.likeness ?? 0;
    }
    return best;
  }

  /** Cosine of the text with every text of the history. */
  likeness(x: Features): Float32Array {
    const scores = new Float32Array(this.size);
    const norm = 1 / (lengthOf(x.values) || 1);
    for (let j = 0; j < x.ids.length; j++) {
      const id = x.ids[j] as number;
      const value = (x.values[j] as number) * norm;
      const end = this.#start[id + 1] as number;
      for (let cell = this.#start[id] as number; cell < end; cell++) {
        const at = this.#text[cell] as number;
        scores[at] = (scores[at] as number) + (this.#weight[cell] as number) * value;
      }
    }
    return scores;
  }
}

function lengthOf(values: Float32Array): number {
  let square = 0;
  for (let j = 0; j < values.length; j++) square += (values[j] as number) ** 2;
  return Math.sqrt(square);
}
