// Plays the past again, so that an administrator sees what each field would have got: npm run simulate
import { existsSync, readFileSync } from "node:fs";
import { readOptions, stopWith } from "../command-line";
import { report } from "./report";
import { simulate } from "./simulate";
import { type ReadCases, readFromDataverse, readFromSample } from "./source";

const usage = `Usage: npm run simulate -- [--as <object id>] [--table incident] [--fields <name>,…] [--json]
  Learns from the oldest 80 % of the newest 2,000 resolved cases, predicts the other 20 %, and says for each field what
  would have happened and what to set. Nothing is written.

  Where the cases come from:
    DATAVERSE_URL set    that environment, with the settings of the app, as the person of --as (Entra object id; default
                         MCP_DEV_USER_OBJECT_ID): only cases that this person may read
    --file <file.json>   {"fields": FieldSpec[], "cases": ResolvedCase[]}, as shared/intelligence/types.ts has them
    neither              the sample service desk (--cases <number>, 2,500)

  --fields  only these of the setting CASE_FIELDS;  --json  prints the figures as JSON`;

const stop: (message: string) => never = stopWith(usage);

const values = readOptions(
  {
    file: { type: "string" },
    cases: { type: "string" },
    as: { type: "string" },
    table: { type: "string" },
    fields: { type: "string" },
    json: { type: "boolean" },
  },
  stop,
);

const { fields, cases, byRule } = await read().catch((error: unknown) => {
  const hint = (error as { hint?: string }).hint;
  return stop(
    [error instanceof Error ? error.message : String(error), hint].filter(Boolean).join(" "),
  );
});
const results = await simulate({ fields, cases });
if (results.length === 0)
  stop(
    cases.length === 0
      ? "There is no resolved case that this person may read, so nothing was simulated."
      : "No field has options and resolved cases that use them, so nothing was simulated.",
  );
if (values.json) console.log(JSON.stringify(results, null, 2));
else {
  console.log(`${cases.length} resolved cases.\n`);
  console.log(report(results));
  if (byRule.length > 0)
    console.log(
      `\nNot simulated, because they are read from the text by rule or found by name: ${byRule.join(", ")}.`,
    );
}

async function read(): Promise<ReadCases> {
  const asked = { table: values.table ?? "incident", fields: values.fields?.split(",") };
  if (values.file !== undefined) {
    if (!existsSync(values.file))
      stop(`There is no file ${values.file}, so nothing was simulated.`);
    return { byRule: [], ...JSON.parse(readFileSync(values.file, "utf8")) };
  }
  const settings = process.env;
  if (settings.DATAVERSE_URL) {
    const person = values.as ?? settings.MCP_DEV_USER_OBJECT_ID;
    if (!person) stop("Name the person whose cases to read: --as <Entra object id>.");
    return readFromDataverse(settings, person, asked);
  }
  const count = Number(values.cases ?? 2500);
  if (!Number.isInteger(count) || count < 1) stop("--cases takes a whole number, 1 or more.");
  return readFromSample(count, settings, asked);
}
