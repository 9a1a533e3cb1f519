// What `npm start` runs after its build, on free ports and with data of its own, for the programs that judge it.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");

/** Ends the process with a word on what to run when a file is not there. */
export function demand(file, cure) {
  if (existsSync(file)) return;
  console.error(`${file} is missing. Run: ${cure}`);
  process.exit(1);
}

/** Calls `work` with the endpoint's address and a folder that goes afterwards. */
export async function withProduct(cases, work) {
  const start = join(root, "dist", "dev", "start.mjs");
  demand(start, "npm run build");
  const folder = mkdtempSync(join(tmpdir(), "outside-"));
  const child = spawn(process.execPath, [start, "--cases", String(cases), "--data", folder], {
    env: { ...process.env, PORT: "0", DATAVERSE_PORT: "0" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    await work(await endpointOf(child), folder);
  } finally {
    child.kill("SIGINT");
    if (child.exitCode === null) await new Promise((done) => child.once("exit", done));
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

function endpointOf(child) {
  let text = "";
  return new Promise((done, fail) => {
    child.once("exit", (code) => fail(new Error(`npm start ended with ${code}.\n${text}`)));
    child.stdout.setEncoding("utf8").on("data", (part) => {
      text += part;
      const url = /^MCP endpoint: (\S+)$/m.exec(text)?.[1];
      if (url) done(url);
    });
  });
}
