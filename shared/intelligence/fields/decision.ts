import type { FieldPrediction, FieldSpec, FieldValue, Scored } from "../types";

/** No value, and why. */
export const abstain = (
  field: FieldSpec,
  reason: FieldPrediction["reason"],
  current: FieldValue | undefined,
): FieldPrediction => ({
  field: field.logicalName,
  decision: "abstain",
  alternatives: [],
  evidence: [],
  reason,
  current,
});

/** What a confidence allows, given the field's mode and thresholds. */
export function decide(
  field: FieldSpec,
  best: Scored<FieldValue>,
  threshold: number | undefined,
): FieldPrediction["decision"] {
  // What is not sure enough to be preselected is never written, whatever held-out cases said of so low a confidence.
  if (best.confidence < field.selectAt) return "recommend";
  const autoAt = field.autoAt === "calibrated" ? threshold : field.autoAt;
  const isSure = best.calibrated && autoAt !== undefined && best.confidence >= autoAt;
  return field.mode === "auto" && isSure ? "auto" : "select";
}
