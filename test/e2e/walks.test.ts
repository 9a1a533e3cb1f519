import { readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { linesOfWalks, page, withWalks } from "../../docs/generate/walks";
import { recordWalks, showWalks } from "../support/walks";

const isToBeWritten = process.env.WALKS === "write";

test("the walks of docs/architecture.md are what the product sends now (npm run walks)", async () => {
  const walks = await recordWalks();
  expect(walks.map(({ tool, answer }) => (answer.isError ? answer.text : tool))).toEqual([
    "read_query",
    "update_record",
    "enrich_case",
  ]);
  expect(walks.every(({ requests }) => requests.length > 0)).toBe(true);
  const text = readFileSync(page, "utf8").replaceAll("\r\n", "\n");
  const made = withWalks(text, showWalks(walks));
  const isSame = JSON.stringify(linesOfWalks(made)) === JSON.stringify(linesOfWalks(text));
  if (!isToBeWritten) expect(linesOfWalks(made)).toEqual(linesOfWalks(text));
  else if (!isSame) writeFileSync(page, made);
});
