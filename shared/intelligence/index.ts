/** The door of case intelligence. */
export { createCaseIntelligence } from "./chain/chain";
export { merge, modelVote } from "./chain/merge";
export { Classifier, type Prediction } from "./learn/classifier";
export { loadClassifier, saveClassifier } from "./learn/store";
export { type Example, type TrainOptions, trainClassifier } from "./learn/train";
export { rank, train } from "./measure";
export { ProviderFailure } from "./provider-failure";
export {
  type FieldModel,
  keyOf,
  type ModelStore,
  mostCases,
  optionSetHash,
  optionsOf,
  textOf,
  trainFieldModel,
} from "./providers/embedded/field-model";
export { predictByModel } from "./providers/embedded/predict-fields";
export { createEmbeddedProvider, type EmbeddedOptions } from "./providers/embedded/provider";
export { convincing, rankArticles, resolutionOf } from "./providers/embedded/suggest";
export { bestPassage, sentencesOf } from "./retrieval/passages";
export { type Article, type Ranked, Ranker, type Ranking } from "./retrieval/ranker";
export type * from "./types";
export { loadWordVectors } from "./words/load-vectors";
export { WordVectors } from "./words/word-vectors";
