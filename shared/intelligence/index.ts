/** The door of case intelligence. */
export { createCaseIntelligence } from "./chain/chain";
export { merge, modelVote } from "./chain/merge";
export {
  type FieldModel,
  keyOf,
  type ModelStore,
  mostCases,
  optionSetHash,
  optionsOf,
  textOf,
  trainFieldModel,
} from "./embedded/field-model";
export { predictByModel } from "./embedded/predict-fields";
export { createEmbeddedProvider, type EmbeddedOptions } from "./embedded/provider";
export { convincing, rankArticles, resolutionOf } from "./embedded/suggest";
export { Classifier, type Prediction } from "./learn/classifier";
export { loadWordVectors } from "./learn/load-vectors";
export { loadClassifier, saveClassifier } from "./learn/store";
export { type Example, type TrainOptions, trainClassifier } from "./learn/train";
export { WordVectors } from "./learn/word-vectors";
export { rank, train } from "./measure";
export { ProviderFailure } from "./provider-failure";
export { bestPassage, sentencesOf } from "./retrieval/passages";
export { type Article, type Ranked, Ranker, type Ranking } from "./retrieval/ranker";
export type * from "./types";
