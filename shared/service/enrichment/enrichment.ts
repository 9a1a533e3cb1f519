import type { Column, Dataverse } from "../../dataverse";
import type { CurrentValue, FieldPrediction, FieldSpec } from "../../intelligence";
import { findReferences } from "../record/lookups/lookup-values";

/** A value found by rule may be the name of a row: the row has to be found, and only one, before it can be written. */
export async function resolveLookups(
  dataverse: Dataverse,
  columns: ReadonlyMap<string, Column>,
  predictions: readonly FieldPrediction[],
): Promise<FieldPrediction[]> {
  const asked = predictions.flatMap((prediction) => {
    const column = columns.get(prediction.field);
    const { best } = prediction;
    return prediction.needsLookup !== true || best === undefined || column === undefined
      ? []
      : [{ prediction, best, match: { column, isBind: false }, value: String(best.value) }];
  });
  const found = await findReferences(dataverse, asked);
  return predictions.map((prediction) => {
    const at = asked.findIndex((each) => each.prediction === prediction);
    const [one, row] = [asked[at], found[at]];
    if (one === undefined || row === undefined) return prediction;
    if ("problem" in row) return { ...prediction, decision: "recommend" as const };
    const resolved = { ...one.best, value: row.id };
    return { ...prediction, needsLookup: false, best: resolved, alternatives: [resolved] };
  });
}

/**
 * What may be written: the gate said so, the field is on the list in mode auto, and no person's value is in the way. The
 * chain's gate holds the same rules; this is the last door before Dataverse.
 */
export const writable = (
  predictions: readonly FieldPrediction[],
  fields: readonly FieldSpec[],
  current: Readonly<Record<string, CurrentValue | undefined>>,
): FieldPrediction[] =>
  predictions.filter((prediction) => {
    const field = fields.find((each) => each.logicalName === prediction.field);
    const now = current[prediction.field];
    if (field?.mode !== "auto" || prediction.decision !== "auto") return false;
    if (prediction.best === undefined || prediction.needsLookup === true) return false;
    if (now?.value === prediction.best.value) return false;
    return now?.setBy !== "human" || field.overwriteHuman === true;
  });
