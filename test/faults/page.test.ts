import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { tools } from "../../shared/tools";
import { faultsOfIdentity, faultsOfReads, faultsOfWrites } from "./faults";
import { type FaultsRun, pageOf } from "./page";

const read = (name: string) =>
  readFileSync(resolve(__dirname, "../../docs", name), "utf8").replaceAll("\r\n", "\n");

describe("docs/faults.md (npm run faults -- --write)", () => {
  const run = JSON.parse(read("faults.json")) as FaultsRun;

  test("is what the last run said", () => {
    expect(read("faults.md")).toBe(pageOf(run));
  });

  test("has every tool and every fault", () => {
    expect([...new Set(run.map(({ tool }) => tool))].sort()).toEqual(
      tools.map(({ name }) => name).sort(),
    );
    const said = new Set(
      run.flatMap(({ told }) => told.flatMap(({ faults }) => Object.values(faults).flat())),
    );
    const missing = [...faultsOfIdentity, ...faultsOfReads, ...faultsOfWrites]
      .map(({ name }) => name)
      .filter((name) => !said.has(name));
    expect(missing).toEqual([]);
  });
});
