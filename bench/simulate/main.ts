// Plays the past again, so that an administrator sees what a field would have got: npm run simulate -- --cases <file.json>
// The file holds {"fields": FieldSpec[], "cases": ResolvedCase[]} (see shared/intelligence/types.ts).
import { existsSync, readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { type SimulationInput, simulate } from "./simulate";

const { values } = parseArgs({ options: { cases: { type: "string" } } });
if (values.cases === undefined || !existsSync(values.cases)) {
  console.error(
    `There is no file of cases at ${values.cases ?? "(no --cases given)"}, so nothing was simulated.`,
  );
  process.exit(2);
}
const input = JSON.parse(readFileSync(values.cases, "utf8")) as SimulationInput;
const results = await simulate(input);
if (results.length === 0) {
  console.error("No field has options and resolved cases that use them, so nothing was simulated.");
  process.exit(2);
}
const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
console.table(
  results.map((one) => ({
    field: one.field,
    trained: one.trained,
    tested: one.tested,
    match: percent(one.match),
    "top 3": percent(one.top3),
    "calibration error": one.calibrationError.toFixed(3),
    coverage: percent(one.coverage),
    precision: percent(one.precision),
    advice: one.advice.mode,
    "auto at": one.advice.autoAt?.toFixed(3) ?? "",
  })),
);
for (const { field, perOption } of results) {
  console.log(field);
  console.table(
    perOption.map(({ label, cases, match }) => ({ option: label, cases, match: percent(match) })),
  );
}
console.log(JSON.stringify(results));
