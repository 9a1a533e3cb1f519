import { expect, test } from "@jest/globals";
import type { CurrentValue, FieldPrediction, FieldSpec } from "../../../../shared/intelligence";
import { writable } from "../../../../shared/service/enrichment/enrichment";

const field: FieldSpec = {
  logicalName: "casetypecode",
  displayName: "Case Type",
  type: "choice",
  mode: "auto",
  selectAt: 0.5,
  autoAt: 0.9,
};
const best = { value: 2, label: "Problem", confidence: 1, calibrated: true };
const sure: FieldPrediction = {
  field: field.logicalName,
  decision: "auto",
  best,
  alternatives: [best],
  evidence: [],
  reason: "agree",
};
const isWritten = (
  now: CurrentValue | undefined,
  spec: Partial<FieldSpec> = {},
  said: Partial<FieldPrediction> = {},
) =>
  writable([{ ...sure, ...said }], [{ ...field, ...spec }], { [field.logicalName]: now }).length ===
  1;

/** The chain's gate holds the same rules; these are tried where a prediction has passed it all the same. */
test.each<[string, boolean, Parameters<typeof isWritten>]>([
  ["a sure value of an empty field is written", true, [undefined]],
  ["another value that the assistant wrote gives way", true, [{ value: 1, setBy: "assistant" }]],
  ["the same value is not written again", false, [{ value: 2, setBy: "assistant" }]],
  [
    "the same value is not written again, whoever set it and whatever may be overwritten",
    false,
    [{ value: 2, setBy: "human" }, { overwriteHuman: true }],
  ],
  ["a person's value stays", false, [{ value: 1, setBy: "human" }]],
  [
    "a person's value goes when the user says so",
    true,
    [{ value: 1, setBy: "human" }, { overwriteHuman: true }],
  ],
  ["a field that is recommended only is not written", false, [undefined, { mode: "recommend" }]],
  ["a value that is not sure is not written", false, [undefined, {}, { decision: "select" }]],
  [
    "a name that no row was found for is not written",
    false,
    [undefined, {}, { needsLookup: true }],
  ],
  ["nothing is not written", false, [undefined, {}, { best: undefined }]],
])("%s", (_, is, args) => {
  expect(isWritten(...args)).toBe(is);
});
