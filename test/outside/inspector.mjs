// `npm run inspector`: the official inspector's command line against what `npm start` runs, in each era. Needs Node 22.19.

import { deepEqual, equal, ok } from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { demand, root, withProduct } from "./started-product.mjs";

const outside = join(root, "test", "outside");
const binary = process.platform === "win32" ? "node.exe" : "node";
const [major, minor] = process.versions.node.split(".").map(Number);
const isNew = major > 22 || (major === 22 && minor >= 19);
const node = isNew ? process.execPath : join(outside, "node_modules", "node22", "bin", binary);
const inspector = join(outside, "node_modules", ".bin", "mcp-inspector");
for (const file of [inspector, node]) demand(file, "npm ci --prefix test/outside");

await withProduct(50, (url, folder) => {
  const eras = ["legacy", "auto", "modern"];
  const servers = Object.fromEntries(
    eras.map((era) => [era, { type: "streamable-http", url, protocolEra: era }]),
  );
  const config = join(folder, "inspector.json");
  writeFileSync(config, JSON.stringify({ mcpServers: servers }));
  for (const era of eras) check(config, era);
});
console.log("The inspector works with the endpoint in every era.");

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
