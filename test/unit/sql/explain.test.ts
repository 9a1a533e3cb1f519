import { describe, expect, test } from "@jest/globals";
import { explain, query, SqlError } from "../../../shared/sql";
import { memorySource } from "./support/memory-source";
import { catalog, now } from "./support/sample";

const run = (sql: string, source = memorySource(), more: object = {}) =>
  query(sql, { catalog, source, now, ...more });

describe("the doors", () => {
  test("explain tells what the service is asked, and asks nothing", async () => {
    const { scans, plan, notes } = await explain(
      "SELECT title FROM incident WHERE statecode = 0 AND LEN(title) > 5",
      catalog,
    );
    expect(scans).toEqual([
      { table: "incident", fetchXml: expect.stringMatching(/attribute="statecode" operator="eq"/) },
    ]);
    expect(plan).toMatch(
      /filter \(LEN\(incident\.title\) > 5\) {2}\[FetchXML compares columns, not what is computed of them\]/,
    );
    expect(notes).toEqual([]);
  });

  test("query keeps to its budget", async () => {
    const { rows, truncated } = await run("SELECT title FROM incident", memorySource(), {
      budget: { rowsReturned: 3 },
    });
    expect([rows.length, truncated]).toEqual([3, true]);
  });
});

describe("EXPLAIN", () => {
  test("before a statement gives the plan with the rows that stand behind each scan, and reads none", async () => {
    const source = memorySource();
    const { rows, explanation } = await run(
      "EXPLAIN SELECT title FROM incident WHERE statecode = 0 ORDER BY LEN(title)",
      source,
    );
    expect(rows).toEqual([]);
    expect(explanation?.plan).toMatch(
      /sort LEN\(incident\.title\) {2}\[the service sorts by columns/,
    );
    expect(explanation?.plan).toMatch(/scan incident {2}\[of 30 rows\]/);
    expect(source.requests.map(({ fetchXml }) => fetchXml)).toEqual([
      expect.stringMatching(/aggregate="count"/),
    ]);
    const many = await run(
      "EXPLAIN SELECT title FROM incident",
      memorySource({ aggregateRows: 7 }),
    );
    expect(many.explanation?.plan).toMatch(/of more than 50,000 rows/);
  });

  test("keeps the places of errors", async () => {
    const error = await run("EXPLAIN SELECT titel FROM incident").catch((one: unknown) => one);
    expect(error).toBeInstanceOf(SqlError);
    expect((error as SqlError).message).toMatch(/column 16/);
  });

  test("beside a run tells the rows that each step gave", async () => {
    const { rows, explanation } = await run(
      "SELECT title FROM incident WHERE LEN(title) > 8",
      memorySource(),
      { explain: true },
    );
    const [, filtered] = /filter .* \[(\d+) rows;/.exec(explanation?.plan ?? "") ?? [];
    expect(Number(filtered)).toBe(rows.length);
    expect(explanation?.plan).toMatch(/scan incident {2}\[60 rows\]/);
  });
});

describe("what stands beside the rows", () => {
  test("columns have the types that they are declared with", async () => {
    const { columns, types } = await run(
      "SELECT COUNT(*) AS n, MAX(createdon) AS last FROM incident",
    );
    expect([columns, types]).toEqual([
      ["n", "last"],
      ["int", "datetime"],
    ]);
  });

  test("TOP says of how many rows, where one request tells", async () => {
    const source = memorySource();
    const all = { countAll: true };
    const top = await run("SELECT TOP 3 title FROM incident WHERE statecode = 0", source, all);
    expect([top.total, source.requests.length]).toEqual(["30 rows", 2]);
    for (const sql of [
      "SELECT TOP 1 title FROM incident",
      "SELECT TOP 500 title FROM incident",
      "SELECT TOP 3 title FROM incident WHERE LEN(title) > 3",
    ])
      expect((await run(sql, memorySource(), all)).total).toBeUndefined();
  });
});

test("what needs too many rows here is counted after one page, and refused with what would help", async () => {
  const source = memorySource({ pageRows: 10 });
  const error = await run("SELECT title FROM incident ORDER BY LEN(title)", source, {
    budget: { rowsFetched: 40 },
  }).catch((one: unknown) => one);
  expect(error).toBeInstanceOf(SqlError);
  const { message, hint } = error as SqlError;
  expect(message).toBe(
    "Sorting incident by LEN(incident.title) needs 60 rows of incident here, and one query reads at most 40. It was stopped after 10.",
  );
  expect(hint).toMatch(/^Either narrow incident in WHERE/);
  expect(source.requests).toHaveLength(2);
});
