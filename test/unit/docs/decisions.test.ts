import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { root } from "./pages";

const page = readFileSync(join(root, "DECISIONS.md"), "utf8").replaceAll("\r\n", "\n");
const [index = "", entries = ""] = page.split("\n## By date\n");

/** Each decision as `date · its first words`, as it stands in the list and in the index. */
const decided = [...entries.matchAll(/^- \*\*(\d{4}-\d\d-\d\d · [^*]+)\*\*/gm)].map(([, words]) =>
  (words ?? "").replace(/\s+/g, " "),
);
const indexed = [...index.matchAll(/^- (\d{4}-\d\d-\d\d · .+)$/gm)].map(([, words = ""]) => words);

test("decisions stand in the order of their dates", () => {
  expect(decided.length).toBeGreaterThan(90);
  expect(entries.match(/^- /gm)).toHaveLength(decided.length);
  const dates = decided.map((words) => words.slice(0, 10));
  expect(dates).toEqual([...dates].sort());
});

test("each stands in the index by subject, once, in the words of the list", () => {
  expect([...indexed].sort()).toEqual([...decided].sort());
});
