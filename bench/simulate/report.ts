import type { FieldResult } from "./simulate";

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;

/** What an administrator reads: for each field what would have happened, why the advice is what it is, and what to set. */
export function report(results: readonly FieldResult[]): string {
  return [...results.map(fieldWords), settingWords(results)].join("\n\n");
}

function fieldWords(one: FieldResult): string {
  const options = [...one.perOption].sort((a, b) => b.cases - a.cases);
  const widest = Math.max(6, ...options.map(({ label }) => label.length));
  return [
    `${one.field}: learned from ${one.trained} older cases, tried on the ${one.tested} newest`,
    `  predicted right      ${percent(one.match)} (the commonest value alone: ${percent(one.majority)})`,
    `  among the best 3     ${percent(one.top3)}`,
    `  calibration error    ${one.calibrationError.toFixed(3)} (0 is perfect; above 0.05 do not trust the confidence)`,
    `  sure of itself       ${percent(one.sure)} of the cases with a confidence of 0.9 or more, ${percent(one.selectable)} with 0.5`,
    `  would be written     ${percent(one.coverage)} of the cases by itself, ${one.automatic === 0 ? "so there is nothing to judge" : `right in ${percent(one.precision)} of them (${one.automatic} cases)`}`,
    `  advice               ${adviceWords(one)}`,
    "  per value",
    ...options.map(
      ({ label, cases, match, written }) =>
        `    ${label.padEnd(widest)}  ${String(cases).padStart(5)} cases  right ${percent(match).padStart(7)}  written ${percent(written).padStart(7)}`,
    ),
  ].join("\n");
}

function adviceWords({
  advice,
  automatic,
  precision,
  target,
  match,
  majority,
}: FieldResult): string {
  if (advice.mode === "auto")
    return `auto from a confidence of ${advice.autoAt?.toFixed(3)}; it met the target of ${percent(target)} on cases that came later`;
  if (advice.isNeverAuto)
    return "recommend at most: it decides who is served first, who pays or who works, so no setting makes it automatic";
  if (automatic === 0)
    return match <= majority + 0.02
      ? "recommend at most: the texts of these cases do not tell the value better than its commonest one"
      : "recommend: no confidence was reliable enough on older cases to write by itself";
  if (precision < target)
    return `recommend: of what it would have written, ${percent(precision)} was right, and the target is ${percent(target)}`;
  return `recommend: only ${automatic} newest cases would have been written, too few to be sure; try again with more`;
}

/** The setting CASE_FIELDS as advised, ready to be pasted. */
function settingWords(results: readonly FieldResult[]): string {
  const fields = Object.fromEntries(
    results.map(({ field, advice }) => [
      field,
      advice.mode === "auto"
        ? { mode: "auto", selectAt: advice.selectAt, autoAt: Number(advice.autoAt?.toFixed(3)) }
        : { mode: "recommend", selectAt: advice.selectAt },
    ]),
  );
  return [
    'As advised, for the setting CASE_FIELDS (under the name of the table; "autoAt": "calibrated" measures the threshold anew with every training):',
    JSON.stringify(fields),
  ].join("\n");
}
