import { type SaidWord, saidWords } from "../vocabulary/concepts";
import { isWeak } from "../vocabulary/stop-words";
import { stem } from "../words/stem";
import { words } from "../words/tokens";
import type { WordVectors } from "../words/word-vectors";
import { keywords } from "./ranker";

/** Words as near as that mean much the same; words of one field ("voucher", "student") are farther apart. */
const sameMeaning = 0.45;
/** Words of an answer that are compared: its first ones say what it is about. */
const mostCompared = 300;

/** What a question asks for, and how much of it an answer speaks of. */
export interface SpokenOf {
  /** Share of the question's telling words, 0 to 1. */
  readonly share: number;
  /** Telling words of the question that the answer has, by themselves or in other words. */
  readonly met: number;
}

const tellingWords = (text: string): readonly SaidWord[] =>
  saidWords(text).filter(({ word }) => !isWeak(word) && keywords(word).length > 0);

/** @param answer plain, its title first */
export function spokenOf(question: string, answer: string, vectors: WordVectors): SpokenOf {
  const asked = tellingWords(question);
  const said = saidWords(answer);
  const stems = new Set(said.map(({ word }) => stem(word)));
  const concepts = new Set(said.flatMap((one) => one.concepts));
  const directions = [...new Set(words(answer))]
    .slice(0, mostCompared)
    .map((word) => vectors.mean(word))
    .filter(({ known }) => known > 0);
  const isMet = ({ word, concepts: meant }: SaidWord): boolean => {
    if (stems.has(stem(word)) || meant.some((concept) => concepts.has(concept))) return true;
    const own = vectors.mean(word);
    return (
      own.known > 0 && directions.some(({ vector }) => cosine(own.vector, vector) >= sameMeaning)
    );
  };
  const met = asked.filter(isMet).length;
  return { share: asked.length === 0 ? 0 : met / asked.length, met };
}

/** Vectors of length 1. */
function cosine(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let d = 0; d < a.length; d++) sum += (a[d] as number) * (b[d] as number);
  return sum;
}
