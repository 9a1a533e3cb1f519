import { describe, expect, test } from "@jest/globals";
import { createProcessAccount, explain, query, SqlError } from "../../../shared/sql";
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

describe("what needs too many rows here", () => {
  const refused = async (
    sql: string,
    source = memorySource({ pageRows: 10 }),
    more: object = {},
  ) => {
    const options = { process: createProcessAccount(), budget: { rowsFetched: 40 }, ...more };
    const error = await run(sql, source, options).catch((one: unknown) => one);
    expect(error).toBeInstanceOf(SqlError);
    return { error: error as SqlError, requests: source.requests.length };
  };

  test("is refused before a row is read, with how many there are and what would help", async () => {
    const { error, requests } = await refused("SELECT title FROM incident ORDER BY LEN(title)");
    expect(error.message).toBe(
      "Sorting incident by LEN(incident.title) needs 60 rows of incident here, and one query reads at most 40. None was read.",
    );
    expect(error.hint).toMatch(/^Either narrow incident in WHERE/);
    expect(requests).toBe(1);
  });

  test("is refused without any request where the table is known to be too large", async () => {
    const more = { process: createProcessAccount(), person: "a" };
    const asked: (readonly [number, string])[] = [];
    for (const sql of [
      "SELECT title FROM incident ORDER BY LEN(title)",
      "SELECT title FROM incident ORDER BY LEN(title)",
      "SELECT LEN(title) AS n, COUNT(*) AS m FROM incident GROUP BY LEN(title)",
      "SELECT title, ROW_NUMBER() OVER (ORDER BY LEN(title)) AS n FROM incident",
    ]) {
      const { error, requests } = await refused(sql, memorySource(), more);
      asked.push([requests, error.message.replace(/.* needs /, "")]);
    }
    const needs = "60 rows of incident here, and one query reads at most 40. None was read.";
    expect(asked).toEqual([
      [1, needs],
      [0, needs],
      [0, needs],
      [0, needs],
    ]);
  });

  test("is counted as far as it is narrowed, where the table is too large", async () => {
    const sql = "SELECT title FROM incident WHERE reopened IS NOT NULL ORDER BY LEN(title)";
    const { error, requests } = await refused(sql);
    expect([error.message.includes("needs 50 rows"), requests]).toEqual([true, 2]);
    const few = memorySource({ pageRows: 10 });
    const { rows } = await run(sql.replace("IS NOT NULL", "= 2"), few, {
      process: createProcessAccount(),
      budget: { rowsFetched: 40 },
    });
    expect([rows.length, few.requests.length]).toEqual([10, 3]);
  });

  test.each([
    "SELECT COUNT(*) FROM incident i JOIN account a ON LEN(i.title) = LEN(a.name)",
    "SELECT a.name FROM account a JOIN incident i ON LEN(i.title) = LEN(a.name)",
    "SELECT COUNT(*) FROM (SELECT DISTINCT LEN(title) AS n FROM incident) x",
    "SELECT COUNT(*) FROM (SELECT LEFT(title, 3) AS n FROM incident UNION ALL SELECT name FROM account) x WHERE n <> 'a'",
  ])("through joins and sets is refused after the first page: %s", async (sql) => {
    const { error, requests } = await refused(sql);
    expect(error.message).toMatch(
      /needs 60 rows of incident here, and one query reads at most \d+\. It was stopped after 10\.$/,
    );
    expect(requests).toBeLessThan(6);
  });

  test("is not counted again where the table is known to be small", async () => {
    const process = createProcessAccount();
    const requests: number[] = [];
    for (const sql of [
      "SELECT title FROM incident ORDER BY LEN(title)",
      "SELECT MAX(LEN(title)) FROM incident",
    ]) {
      const source = memorySource();
      await run(sql, source, { process, person: "a" });
      requests.push(source.requests.length);
    }
    const source = memorySource();
    await run("SELECT title FROM incident ORDER BY LEN(title)", source, { process, person: "b" });
    expect([...requests, source.requests.length]).toEqual([2, 1, 2]);
  });
});
