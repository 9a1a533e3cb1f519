// Measures case intelligence: npm run eval -- --data <folder> [--set name,…] [--provider embedded,azure-openai] [--out docs/quality.json]
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { readOptions, stopWith } from "../command-line";
import { judge } from "./bars";
import { judgeDrafts, pageOfDrafts, rowOfDrafts } from "./drafts";
import { readJson } from "./files";
import { qualityPage, type Run, withKept } from "./page";
import { azureChain, dataverseChain } from "./provider";
import { measureSample } from "./sample";
import type { Row } from "./scores";
import { type LiveProvider, measureFolder } from "./sets";
import { measureEscalation, measureLanguage, measureWords, ours, type Told } from "./words/measure";

const usage = `Usage: npm run eval -- --data <folder> [--set <name>,…] [--provider <name>,…] [--out <file.json>]
  --data      folder of evaluation sets, one folder a set: train.csv (text, label), half.csv with recorded answers,
              train_val.json, or articles.jsonl and questions.jsonl; .csv.gz is read as well
  --set       only these sets; "sample" is the sample service desk, "drafts" the rubric of drafts on it (out/drafts.md)
              and "words" people's words on it: they need no data
  --provider  embedded (default); dataverse-ai asks the AI functions of DATAVERSE_URL as the person of MCP_DEV_USER_OBJECT_ID,
              which costs AI capacity; azure-openai asks the resource of AZURE_OPENAI_ENDPOINT and AZURE_OPENAI_DEPLOYMENT, which costs tokens
  --cases     cases of the sample service desk (600)
  --told      people's words of your own in place of ours, for the set "words": a file with {"cases": [{language, faults, escalation, title, text}],
              "questions": [{language, faults, question}]}, either may be left out; faults are those of the sample company
  --misses    says what was missed of people's words, one by one, to the error output
  --out       writes the run as JSON, and beside it the page (.md)
  --keep      keeps those rows of the file named by --out that this run did not measure, with the day they were measured on
              exits with 1 where a bar is missed
  --page      measures nothing: writes the page of a run that was kept (.json)`;

const stop: (message: string) => never = stopWith(usage);

const values = readOptions(
  {
    data: { type: "string" },
    set: { type: "string" },
    provider: { type: "string" },
    cases: { type: "string" },
    out: { type: "string" },
    page: { type: "string" },
    told: { type: "string" },
    misses: { type: "boolean" },
    keep: { type: "boolean" },
  },
  stop,
);

const pageOf = (file: string) => file.replace(/(?:\.json)?$/, ".md");
if (values.page !== undefined) {
  if (!existsSync(values.page)) stop(`There is no run ${values.page}.`);
  writeFileSync(pageOf(values.page), qualityPage(readJson<Run>(values.page)));
  process.exit(0);
}
const wanted = values.set?.split(",");
const sample = "sample";
const drafts = "drafts";
const words = "words";
const own = [sample, drafts, words];
const needsData = wanted === undefined || wanted.some((name) => !own.includes(name));
const data = values.data;
if (needsData && data === undefined)
  stop(
    "No --data folder was named, so nothing was measured. The sample service desk alone: --set sample.",
  );
if (data !== undefined && !existsSync(data))
  stop(`There is no folder ${data}, so nothing was measured.`);
const cases = Number(values.cases ?? 600);
if (!Number.isInteger(cases) || cases < 20) stop("--cases takes a whole number, 20 or more.");

if (values.told !== undefined && !existsSync(values.told)) stop(`There is no file ${values.told}.`);
const told: Told =
  values.told === undefined
    ? ours
    : { cases: [], questions: [], ...readJson<Partial<Told>>(values.told) };

const live = await liveProviders(values.provider?.split(",") ?? ["embedded"]);
const folders =
  data === undefined
    ? []
    : readdirSync(data, { withFileTypes: true })
        .filter((entry) => entry.isDirectory() && (wanted?.includes(entry.name) ?? true))
        .map(({ name }) => name)
        .sort();
const unknown = (wanted ?? []).filter((name) => !own.includes(name) && !folders.includes(name));
if (unknown.length > 0) stop(`There is no set ${unknown.join(", ")} in ${data}.`);

const rows: Row[] = [];
for (const name of folders) {
  console.error(`measuring ${name}`);
  rows.push(...(await measureFolder(name, join(data ?? "", name), live)));
}
if (wanted === undefined || wanted.includes(sample)) {
  console.error("measuring the sample service desk");
  rows.push(await measureSample({ cases, asked: 100 }));
}
if (wanted === undefined || wanted.includes(drafts)) {
  console.error("judging drafts");
  const done = await judgeDrafts(told.cases);
  rows.push(rowOfDrafts(done));
  const page = join("out", "drafts.md");
  mkdirSync("out", { recursive: true });
  writeFileSync(page, pageOfDrafts(done));
  console.error(`${done.length} drafts to read: ${page}`);
}
if (wanted === undefined || wanted.includes(words)) {
  console.error("measuring people's words on the sample service desk");
  const miss = values.misses === true ? console.error : undefined;
  if (told.cases.length > 0)
    rows.push(measureLanguage(told.cases, miss), measureEscalation(told.cases, miss));
  for (const size of new Set([cases, 50])) rows.push(...(await measureWords(size, told, miss)));
}
if (rows.length === 0) stop(`None of the folders in ${data} holds a set that can be measured.`);

for (const kind of new Set(rows.map((row) => row.kind))) {
  console.log(`\n${kind}`);
  const some = rows.filter((row) => row.kind === kind);
  console.table(
    some.map(({ set, provider, values: measured }) => ({ set, provider, ...measured })),
  );
}
console.log("\nbars");
const verdicts = judge(rows);
console.table(
  verdicts.map(({ bar, value, isMet }) => ({
    set: bar.set,
    measure: bar.measure,
    bar: bar.least === undefined ? `<= ${bar.most}` : `>= ${bar.least}`,
    measured: value,
    verdict: isMet ? "met" : bar.isBeyond ? "not yet (aim)" : "MISSED",
  })),
);
// A program that runs it has to see a miss, too.
if (verdicts.some(({ bar, isMet }) => !isMet && bar.isBeyond !== true)) process.exitCode = 1;
const now: Run = {
  measuredOn: new Date().toISOString().slice(0, 10),
  machine: `Node ${process.versions.node}, ${cpus().length} processors`,
  rows,
};
const isKept = values.keep === true && values.out !== undefined && existsSync(values.out);
const run = isKept ? withKept(now, readJson<Run>(values.out ?? "")) : now;
if (values.out === undefined) console.log(JSON.stringify(run));
else {
  writeFileSync(values.out, `${JSON.stringify(run, null, 2)}\n`);
  writeFileSync(pageOf(values.out), qualityPage(run));
}

async function liveProviders(names: readonly string[]): Promise<readonly LiveProvider[]> {
  const odd = names.filter((name) => !["embedded", "azure-openai", "dataverse-ai"].includes(name));
  if (odd.length > 0)
    stop(
      `${odd.join(", ")} cannot be measured here: embedded, azure-openai and dataverse-ai can. Recorded answers are replayed by themselves.`,
    );
  const found: LiveProvider[] = [];
  if (names.includes("dataverse-ai")) {
    const person = process.env.MCP_DEV_USER_OBJECT_ID;
    if (!process.env.DATAVERSE_URL || !person)
      stop("dataverse-ai needs DATAVERSE_URL and MCP_DEV_USER_OBJECT_ID (Entra object id).");
    found.push({ name: "dataverse-ai", chain: dataverseChain(process.env, person), most: 100 });
  }
  if (!names.includes("azure-openai")) return found;
  const { DefaultAzureCredential } = await import("@azure/identity");
  const credential = new DefaultAzureCredential();
  const chain = azureChain(process.env, async () => {
    const token = await credential.getToken("https://cognitiveservices.azure.com/.default");
    return token.token;
  });
  if (chain === undefined)
    stop("azure-openai needs AZURE_OPENAI_ENDPOINT and AZURE_OPENAI_DEPLOYMENT.");
  return [...found, { name: "azure-openai", chain, most: 200 }];
}
