import { appendFileSync, writeFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { toolUses } from "./calls";
import { runMatrix } from "./matrix";

const {
  FAULTS_ONLY: only = "",
  FAULTS_OUT: out = "",
  FAULTS_LANES: lanes = "",
  FAULTS_PART: part = "",
  FAULTS_PARTS: parts = "",
} = process.env;

/** A part of the whole matrix, run by `main.ts`, which judges what all parts showed. */
test("cells of the matrix are tried", async () => {
  writeFileSync(out, "");
  const uses = toolUses.filter(
    ({ tool, use }, at) =>
      at % Number(parts) === Number(part) && new RegExp(only).test(`${tool} (${use})`),
  );
  const results = await runMatrix({
    lanes: Number(lanes),
    uses,
    onResult: (result) => appendFileSync(out, `${JSON.stringify(result)}\n`),
  });
  expect(results.length).toBeGreaterThan(0);
}, 1_800_000);
