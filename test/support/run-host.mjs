// Runs the built function app in a process of its own and tells its address; the environment is the parent's choice.
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { startFunctionsHost } from "../../dist/dev/functions-host.mjs";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const appFolder = resolve(root, process.env.APP_FOLDER ?? ".");
// What this process took since it was asked last: whoever measures wants no other process in it. A hold of the event loop is
// told by the CPU that passes between two ticks, because a busy machine lengthens what a clock on the wall says.
const cpuMs = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};
let asked = cpuMs();
let ticked = asked;
let longestHoldMs = 0;
setInterval(() => {
  const now = cpuMs();
  longestHoldMs = Math.max(longestHoldMs, now - ticked);
  ticked = now;
}, 2).unref();
process.on("message", ({ kind }) => {
  if (kind !== "usage") return;
  process.send?.({ kind: "usage", cpuMs: cpuMs() - asked, longestHoldMs });
  asked = cpuMs();
  longestHoldMs = 0;
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
