import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
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
const measures = [
  "COUNT(*)",
  "COUNT_BIG(*)",
  "COUNT(reopened)",
  "SUM(reopened)",
  "AVG(reopened)",
  "SUM(satisfaction)",
  "MIN(createdon)",
  "MAX(followup)",
  "COUNT(DISTINCT ownerid)",
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
        fc.constantFrom(...keys),
        fc.subarray(measures, { minLength: 1, maxLength: 4 }),
        fc.constantFrom("1 = 1", "statecode = 0", "title LIKE 'zzz%'", "createdon IS NULL"),
        async (key, some, where) => {
          const sql = `SELECT ${[...(key ? [key] : []), ...some].join(", ")} FROM incident WHERE ${where}${key ? ` GROUP BY ${key}` : ""}`;
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
      { numRuns: 80, seed: 5 },
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
