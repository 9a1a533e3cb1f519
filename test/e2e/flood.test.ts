import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { expect, test } from "@jest/globals";

// The whole of it is `npm run flood`; a share of each is enough to see a bound that is gone.
test.each([
  ["stall", 0.1],
  ["hangup", 0.2],
])(
  "a share of the flood %s keeps its promises",
  (name, part) => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [
        "--disable-warning=ExperimentalWarning",
        resolve("dist/bench/flood.mjs"),
        ...["--only", name, "--part", String(part)],
      ],
      { encoding: "utf8" },
    );
    expect([status, status === 0 ? "" : stdout + stderr]).toEqual([0, ""]);
  },
  120_000,
);
