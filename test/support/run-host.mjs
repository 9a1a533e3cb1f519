// Runs the built function app in a process of its own and tells its address; the environment is the parent's choice.
import { dirname, resolve } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { fileURLToPath } from "node:url";
import { startFunctionsHost } from "../../dist/emulator/functions-host.mjs";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const appFolder = resolve(root, process.env.APP_FOLDER ?? ".");
const resolution = 5;
const delay = monitorEventLoopDelay({ resolution });
delay.enable();
// What this process took since it was asked last: whoever measures wants no other process in it.
let cpu = process.cpuUsage();
process.on("message", ({ kind }) => {
  if (kind !== "usage") return;
  const { user, system } = process.cpuUsage(cpu);
  const longestHoldMs = Math.max(0, delay.max / 1e6 - resolution);
  process.send?.({ kind: "usage", cpuMs: (user + system) / 1000, longestHoldMs });
  cpu = process.cpuUsage();
  delay.reset();
});
try {
  const host = await startFunctionsHost({
    appFolder,
    port: Number(process.env.PORT ?? "0"),
    log: (line) => process.send?.({ kind: "log", line }),
  });
  // As the platform ends a worker: the app may send what it still holds.
  process.once("SIGTERM", () => host.close().finally(() => process.exit(0)));
  process.send?.({ kind: "ready", url: host.url, functions: host.functions });
} catch (error) {
  process.send?.({ kind: "failed", message: error.message });
  process.exit(1);
}
process.once("disconnect", () => process.exit(0));
