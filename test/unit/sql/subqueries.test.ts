import { afterAll, describe, expect, test } from "@jest/globals";
import { ruleNames, SqlError } from "../../../shared/sql";
import { ask } from "./support/ask";
import { memorySource } from "./support/memory-source";
import { folded, sampleInSqlite } from "./support/sqlite-oracle";

const none: ReadonlySet<string> = new Set();
const database = sampleInSqlite();
afterAll(() => database.close());

const comparable = (rows: readonly object[]): string[] =>
  rows
    .map((row) =>
      JSON.stringify(
        Object.values(row).map((value) => (typeof value === "string" ? folded(value) : value)),
      ),
    )
    .sort();

const inSqlite = (sql: string): string[] => comparable(database.prepare(sql).all() as object[]);
const answer = async (sql: string, rules: ReadonlySet<string> = new Set(ruleNames)) =>
  comparable((await ask(sql, { rules, limits: { rowsReturned: 10_000 } })).rows);

const refusalOf = async (sql: string): Promise<string> => {
  try {
    return JSON.stringify((await ask(sql)).rows);
  } catch (error) {
    if (error instanceof SqlError) return `${error.message} ${error.hint ?? ""}`;
    throw error;
  }
};

const cases = "(SELECT COUNT(*) FROM incident i WHERE i.customerid = a.accountid)";

describe("a subquery gives what it gives in SQLite", () => {
  test.each([
    // In ON: of the left side, of the right side, of both, of none.
    `SELECT a.accountid, u.fullname FROM account a LEFT JOIN systemuser u ON u.systemuserid = a.ownerid AND ${cases} > 4`,
    `SELECT u.fullname, a.accountid FROM systemuser u LEFT JOIN account a ON u.systemuserid = a.ownerid AND ${cases} > 4`,
    "SELECT a.accountid, i.incidentid FROM account a LEFT JOIN incident i ON i.customerid = a.accountid AND i.createdon = (SELECT MAX(j.createdon) FROM incident j WHERE j.customerid = a.accountid AND j.statecode = i.statecode)",
    "SELECT a.accountid, i.incidentid FROM account a LEFT JOIN incident i ON i.customerid = a.accountid AND NOT EXISTS (SELECT 1 FROM incident j WHERE j.customerid = a.accountid AND j.createdon > i.createdon)",
    "SELECT a.accountid, i.incidentid FROM account a JOIN incident i ON i.customerid = a.accountid AND NOT EXISTS (SELECT 1 FROM incident j WHERE j.customerid = a.accountid AND j.createdon > i.createdon)",
    "SELECT a.accountid, u.fullname FROM account a LEFT JOIN systemuser u ON u.systemuserid IN (SELECT o.ownerid FROM incident o WHERE o.customerid = a.accountid AND o.reopened > 1)",
    "SELECT a.accountid, u.fullname FROM account a LEFT JOIN systemuser u ON u.systemuserid = a.ownerid AND (SELECT COUNT(*) FROM systemuser) = 4",
    "SELECT a.accountid, u.fullname FROM account a LEFT JOIN systemuser u ON u.systemuserid = a.ownerid AND CASE WHEN a.statecode = 0 THEN (SELECT COUNT(*) FROM incident i WHERE i.ownerid = u.systemuserid) ELSE 99 END > 13",
    "SELECT a.accountid, u.fullname FROM account a RIGHT JOIN systemuser u ON u.systemuserid = a.ownerid AND EXISTS (SELECT 1 FROM incident i WHERE i.customerid = a.accountid AND i.ownerid = u.systemuserid)",
    `SELECT a.accountid, u.fullname FROM account a FULL JOIN systemuser u ON u.systemuserid = a.ownerid AND ${cases} > 4`,
    "SELECT a.accountid, u.fullname FROM account a FULL JOIN systemuser u ON u.systemuserid = a.ownerid AND EXISTS (SELECT 1 FROM incident i WHERE i.customerid = a.accountid AND i.ownerid = u.systemuserid)",
    "SELECT a.accountid, u.systemuserid FROM account a FULL JOIN systemuser u ON (SELECT COUNT(*) FROM incident i WHERE i.customerid = a.accountid AND i.ownerid = u.systemuserid AND i.statecode = a.statecode) > 1",
    "SELECT a.accountid, b.accountid AS other FROM account a FULL JOIN account b ON b.parentaccountid = a.accountid AND a.ownerid NOT IN (SELECT i.ownerid FROM incident i WHERE i.customerid = b.accountid AND i.reopened >= a.employees) WHERE a.accountid IS NULL OR b.name IS NULL OR a.statecode = 0",
    "SELECT COUNT(*) AS n, COUNT(a.accountid) AS l, COUNT(u.systemuserid) AS r FROM account a FULL JOIN systemuser u ON a.name = (SELECT MAX(b.name) FROM account b WHERE b.ownerid = u.systemuserid AND b.statecode = a.statecode)",
    "SELECT x.accountid, x.fullname, i.incidentid FROM (SELECT a.accountid, u.fullname, u.systemuserid FROM account a FULL JOIN systemuser u ON EXISTS (SELECT 1 FROM incident i WHERE i.customerid = a.accountid AND i.ownerid = u.systemuserid AND i.reopened > 2)) x JOIN incident i ON i.ownerid = x.systemuserid WHERE i.statecode = 1",
    // Rows of several tables.
    "SELECT a.accountid FROM account a WHERE a.accountid IN (SELECT i.customerid FROM incident i WHERE i.reopened > 2 UNION ALL SELECT b.parentaccountid FROM account b)",
    "SELECT a.accountid FROM account a WHERE a.accountid IN (SELECT i.customerid FROM incident i WHERE i.statecode = 1 UNION SELECT i.customerid FROM incident i JOIN systemuser u ON u.systemuserid = i.ownerid WHERE i.reopened > 2)",
    "SELECT a.accountid FROM account a WHERE a.statecode = 0 AND a.accountid IN (SELECT i.customerid FROM incident i WHERE i.reopened = 1 UNION ALL SELECT NULL UNION ALL SELECT b.parentaccountid FROM account b)",
    // Below aggregates, and as keys.
    "SELECT COUNT(*) AS n, MAX(i.title) AS last, MIN(i.reopened) AS least, MIN(i.ticketnumber) AS first FROM incident i WHERE i.statecode = 1",
    "SELECT MAX(i.title) AS last, COUNT(*) AS n, SUM(i.reopened) AS s FROM incident i WHERE i.reopened > 99",
    `SELECT SUM(${cases}) AS n, MAX(${cases}) AS most FROM account a`,
    `SELECT a.statecode + 0 AS s, SUM(CASE WHEN EXISTS (SELECT 1 FROM incident i WHERE i.customerid = a.accountid AND i.reopened > 2) THEN 1 ELSE 0 END) AS n FROM account a GROUP BY a.statecode`,
    `SELECT ${cases} AS k, COUNT(*) AS n FROM account a GROUP BY ${cases}`,
    `SELECT ${cases} AS k, COUNT(*) AS n FROM account a GROUP BY k HAVING COUNT(*) > (SELECT 4)`,
    `SELECT ${cases} + 1 AS k, MIN(a.name) AS first FROM account a WHERE a.name IS NOT NULL GROUP BY ${cases} ORDER BY ${cases}`,
    // In branches.
    "SELECT a.accountid, CASE WHEN a.employees = 5 THEN (SELECT MAX(i.reopened) FROM incident i WHERE i.customerid = a.accountid) WHEN a.employees IS NULL THEN (SELECT MIN(i.reopened) FROM incident i WHERE i.customerid = a.accountid) ELSE -9 END AS v FROM account a",
    "SELECT a.accountid, CASE (SELECT COUNT(*) FROM incident i WHERE i.customerid = a.accountid) WHEN 4 THEN 'few' WHEN (SELECT 5) THEN 'five' ELSE 'none' END AS v FROM account a",
    "SELECT a.accountid, COALESCE(a.employees, (SELECT COUNT(*) FROM incident i WHERE i.customerid = a.accountid), -1) AS v FROM account a",
    "SELECT a.accountid, NULLIF((SELECT COUNT(*) FROM incident i WHERE i.customerid = a.accountid), 4) AS v FROM account a",
    "SELECT x.accountid, CASE WHEN x.n = 1 THEN (SELECT COUNT(*) FROM incident i WHERE i.customerid = x.accountid) END AS v FROM (SELECT a.accountid, ROW_NUMBER() OVER (PARTITION BY a.statecode ORDER BY a.accountid) AS n FROM account a) x",
    "SELECT a.accountid, CASE WHEN ROW_NUMBER() OVER (PARTITION BY a.statecode ORDER BY a.accountid) = 1 THEN (SELECT COUNT(*) FROM incident i WHERE i.customerid = a.accountid) ELSE 0 END AS v FROM account a",
    "SELECT a.statecode + 0 AS s, CASE WHEN COUNT(*) > 5 THEN (SELECT COUNT(*) FROM incident i WHERE i.statecode = a.statecode) ELSE 0 END AS v FROM account a GROUP BY a.statecode",
  ])("%s", async (sql) => {
    const wanted = inSqlite(sql);
    expect(wanted.length).toBeGreaterThan(0);
    expect(await answer(sql)).toEqual(wanted);
    expect(await answer(sql, none)).toEqual(wanted);
  });
});

describe("a subquery tells how many rows there are", () => {
  const numbers = (rows: readonly object[]) => rows.map((row) => Object.values(row)[0]);
  test.each([
    ["SELECT TOP (SELECT 3) ticketnumber FROM incident ORDER BY ticketnumber", [0, 1, 2]],
    [
      "SELECT TOP (SELECT COUNT(*) - 2 FROM systemuser) ticketnumber FROM incident ORDER BY ticketnumber",
      [0, 1],
    ],
    [
      "SELECT TOP ((SELECT 2) * 2) PERCENT ticketnumber FROM incident ORDER BY ticketnumber",
      [0, 1, 2],
    ],
    [
      "SELECT ticketnumber FROM incident ORDER BY ticketnumber OFFSET (SELECT 2) ROWS FETCH NEXT (SELECT 1) + 1 ROWS ONLY",
      [2, 3],
    ],
    [
      "SELECT DISTINCT TOP (SELECT 2) ticketnumber FROM incident ORDER BY ticketnumber DESC",
      [59, 58],
    ],
    [
      "SELECT ticketnumber FROM incident UNION SELECT 'x' ORDER BY ticketnumber OFFSET (SELECT 1) ROWS FETCH NEXT 2 ROWS ONLY",
      [1, 2],
    ],
    ["SELECT TOP (SELECT 0) ticketnumber FROM incident", []],
  ])("%s", async (sql, wanted) => {
    const names = wanted.map((number) => `CAS-${String(number).padStart(3, "0")}`);
    expect(numbers((await ask(sql)).rows)).toEqual(names);
    expect(numbers((await ask(sql, { rules: none })).rows)).toEqual(names);
  });

  test("and so does a value of the query around", async () => {
    const { rows } = await ask(
      `SELECT n.n, t.ticketnumber FROM (VALUES (1), (3), (0)) AS n(n)
       OUTER APPLY (SELECT TOP (n.n) ticketnumber FROM incident ORDER BY ticketnumber DESC) AS t ORDER BY 1, 2`,
    );
    expect(rows.map((row) => `${row.n} ${row.ticketnumber}`)).toEqual([
      "0 null",
      "1 CAS-059",
      "3 CAS-057",
      "3 CAS-058",
      "3 CAS-059",
    ]);
  });

  test("whose rows are read no further than it says", async () => {
    const source = memorySource({ pageRows: 5 });
    await ask("SELECT TOP (SELECT 3) ticketnumber FROM incident ORDER BY ticketnumber", { source });
    expect(source.requests.filter(({ table }) => table === "incident")).toHaveLength(1);
  });
});

describe("functions in FROM take subqueries", () => {
  test.each([
    [
      "SELECT name AS v FROM OPENJSON((SELECT fullname AS name FROM systemuser WHERE isdisabled = 1 FOR JSON PATH)) WITH (name NVARCHAR(50))",
      ["Zoë"],
    ],
    [
      "SELECT g.value AS v FROM GENERATE_SERIES(1, (SELECT CAST(COUNT(*) AS INT) - 1 FROM systemuser)) g",
      [1, 2, 3],
    ],
    ["SELECT s.value AS v FROM STRING_SPLIT((SELECT 'a,b'), ',') s", ["a", "b"]],
    [
      "SELECT s.value AS v FROM systemuser u CROSS APPLY STRING_SPLIT((SELECT CONCAT(u.fullname, ',', COUNT(*)) FROM incident i WHERE i.ownerid = u.systemuserid), ',') s WHERE u.isdisabled = 1",
      ["Zoë", "14"],
    ],
  ])("%s", async (sql, wanted) => {
    expect((await ask(sql)).rows.map((row) => row.v)).toEqual(wanted);
  });
});

describe("a branch that is not taken", () => {
  const several = "(SELECT fullname FROM systemuser)";
  test.each([
    [
      `CASE WHEN u.isdisabled = 0 THEN 'on' WHEN u.isdisabled IS NULL THEN ${several} ELSE 'off' END`,
    ],
    [`IIF(u.isdisabled IS NULL, ${several}, 'no')`],
    [`COALESCE(u.fullname, ${several})`],
    [`ISNULL(u.fullname, ${several})`],
    [`CHOOSE(u.isdisabled + 1, 'a', 'b', ${several})`],
    [`CASE WHEN 1 = 1 THEN 'x' ELSE ${several} END`],
    [
      `CASE WHEN u.isdisabled IS NULL THEN (SELECT 1 / COUNT(*) FROM incident WHERE 1 = 0) ELSE 0 END`,
    ],
    [
      `CASE WHEN u.isdisabled IS NOT NULL THEN 1 WHEN u.fullname = (SELECT CAST('x' AS INT)) THEN 2 END`,
    ],
  ])("asks nothing of its subquery: %s", async (expression) => {
    const { rows } = await ask(`SELECT ${expression} AS v FROM systemuser u`);
    expect(rows).toHaveLength(4);
    expect(
      (await ask(`SELECT ${expression} AS v FROM systemuser u`, { rules: none })).rows,
    ).toEqual(rows);
  });

  test.each([
    [`CASE WHEN u.isdisabled = 0 THEN 'on' ELSE ${several} END`],
    [`COALESCE(NULLIF(u.isdisabled, 0), ${several})`],
  ])("and one that is taken does: %s", async (expression) => {
    expect(await refusalOf(`SELECT ${expression} AS v FROM systemuser u`)).toContain(
      "SQL Server's error 512",
    );
  });
});

describe("what cannot be", () => {
  test.each([
    [
      "SELECT TOP (reopened) ticketnumber FROM incident",
      "names a column of its own query, whose rows it counts (SQL Server error 4115)",
    ],
    ["SELECT TOP (SELECT i.reopened) ticketnumber FROM incident i", "error 4115"],
    [
      "SELECT TOP (SELECT 1.5) ticketnumber FROM incident",
      "TOP needs a whole number (SQL Server error 1060)",
    ],
    [
      "SELECT TOP (SELECT reopened FROM incident WHERE 1 = 0) ticketnumber FROM incident",
      "The number is NULL, and must be a whole number (SQL Server error 1060)",
    ],
    [
      "SELECT TOP (SELECT -1) ticketnumber FROM incident",
      "The number of TOP or FETCH is below zero (SQL Server error 1060)",
    ],
    [
      "SELECT ticketnumber FROM incident ORDER BY 1 OFFSET (SELECT -1) ROWS",
      "The number of OFFSET is below zero (SQL Server error 10742)",
    ],
    [
      "SELECT ticketnumber FROM incident ORDER BY 1 OFFSET 0 ROWS FETCH NEXT 0 ROWS ONLY",
      "FETCH takes a number above zero (SQL Server error 10744)",
    ],
    ["SELECT TOP (-1) ticketnumber FROM incident", "error 1014"],
    ["SELECT TOP (101) PERCENT ticketnumber FROM incident", "TOP … PERCENT takes 0 to 100"],
    ["SELECT MAX(COUNT(*)) FROM account", "is not allowed inside an aggregate"],
  ])("%s", async (sql, words) => {
    expect(await refusalOf(sql)).toContain(words);
  });
});
