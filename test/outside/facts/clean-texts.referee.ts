import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { expect, test } from "@jest/globals";
import { sanitise } from "../../../shared/text";
import { factsFile } from "./folder";

const everyNth = (text: string, step: number) =>
  text
    .split("\n")
    .slice(1)
    .filter((line, at) => at % step === 0 && line.length > 20);
const read = (name: string) => readFileSync(factsFile(`intelligence/${name}`));

test.each([
  ["banking77", () => everyNth(read("banking77/train.csv").toString("utf8"), 10)],
  ["it-tickets", () => everyNth(gunzipSync(read("it-tickets/train.csv.gz")).toString("utf8"), 40)],
])("at most one clean text of %s in a hundred is flagged", (_, linesOf) => {
  const lines = linesOf();
  const flagged = lines.filter((line) => sanitise(line).suspicions.length > 0).length;
  expect(lines.length).toBeGreaterThan(500);
  expect(flagged / lines.length).toBeLessThanOrEqual(0.01);
});
