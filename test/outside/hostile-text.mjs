// npm run hostile-text: every shape of hostile text at every length through every tool that reads text, with figures. `npm test`
// tries a share of it.
import { spawnSync } from "node:child_process";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const run = (script, args) =>
  spawnSync(process.execPath, [resolve(root, script), ...args], {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, HOSTILE_TEXT: "all" },
  }).status ?? 1;

process.exitCode =
  run("build.mjs", ["--if-changed"]) ||
  run("node_modules/jest/bin/jest.js", ["test/e2e/hostile-text"]);
