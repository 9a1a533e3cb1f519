import { tellLanguage } from "../language-detection";
import { CaseIndex } from "../learn/case-index";
import { Vocabulary } from "../learn/features";
import { atOnce, inTurns, type Turns } from "../turns";
import { ConceptIndex } from "../vocabulary/concept-index";
import { type SaidWord, saidWords, searchWordsOf } from "../vocabulary/concepts";
import { stem } from "../words/stem";
import { words } from "../words/tokens";
import type { WordVectors } from "../words/word-vectors";

/** What is ranked. */
export interface Article {
  readonly id: string;
  readonly title: string;
  /** Plain text. */
  readonly text: string;
}

/** One article of a ranking. */
export interface Ranked {
  readonly id: string;
  /** 0 to about 2.5, comparable within one ranking. */
  readonly score: number;
  /** 0 to 1: how much of what is asked it says, rare words counting more. Comparable between rankings. */
  readonly share: number;
}

/** The articles for a question, and whether the first one answers it. */
export interface Ranking {
  /** Best first. */
  readonly hits: readonly Ranked[];
  /**
   * 0 to 1: how sure it is that the first article answers. From the gap between the best and those behind it, and the
   * share of the question's rare words that the best article has.
   */
  readonly answerable: number;
}

/** Words that say nothing about what a question is about. */
const stopWords = new Set(
  "a an and are as at be been but by can could did do does for from had has have how i if in into is it its me my no not of on or our out please so some such than that the their them then there these they this to us was we were what when where which who why will with would you your hello hi dear thanks thank regards am need want get got im ive dont cant".split(
    " ",
  ),
);

const k1 = 1.2;
const b = 0.75;
/** A word of the title counts as often as three of the body. */
const titleWeight = 3;
const weightOfLetters = 1;
const weightOfMeaning = 0.3;
/** Of concepts, where all that is asked has some. With it, questions about other matters are ranked as without. */
const weightOfConcepts = 2;
/** A word in another language is not as sure a sign as the word itself, and another word of the same language less so. */
const worthOfForeign = 0.8;
const worthOfConcept = 0.5;

/** The words of a text that count, each in its stem. */
export const keywords = (text: string): readonly string[] =>
  words(text)
    .filter((word) => !stopWords.has(word))
    .map(stem);

/** What is asked, each word once: in its stem, with the concepts that it stands for. */
function askedOf(question: string): readonly SaidWord[] {
  const said = new Map<string, SaidWord>();
  for (const { word, concepts } of saidWords(question)) {
    const plain = words(word).join("");
    if (plain === "" || stopWords.has(plain)) continue;
    const root = stem(plain);
    if (!said.has(root)) said.set(root, { word: root, concepts });
  }
  return [...said.values()];
}

/** Shares of the words of the articles' titles that have concepts: with less the library is about something else, with more it is not. */
const leastSpoken = 0.35;
const wellSpoken = 0.5;

interface Entry {
  readonly article: Article;
  readonly counts: ReadonlyMap<string, number>;
  readonly length: number;
  readonly vector: Float32Array | undefined;
  readonly concepts: ReadonlyMap<string, number>;
  /** Share of the words of its title that have concepts. */
  readonly spoken: number;
}

/**
 * Ranks articles for a question by four votes, added: BM25 over stems, cosine over words and parts of words, cosine of
 * mean word vectors, BM25 over concepts of the support vocabulary, in which languages meet. Each is scaled by its best article first. Made for some hundreds of articles, or for the 25 or so
 * candidates that a search service found.
 */
export class Ranker {
  readonly #entries: readonly Entry[];
  readonly #frequency = new Map<string, number>();
  readonly #average: number;
  readonly #letters: CaseIndex | undefined;
  readonly #vocabulary: Vocabulary | undefined;
  readonly #vectors: WordVectors | undefined;
  readonly #concepts: ConceptIndex;
  /** 0 to 1: how far the library is one that the vocabulary speaks of. */
  readonly #spoken: number;

  constructor(
    articles: readonly Article[],
    vectors?: WordVectors,
    { entries, letters, vocabulary } = atOnce(prepare(articles, vectors)),
  ) {
    this.#vectors = vectors;
    this.#entries = entries;
    this.#letters = letters;
    this.#vocabulary = vocabulary;
    this.#concepts = new ConceptIndex(entries.map(({ concepts }) => concepts));
    const share = entries.reduce((sum, { spoken }) => sum + spoken, 0) / (entries.length || 1);
    this.#spoken = Math.max(0, Math.min(1, (share - leastSpoken) / (wellSpoken - leastSpoken)));
    for (const { counts } of this.#entries) {
      for (const word of counts.keys()) {
        this.#frequency.set(word, (this.#frequency.get(word) ?? 0) + 1);
      }
    }
    const total = this.#entries.reduce((sum, { length }) => sum + length, 0);
    this.#average = total / (this.#entries.length || 1);
  }

  /** As the constructor, with the event loop let in between: the articles may be many and long. */
  static async inTurns(articles: readonly Article[], vectors?: WordVectors): Promise<Ranker> {
    return new Ranker(articles, vectors, await inTurns(prepare(articles, vectors)));
  }

  rank(question: string, count = 10): Ranking {
    if (this.#letters === undefined || this.#vocabulary === undefined) {
      return { hits: [], answerable: 0 };
    }
    const said = askedOf(question);
    // What is asked in another language is looked for in the words of this one, too.
    const concepts = said.flatMap((one) => one.concepts);
    const isForeign = concepts.length > 0 && !/^en/.test(tellLanguage(question).tag ?? "en");
    const inEnglish = isForeign ? `${question} ${searchWordsOf(concepts).join(" ")}` : question;
    const asked = [...new Set(keywords(inEnglish))];
    const byWords = this.#entries.map((entry) => this.#bm25(asked, entry));
    const byLetters = this.#letters.likeness(this.#vocabulary.features(inEnglish, whole));
    const meaning = this.#vectors?.mean(inEnglish);
    const byMeaning = this.#entries.map(({ vector }) =>
      vector === undefined || meaning === undefined ? 0 : Math.max(0, dot(vector, meaning.vector)),
    );
    const byConcepts = this.#concepts.scores(concepts);
    const top = (scores: ArrayLike<number>) => Math.max(1e-9, ...Array.from(scores));
    const [words1, letters1, meaning1, concepts1] = [
      top(byWords),
      top(byLetters),
      top(byMeaning),
      top(byConcepts),
    ];
    const hits = this.#entries.map(({ article }, at) => ({
      id: article.id,
      at,
      score:
        (byWords[at] ?? 0) / words1 +
        (weightOfLetters * (byLetters[at] ?? 0)) / letters1 +
        (weightOfMeaning * (byMeaning[at] ?? 0)) / meaning1 +
        (weightOfConcepts * (isForeign ? 1 : this.#spoken) * (byConcepts[at] ?? 0)) / concepts1,
    }));
    hits.sort((x, y) => y.score - x.score || x.at - y.at);
    const best = hits[0];
    return {
      hits: hits
        .slice(0, count)
        .map(({ id, score, at }) => ({ id, score, share: this.#share(said, at, isForeign) })),
      answerable: best === undefined ? 0 : this.#answerable(said, hits, isForeign),
    };
  }

  /** Share of what is asked that an article says, 0 to 1: rare words count more, another word for the same a little less. */
  #share(said: readonly SaidWord[], at: number, isForeign: boolean): number {
    const entry = this.#entries[at];
    if (entry === undefined) return 0;
    let all = 0;
    let held = 0;
    for (const { word, concepts } of said) {
      const weight = this.#idf(word);
      all += weight;
      if (entry.counts.has(word)) held += weight;
      else if (concepts.some((concept) => this.#concepts.holds(at, concept)))
        held += (isForeign ? worthOfForeign : worthOfConcept * this.#spoken) * weight;
    }
    return all === 0 ? 0 : held / all;
  }

  #bm25(asked: readonly string[], { counts, length }: Entry): number {
    let score = 0;
    for (const word of asked) {
      const count = counts.get(word);
      if (count === undefined) continue;
      const norm = count + k1 * (1 - b + (b * length) / this.#average);
      score += (this.#idf(word) * count * (k1 + 1)) / norm;
    }
    return score;
  }

  #idf(word: string): number {
    const texts = this.#frequency.get(word) ?? 0;
    return Math.log(1 + (this.#entries.length - texts + 0.5) / (texts + 0.5));
  }

  #answerable(
    said: readonly SaidWord[],
    hits: readonly { readonly at: number; readonly score: number }[],
    isForeign: boolean,
  ): number {
    if (hits.length === 0 || said.length === 0) return 0;
    const behind = hits.slice(1, 5);
    const mean = behind.reduce((sum, { score }) => sum + score, 0) / (behind.length || 1);
    const gap = behind.length === 0 ? 0.5 : ((hits[0]?.score ?? 0) - mean) / (hits[0]?.score || 1);
    const share = this.#share(said, hits[0]?.at ?? -1, isForeign);
    // Fitted on questions with and without an answer, where the gap told most; without shared words a gap says nothing.
    return 1 / (1 + Math.exp(-(share + 9 * gap * Math.min(1, share / 0.35) - 2.6)));
  }
}

/** Characters of a text that count by their letters and their meaning. */
const whole = 12_000;

/** What a ranking asks of its articles. */
interface Prepared {
  readonly entries: readonly Entry[];
  readonly letters?: CaseIndex;
  readonly vocabulary?: Vocabulary;
}

function* prepare(articles: readonly Article[], vectors: WordVectors | undefined): Turns<Prepared> {
  const entries: Entry[] = [];
  for (const article of articles) {
    entries.push(entryOf(article, vectors));
    yield;
  }
  if (articles.length === 0) return { entries };
  const { vocabulary, features } = yield* Vocabulary.learn(
    articles.map(({ title, text }) => `${title}\n${title}\n${text}`),
    undefined,
    1,
    { longest: whole },
  );
  yield;
  return { entries, vocabulary, letters: new CaseIndex(features, vocabulary.terms.length) };
}

function entryOf(article: Article, vectors: WordVectors | undefined): Entry {
  const counts = new Map<string, number>();
  let length = 0;
  const add = (text: string, weight: number) => {
    for (const word of keywords(text)) {
      counts.set(word, (counts.get(word) ?? 0) + weight);
      length += weight;
    }
  };
  add(article.title, titleWeight);
  add(article.text, 1);
  const concepts = ConceptIndex.count(article.title, article.text.slice(0, whole));
  const titled = askedOf(article.title);
  const spoken = titled.filter((one) => one.concepts.length > 0).length / (titled.length || 1);
  const vector = vectors?.mean(`${article.title} ${article.title} ${article.text.slice(0, whole)}`);
  return { article, counts, length, vector: vector?.vector, concepts, spoken };
}

function dot(a: Float32Array, other: Float32Array): number {
  let sum = 0;
  for (let d = 0; d < a.length; d++) sum += (a[d] ?? 0) * (other[d] ?? 0);
  return sum;
}
