import type { Classifier } from "./learn/classifier";
import { type TrainOptions, trainClassifier } from "./learn/train";
import { type Article, Ranker, type Ranking } from "./retrieval/ranker";
import { loadWordVectors } from "./words/load-vectors";

/**
 * For measuring from outside: learns labels of texts just as the product does, word vectors included.
 *
 * @example const predictor = await train(texts, labels); predictor.predict("my card has not arrived")?.label
 */
export async function train(
  texts: readonly string[],
  labels: readonly string[],
  options: TrainOptions = {},
): Promise<Classifier> {
  if (texts.length !== labels.length) {
    throw new RangeError(`There are ${texts.length} texts and ${labels.length} labels.`);
  }
  const examples = texts.map((text, at) => ({ text, label: labels[at] ?? "" }));
  return trainClassifier(examples, { vectors: await loadWordVectors(), ...options });
}

/**
 * For measuring from outside: ranks articles for a question just as the product does. For many questions over the same
 * articles make a `Ranker` once.
 */
export async function rank(
  query: string,
  articles: readonly Article[],
  count = 10,
): Promise<Ranking> {
  return new Ranker(articles, await loadWordVectors()).rank(query, count);
}
