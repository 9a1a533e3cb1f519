// `npm run jobs`: over forty jobs of a representative, played by a script over MCP against the embedded Dataverse; what stands there in the
// end is looked at. Prints calls and tokens of each; `-- --beside` plays some with `mcp-dataverse` as well, `-- --write` makes docs/jobs.md of it.
import { spawn } from "node:child_process";
import { join, resolve } from "node:path";
import { build } from "esbuild";

const root = resolve(__dirname, "../..");
const program = join(root, "out", "jobs", "whole.cjs");

async function main(): Promise<void> {
  await build({
    absWorkingDir: root,
    entryPoints: ["test/jobs/whole.ts"],
    outfile: program,
    bundle: true,
    format: "cjs",
    platform: "node",
    target: "node20.19",
    loader: { ".bin": "binary" },
    external: ["node:sqlite", "@photostructure/sqlite"],
    logLevel: "warning",
  });
  const child = spawn(process.execPath, [program, ...process.argv.slice(2)], {
    cwd: root,
    stdio: "inherit",
  });
  child.on("exit", (code) => {
    process.exitCode = code ?? 1;
  });
}

void main();
