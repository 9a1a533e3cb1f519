import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { serveBare } from "./bare";
import { fetchText, rate } from "./load";
import { type MeasuredProcess, startMeasured } from "./measured-process";
import { prepare, type Scenario, scenarios } from "./scenarios";

/**
 * `npm run bench`: what the embedded Dataverse does with a second of CPU time, beside a bare `node:http` and SQLite loop
 * on the same file. Ends with exit code 1 when a promised figure is missed.
 */

const usage = `Usage: npm run bench -- [options]
  --cases N      cases of the set that requests are run against (100,000)
  --only TEXT    only scenarios whose name holds the text
  --quick        without the set of a million cases
  --json FILE    write the figures there, too`;

const here = dirname(fileURLToPath(import.meta.url));
const emulator = resolve(here, "../../packages/dataverse-emulator/dist/main.mjs");
const asOf = "2026-11-24";

interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** Promised: at least, or at most, this. */
  readonly bar?: { readonly least?: number; readonly most?: number };
  /** The same in the bare loop. */
  readonly bare?: number;
}

const isMet = ({ value, bar }: Figure) =>
  value >= (bar?.least ?? -Infinity) && value <= (bar?.most ?? Infinity);

/** Times the making of a set and the next start on it; leaves the server running. */
async function startOn(
  folder: string,
  cases: number,
  args: readonly string[] = [],
): Promise<{ load: number; start: number; rss: number; server: MeasuredProcess }> {
  const all = [
    ...["--port", "0", "--data", folder, "--cases", String(cases), "--as-of", asOf],
    ...args,
  ];
  const first = await startMeasured(emulator, all);
  const load = (await first.usage()).cpuSeconds;
  await first.stop();
  const server = await startMeasured(emulator, all);
  const { cpuSeconds, rssMiB } = await server.usage();
  return { load, start: cpuSeconds, rss: rssMiB, server };
}

async function measureStart(folder: string): Promise<Figure[]> {
  const { load, start, rss, server } = await startOn(folder, 5_000);
  await server.stop();
  return [
    { name: "make 5,000 cases", value: load, unit: "CPU-s" },
    { name: "start on 5,000 cases", value: start, unit: "CPU-s", bar: { most: 0.5 } },
    { name: "memory then", value: rss, unit: "MiB", bar: { most: 90 } },
  ];
}

async function measureRequests(folder: string, cases: number, only: string): Promise<Figure[]> {
  const chosen = scenarios.filter((scenario) => scenario.name.includes(only));
  if (chosen.length === 0) throw new Error(`No scenario is named like "${only}".`);
  const { load, server } = await startOn(folder, cases);
  const material = await prepare(server.url, fetchText);
  const rates = new Map<Scenario, number>();
  for (const scenario of chosen) {
    const isHeavy = (scenario.bar ?? 1_000) < 100;
    rates.set(
      scenario,
      await rate(server, (n) => scenario.request(material, n), { warmUp: isHeavy ? 5 : 400 }),
    );
    process.stderr.write(`${scenario.name}: ${rates.get(scenario)?.toFixed(0)}\n`);
  }
  await server.stop();
  const bare = await startMeasured(fileURLToPath(import.meta.url), [
    "--bare",
    fileOf(folder, cases),
  ]);
  const figures: Figure[] = [
    { name: `make ${cases.toLocaleString("en-US")} cases`, value: load, unit: "CPU-s" },
  ];
  for (const [scenario, value] of rates) {
    const { bar, bare: same } = scenario;
    figures.push({
      name: scenario.name,
      value,
      unit: "/CPU-s",
      ...(bar === undefined ? {} : { bar: { least: bar } }),
      ...(same === undefined
        ? {}
        : {
            bare: await rate(bare, (n) => same(material, n), {
              warmUp: (bar ?? 1_000) < 100 ? 5 : 400,
            }),
          }),
    });
  }
  await bare.stop();
  return figures;
}

/** The emulator names its file after what is in it. */
function fileOf(folder: string, cases: number): string {
  const name = readdirSync(folder).find(
    (each) => each.includes(`-${cases}cases-`) && each.endsWith(".sqlite"),
  );
  if (name === undefined) throw new Error(`There is no set of ${cases} cases in ${folder}.`);
  return join(folder, name);
}

async function pointReads(folder: string, cases: number, args: readonly string[]) {
  const { load, server } = await startOn(folder, cases, args);
  const material = await prepare(server.url, fetchText);
  const [scenario] = scenarios;
  if (scenario === undefined) throw new Error("There is no scenario.");
  const reads = await rate(server, (n) => scenario.request(material, n));
  await server.stop();
  return { load, reads };
}

async function measureMillion(folder: string): Promise<Figure[]> {
  const tables = ["--tables", "incident,account,contact,systemuser"];
  const small = await pointReads(folder, 10_000, tables);
  const large = await pointReads(folder, 1_000_000, tables);
  return [
    { name: "make 1,000,000 cases", value: large.load, unit: "CPU-s", bar: { most: 60 } },
    { name: "get by id among 10,000", value: small.reads, unit: "/CPU-s" },
    { name: "get by id among 1,000,000", value: large.reads, unit: "/CPU-s" },
    {
      name: "times slower among 1,000,000",
      value: small.reads / large.reads,
      unit: "x",
      bar: { most: 2 },
    },
  ];
}

function print(figures: readonly Figure[]): void {
  const number = (value: number) =>
    value >= 100 ? Math.round(value).toLocaleString("en-US") : value.toPrecision(3);
  const rows = figures.map((figure) => [
    figure.name,
    `${number(figure.value)} ${figure.unit}`,
    figure.bare === undefined
      ? ""
      : `${number(figure.bare)} bare, ${(figure.value / figure.bare).toFixed(2)} of it`,
    figure.bar === undefined
      ? ""
      : `${figure.bar.least === undefined ? `≤ ${figure.bar.most}` : `≥ ${figure.bar.least.toLocaleString("en-US")}`} ${isMet(figure) ? "met" : "MISSED"}`,
  ]);
  const widths = [0, 1, 2].map((column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  for (const row of rows)
    console.log(
      row
        .map((cell, column) =>
          column === 1 ? cell.padStart(widths[1] ?? 0) : cell.padEnd(widths[column] ?? 0),
        )
        .join("   ")
        .trimEnd(),
    );
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      cases: { type: "string", default: "100000" },
      only: { type: "string", default: "" },
      quick: { type: "boolean", default: false },
      json: { type: "string" },
      bare: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(usage);
    return;
  }
  if (values.bare !== undefined) {
    await serveBare(values.bare);
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), "dataverse-bench-"));
  try {
    const figures = [
      ...(values.only === "" ? await measureStart(folder) : []),
      ...(await measureRequests(folder, Number(values.cases), values.only)),
      ...(values.quick || values.only !== "" ? [] : await measureMillion(folder)),
    ];
    console.log(`Node ${process.version}, ${process.platform} ${process.arch}\n`);
    print(figures);
    if (values.json !== undefined) writeFileSync(values.json, JSON.stringify(figures, null, 2));
    if (!figures.every(isMet)) process.exitCode = 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

await main();
