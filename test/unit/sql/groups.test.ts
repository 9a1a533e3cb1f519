import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { Source } from "../../../shared/sql";
import { partsFor } from "../../../shared/sql/exec/scans/parts/many-groups";
import { ask } from "./support/ask";
import { type MemorySource, memorySource } from "./support/memory-source";

const sorted = (rows: readonly object[]): string[] =>
  rows
    .map((row) =>
      JSON.stringify(
        Object.values(row).map((value) =>
          typeof value === "string"
            ? value.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "").trimEnd()
            : value,
        ),
      ),
    )
    .sort();

const keys = [
  "",
  "statecodename",
  "prioritycodename",
  "customeridname",
  "ownerid",
  "YEAR(createdon), MONTH(createdon)",
  "DATEPART(quarter, createdon)",
  "FORMAT(createdon, 'yyyy-MM'), statecode",
  "CONVERT(varchar(7), createdon, 120)",
  "DATENAME(weekday, createdon)",
  "EOMONTH(createdon)",
  "DATEADD(month, DATEDIFF(month, 0, createdon), 0)",
  "CAST(createdon AS DATE)",
  "DATETRUNC(week, createdon)",
  "YEAR(followup)",
  "CASE WHEN prioritycode = 1 THEN 'high' ELSE statecodename END",
  "COALESCE(customeridname, 'nobody')",
  "reopened",
];
/** What is selected of groups, and how these are made. */
const groupings: readonly (readonly [shown: string, by: string])[] = [
  ...keys.map((key) => [key, key] as const),
  [
    "statecode, prioritycodename, GROUPING(prioritycodename)",
    "ROLLUP (statecode, prioritycodename)",
  ],
  ["YEAR(createdon), statecodename", "CUBE (YEAR(createdon), statecodename)"],
  [
    "ownerid, statecode, isescalated, GROUPING_ID(ownerid, statecode)",
    "GROUPING SETS ((ownerid), (statecode, isescalated), ())",
  ],
];
const measures = [
  "COUNT(*)",
  "COUNT_BIG(*)",
  "COUNT(reopened)",
  "SUM(reopened)",
  "AVG(reopened)",
  "SUM(satisfaction)",
  "AVG(reopened * 1.0)",
  "AVG(CAST(reopened AS FLOAT))",
  "SUM(CAST(reopened AS DECIMAL(12, 2)) + 1.5)",
  "AVG(COALESCE(reopened, 1) * 1.0)",
  "SUM(ISNULL(reopened, 0) * -3)",
  "SUM(7 - reopened)",
  "AVG(1.0 * satisfaction)",
  "SUM(CAST(satisfaction AS DECIMAL(20, 12)))",
  "MIN(createdon)",
  "MAX(followup)",
  "COUNT(DISTINCT ownerid)",
  "COUNT(DISTINCT customerid)",
  "SUM(CASE WHEN statecode = 0 THEN 1 ELSE 0 END)",
  "COUNT(CASE WHEN statecodename = 'Resolved' THEN 1 END)",
  "AVG(CASE WHEN prioritycode = 1 THEN 1.0 ELSE 0 END)",
  "SUM(CASE WHEN createdon >= '2026-04-01' THEN 1 ELSE 0 END)",
  "MAX(prioritycodename)",
  "MIN(CASE WHEN isescalated = 1 THEN 5 END)",
  "AVG(DAY(createdon))",
];

const aggregating = ({ requests }: MemorySource) =>
  requests.filter(({ fetchXml }) => fetchXml.includes('aggregate="true"'));
const reading = ({ requests }: MemorySource) =>
  requests.filter(
    ({ fetchXml }) => !fetchXml.includes('aggregate="true"') && !/ top="(1|50)"/.test(fetchXml),
  );

describe("groups", () => {
  test("are the same whether the service makes them at once, in parts, or not at all", async () => {
    let parted = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...groupings),
        fc.subarray(measures, { minLength: 1, maxLength: 4 }),
        fc.constantFrom("1 = 1", "statecode = 0", "title LIKE 'zzz%'", "createdon IS NULL"),
        async ([key, by], some, where) => {
          const sql = `SELECT ${[...(key ? [key] : []), ...some].join(", ")} FROM incident WHERE ${where}${by ? ` GROUP BY ${by}` : ""}`;
          const parts = memorySource({ aggregateRows: 7 });
          const answers = [
            await ask(sql, { rules: new Set() }),
            await ask(sql),
            await ask(sql, { source: parts }),
            await ask(sql, { source: memorySource({ aggregateLimit: true }) }),
          ].map(({ rows }) => sorted(rows));
          for (const answer of answers)
            expect({ sql, answer }).toEqual({ sql, answer: answers[0] });
          if (aggregating(parts).length > 8) parted += 1;
        },
      ),
      { numRuns: 100, seed: 5 },
    );
    expect(parted).toBeGreaterThan(20);
  });

  test("of too many rows are asked for in parts, no row is read, and the answer says so", async () => {
    const source = memorySource({ aggregateRows: 7 });
    const { rows, notes, rowsFetched } = await ask(
      "SELECT customeridname, COUNT(*) AS n, SUM(CASE WHEN statecode = 0 THEN 1 ELSE 0 END) AS active FROM incident GROUP BY customeridname ORDER BY n DESC",
      { source },
    );
    expect(rows.length).toBeGreaterThan(2);
    expect(reading(source)).toEqual([]);
    expect(rowsFetched).toBeLessThan(10);
    expect(notes.join(" ")).toMatch(
      /incident: more rows than the service aggregates at once, so it was asked for \d+ parts of them, by createdon/,
    );
  });

  test("take the sum of a column's multiple from the column's own, with the errors of each row", async () => {
    const source = memorySource({ aggregateRows: 7 });
    const sql = (value: string) => `SELECT AVG(${value}) AS a, SUM(${value}) AS s FROM incident`;
    for (const value of ["reopened * 1.0", "CAST(reopened AS DECIMAL(9, 3))", "2 * reopened + 1"]) {
      const here = await ask(sql(value), { rules: new Set() });
      const there = await ask(sql(value), { source });
      expect([value, there.rows, there.types]).toEqual([value, here.rows, here.types]);
    }
    expect(reading(source)).toEqual([]);
    for (const value of ["reopened * 2147483647", "CAST(reopened AS DECIMAL(3, 3))"]) {
      const message = (error: unknown) => (error as Error).message;
      const here = await ask(sql(value), { rules: new Set() }).catch(message);
      expect(here).toMatch(/overflow/i);
      expect(await ask(sql(value)).catch(message)).toBe(here);
    }
  });

  test("of least and greatest values alone are the first rows of their orders, of however many", async () => {
    const source = memorySource({ aggregateRows: 7 });
    const sql = "SELECT MIN(createdon) AS a, MAX(followup) AS b, MAX(reopened) AS c FROM incident";
    const { rows, notes } = await ask(sql, { source });
    expect(rows).toEqual((await ask(sql, { rules: new Set() })).rows);
    expect(notes).toEqual([]);
    expect(source.requests.map(({ fetchXml }) => / top="1"/.test(fetchXml))).toEqual([
      false,
      true,
      true,
      true,
    ]);
  });

  test("of which there are too many in every part are refused when the first part says so", async () => {
    const asked: string[] = [];
    const source: Source = {
      async *scan({ fetchXml, cells }) {
        asked.push(fetchXml);
        const isPart = fetchXml.includes("condition");
        if (fetchXml.includes('distinct="true"')) yield { rows: [[40_000, 30_000]], more: false };
        else if (!fetchXml.includes("aggregate="))
          yield { rows: [[asked.length * 1e12]], more: false };
        else if (!isPart) throw new Error("0x8004E023");
        else
          yield {
            rows: Array.from({ length: 5000 }, (_, at) => cells.map(() => at)),
            more: false,
          };
      },
      currentUserId: () => Promise.resolve(""),
      requestsLeft: () => 50,
      isAggregateLimit: (error) => (error as Error).message === "0x8004E023",
    };
    const asking = ask("SELECT title, COUNT(*) AS n FROM incident GROUP BY title", { source });
    await expect(asking).rejects.toMatchObject({
      code: "budget",
      message: expect.stringMatching(
        /30,000 different values of title in 40,000 rows\): that needs about \d+ requests, and one query can send 50 more\. No row was read\./,
      ),
      hint: expect.stringMatching(/^Either narrow incident in WHERE/),
    });
    expect(asked.length).toBeLessThan(7);
  });

  test.each([
    [{ rows: 50_000, values: 4_000 }, 1, 1],
    [{ rows: 40_000, values: 40_000 }, 10, 11],
    [{ rows: 33_402, values: 18_566 }, 7, 10],
    [{ rows: 50_000, values: 5_000 }, 4, 8],
  ])("of %j need few parts more than they must", (density, least, most) => {
    const parts = partsFor({ ...density, column: "title" });
    expect(parts).toBeGreaterThanOrEqual(least);
    expect(parts).toBeLessThanOrEqual(most);
  });

  test("by plain columns alone are different rows, of which the service gives as many as there are", async () => {
    const source = memorySource({ aggregateRows: 7 });
    const { rows } = await ask(
      "SELECT statecode, ownerid FROM incident GROUP BY statecode, ownerid",
      {
        source,
      },
    );
    expect(rows.length).toBeGreaterThan(2);
    expect(source.requests.map(({ fetchXml }) => fetchXml.slice(0, 30))).toEqual([
      expect.stringContaining('distinct="true"'),
    ]);
  });
});
