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
  const autoAt = field.autoAt === "calibrated" ? threshold : Math.max(field.autoAt, field.selectAt);
  if (field.mode === "auto" && best.calibrated && autoAt !== undefined && best.confidence >= autoAt)
    return "auto";
  return best.confidence >= field.selectAt ? "select" : "recommend";
}
