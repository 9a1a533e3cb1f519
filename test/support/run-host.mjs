// Runs the built function app in a process of its own and tells its address; the environment is the parent's choice.
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { startFunctionsHost } from "../../dist/emulator/functions-host.mjs";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const appFolder = resolve(root, process.env.APP_FOLDER ?? ".");
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
