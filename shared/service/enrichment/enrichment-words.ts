import { formattedValue } from "../../dataverse/annotations";
import type { CurrentValue, FieldPrediction, Trace } from "../../intelligence";
import { recordLine, recordList } from "../../text/records/record-text";
import { type CaseRecord, caseWords } from "../case/case-record";
import { propertyOf } from "../case/case-table";
import type { Written } from "./enrichment-write";
import { traceWords } from "./trace-words";

/** What came of an enrichment, to be told. */
export interface Outcome {
  readonly record: CaseRecord;
  readonly sourceWords: string;
  readonly resolved: readonly FieldPrediction[];
  readonly toWrite: readonly FieldPrediction[];
  readonly written: Written | undefined;
  readonly current: Readonly<Record<string, CurrentValue | undefined>>;
  readonly trace: Trace;
  readonly demoted: readonly string[];
  readonly isDry: boolean;
}

const mostEvidence = 3;

const reasons: Readonly<Partial<Record<FieldPrediction["reason"], string>>> = {
  "too-few-cases": "too few resolved cases to learn from",
  "out-of-scope": "unlike the resolved cases",
  "nothing-found": "nothing in the text says it",
  "human-set": "a person set it",
  "injection-suspected": "the text tries to give orders",
  differ: "the predictors differ",
  unsupported: "cannot be predicted here",
  "not-allowed": "outside what is allowed",
};

/** The answer: a line for each field, and the same for programs. Labels and quotes are data. */
export function enrichmentAnswer(outcome: Outcome) {
  const { record, resolved, toWrite, written, isDry } = outcome;
  const others = resolved.filter((each) => !toWrite.includes(each));
  const recommended = others.filter((each) => each.alternatives.length > 0);
  const empty = others.filter((each) => each.alternatives.length === 0);
  const headline = isDry
    ? `Dry run, nothing was written: ${toWrite.length} field${toWrite.length === 1 ? "" : "s"} would be.`
    : `${toWrite.length === 0 ? "No field" : `${toWrite.length} field${toWrite.length === 1 ? "" : "s"}`} written.`;
  return {
    text: [
      `${headline} ${caseWords(record)}, source: ${outcome.sourceWords}.`,
      ...toWrite.map(
        (each) => `- ${isDry ? "would write" : "written"} ${predictionWords(each, outcome)}`,
      ),
      ...recommended.map((each) => `- recommended ${predictionWords(each, outcome)}`),
      ...empty.map((each) => `- left ${each.field}: ${reasons[each.reason] ?? each.reason}`),
      ...outcome.demoted,
      ...(written === undefined ? [] : [noteWords(written)]),
      traceWords(outcome.trace),
    ].join("\n"),
    structured: {
      incidentId: record.ref.id,
      written: isDry ? [] : toWrite.map(asObject),
      ...(isDry && { wouldWrite: toWrite.map(asObject) }),
      recommended: recommended.map(asObject),
      left: empty.map(({ field, reason }) => ({ field, reason })),
    },
  };
}

const noteWords = ({ noteId }: Written) =>
  noteId === undefined
    ? "The table takes no notes, so this cannot be undone here."
    : `Note ${noteId} says what was changed; undo: true takes it back.`;

function predictionWords(prediction: FieldPrediction, { current, record }: Outcome): string {
  const now = current[prediction.field];
  const isSame = now !== undefined && prediction.best?.value === now.value;
  const values = recordList(
    prediction.alternatives.map((each) => [
      each.label,
      `(${each.confidence.toFixed(2)}${each.calibrated ? "" : ", not calibrated"})`,
    ]),
  );
  const evidence = prediction.evidence
    .slice(0, mostEvidence)
    .map((each) =>
      each.kind === "source-span" && each.quote !== undefined
        ? each.quote.slice(0, 120)
        : `${each.ref.table} ${each.ref.number ?? each.ref.id}`,
    );
  return [
    `${prediction.field}: ${values}`,
    now === undefined
      ? ""
      : isSame
        ? `; stands there already (set by ${now.setBy})`
        : `; now ${recordLine(String(shownValue(record, prediction.field)))} (set by ${now.setBy})`,
    reasons[prediction.reason] === undefined ? "" : `; ${reasons[prediction.reason]}`,
    evidence.length === 0 ? "" : `; evidence: ${recordList(evidence)}`,
  ].join("");
}

/** A lookup's and a choice's value as people read it. Data. */
function shownValue(record: CaseRecord, field: string): unknown {
  const column = record.caseTable.table.columnByName.get(field);
  const property = column === undefined ? field : propertyOf(column);
  return record.row[`${property}${formattedValue}`] ?? record.row[property];
}

const asObject = (prediction: FieldPrediction) => ({
  field: prediction.field,
  decision: prediction.decision,
  reason: prediction.reason,
  values: prediction.alternatives.map((each) => ({ ...each })),
  evidence: prediction.evidence
    .slice(0, mostEvidence)
    .map(({ ref, kind, score }) => ({ ...ref, kind, score })),
});
