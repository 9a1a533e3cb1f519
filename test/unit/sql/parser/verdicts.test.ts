import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "@jest/globals";
import { judge } from "../../../support/sql-shape";

/**
 * What Microsoft's parser says of statements that were made at random, and of mutants of them, with the tree of those that both
 * read: `npm run referee:tsql -- --write-cases` writes them anew.
 */
type Case = readonly [sql: string, verdict: "select" | "other" | "error", tree?: string];

const cases = JSON.parse(
  readFileSync(resolve("test/cases/sql/verdicts.generated.json"), "utf8"),
) as readonly Case[];

/** The statements of which ours says something that does not go with the verdict. */
const wrong = (verdict: Case[1], isRight: (ours: ReturnType<typeof judge>) => boolean) =>
  cases.filter(([sql, theirs]) => theirs === verdict && !isRight(judge(sql))).map(([sql]) => sql);

test("there are enough cases of each kind", () => {
  expect(cases.length).toBeGreaterThanOrEqual(2_000);
  const count = (verdict: Case[1]) => cases.filter(([, theirs]) => theirs === verdict).length;
  expect(count("select")).toBeGreaterThan(500);
  expect(count("error")).toBeGreaterThan(500);
  expect(cases.filter(([, , tree]) => tree !== undefined).length).toBeGreaterThan(250);
});

test("what Microsoft's parser rejects, ours rejects", () => {
  expect(wrong("error", (ours) => ours.verdict !== "select")).toEqual([]);
});

test("what it reads, ours reads or refuses by name, never as an error", () => {
  expect(wrong("select", (ours) => ours.verdict !== "error")).toEqual([]);
  expect(wrong("other", (ours) => ours.verdict === "refused")).toEqual([]);
});

test("both read the same tree", () => {
  const different = cases.flatMap(([sql, , tree]) => {
    const ours = tree === undefined ? undefined : judge(sql);
    if (!ours || (ours.verdict === "select" && ours.tree === tree)) return [];
    return [{ sql, tree, ours }];
  });
  expect(different).toEqual([]);
});
