/** The door of case intelligence. */
export {
  Classifier,
  type Example,
  type Prediction,
  type TrainOptions,
  trainClassifier,
} from "./learn/classifier";
export { WordVectors } from "./learn/word-vectors";
export { ProviderFailure } from "./provider-failure";
export { datamark, encodeAsData, type Marked, newMark } from "./safety/datamark";
export { hostsOf, ungroundedFacts } from "./safety/grounding";
export { redact } from "./safety/redact";
export { longestSource, sanitise } from "./safety/sanitise";
export { suspicionsOf } from "./safety/suspicions";
export type * from "./types";
