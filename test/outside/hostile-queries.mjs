// Fires random and hostile queries at the built app in a process with a small heap, while /health is watched.
// npm run hostile-queries -- [--queries 1000] [--at-once 50] [--rounds 4] [--cases 5000] [--heap 512] [--seed 1] [--wide 1] [--profile folder]
import { execFileSync, fork } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { hostileQueries } from "./hostile-sql.mjs";
import { demand, root } from "./started-product.mjs";

const { values } = parseArgs({
  options: {
    queries: { type: "string", default: "1000" },
    "at-once": { type: "string", default: "50" },
    rounds: { type: "string", default: "4" },
    cases: { type: "string", default: "5000" },
    heap: { type: "string", default: "512" },
    seed: { type: "string", default: "1" },
    // Limits of time are so many times wider where the machine is busy with other things.
    wide: { type: "string", default: "1" },
    verbose: { type: "boolean", default: false },
    // Where the app's CPU profile goes, to see what held its event loop.
    profile: { type: "string" },
  },
});
const option = (name) => Number(values[name]);
const wide = option("wide");
/** read_query's deadline, and how much later an answer may come. */
const deadlineMs = 45_000;
const lateMs = 1_000 * wide;
const healthMs = 250 * wide;
const rssMb = 600 + (option("heap") - 512);

const started = [];
function start(script, args, execArgv, env) {
  const child = fork(script, args, {
    execArgv,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  started.push(child);
  return new Promise((done, fail) => {
    child.on("message", (message) => {
      if (message.kind === "failed") fail(new Error(message.message));
      if (message.kind === "ready") done({ url: message.url, child });
    });
    child.once("exit", (code) => fail(new Error(`${script} ended with ${code}.`)));
  });
}

const emulator = join(root, "packages/dataverse-emulator/dist/main.mjs");
demand(emulator, "npm run build");
const { tenantId, applicationId, objectId } = {
  tenantId: "0f000000-0000-4000-8000-000000000001",
  applicationId: "0c000000-0000-4000-8000-000000000001",
  objectId: "0b000000-0000-4000-8000-000000000003",
};
const dataverse = await start(
  emulator,
  ["--port", "0", "--data", ":memory:", "--cases", values.cases, "--as-of", "2026-11-24"],
  ["--disable-warning=ExperimentalWarning"],
  {},
);
const app = await start(
  join(root, "test/support/run-host.mjs"),
  [],
  [
    `--max-old-space-size=${values.heap}`,
    ...(values.profile === undefined ? [] : ["--cpu-prof", `--cpu-prof-dir=${values.profile}`]),
  ],
  {
    DATAVERSE_URL: dataverse.url,
    MCP_AUTH_MODE: "dev",
    MCP_TENANT_ID: tenantId,
    MCP_DEV_USER_OBJECT_ID: objectId,
    AZURE_CLIENT_ID: applicationId,
    IDENTITY_ENDPOINT: `${dataverse.url}/msi/token`,
    IDENTITY_HEADER: "local-development-only",
  },
);
let aborted = false;
app.child.once("exit", () => {
  aborted = true;
});

let id = 0;
async function ask(querytext) {
  id += 1;
  const began = performance.now();
  const answer = await fetch(`${app.url}/mcp`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      "mcp-protocol-version": "2025-06-18",
    },
    body: JSON.stringify({
      jsonrpc: "2.0",
      id,
      method: "tools/call",
      params: { name: "read_query", arguments: { querytext } },
    }),
    signal: AbortSignal.timeout(deadlineMs * 2),
  });
  const { result, error } = await answer.json();
  return { ms: performance.now() - began, result, error };
}

/** Resident memory of the app, in MB. */
function residentMb() {
  try {
    const status = readFileSync(`/proc/${app.child.pid}/status`, "utf8");
    return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
  } catch {
    return Number(execFileSync("ps", ["-o", "rss=", "-p", String(app.child.pid)])) / 1024;
  }
}

const seen = { health: [], rss: 0, late: [], bugs: [], outcomes: new Map(), slowest: 0 };
let watching = true;
async function watch() {
  while (watching && !aborted) {
    const began = performance.now();
    try {
      // In mode dev GET asks Dataverse, too; HEAD goes the same way through the app and asks nobody.
      await fetch(`${app.url}/health`, { method: "HEAD" });
      seen.health.push(performance.now() - began);
    } catch (error) {
      seen.health.push(Number.POSITIVE_INFINITY);
      console.error(`/health: ${error.message}`);
    }
    seen.rss = Math.max(seen.rss, residentMb());
    await new Promise((next) => setTimeout(next, 50));
  }
}

const kindOf = ({ result, error }) => {
  if (error) return `protocol ${error.code}`;
  if (!result.isError) return "rows";
  const text = result.content[0].text;
  if (/failed inside the server/.test(text)) return "bug";
  if (/Other queries (hold|are at work)|busy/i.test(text)) return "busy";
  if (/took (too long|longer)/.test(text)) return "deadline";
  if (/limit|more than/.test(text)) return "over a limit";
  return "refused";
};

async function tried(sql) {
  if (aborted) return;
  try {
    const answer = await ask(sql);
    const kind = kindOf(answer);
    seen.outcomes.set(kind, (seen.outcomes.get(kind) ?? 0) + 1);
    if (kind === "bug") seen.bugs.push(sql.slice(0, 200));
    if (answer.ms > deadlineMs + lateMs)
      seen.late.push(`${Math.round(answer.ms)} ms: ${sql.slice(0, 200)}`);
    seen.slowest = Math.max(seen.slowest, answer.ms);
    if (values.verbose) console.log(`${Math.round(answer.ms)} ms, ${kind}: ${sql.slice(0, 150)}`);
  } catch (error) {
    seen.late.push(`${error.message}: ${sql.slice(0, 200)}`);
  }
}

const report = (phase) => {
  const health = seen.health.toSorted((a, b) => a - b);
  const at = (share) => Math.round(health[Math.floor((health.length - 1) * share)] ?? 0);
  const outcomes = [...seen.outcomes].map(([kind, count]) => `${count} ${kind}`).join(", ");
  console.log(
    `${phase}: ${outcomes}; slowest ${Math.round(seen.slowest)} ms; /health p50 ${at(0.5)}, p99 ${at(0.99)}, worst ${at(1)} ms; RSS at most ${Math.round(seen.rss)} MB`,
  );
};

const queries = hostileQueries(
  option("seed"),
  option("queries") + option("rounds") * option("at-once"),
);
await ask("SELECT TOP 1 title FROM incident");
const watched = watch();
const single = queries.slice(0, option("queries"));
const began = performance.now();
await Promise.all(
  Array.from({ length: 4 }, async () => {
    for (let sql = single.shift(); sql !== undefined; sql = single.shift()) await tried(sql);
  }),
);
report("four at a time");
for (let round = 0; round < option("rounds"); round++) {
  const first = option("queries") + round * option("at-once");
  await Promise.all(queries.slice(first, first + option("at-once")).map(tried));
}
watching = false;
await watched;
report(`and ${values["at-once"]} at once, ${values.rounds} times`);
console.log(`${Math.round((performance.now() - began) / 1000)} s in all`);
for (const child of started) child.kill("SIGTERM");

const failures = [
  aborted && "The app's process ended.",
  ...seen.late.map((each) => `Past its deadline: ${each}`),
  ...seen.bugs.map((each) => `Failed inside: ${each}`),
  Math.max(...seen.health) > healthMs && `/health took longer than ${healthMs} ms.`,
  seen.rss > rssMb && `RSS rose above ${rssMb} MB.`,
].filter(Boolean);
for (const failure of failures) console.error(failure);
process.exit(failures.length > 0 ? 1 : 0);
