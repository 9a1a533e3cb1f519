import { describe, expect, test } from "@jest/globals";
import { defaultLimits, type Limits } from "../../../shared/sql/account/limits";
import { ask } from "./support/ask";
import { memorySource } from "./support/memory-source";

const only = async (sql: string) => (await ask(sql)).rows;

describe("T-SQL's rules hold", () => {
  test.each([
    [
      "SELECT 5 / 2 AS a, 5.0 / 2 AS b, 0.1 + 0.2 AS c, -7 % 3 AS d",
      { a: 2, b: 2.5, c: 0.3, d: -1 },
    ],
    ["SELECT 'a' + 'b' AS a, LEN('ab  ') AS b, LEFT('abc', 2) AS c", { a: "ab", b: 2, c: "ab" }],
    [
      "SELECT CASE WHEN CAST(1 AS BIT) = true THEN 1 ELSE 0 END AS yes, CASE WHEN CAST(0 AS BIT) = TRUE THEN 1 ELSE 0 END AS no",
      { yes: 1, no: 0 },
    ],
    ["SELECT CASE WHEN 'a' = 'A ' THEN 1 ELSE 0 END AS same", { same: 1 }],
    [
      "SELECT CASE WHEN N'Straße' = 'STRASSE ' THEN 1 ELSE 0 END AS equal, CASE WHEN N'Straße' = 'strasse' COLLATE Latin1_General_CS_AS THEN 1 ELSE 0 END AS letters, CASE WHEN N'ß' = 'ss' COLLATE Latin1_General_BIN2 THEN 1 ELSE 0 END AS bytes, CASE WHEN N'Ægir Œuvre' LIKE 'aegir%oe%' THEN 1 ELSE 0 END AS spelled, CASE WHEN N'Straße' LIKE 'stra_e' THEN 1 ELSE 0 END AS one",
      { equal: 1, letters: 0, bytes: 0, spelled: 1, one: 1 },
    ],
    [
      "SELECT COUNT(DISTINCT v) AS n, MAX(v) AS last FROM (VALUES (N'Gruß'), (N'gruss'), (N'Grut')) AS t(v)",
      { n: 2, last: "Grut" },
    ],
    ["SELECT CASE WHEN NULL = NULL THEN 1 ELSE 0 END AS same", { same: 0 }],
    ["SELECT CASE WHEN 1 NOT IN (2, NULL) THEN 1 ELSE 0 END AS unknown", { unknown: 0 }],
    [
      "SELECT DATEADD(month, 1, '2026-01-31') AS a, DATEDIFF(month, '2026-01-31', '2026-02-01') AS b",
      { a: "2026-02-28T00:00:00Z", b: 1 },
    ],
    [
      "SELECT CAST('2026-03-04T10:00:00Z' AS date) AS d, GETDATE() AS n",
      { d: "2026-03-04", n: "2026-06-15T12:00:00.250Z" },
    ],
    [
      "SELECT COALESCE(NULL, 'x') AS a, NULLIF(1, 1) AS b, IIF(1 > 2, 'y', 'n') AS c, ISNULL(NULL, 3) AS d",
      { a: "x", b: null, c: "n", d: 3 },
    ],
    [
      "SELECT COUNT(*) AS n, SUM(reopened) AS s, AVG(reopened) AS a, MAX(title) AS m FROM incident WHERE 1 = 0",
      { n: 0, s: null, a: null, m: null },
    ],
    [
      "SELECT COUNT(*) AS n, SUM(reopened) AS s FROM incident WHERE ticketnumber = 'none'",
      { n: 0, s: null },
    ],
    [
      "SELECT CAST(12.7 AS INT) AS a, CAST('2026-06-15' AS VARCHAR(4)) AS b, CAST(1 AS BIT) AS c",
      { a: 12, b: "2026", c: true },
    ],
    ["SELECT AVG(reopened) AS a FROM incident WHERE reopened IN (1, 2)", { a: 1 }],
  ])("%s", async (sql, row) => expect(await only(sql)).toEqual([row]));

  test("NULL is lowest in a sort, and a choice sorts by its number", async () => {
    const rows = await only("SELECT DISTINCT prioritycode FROM incident ORDER BY prioritycode");
    expect(rows.map((row) => row.prioritycode)).toEqual([null, 1, 2, 3, 4]);
    const labels = await only(
      "SELECT DISTINCT prioritycodename FROM incident ORDER BY prioritycodename DESC",
    );
    expect(labels.map((row) => row.prioritycodename)).toEqual(["Normal", "Low", "High", null]);
  });

  test("<> and NOT LIKE never find NULL", async () => {
    const different = await only("SELECT title FROM incident WHERE title <> 'No sound'");
    expect(different.every((row) => row.title !== null)).toBe(true);
    expect(
      await only("SELECT title FROM incident WHERE title NOT LIKE 'x%' AND title IS NULL"),
    ).toEqual([]);
  });
});

describe("answers have the shape people expect", () => {
  test("a choice brings its label, a lookup its name; empty columns are null", async () => {
    const [row] = await only(
      "SELECT statecode, customerid, description FROM incident WHERE ticketnumber = 'CAS-000'",
    );
    expect(row).toEqual({
      statecode: 0,
      statecodename: "Active",
      customerid: expect.any(String),
      customeridname: "Contoso",
      description: null,
    });
  });

  test("_customerid_value is understood, and says so", async () => {
    const { rows, notes } = await ask(
      "SELECT TOP 1 _customerid_value FROM incident ORDER BY ticketnumber",
    );
    expect(rows[0]).toHaveProperty("customeridname", "Contoso");
    expect(notes.join()).toMatch(/_customerid_value.*customerid/);
  });

  test("two columns of one name keep both values", async () => {
    const { rows, notes } = await ask(
      "SELECT TOP 1 a.name, p.name FROM account a JOIN account p ON a.parentaccountid = p.accountid",
    );
    expect(Object.keys(rows[0] ?? {})).toEqual(["name", "p.name"]);
    expect(notes.join()).toMatch(/AS/);
  });

  test("SELECT * gives every stored column, the id first", async () => {
    const [row] = await only("SELECT TOP 1 * FROM account");
    expect(Object.keys(row ?? {})[0]).toBe("accountid");
    expect(row).toHaveProperty("statecodename");
    expect(row).toHaveProperty("address1_city");
  });

  test("an inner join along a lookup says which rows it leaves out, and which column needs no join", async () => {
    const said =
      /leaves out rows whose i\.customerid is empty, of another table, or a row that you may not read; i\.customeridname .*LEFT JOIN/;
    const join = (word: string) =>
      ask(`SELECT a.name FROM incident i ${word} account a ON i.customerid = a.accountid`);
    expect((await join("JOIN")).notes.join()).toMatch(said);
    expect((await join("LEFT JOIN")).notes).toEqual([]);
    expect((await join("RIGHT JOIN")).notes.join()).toMatch(said);
    expect((await join("FULL JOIN")).notes).toEqual([]);
  });

  test.each([
    "SELECT i.title, a.name FROM incident i, account a WHERE a.accountid = i.customerid",
    "SELECT a.name, COUNT(i.title) AS n FROM account a LEFT JOIN incident i ON i.customerid = a.accountid GROUP BY a.name",
    "WITH c AS (SELECT i.title, a.name FROM incident i JOIN account a ON a.accountid = i.customerid) SELECT * FROM c",
    "SELECT t.n FROM (SELECT a.name AS n FROM incident i JOIN account a ON a.accountid = i.customerid) t",
    "SELECT i.title, a.name FROM incident i JOIN (SELECT accountid, name FROM account) a ON a.accountid = i.customerid",
    "WITH a AS (SELECT accountid, name FROM account) SELECT a.name FROM incident i JOIN a ON a.accountid = i.customerid",
    "SELECT i.title FROM incident i CROSS APPLY (SELECT a.name FROM account a WHERE a.accountid = i.customerid) x",
  ])("and so does any other that loses rows: %s", async (sql) => {
    const { notes } = await ask(sql);
    expect(notes.join()).toMatch(
      /leaves out rows whose i\.customerid .*i\.customeridname has its name/,
    );
  });

  test.each([
    ["EXISTS (SELECT 1 FROM account a WHERE a.accountid = i.customerid AND a.statecode = 0)", true],
    ["NOT EXISTS (SELECT 1 FROM account a WHERE i.customerid = a.accountid)", true],
    ["i.customerid IN (SELECT accountid FROM account)", true],
    ["i.customerid NOT IN (SELECT a.accountid FROM account a)", true],
    ["EXISTS (SELECT 1 FROM incident j WHERE j.customerid = i.customerid)", false],
    ["i.incidentid IN (SELECT incidentid FROM incident)", false],
    ["i.customerid = '00000000-0000-0000-0000-000000000000'", false],
  ])(
    "a subquery that looks for the row of a lookup says what it does not see: %s",
    async (where, tells) => {
      const { notes } = await ask(`SELECT i.title FROM incident i WHERE ${where}`);
      const said = /sees only rows that you may read: where i\.customerid is .*i\.customeridname/;
      expect(said.test(notes.join())).toBe(tells);
    },
  );

  test("columns whose names are numbers keep their order in columns, which an object does not", async () => {
    const { columns, rows } = await ask("SELECT TOP 1 name AS [1], 7 AS [0] FROM account");
    expect(columns).toEqual(["1", "0"]);
    expect(columns.map((name) => rows[0]?.[name])).toEqual([expect.any(String), 7]);
  });

  test("columns of a derived table go by their names there, with the labels of what they hold", async () => {
    const { rows } = await ask(
      "SELECT TOP 1 t.number, t.state FROM (SELECT ticketnumber AS number, statecode AS state FROM incident) t WHERE t.state = 'Resolved' ORDER BY t.number",
    );
    expect(rows).toEqual([{ number: "CAS-002", state: 1, statename: "Resolved" }]);
  });

  test("set, display and plural names of tables are understood", async () => {
    for (const name of ["incidents", "Cases", "[Case]", "dbo.Incident"]) {
      expect((await ask(`SELECT COUNT(*) AS n FROM ${name}`)).rows).toEqual([{ n: 60 }]);
    }
  });
});

describe("long results come in parts", () => {
  test("every row comes once, in one order, whatever the page size", async () => {
    const sql = "SELECT ticketnumber FROM incident WHERE statecode < 2 ORDER BY title";
    const whole = (await ask(sql)).rows;
    const rows: object[] = [];
    let cursor: string | undefined;
    let calls = 0;
    do {
      const part = await ask(sql, {
        cursor,
        limits: { rowsReturned: 7 },
        source: memorySource({ pageRows: 5 }),
      });
      rows.push(...part.rows);
      expect(part.truncated).toBe(part.nextCursor !== undefined);
      cursor = part.nextCursor;
      calls += 1;
    } while (cursor && calls < 20);
    expect(rows).toEqual(whole);
    expect(calls).toBe(Math.ceil(whole.length / 7));
  });

  test("a limit that is given as undefined is the usual one", async () => {
    const sql = "SELECT ticketnumber FROM incident ORDER BY ticketnumber";
    const { rows } = await ask(sql);
    const names = Object.keys(defaultLimits) as (keyof Limits)[];
    expect([names.length, rows.length > 1]).toEqual([9, true]);
    for (const name of names)
      expect((await ask(sql, { limits: { [name]: undefined } })).rows).toEqual(rows);
    expect((await ask(sql, { limits: { rowsReturned: 1, rowsFetched: undefined } })).rows).toEqual(
      rows.slice(0, 1),
    );
  });

  test("GETDATE() stays what it was in the first part", async () => {
    const sql = "SELECT GETDATE() AS t, ticketnumber FROM incident";
    const first = await ask(sql, { limits: { rowsReturned: 1 } });
    const second = await ask(sql, {
      cursor: first.nextCursor,
      now: new Date(0),
      limits: { rowsReturned: 1 },
    });
    expect(second.rows[0]?.t).toBe(first.rows[0]?.t);
  });

  test("a cursor of another query and a damaged one are refused", async () => {
    const { nextCursor } = await ask("SELECT title FROM incident", { limits: { rowsReturned: 1 } });
    await expect(ask("SELECT name FROM account", { cursor: nextCursor })).rejects.toMatchObject({
      code: "cursor",
    });
    await expect(ask("SELECT title FROM incident", { cursor: "x!" })).rejects.toMatchObject({
      code: "cursor",
    });
  });

  test("TOP is not a truncation", async () => {
    expect(await ask("SELECT TOP 3 title FROM incident")).toMatchObject({ truncated: false });
  });

  test("the answer's size is bounded, and says where it goes on", async () => {
    const part = await ask("SELECT * FROM incident", { limits: { characters: 2000 } });
    expect(JSON.stringify(part.rows).length).toBeLessThanOrEqual(2000);
    expect(part).toMatchObject({ truncated: true, nextCursor: expect.any(String) });
    expect(part.reason).toMatch(/characters/);
  });

  test("a search that reads too much says so, with what it found", async () => {
    const part = await ask("SELECT title FROM incident WHERE LEN(title) > 3", {
      limits: { rowsFetched: 20 },
    });
    expect(part.truncated).toBe(true);
    expect(part.reason).toMatch(/20 rows/);
    expect(part.nextCursor).toBeUndefined();
  });

  test("a sort over too many rows is refused rather than wrong", async () => {
    const sql = "SELECT title FROM incident ORDER BY LEN(title)";
    await expect(ask(sql, { limits: { rowsFetched: 20 } })).rejects.toMatchObject({
      code: "budget",
    });
  });
});

describe("aggregates", () => {
  test("are counted here when the service refuses", async () => {
    const sql =
      "SELECT statecode, COUNT(*) AS n, AVG(reopened) AS a FROM incident GROUP BY statecode ORDER BY statecode";
    const refused = await ask(sql, { source: memorySource({ aggregateLimit: true }) });
    expect(refused.rows).toEqual((await ask(sql)).rows);
    expect(refused.notes.join()).toMatch(/too many rows/);
  });

  test("HAVING, ordering by an aggregate and by an alias", async () => {
    const rows = await only(
      "SELECT statecode AS s, COUNT(*) AS n FROM incident GROUP BY statecode HAVING COUNT(*) > 15 ORDER BY COUNT(*) DESC, s",
    );
    expect(rows).toEqual([{ s: 0, sname: "Active", n: 30 }]);
  });
});

describe("a name inside a subquery", () => {
  test("is the alias or column of a query around that is called so, before what is only meant by it inside", async () => {
    const byTable =
      "SELECT incident.ticketnumber, (SELECT COUNT(*) FROM incident x WHERE x.ticketnumber < incident.ticketnumber) AS n FROM incident WHERE ticketnumber IN ('CAS-003', 'CAS-007') ORDER BY ticketnumber";
    expect(await only(byTable)).toEqual([
      { ticketnumber: "CAS-003", n: 3 },
      { ticketnumber: "CAS-007", n: 7 },
    ]);
    // 'Case Number' is what people call the ticketnumber of the table inside.
    const byDisplayName =
      "SELECT (SELECT COUNT(*) FROM incident x WHERE x.ticketnumber = casenumber) AS n FROM (SELECT 'CAS-003' AS casenumber) d";
    expect(await only(byDisplayName)).toEqual([{ n: 1 }]);
  });
});

describe("WITH", () => {
  test("gives names to what stands behind it: before it, a name is that of a table", async () => {
    const rows = await only(
      "WITH x AS (SELECT COUNT(*) AS n FROM account), account AS (SELECT 7 AS seven) SELECT x.n, account.seven FROM x, account",
    );
    expect(rows).toEqual([{ n: 12, seven: 7 }]);
  });
});

test("an aborted query ends", async () => {
  const controller = new AbortController();
  controller.abort(new Error("gone"));
  await expect(ask("SELECT title FROM incident", { signal: controller.signal })).rejects.toThrow(
    "gone",
  );
});
