// `npm run fuzz:folding`: random queries of the whole language, with all rules, some of them, none, and by a service that
// aggregates few rows at once, have the same rows over the same data.
import { spawnSync } from "node:child_process";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: {
    queries: { type: "string", default: "20000" },
    seed: { type: "string", default: "1" },
  },
});
const { status } = spawnSync(
  process.execPath,
  ["node_modules/jest/bin/jest.js", "test/unit/sql/whole-language", "--runInBand"],
  {
    stdio: "inherit",
    env: { ...process.env, SQL_RUNS: values.queries, SQL_SEED: values.seed },
  },
);
process.exitCode = status ?? 1;
