// npm run matrices: the matrices of which `npm test` tries a share, each cell of them.
import { spawnSync } from "node:child_process";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const run = (script, args) =>
  spawnSync(process.execPath, [resolve(root, script), ...args], {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, MATRIX: "whole" },
  }).status ?? 1;

process.exitCode =
  run("build.mjs", ["--if-changed"]) ||
  run("node_modules/jest/bin/jest.js", ["--ci", "test/e2e/tools-odd-input"]);
