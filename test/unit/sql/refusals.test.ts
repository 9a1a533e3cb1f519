import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { explainQuery, SqlError } from "../../../shared/sql";
import { aggregates } from "../../../shared/sql/functions/aggregate/aggregates";
import { otherNames, spelling } from "../../../shared/sql/functions/other-dialects";
import { functionNames } from "../../../shared/sql/functions/table";
import { tableFunctions } from "../../../shared/sql/functions/table/tables";
import { fenceAnswer } from "../../../shared/text/records/fence-answer";
import { ask } from "./support/ask";
import { catalog, now } from "./support/sample";

/** Queries of a case file, parted by `---`. What comes of them is recorded in `__snapshots__`. */
const folder = resolve("test/cases/sql");
const read = (name: string) =>
  readFileSync(resolve(folder, name), "utf8")
    .split(/^---$/m)
    .map((block) => block.trim())
    .filter(Boolean);

async function refusal(sql: string): Promise<string> {
  try {
    await ask(sql);
    return "(runs)";
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    const words = `${error.code}: ${error.message}${error.hint ? ` ${error.hint}` : ""}`;
    return fenceAnswer(words, () => "7f3a91c2").text;
  }
}

test("every refusal says what is wrong, where, and what to write instead", async () => {
  const queries = read("refusals.sql");
  expect(queries.length).toBeGreaterThan(50);
  const answers: string[] = [];
  for (const sql of queries) answers.push(`${sql}\n=> ${await refusal(sql)}`);
  expect(`\n${answers.join("\n\n")}\n`).toMatchSnapshot();
  expect(answers.filter((answer) => answer.includes("=> (runs)"))).toEqual([]);
});

test("every query is planned as recorded", async () => {
  const queries = read("plans.sql");
  expect(queries.length).toBeGreaterThan(20);
  const plans: string[] = [];
  for (const sql of queries) {
    const { plan } = await explainQuery({ sql, catalog, now });
    plans.push(`${sql}\n${plan}`);
  }
  expect(`\n${plans.join("\n\n")}\n`).toMatchSnapshot();
});

describe("a damaged query", () => {
  test("runs or ends in our error, whatever is cut out of it or doubled in it", async () => {
    const words = read("plans.sql").map((sql) => sql.match(/'[^']*'|\w+|\s+|./g) ?? []);
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...words), fc.nat(), fc.nat(2), async (tokens, at, how) => {
        const place = at % tokens.length;
        const token = tokens[place] ?? "";
        const kept = how === 0 ? [] : how === 1 ? [token, " ", token] : [token, " ) SELECT "];
        const sql = tokens.toSpliced(place, 1, ...kept).join("");
        expect(typeof (await refusal(sql))).toBe("string");
      }),
      { numRuns: 400, seed: 11 },
    );
  });
});

test("what stands for functions of other dialects is there", () => {
  const known = new Set<string>([
    ...functionNames,
    ...aggregates.map(({ name }) => name),
    ...tableFunctions.map(({ name }) => name),
    ..."CAST ISNULL IIF OVER GROUP".split(" "),
  ]);
  for (const name of otherNames) {
    const words = spelling(name) ?? "";
    const called = [...words.matchAll(/([A-Z_]+) ?\(/g)].map(([, word]) => word as string);
    expect({ name, missing: called.filter((word) => !known.has(word)) }).toEqual({
      name,
      missing: [],
    });
    expect(known).not.toContain(name);
  }
});
