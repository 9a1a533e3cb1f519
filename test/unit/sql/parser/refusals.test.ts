import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "@jest/globals";
import { SqlError } from "../../../../shared/sql/errors";
import { parse } from "../../../../shared/sql/parser/parse";

/** Statements parted by `---` that the grammar refuses; renew the words with `npx jest test/unit/sql/parser -u`. */
const statements = readFileSync(resolve("test/cases/sql/grammar.sql"), "utf8")
  .split(/^---$/m)
  .map((one) => one.trim());

function refusal(sql: string): string {
  try {
    parse(sql);
    return "(read)";
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    return `${error.code}: ${error.message}${error.hint ? ` ${error.hint}` : ""}`;
  }
}

test("the grammar says what it refuses, where, and what to write instead", () => {
  expect(statements.length).toBeGreaterThan(60);
  const answers = statements.map((sql) => `${sql}\n=> ${refusal(sql)}`);
  expect(answers.filter((answer) => answer.endsWith("(read)"))).toEqual([]);
  expect(`\n${answers.join("\n\n")}\n`).toMatchSnapshot();
});
