// `npm run inspector`: the official inspector's command line against what `npm start` runs, in each era. Needs Node 22.19.

import { deepEqual, equal, ok } from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const outside = dirname(fileURLToPath(import.meta.url));
const root = join(outside, "..", "..");
const binary = process.platform === "win32" ? "node.exe" : "node";
const [major, minor] = process.versions.node.split(".").map(Number);
const isNew = major > 22 || (major === 22 && minor >= 19);
const node = isNew ? process.execPath : join(outside, "node_modules", "node22", "bin", binary);
const inspector = join(outside, "node_modules", ".bin", "mcp-inspector");
const start = join(root, "dist", "emulator", "start.mjs");
for (const [file, cure] of [
  [inspector, "npm ci --prefix test/outside"],
  [node, "npm ci --prefix test/outside"],
  [start, "npm run build"],
]) {
  if (existsSync(file)) continue;
  console.error(`${file} is missing. Run: ${cure}`);
  process.exit(1);
}

const folder = mkdtempSync(join(tmpdir(), "inspector-"));
const product = spawn(process.execPath, [start, "--cases", "50", "--data", folder], {
  env: { ...process.env, PORT: "0", DATAVERSE_PORT: "0" },
  stdio: ["ignore", "pipe", "inherit"],
});
try {
  const url = await endpointOf(product);
  const eras = ["legacy", "auto", "modern"];
  const servers = Object.fromEntries(
    eras.map((era) => [era, { type: "streamable-http", url, protocolEra: era }]),
  );
  const config = join(folder, "inspector.json");
  writeFileSync(config, JSON.stringify({ mcpServers: servers }));
  for (const era of eras) check(config, era);
  console.log("The inspector works with the endpoint in every era.");
} finally {
  product.kill("SIGINT");
  await new Promise((done) => product.once("exit", done));
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

function check(config, era) {
  const run = (...args) => {
    const { status, stdout, stderr } = spawnSync(
      node,
      [inspector, "--cli", "--config", config, "--server", era, "--format", "json", ...args],
      {
        encoding: "utf8",
        timeout: 60_000,
        env: { ...process.env, MCP_INSPECTOR_SECRET_STORE: "memory" },
      },
    );
    equal(status, 0, `${era}: ${args.join(" ")} ended with ${status}\n${stderr}\n${stdout}`);
    const answer = JSON.parse(stdout);
    return answer.result ?? answer;
  };
  const { tools } = run("--method", "tools/list", "--strict");
  ok(tools.some((tool) => tool.name === "read_query"));
  const query = "querytext=SELECT COUNT(*) AS n FROM incident";
  const called = run("--method", "tools/call", "--tool-name", "read_query", "--tool-arg", query);
  deepEqual(called.structuredContent.rows, [{ n: 50 }]);
  console.log(`inspector, ${era}: ${tools.length} tools listed without a complaint, one called.`);
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
