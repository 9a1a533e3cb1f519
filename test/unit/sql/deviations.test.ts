import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "@jest/globals";
import { SqlError } from "../../../shared/sql";
import { ask } from "./support/ask";

/** Where the engine differs from SQL Server on purpose: the table of docs/sql.md, and what stands in each row of it shown. */
const documented = readFileSync(resolve("docs/sql.md"), "utf8")
  .split("## Where it differs from SQL Server")[1]!
  .split("\n## ")[0]!
  .split("\n")
  .filter((line) => line.startsWith("| ") && !line.startsWith("| What "))
  .filter((line) => !line.startsWith("| ---"))
  .map((line) => line.split(" | ")[0]!.slice(2));

const row = async (sql: string): Promise<readonly unknown[]> =>
  Object.values((await ask(sql)).rows[0]!);

const refusal = async (sql: string): Promise<string> => {
  try {
    return JSON.stringify((await ask(sql)).rows);
  } catch (error) {
    if (error instanceof SqlError) return `${error.code}: ${error.message}`;
    throw error;
  }
};

const shown: Readonly<Record<string, () => Promise<void>>> = {
  "A date without quotes (`createdon > 2021-04-01`)": async () => {
    expect(await refusal("SELECT title FROM incident WHERE createdon > 2021-04-01")).toMatch(
      /^type: 2021-04-01 without quotes is arithmetic/,
    );
  },
  "dates and times in the answer": async () => {
    expect(
      await row(
        "SELECT CAST('2026-11-30 14:05:06' AS datetime) AS a, CAST('2026-11-30' AS date) AS b, CAST('2026-11-30 14:05:06' AS datetime2(0)) AS c",
      ),
    ).toEqual(["2026-11-30T14:05:06Z", "2026-11-30", "2026-11-30T14:05:06"]);
  },
  "exact numbers in the answer": async () => {
    expect(
      await row(
        "SELECT 123456789012345 AS a, 1234567890123456.5 AS b, CAST(1.50 AS decimal(5, 2)) AS c",
      ),
    ).toEqual([123456789012345, "1234567890123456.5", 1.5]);
  },
  "a text with a zone, as a `datetime`": async () => {
    expect(await row("SELECT CAST('2026-01-01T01:00:00+02:00' AS datetime) AS a")).toEqual([
      "2025-12-31T23:00:00Z",
    ]);
  },
  "letters that code page 1252 has not, in `varchar`": async () => {
    expect(await row("SELECT CAST(N'Ωж' AS varchar(10)) AS a")).toEqual(["Ωж"]);
  },
  "`COLLATE`": async () => {
    expect(await refusal("SELECT 'a' COLLATE Finnish_Swedish_CI_AS AS a")).toMatch(
      /^unsupported: The collation Finnish_Swedish_CI_AS, which orders letters/,
    );
    expect(await row("SELECT 'a' COLLATE Finnish_Swedish_BIN2 AS a")).toEqual(["a"]);
  },
  "`ch` and `ll` of Traditional_Spanish in `LIKE` and `CHARINDEX`": async () => {
    expect(
      await row(
        "SELECT IIF('chal' COLLATE Traditional_Spanish_CI_AI LIKE 'c%', 1, 0) AS a, CHARINDEX('l', 'allá' COLLATE Traditional_Spanish_CI_AI) AS b",
      ),
    ).toEqual([1, 2]);
  },
  "order of texts": async () => {
    const { rows } = await ask(
      "SELECT v FROM (VALUES (N'zoe2'), (N'Zoë1'), (N'éb'), (N'EA'), (N'Ж')) AS t(v) ORDER BY v",
    );
    expect(rows.map(({ v }) => v)).toEqual(["EA", "éb", "Zoë1", "zoe2", "Ж"]);
  },
  "a text of a MAX type": async () => {
    const long = (length: number) =>
      `SELECT LEN(REPLICATE(CAST('a' AS varchar(max)), ${length})) AS n`;
    expect(await row(long(2_097_152))).toEqual([2_097_152]);
    expect(await refusal(long(2_097_153))).toMatch(/^budget: .*2,097,152/);
  },
  "`AT TIME ZONE 'Europe/Berlin'`": async () => {
    expect(
      await row(
        "SELECT CAST('2026-07-01' AS datetime2(0)) AT TIME ZONE 'Europe/Berlin' AS a, CAST('2026-07-01' AS datetime2(0)) AT TIME ZONE 'W. Europe Standard Time' AS b",
      ),
    ).toEqual(["2026-07-01T00:00:00+02:00", "2026-07-01T00:00:00+02:00"]);
  },
  "`NEWID()`, `RAND()`": async () => {
    const sql = "SELECT incidentid, RAND() AS r FROM incident";
    const first = await ask(sql, { limits: { rowsReturned: 2 } });
    const second = await ask(sql, { limits: { rowsReturned: 2 }, cursor: first.nextCursor });
    expect(second.rows).toHaveLength(2);
    expect(new Set([...first.rows, ...second.rows].map(({ r }) => r)).size).toBe(1);
    expect(await row("SELECT CASE WHEN NEWID() = NEWID() THEN 1 ELSE 0 END AS same")).toEqual([0]);
  },
  "months, days and amounts of `FORMAT` in other languages": async () => {
    expect(
      await row("SELECT FORMAT(CAST('2026-06-15' AS date), 'dddd d MMMM', 'fr-FR') AS a"),
    ).toEqual(["lundi 15 juin"]);
  },
  labels: async () => {
    expect(
      await row(
        "SELECT SUM(CASE WHEN statecode = 'Active' THEN 1 ELSE 0 END) - SUM(CASE WHEN statecode = 0 THEN 1 ELSE 0 END) AS difference FROM incident",
      ),
    ).toEqual([0]);
  },
  "names of tables and columns": async () => {
    const { rows, notes } = await ask("SELECT TOP 1 [Case Title] FROM Cases ORDER BY title DESC");
    expect(Object.keys(rows[0]!)).toEqual(["title"]);
    expect(notes.join(" ")).toMatch(/title/);
  },
  "a table by its own name beside its alias": async () => {
    const { rows } = await ask("SELECT TOP 1 incident.title FROM incident AS i");
    expect(rows).toHaveLength(1);
  },
  "subqueries below an aggregate, and as keys of `GROUP BY`": async () => {
    expect(
      await row(
        "SELECT SUM((SELECT COUNT(*) FROM systemuser u WHERE u.systemuserid = i.ownerid)) - COUNT(i.ownerid) AS n FROM incident i",
      ),
    ).toEqual([0]);
    const { rows } = await ask(
      "SELECT COUNT(*) AS n FROM incident i GROUP BY (SELECT u.fullname FROM systemuser u WHERE u.systemuserid = i.ownerid)",
    );
    expect(rows.length).toBeGreaterThan(1);
    const has = (condition: string) =>
      `SELECT CASE WHEN ${condition} THEN 'yes' ELSE 'no' END AS has, COUNT(*) AS n FROM account a GROUP BY CASE WHEN ${condition} THEN 'yes' ELSE 'no' END ORDER BY has`;
    const exists = await ask(
      has("EXISTS (SELECT 1 FROM incident i WHERE i.customerid = a.accountid AND i.reopened = 3)"),
    );
    const isIn = await ask(
      has("a.accountid IN (SELECT customerid FROM incident WHERE reopened = 3)"),
    );
    expect(exists.rows.map(({ has: one }) => one)).toEqual(["no", "yes"]);
    expect(isIn.rows).toEqual(exists.rows);
  },
  "a name of the `SELECT` list in `GROUP BY`": async () => {
    const named = await ask("SELECT LEN(title) AS size, COUNT(*) AS n FROM incident GROUP BY size");
    const spelled = await ask(
      "SELECT LEN(title) AS size, COUNT(*) AS n FROM incident GROUP BY LEN(title)",
    );
    expect(named.rows).toEqual(spelled.rows);
  },
  "texts of a recursive expression whose parts differ in length": async () => {
    const { rows } = await ask(
      "WITH path AS (SELECT 1 AS n, 'a' AS way UNION ALL SELECT n + 1, way + '/b' FROM path WHERE n < 3) SELECT way FROM path ORDER BY n",
    );
    expect(rows.map(({ way }) => way)).toEqual(["a", "a/b", "a/b/b"]);
  },
  "`ORDER BY` of a set operation": async () => {
    const { rows } = await ask(
      "SELECT 1 AS n UNION ALL SELECT 2 UNION ALL SELECT 3 ORDER BY n % 2, n",
    );
    expect(rows.map(({ n }) => n)).toEqual([2, 1, 3]);
  },
  "`ß`, `æ`, `œ`, `þ` within `CHARINDEX`, `PATINDEX` and `REPLACE`": async () => {
    expect(
      await row(
        "SELECT CHARINDEX('ss', N'Straße') AS a, PATINDEX('%ss%', N'Straße') AS b, REPLACE(N'Straße', 'ss', 'x') AS c, CHARINDEX(N'ß', N'Straße') AS d",
      ),
    ).toEqual([0, 0, "Straße", 5]);
  },
};

test("every difference that is documented is shown, and no other", () => {
  expect(Object.keys(shown).sort()).toEqual([...documented].sort());
});

test.each(documented)("%s", async (what) => {
  await shown[what]!();
});
