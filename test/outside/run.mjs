import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { root, startEmulator } from "./emulator-process.mjs";

/** `npm run referee:clients`: each client against an embedded Dataverse of its own; exit code 1 when a step fails. */
const here = dirname(fileURLToPath(import.meta.url));
if (
  !existsSync(join(here, "node_modules")) ||
  !existsSync(join(root, "packages/dataverse-emulator/dist/main.mjs"))
) {
  console.error("Run `npm ci --prefix test/outside` first, then `npm run referee:clients`.");
  process.exit(2);
}
const { checkMcpDataverse } = await import("./mcp-dataverse.mjs");
const { checkDynamicsWebApi } = await import("./dynamics-web-api.mjs");
let isGood = true;
for (const check of [checkDynamicsWebApi, checkMcpDataverse]) {
  const emulator = await startEmulator();
  try {
    isGood = (await check(emulator.url)) && isGood;
  } finally {
    await emulator.stop();
  }
}
process.exit(isGood ? 0 : 1);
