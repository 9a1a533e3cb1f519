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
    .replaceAll(/<[^<>]*>/g, " ")
    .normalize("NFKC")
    .toLowerCase()
    .match(/[\p{L}\p{N}]+/gu)
    ?.map(stem) ?? [];

const stem = (word: string) => (word.length > 4 ? word.replace(/(?:ing|ed|es|s)$/, "") : word);

const k1 = 1.2;
const b = 0.75;
const titleWeight = 3;

/** BM25 over the candidates, with the title counted three times. */
export function rankHits<T extends Rankable>(query: string, hits: readonly T[]): Ranked<T>[] {
  // Words that no candidate has count against all of them: a question about something else must not look answered.
  const terms = [...new Set(searchWords([query], 200).flatMap(wordsOf))];
  const docs = hits.map((hit) => {
    const counts = new Map<string, number>();
    const add = (word: string, weight: number) =>
      counts.set(word, (counts.get(word) ?? 0) + weight);
    for (const word of wordsOf(hit.title)) add(word, titleWeight);
    for (const word of wordsOf(hit.text)) add(word, 1);
    const length = [...counts.values()].reduce((sum, count) => sum + count, 0);
    return { hit, counts, length };
  });
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
        const count = counts.get(term) ?? 0;
        const saturated = (count * (k1 + 1)) / (count + k1 * (1 - b + (b * length) / mean));
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

/** The word of the documents that is meant by one that none of them holds: doubled letters apart, or one letter in a long word. */
function mistyped(word: string, vocabulary: ReadonlySet<string>): string | undefined {
  if (word.length < shortestDoubled || /\d/.test(word)) return undefined;
  const folded = undoubled(word);
  const isMeant = (other: string) =>
    other[0] === word[0] &&
    (undoubled(other) === folded ||
      (word.length >= shortestMistyped && isOneLetterApart(word, other)));
  for (const other of vocabulary) if (isMeant(other)) return other;
  return undefined;
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
 * Share of the words of `text` that each document holds, rare words counting more: 1 when it holds all. Other than
 * `rankHits` it does not mind how long a document is.
 */
export function sharesHeld(text: string, documents: readonly string[]): number[] {
  const held = documents.map((document) => new Set(wordsOf(document)));
  const vocabulary = new Set(held.flatMap((words) => [...words]));
  const asked = searchWords([text], 200).flatMap(wordsOf);
  const meant = asked.map((word) =>
    vocabulary.has(word) ? word : (mistyped(word, vocabulary) ?? word),
  );
  const terms = [...new Set(meant)].map((term) => {
    const count = held.filter((words) => words.has(term)).length;
    return { term, weight: Math.log(1 + (held.length - count + 0.5) / (count + 0.5)) };
  });
  const all = terms.reduce((sum, { weight }) => sum + weight, 0) || 1;
  return held.map(
    (words) =>
      terms.reduce((sum, { term, weight }) => sum + (words.has(term) ? weight : 0), 0) / all,
  );
}
