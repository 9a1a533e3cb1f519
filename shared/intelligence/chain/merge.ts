import { keyOf } from "../fields/options";
import type { FieldPrediction, FieldValue, Scored } from "../types";

/** Share of a language model's vote; the rest is the calibrated probability. Chosen before it was measured. */
export const modelVote = 0.35;

/**
 * One prediction from two: where both say the same, the calibrated probability stands; where they differ, a weighted vote
 * orders the values and nothing is written automatically. The model's own confidence has no effect.
 */
export function merge(embedded: FieldPrediction, model: FieldPrediction): FieldPrediction {
  // These are ours to say, whatever a model thinks.
  if (embedded.reason === "human-set" || embedded.reason === "off" || embedded.reason === "rule")
    return embedded;
  if (model.best === undefined) return embedded;
  if (embedded.best === undefined) return onlyModel(embedded, model, model.best);
  if (keyOf(embedded.best.value) === keyOf(model.best.value)) {
    const isFew = embedded.reason === "too-few-cases";
    return {
      ...embedded,
      evidence: [...embedded.evidence, ...model.evidence],
      reason: isFew ? "too-few-cases" : "agree",
    };
  }
  const alternatives = vote(embedded.alternatives, model.best);
  return {
    ...embedded,
    decision: embedded.decision === "auto" ? "select" : embedded.decision,
    best: alternatives[0],
    alternatives,
    evidence: [...embedded.evidence, ...model.evidence],
    reason: embedded.reason === "too-few-cases" ? "too-few-cases" : "differ",
  };
}

function onlyModel(
  embedded: FieldPrediction,
  model: FieldPrediction,
  best: Scored<FieldValue>,
): FieldPrediction {
  const said = { ...best, confidence: modelVote, calibrated: false };
  return {
    ...embedded,
    decision: "recommend",
    best: said,
    alternatives: [said],
    evidence: model.evidence,
    reason: "llm-only",
  };
}

function vote(
  alternatives: readonly Scored<FieldValue>[],
  said: Scored<FieldValue>,
): readonly Scored<FieldValue>[] {
  const weighed = alternatives.map((one) => ({
    ...one,
    confidence: one.confidence * (1 - modelVote),
  }));
  const same = weighed.find(({ value }) => keyOf(value) === keyOf(said.value));
  if (same) same.confidence += modelVote;
  else weighed.push({ ...said, confidence: modelVote, calibrated: false });
  return weighed.sort((a, b) => b.confidence - a.confidence).slice(0, 3);
}
