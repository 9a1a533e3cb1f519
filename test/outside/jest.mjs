// What `npm test` runs: every test but those of once.mjs. `npm test -- <file>` runs that one, whichever it is.
import { spawnSync } from "node:child_process";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { once } from "./once.mjs";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const named = process.argv.slice(2);
const isAll = named.every((each) => each.startsWith("-"));
const leftOut = once.map((file) => `/${file.replaceAll(".", "\\.")}$`);
const { status } = spawnSync(
  process.execPath,
  [
    resolve(root, "node_modules/jest/bin/jest.js"),
    ...(isAll ? leftOut.flatMap((each) => ["--testPathIgnorePatterns", each]) : []),
    ...named,
  ],
  { cwd: root, stdio: "inherit" },
);
process.exitCode = status ?? 1;
