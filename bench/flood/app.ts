import { resolve } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { startFunctionsHost } from "../../dev/functions-host";

/** The built function app alone in a process, so that what is measured is its own. Its log goes to the parent in counts. */
const outcomes = new Map<string, number>();
let longestCallMs = 0;

const host = await startFunctionsHost({
  appFolder: resolve(process.argv[2] ?? "."),
  port: 0,
  log(line) {
    if (/^(?:mcp failed|Failed|Refused)/.test(line)) process.stderr.write(`${line}\n`);
    const duration = Number(/"event":"tool_call".*?"durationMs":(\d+)/.exec(line)?.[1] ?? 0);
    longestCallMs = Math.max(longestCallMs, duration);
    const outcome = /"event":"(?:tool_call"|bug").*?"outcome":"(\w+)"/.exec(line)?.[1];
    const kind = outcome ?? (line.includes('"event":"bug"') ? "bug" : undefined);
    if (kind !== undefined) outcomes.set(kind, (outcomes.get(kind) ?? 0) + 1);
  },
});

const loop = monitorEventLoopDelay({ resolution: 10 });
loop.enable();

process.on("message", (message: { kind?: unknown }) => {
  if (message.kind !== "usage") return;
  const { user, system } = process.cpuUsage();
  process.send?.({
    kind: "usage",
    cpuSeconds: (user + system) / 1e6,
    rssMiB: process.memoryUsage.rss() / 1_048_576,
    peakRssMiB: process.resourceUsage().maxRSS / 1_024,
    longestHoldMs: loop.max / 1e6,
    longestCallMs,
    outcomes: Object.fromEntries(outcomes),
  });
  loop.reset();
  longestCallMs = 0;
});
process.once("SIGTERM", () => host.close().finally(() => process.exit(0)));
process.once("disconnect", () => process.exit(0));
process.send?.({ kind: "ready", url: host.url });
