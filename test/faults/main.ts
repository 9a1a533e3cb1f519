// `npm run faults`: the whole matrix of tools and faults. `-- --write` makes docs/faults.md of it; `-- --only <pattern>` tries
// some uses, and leaves what the page says of the others; `-- --at <pattern>` tries those cells that it fits (`write: reset, done`),
// `-- --odd` answers that are no fault of the list, `-- --every 8` each eighth cell of every use, and of these no page is made; `-- --list <file>` writes what is wrong there.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { bundleProgram } from "../support/bundle-program";
import { type FaultsRun, merged, pageOf, runOf } from "./page";
import type { Result } from "./try-use";

const root = resolve(__dirname, "../..");
const { values: options } = parseArgs({
  options: {
    write: { type: "boolean", default: false },
    only: { type: "string", default: "" },
    at: { type: "string", default: "" },
    list: { type: "string", default: "" },
    odd: { type: "boolean", default: false },
    every: { type: "string", default: "1" },
    lanes: { type: "string", default: "6" },
    parts: { type: "string", default: String(Math.min(4, Math.max(2, availableParallelism()))) },
  },
});

const folder = mkdtempSync(join(tmpdir(), "faults-"));
const fileOf = (part: number) => join(folder, `${part}.jsonl`);

/** A process for each part, so that all processors work. */
function runPart(program: string, part: number): Promise<number> {
  const settings = {
    out: fileOf(part),
    only: options.only,
    at: options.at,
    odd: String(options.odd),
    every: options.every,
    lanes: options.lanes,
    part: String(part),
    parts: options.parts,
  };
  writeFileSync(settings.out, "");
  const child = spawn(
    process.execPath,
    [program, ...Object.entries(settings).map(([name, value]) => `--${name}=${value}`)],
    { cwd: root, stdio: "inherit" },
  );
  return new Promise((done) => child.on("exit", (code) => done(code ?? 1)));
}

const lineOf = ({ tool, use, spot, fault, findings, text, sent = [] }: Result) =>
  [
    `${tool} (${use}) | ${spot} | ${fault}`,
    ...findings.map(({ wrong, words }) => `    ${wrong}: ${words.slice(0, 160)}`),
    `    it says: ${text.replaceAll("\n", " / ").slice(0, 300)}`,
    ...sent.map((line) => `    ${line}`),
  ].join("\n");

async function main(): Promise<void> {
  const started = performance.now();
  const parts = [...Array(Number(options.parts)).keys()];
  const program = await bundleProgram(root, "faults");
  const codes = await Promise.all(parts.map((part) => runPart(program, part)));
  const results = parts.flatMap((part) =>
    readFileSync(fileOf(part), "utf8")
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as Result),
  );
  rmSync(folder, { recursive: true });
  results.sort((a, b) => a.at - b.at);
  const struck = results.filter(({ isStruck }) => isStruck);
  const wrong = struck.filter(({ findings }) => findings.length > 0);
  const kinds = new Map<string, number>();
  for (const { findings } of wrong)
    for (const kind of new Set(findings.map((each) => each.wrong)))
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  const list = wrong.map(lineOf).join("\n");
  const summary = [
    `${results.length} cells, ${struck.length} struck, ${struck.filter(({ triedAgain }) => triedAgain).length} tried again for their time, ${wrong.length} wrong (${[...kinds].map(([kind, n]) => `${kind} ${n}`).join(", ")}), ${Math.round((performance.now() - started) / 1_000)} s.`,
    list,
    "",
  ].join("\n");
  if (options.list === "") console.log(summary);
  else writeFileSync(options.list, summary);
  // Of a part that broke off the page would say that nothing else was tried.
  const isWhole = !options.odd && options.at === "" && options.every === "1";
  if (options.write && isWhole && codes.every((code) => code === 0)) {
    const file = join(root, "docs/faults.json");
    const before = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as FaultsRun) : [];
    const run = merged(options.only === "" ? [] : before, runOf(results));
    writeFileSync(file, `${JSON.stringify(run, undefined, 1)}\n`);
    writeFileSync(join(root, "docs/faults.md"), pageOf(run));
  }
  process.exitCode = wrong.length > 0 || codes.some((code) => code !== 0) ? 1 : 0;
}

void main();
