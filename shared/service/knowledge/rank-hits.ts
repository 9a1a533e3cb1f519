import { takeTurns } from "../../text";
import { searchWords } from "./search-words";

/** What is ranked: a title, a body, and whatever it belongs to. */
export interface Rankable {
  readonly title: string;
  readonly text: string;
}

export interface Ranked<T> {
  readonly hit: T;
  /** 0 to 1: the share of what the best possible document would score. */
  readonly score: number;
}

const wordsOf = (text: string): string[] =>
  text
    .normalize("NFKC")
    .toLowerCase()
    .match(/[\p{L}\p{N}]+/gu)
    ?.map(stem) ?? [];

const stem = (word: string) => (word.length > 4 ? word.replace(/(?:ing|ed|es|s)$/, "") : word);

const k1 = 1.2;
const b = 0.75;
const titleWeight = 3;

interface Counted<T> {
  readonly hit: T;
  readonly counts: ReadonlyMap<string, number>;
  readonly length: number;
}

function count<T extends Rankable>(hit: T): Counted<T> {
  const counts = new Map<string, number>();
  const add = (word: string, weight: number) => counts.set(word, (counts.get(word) ?? 0) + weight);
  for (const word of wordsOf(hit.title)) add(word, titleWeight);
  for (const word of wordsOf(hit.text)) add(word, 1);
  const length = [...counts.values()].reduce((sum, each) => sum + each, 0);
  return { hit, counts, length };
}

/** BM25 over the candidates, with the title counted three times. Texts are plain: tags would count as words. */
export const rankHits = <T extends Rankable>(query: string, hits: readonly T[]): Ranked<T>[] =>
  rankCounted(query, hits.map(count));

/** As `rankHits`, with the event loop let in between: the texts may be many and long. */
export async function rankHitsInTurns<T extends Rankable>(
  query: string,
  hits: readonly T[],
): Promise<Ranked<T>[]> {
  const turn = takeTurns();
  const docs: Counted<T>[] = [];
  for (const hit of hits) {
    await turn();
    docs.push(count(hit));
  }
  await turn();
  return rankCounted(query, docs);
}

function rankCounted<T>(query: string, docs: readonly Counted<T>[]): Ranked<T>[] {
  // Words that no candidate has count against all of them: a question about something else must not look answered.
  const terms = [...new Set(searchWords([query], 200).flatMap(wordsOf))];
  const mean = docs.reduce((sum, doc) => sum + doc.length, 0) / (docs.length || 1) || 1;
  const weights = new Map(
    terms.map((term) => {
      const held = docs.filter((doc) => doc.counts.has(term)).length;
      return [term, Math.log(1 + (docs.length - held + 0.5) / (held + 0.5))];
    }),
  );
  const possible = [...weights.values()].reduce((sum, weight) => sum + weight * (k1 + 1), 0) || 1;
  return docs
    .map(({ hit, counts, length }) => {
      const score = terms.reduce((sum, term) => {
        const there = counts.get(term) ?? 0;
        const saturated = (there * (k1 + 1)) / (there + k1 * (1 - b + (b * length) / mean));
        return sum + (weights.get(term) ?? 0) * saturated;
      }, 0);
      return { hit, score: score / possible };
    })
    .sort((x, y) => y.score - x.score);
}

/** A shorter word is one letter away from too many others: "horse" is no "hose". */
const shortestMistyped = 6;
const shortestDoubled = 4;

/** Alike for words that differ in doubled letters and a silent end only: `adress`, `address`; `arive`, `arriv`. */
const undoubled = (word: string) => word.replace(/(.)\1+/gu, "$1").replace(/e$/, "");

/** Words of one first letter and one length that are looked at: a text made of nothing else must not cost seconds. */
const mostCompared = 2_000;

/**
 * Finds the word of the documents that is meant by one that none of them holds: doubled letters apart, or one letter in a
 * long word. The earlier of two.
 */
async function speller(
  vocabulary: ReadonlySet<string>,
): Promise<(word: string) => string | undefined> {
  const turn = takeTurns();
  const placeOf = new Map<string, number>();
  const byFold = new Map<string, string>();
  const byShape = new Map<string, string[]>();
  const shape = (letter: string | undefined, length: number) => `${letter}${length}`;
  for (const word of vocabulary) {
    if (placeOf.size % 1_000 === 0) await turn();
    placeOf.set(word, placeOf.size);
    const folded = `${word[0]} ${undoubled(word)}`;
    if (!byFold.has(folded)) byFold.set(folded, word);
    const key = shape(word[0], word.length);
    const alike = byShape.get(key);
    if (alike === undefined) byShape.set(key, [word]);
    else if (alike.length < mostCompared) alike.push(word);
  }
  return (word) => {
    if (word.length < shortestDoubled || /\d/.test(word)) return undefined;
    const lengths = word.length < shortestMistyped ? [] : [-1, 0, 1];
    const found = [
      byFold.get(`${word[0]} ${undoubled(word)}`),
      ...lengths.map((more) =>
        byShape
          .get(shape(word[0], word.length + more))
          ?.find((other) => isOneLetterApart(word, other)),
      ),
    ].filter((each) => each !== undefined);
    return found.sort((a, b) => (placeOf.get(a) ?? 0) - (placeOf.get(b) ?? 0))[0];
  };
}

/** One letter more, less or other; the last letter of two words as long must be the same. */
function isOneLetterApart(a: string, b: string): boolean {
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  if (long.length - short.length > 1) return false;
  if (long.length === short.length && long.at(-1) !== short.at(-1)) return false;
  let from = 0;
  while (from < short.length && short[from] === long[from]) from++;
  let to = 0;
  while (to < short.length - from && short.at(-1 - to) === long.at(-1 - to)) to++;
  return from + to >= long.length - 1;
}

/**
 * Documents that several texts are held against. They are read once, in turns.
 */
export class HeldWords {
  readonly #held: readonly ReadonlySet<string>[];
  readonly #vocabulary: ReadonlySet<string>;
  readonly #mistyped: (word: string) => string | undefined;

  private constructor(
    held: readonly ReadonlySet<string>[],
    vocabulary: ReadonlySet<string>,
    mistyped: (word: string) => string | undefined,
  ) {
    this.#held = held;
    this.#vocabulary = vocabulary;
    this.#mistyped = mistyped;
  }

  /** @param documents plain texts */
  static async of(documents: readonly string[]): Promise<HeldWords> {
    const turn = takeTurns();
    const held: ReadonlySet<string>[] = [];
    const vocabulary = new Set<string>();
    for (const document of documents) {
      await turn();
      const words = new Set(wordsOf(document));
      held.push(words);
      for (const word of words) vocabulary.add(word);
    }
    return new HeldWords(held, vocabulary, await speller(vocabulary));
  }

  /**
   * Share of the words of `text` that each document holds, rare words counting more: 1 when it holds all. Other than
   * `rankHits` it does not mind how long a document is.
   */
  sharesOf(text: string): number[] {
    const asked = searchWords([text], 200).flatMap(wordsOf);
    const meant = asked.map((word) =>
      this.#vocabulary.has(word) ? word : (this.#mistyped(word) ?? word),
    );
    const terms = [...new Set(meant)].map((term) => {
      const there = this.#held.filter((words) => words.has(term)).length;
      return { term, weight: Math.log(1 + (this.#held.length - there + 0.5) / (there + 0.5)) };
    });
    const all = terms.reduce((sum, { weight }) => sum + weight, 0) || 1;
    return this.#held.map(
      (words) =>
        terms.reduce((sum, { term, weight }) => sum + (words.has(term) ? weight : 0), 0) / all,
    );
  }
}
