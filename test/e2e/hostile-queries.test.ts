import { execFile } from "node:child_process";
import { resolve } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "@jest/globals";

/**
 * A small share of `npm run hostile-queries`, each shape of query once: no abort, no call past its deadline, memory
 * bounded. The limits of time are wide, because other tests run beside this one.
 */
test("hostile queries neither end the app nor fill it", async () => {
  const script = resolve("test/outside/hostile-queries.mjs");
  const share = ["--queries", "29", "--at-once", "8", "--rounds", "1", "--cases", "400"];
  const { stdout } = await promisify(execFile)(process.execPath, [
    script,
    ...share,
    "--wide",
    "20",
  ]);
  expect(stdout).toMatch(/rows/);
  expect(stdout).toMatch(/over a limit|refused/);
}, 180_000);
