/** The door of case intelligence. */
export { createCaseIntelligence } from "./chain/chain";
export { merge, modelVote } from "./chain/merge";
export { keyOf, optionsOf } from "./fields/options";
export { Classifier, type Prediction } from "./learn/classifier";
export { loadClassifier, saveClassifier } from "./learn/store";
export { type Example, type TrainOptions, trainClassifier } from "./learn/train";
export { rank, train } from "./measure";
export { prepareIntelligence } from "./prepare";
export { ProviderFailure } from "./provider-failure";
export {
  type FieldModel,
  type ModelStore,
  mostCases,
  optionSetHash,
  textOf,
  trainFieldModel,
} from "./providers/embedded/field-model";
export { predictByModel } from "./providers/embedded/predict-fields";
export { createEmbeddedProvider, type EmbeddedOptions } from "./providers/embedded/provider";
export { resolutionOf } from "./resolution";
export { asksWhether } from "./retrieval/asks-whether";
export { meaningsOf } from "./retrieval/meaning";
export { bestPassage, sentencesOf } from "./retrieval/passages";
export { convincing, rankArticles } from "./retrieval/rank-articles";
export { type Article, keywords, type Ranked, Ranker, type Ranking } from "./retrieval/ranker";
export { spokenOf } from "./retrieval/spoken-of";
export type * from "./types";
export { conceptsOf, searchWordsOf } from "./vocabulary/concepts";
export { loadWordVectors } from "./words/load-vectors";
export { WordVectors } from "./words/word-vectors";
