// `npm run jobs`: over forty jobs of a representative, played by a script over MCP against the embedded Dataverse; what stands there in the
// end is looked at. Prints calls and tokens of each; `-- --beside` plays some with `mcp-dataverse` as well, `-- --write` makes docs/jobs.md of it.
import { spawn } from "node:child_process";
import { resolve } from "node:path";
import { bundleProgram } from "../support/bundle-program";

const root = resolve(__dirname, "../..");

async function main(): Promise<void> {
  const program = await bundleProgram(root, "jobs");
  const child = spawn(process.execPath, [program, ...process.argv.slice(2)], {
    cwd: root,
    stdio: "inherit",
  });
  child.on("exit", (code) => {
    process.exitCode = code ?? 1;
  });
}

void main();
