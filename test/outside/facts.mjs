// `npm run referee:facts -- --data <folder>`: facts read from real environments, texts and labelled sets of others judge
// the project. They are no part of it: what it needs of them stands in it in its own form, and `npm test` tries that.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { root } from "./started-product.mjs";

const usage = "npm run referee:facts -- --data <folder> [words of Jest]";
let named;
try {
  named = parseArgs({ options: { data: { type: "string" } }, allowPositionals: true });
} catch (error) {
  console.error(`${error.message}\n${usage}`);
  process.exit(2);
}
const { data } = named.values;
if (data === undefined) {
  console.error(`Say where the facts are: ${usage}`);
  process.exit(2);
}
const folder = resolve(data);
if (!existsSync(folder)) {
  console.error(`There is no folder ${folder}: ${usage}`);
  process.exit(2);
}
const { status } = spawnSync(
  process.execPath,
  [
    "--disable-warning=ExperimentalWarning",
    resolve(root, "node_modules/jest/bin/jest.js"),
    "--ci",
    "--config",
    resolve(root, "test/outside/facts/jest.config.mjs"),
    ...named.positionals,
  ],
  { cwd: root, stdio: "inherit", env: { ...process.env, FACTS_FOLDER: folder } },
);
process.exit(status ?? 1);
