import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { Source, SourcePage, SourceRequest, SourceValue } from "../../shared/sql";
import { startMeasured } from "../measured-process";
import { catalog, type Made, madeRows, query } from "./made-rows";

/**
 * `npm run bench:sql`: what the engine of `read_query` costs, beside others that do the same work in the same run. Each figure is
 * the CPU of a process of its own. Ends with exit code 1 where a promised figure is missed.
 */

const cpuMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

/** The engine comes when it is measured, so that its loading can be. */
const engine = () => import("../../shared/sql");

/** Rows as a source gives them: made into pages once, so that a second run measures the engine alone. */
function sourceOf(rows: Made, keepsPages = true): Source {
  const known = new Map<string, SourcePage[]>();
  const pagesOf = function* ({ table, cells, pageSize }: SourceRequest): Generator<SourcePage> {
    const all = rows[table] ?? [];
    for (let at = 0; at < all.length; at += pageSize) {
      const some = all.slice(at, at + pageSize);
      const page = some.map((row) => cells.map(({ name }): SourceValue => row[name] ?? null));
      yield { rows: page, more: at + pageSize < all.length };
    }
  };
  return {
    async *scan(request) {
      const key = `${request.table} ${request.cells.map(({ name }) => name).join()}`;
      const pages = known.get(key) ?? (keepsPages ? [...pagesOf(request)] : pagesOf(request));
      if (Array.isArray(pages)) known.set(key, pages);
      yield* pages;
    },
    currentUserId: () => Promise.resolve(""),
    isAggregateLimit: () => false,
  };
}

/** Every row is read and worked on here, as where the service can do nothing of it. */
const run = async (sql: string, source: Source): Promise<number> => {
  const { query: ask, ruleNames } = await engine();
  const rules = new Set(ruleNames.filter((name) => !name.startsWith("fold-")));
  const roomy = { rowsFetched: 1_000_000, rowsReturned: 5_000, characters: 10_000_000 };
  const options = { catalog, source, budget: roomy, rules };
  return (await ask(sql, options)).rows.length;
};

const questions = (): readonly string[] =>
  ["questions.sql", "plans.sql"].flatMap((file) =>
    readFileSync(resolve("test/cases/sql", file), "utf8")
      .split(/^---$/m)
      .map(
        (one) =>
          one
            .split(/^==$/m)[0]
            ?.replace(/^--.*$/gm, "")
            .trim() ?? "",
      )
      .filter(Boolean),
  );

/** CPU of both sides for a query that becomes one request, beside that request alone. */
async function besideTheCall(): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "bench-sql-"));
  const emulator = resolve("packages/dataverse-emulator/dist/main.mjs");
  const server = await startMeasured(emulator, [
    "--port",
    "0",
    "--data",
    folder,
    "--cases",
    "2000",
  ]);
  try {
    const { runQuery, explainQuery } = await engine();
    const { queryCatalog, querySource } = await import("../../shared/service/query/query-source");
    const { environmentOf } = await import("./environment");
    const { personas } = await import("dataverse-emulator");
    const { createTrace } = await import("../../shared/trace");
    const person = personas.find(({ key }) => key === "administrator");
    if (!person) throw new Error("There is no administrator.");
    const { objectId } = person;
    const { signal } = new AbortController();
    const { RequestBudget } = await import("../../shared/dataverse/transport/request-budget");
    const budget = RequestBudget.unlimited();
    const trace = createTrace();
    const dataverse = environmentOf(server.url, person).as({ objectId }, signal, trace, { budget });
    const options = {
      sql: "SELECT TOP 50 ticketnumber, title, createdon FROM incident WHERE statecode = 0 ORDER BY createdon DESC",
      catalog: queryCatalog(dataverse.metadata),
      source: querySource(dataverse),
      signal,
      now: new Date(),
      person: objectId,
    };
    const [scan] = (await explainQuery(options)).scans;
    if (!scan) throw new Error("The query is asked of nobody.");
    const alone = async () => {
      const pages = dataverse.fetchXml(scan.table, scan.fetchXml, {
        pageSize: 500,
        annotations: [],
      });
      for await (const page of pages) if (!page.more) break;
    };
    const cost = async (one: () => Promise<unknown>): Promise<number> => {
      const before = cpuMs() + (await server.usage()).cpuSeconds * 1000;
      for (let turn = 0; turn < 100; turn += 1) await one();
      return cpuMs() + (await server.usage()).cpuSeconds * 1000 - before;
    };
    const query = () => runQuery(options);
    await cost(query);
    await cost(alone);
    const ratios: number[] = [];
    for (let turn = 0; turn < 5; turn += 1) ratios.push((await cost(query)) / (await cost(alone)));
    return ratios.sort((a, b) => a - b)[2] ?? Number.NaN;
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Each gives its figure in CPU-ms, MiB or as a ratio, measured in a fresh process. */
const measures: Readonly<Record<string, () => Promise<number>>> = {
  async load() {
    const source = sourceOf(madeRows(10, 2));
    const before = cpuMs();
    await run("SELECT TOP 3 title FROM incident WHERE statecode = 0 ORDER BY title", source);
    return cpuMs() - before;
  },
  async parse() {
    const { parse } = await engine();
    const texts = questions();
    const all = (times: number) => {
      for (let turn = 0; turn < times; turn += 1) for (const text of texts) parse(text);
    };
    all(50);
    const before = cpuMs();
    all(100);
    return (cpuMs() - before) / 100 / texts.length;
  },
  async join() {
    const source = sourceOf(madeRows(50_000, 5_000));
    await run(query.join, source);
    global.gc?.();
    const before = cpuMs();
    await run(query.join, source);
    return cpuMs() - before;
  },
  async sqlite() {
    const rows = madeRows(50_000, 5_000);
    const { runInSqlite } = await import("./in-sqlite");
    runInSqlite(query.join, rows);
    global.gc?.();
    const before = cpuMs();
    runInSqlite(query.join, rows);
    return cpuMs() - before;
  },
  async memory() {
    const source = sourceOf(madeRows(100_000, 100), false);
    await run(query.sort, sourceOf(madeRows(10, 2)));
    global.gc?.();
    const before = process.memoryUsage().rss;
    let most = before;
    const timer = setInterval(() => {
      most = Math.max(most, process.memoryUsage().rss);
    }, 5);
    await run(query.sort, source);
    clearInterval(timer);
    return (Math.max(most, process.memoryUsage().rss) - before) / 1_048_576;
  },
  beside: besideTheCall,
};

const here = fileURLToPath(import.meta.url);

function measured(name: string, times = 3): number {
  const figures = Array.from({ length: times }, () => {
    const args = ["--expose-gc", "--disable-warning=ExperimentalWarning", here, "--measure", name];
    const { stdout, stderr, status } = spawnSync(process.execPath, args, { encoding: "utf8" });
    if (status !== 0) throw new Error(`${name} could not be measured:\n${stderr}`);
    return Number(stdout);
  });
  return figures.sort((a, b) => a - b)[Math.floor(times / 2)] ?? Number.NaN;
}

async function main(): Promise<void> {
  const lines: { name: string; value: number; unit: string; most?: number }[] = [];
  const add = (name: string, value: number, unit: string, most?: number) => {
    lines.push({ name, value, unit, ...(most !== undefined && { most }) });
    const bar = most === undefined ? "" : `   ≤ ${most} ${value <= most ? "met" : "MISSED"}`;
    console.log(`${name.padEnd(52)} ${value.toPrecision(3).padStart(8)} ${unit}${bar}`);
  };
  add("load and first query", measured("load", 5), "CPU-ms", 15);
  add("parse one question, warm", measured("parse") * 1000, "CPU-µs");
  const [own, sqlite] = [measured("join"), measured("sqlite")];
  add("join and group of 50,000 and 5,000 rows, warm", own, "CPU-ms");
  add("the same loaded into SQLite and run there", sqlite, "CPU-ms");
  add("ours to SQLite's", own / sqlite, "x", 1);
  add("filter, group and sort 100,000 rows", measured("memory"), "MiB", 64);
  add("a folded query to the bare call", measured("beside", 1), "x", 1.2);
  if (lines.some(({ value, most }) => most !== undefined && !(value <= most))) process.exitCode = 1;
}

const at = process.argv.indexOf("--measure");
const measure = at > 0 ? measures[process.argv[at + 1] ?? ""] : undefined;
if (measure) console.log(await measure());
else await main();
process.exit();
