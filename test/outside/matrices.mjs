// npm run matrices: what `npm test` leaves out, and every cell of the matrices of which it tries a share.
import { spawnSync } from "node:child_process";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { once, shared } from "./once.mjs";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const run = (script, args) =>
  spawnSync(process.execPath, [resolve(root, script), ...args], {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, MATRIX: "whole" },
  }).status ?? 1;

process.exitCode =
  run("build.mjs", ["--if-changed"]) ||
  run("node_modules/jest/bin/jest.js", ["--ci", "--runTestsByPath", ...once, ...shared]);
