import { describe, expect, test } from "@jest/globals";
import { bindStatement } from "../../../shared/sql/bind/bind-statement";
import { parse } from "../../../shared/sql/parser/parse";
import { columnsOf, inputsOf, type Plan } from "../../../shared/sql/plan/nodes";
import { optimize } from "../../../shared/sql/plan/optimize";
import { shownOnly } from "../../../shared/sql/plan/shown-only";
import { catalog, now } from "./support/sample";

/** Only what nothing but the answer reads may be cut where it is read. */

const scanned = (plan: Plan): readonly { readonly id: number; readonly name: string }[] =>
  plan.kind === "scan" ? columnsOf(plan) : inputsOf(plan).flatMap(scanned);

async function shown(sql: string): Promise<string[]> {
  const bound = await bindStatement(parse(sql), sql, catalog, now);
  const { plan } = optimize(bound.plan);
  const ids = shownOnly(plan);
  return scanned(plan)
    .filter(({ id }) => ids.has(id))
    .map(({ name }) => name)
    .sort();
}

describe("columns that are only shown", () => {
  test.each([
    ["SELECT title, description FROM incident", ["description", "title"]],
    ["SELECT title AS t, description AS d FROM incident", ["description", "title"]],
    ["SELECT UPPER(description) AS u, title FROM incident", ["title"]],
    ["SELECT description, LEN(description) AS n, title FROM incident", ["title"]],
    ["SELECT title, description FROM incident WHERE LEN(description) > 5", ["title"]],
    ["SELECT title, description FROM incident ORDER BY LEN(title)", ["description"]],
    ["SELECT TOP 5 title, description FROM incident ORDER BY title", ["description", "title"]],
    [
      "SELECT a.description, b.title FROM incident a JOIN incident b ON LEN(a.title) = LEN(b.title)",
      ["description"],
    ],
    ["SELECT DISTINCT UPPER(title) AS t, description FROM incident", []],
    ["SELECT UPPER(title) AS t, MAX(description) AS d FROM incident GROUP BY UPPER(title)", []],
    ["SELECT CASE WHEN title = 'x' THEN description END AS d FROM incident", []],
  ])("%s", async (sql, expected) => {
    expect(await shown(sql)).toEqual(expected);
  });
});
