import { readdirSync } from "node:fs";
import { basename, resolve } from "node:path";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { ruleNames } from "../../../shared/sql";
import { ask } from "./support/ask";
import { memorySource } from "./support/memory-source";

const none: ReadonlySet<string> = new Set();

/** Texts may come back in another case than their group's other members: any member stands for the group. */
const comparable = (rows: readonly object[], ordered: boolean): string[] => {
  const texts = rows.map((row) =>
    JSON.stringify(
      Object.values(row).map((value) =>
        typeof value === "string"
          ? value.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "").trimEnd()
          : value,
      ),
    ),
  );
  return ordered ? texts : texts.sort();
};

async function bothWays(sql: string, rules: ReadonlySet<string> = new Set(ruleNames)) {
  const ordered = /ORDER BY/.test(sql) && /ticketnumber$|incidentid$/.test(sql);
  const folded = await ask(sql, { rules });
  const local = await ask(sql, { rules: none });
  return [comparable(folded.rows, ordered), comparable(local.rows, ordered)] as const;
}

const conditions = fc.oneof(
  fc.constantFrom(
    "title = 'broken fan'",
    "title <> 'broken fan'",
    "title LIKE '%fan%'",
    "title NOT LIKE 'b%'",
    "title LIKE '[[]x%'",
    "title LIKE 'Fan!%' ESCAPE '!'",
    "title LIKE 'caf_ %'",
    "title > 'c'",
    "title = ''",
    "title <> ''",
    "title IS NULL",
    "title IS NOT NULL",
    "title IN ('No sound', 'x', NULL)",
    "title NOT IN ('No sound', 'x')",
    "title NOT IN ('No sound', NULL)",
    "statecode = 0",
    "statecode = 'Active'",
    "statecode <> 1",
    "statecodename = 'Active'",
    "statecodename <> 'active'",
    "statecodename LIKE '%e%'",
    "statecodename IN ('Resolved','Cancelled')",
    "prioritycodename = 'Normal'",
    "prioritycode = 'normal'",
    "prioritycode <> 'normal'",
    "prioritycode IS NULL",
    "prioritycodename NOT LIKE 'n%'",
    "prioritycode BETWEEN 2 AND 3",
    "prioritycode NOT BETWEEN 2 AND 3",
    "customerid IS NULL",
    "customeridname = 'Contoso'",
    "customeridname LIKE 'con%'",
    "customeridname IS NULL",
    "customeridname <> 'Fabrikam'",
    "customeridtype = 'account'",
    "customeridtype <> 'contact'",
    "customeridtype IN ('account', 'contact')",
    "customeridtype NOT IN ('contact')",
    "customeridtype IS NULL",
    "title IS DISTINCT FROM 'broken fan'",
    "title IS NOT DISTINCT FROM NULL",
    "reopened IS NOT DISTINCT FROM 1",
    "ownerid = CURRENT_USER",
    "ownerid <> CURRENT_USER",
    "owneridname = 'ada'",
    "isescalated = 1",
    "isescalated <> 'true'",
    "isescalated = 'No'",
    "isescalated IS NULL",
    "isescalatedname = 'Yes'",
    "reopened > 1",
    "reopened = 1.5",
    "reopened >= '2'",
    "reopened IN (1, 2)",
    "reopened NOT IN (1, 2)",
    "reopened !> 1",
    "reopened !< 1",
    "reopened = statecode",
    "reopened <> prioritycode",
    "satisfaction = 0.3",
    "satisfaction < 0.25",
    "cost > 10",
    "createdon >= DATEADD(day, -30, GETDATE())",
    "createdon < GETDATE() - 60",
    "createdon BETWEEN '2026-03-01' AND '2026-04-30'",
    "createdon >= CAST(GETDATE() AS DATE)",
    "followup = '2026-06-16'",
    "followup > GETDATE()",
    "followup <= GETDATE()",
    "YEAR(createdon) = 2026",
    "DATEDIFF(day, createdon, GETDATE()) < 20",
    "LEN(title) > 8",
    "reopened + 1 = 2",
    "1 = 1",
    "1 = 0",
    "title = NULL",
    "description LIKE 'text%'",
    "description = 'text 1'",
    "topics IS NULL",
    "topics = '3,1'",
    "topics <> 'noise'",
    "topics = 'heat'",
    "topics IN ('Heat; heat', 11)",
    "topics NOT IN (1, 'Loud noise')",
    "topicsname = 'Loud noise; Noise'",
    "topicsname <> 'Heat'",
    "topicsname LIKE '%noise%'",
    "topicsname IS NULL",
    "CONTAINVALUES(topics, 1, 'heat')",
    "topics = NOTCONTAINVALUES(1)",
    "CONTAINSVALUES(topicsname, 'Other, unknown')",
    "CASE WHEN reopened > 1 THEN 1 ELSE 0 END = 1",
    "ISNULL(reopened, 9) = 9",
  ),
);
const condition: fc.Arbitrary<string> = fc.letrec<{ tree: string }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 3, depthSize: "small" },
    conditions,
    fc
      .tuple(tie("tree"), fc.constantFrom("AND", "OR"), tie("tree"))
      .map(([a, op, b]) => `(${a} ${op} ${b})`),
    tie("tree").map((inner) => `NOT (${inner})`),
  ),
})).tree;

test("every file is a rule: its place is shared/sql/plan/optimize.ts", () => {
  const files = ["rules", "folds"].flatMap((room) =>
    readdirSync(resolve(__dirname, `../../../shared/sql/plan/${room}`), { recursive: true })
      .map((name) => basename(String(name)))
      .flatMap((name) => (name.endsWith(".ts") ? [name.replace(/\.ts$/, "")] : [])),
  );
  expect(files.length).toBeGreaterThan(8);
  expect(files.filter((name) => !ruleNames.includes(name))).toEqual([]);
});

describe("rules on and rules off give the same rows", () => {
  test("for every filter", async () => {
    await fc.assert(
      fc.asyncProperty(condition, async (where) => {
        const sql = `SELECT ticketnumber, statecode, customerid, createdon FROM incident WHERE ${where} ORDER BY ticketnumber`;
        const [folded, local] = await bothWays(sql);
        expect(folded).toEqual(local);
      }),
      { numRuns: 300, seed: 7 },
    );
  });

  test("for any subset of the rules", async () => {
    const sql =
      "SELECT a.name, COUNT(*) AS n FROM incident i LEFT JOIN account a ON i.customerid = a.accountid AND a.statecode = 0 WHERE NOT (i.statecode = 1) AND a.name IS NOT NULL GROUP BY a.name";
    await fc.assert(
      fc.asyncProperty(fc.subarray([...ruleNames]), async (rules) => {
        const [folded, local] = await bothWays(sql, new Set(rules));
        expect(folded).toEqual(local);
      }),
      { numRuns: 60, seed: 7 },
    );
  });

  test("for grouped queries", async () => {
    const keys = [
      "statecode",
      "statecodename",
      "prioritycode",
      "prioritycodename",
      "customerid",
      "customeridname",
      "ownerid, statecode",
      "isescalated",
      "title",
      "YEAR(createdon)",
      "reopened",
      "a.name",
      "a.address1_city, statecodename",
      "",
    ];
    const measures = [
      "COUNT(*)",
      "COUNT(title)",
      "COUNT(DISTINCT i.ownerid)",
      "SUM(reopened)",
      "AVG(reopened)",
      "AVG(satisfaction)",
      "SUM(cost)",
      "MIN(createdon)",
      "MAX(followup)",
      "MIN(title)",
      "COUNT(DISTINCT customeridname)",
      "SUM(DISTINCT reopened)",
      "SUM(a.employees)",
    ];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...keys),
        fc.subarray(measures, { minLength: 1 }),
        conditions,
        async (key, aggregates, where) => {
          const on = (text: string) =>
            text.replace(/(?<![\w.'])(statecode|ownerid|statecodename|owneridname)\b/g, "i.$1");
          const sql = `SELECT ${on([...(key ? [key] : []), ...aggregates].join(", "))} FROM incident i LEFT JOIN account a ON i.customerid = a.accountid WHERE ${on(where)}${key ? ` GROUP BY ${on(key)}` : ""}`;
          const [folded, local] = await bothWays(sql);
          expect(folded).toEqual(local);
        },
      ),
      { numRuns: 200, seed: 7 },
    );
  });

  test("for joins", async () => {
    const froms = [
      "incident i JOIN account a ON i.customerid = a.accountid",
      "account a JOIN incident i ON a.accountid = i.customerid",
      "incident i LEFT JOIN account a ON i.customerid = a.accountid",
      "account a LEFT JOIN incident i ON a.accountid = i.customerid",
      "account a RIGHT JOIN incident i ON a.accountid = i.customerid",
      "incident i LEFT JOIN account a ON i.customerid = a.accountid AND a.statecode = 0",
      "incident i LEFT JOIN account a ON i.customerid = a.accountid AND i.statecode = 0",
      "incident i JOIN account a ON i.customerid = a.accountid AND i.ownerid = a.ownerid",
      "incident i LEFT JOIN account a ON i.customerid = a.accountid LEFT JOIN account p ON a.parentaccountid = p.accountid",
      "incident i LEFT JOIN account a ON i.customerid = a.accountid JOIN systemuser u ON a.ownerid = u.systemuserid",
      "incident i LEFT JOIN (account a JOIN systemuser u ON a.ownerid = u.systemuserid) ON i.customerid = a.accountid",
      "systemuser u JOIN account a ON u.systemuserid = a.ownerid JOIN incident i ON i.customerid = a.accountid",
      "incident i JOIN account a ON i.title = a.name",
      "incident i JOIN account a ON i.customerid = a.accountid AND EXISTS (SELECT 1 FROM incident o WHERE o.ownerid = a.ownerid AND o.statecode = 2)",
      "incident i JOIN account a ON i.reopened > a.employees",
    ];
    const wheres = [
      "1=1",
      "a.name IS NULL",
      "a.name = 'contoso'",
      "a.name <> 'contoso'",
      "a.statecode = 'Active' OR i.statecode = 1",
      "i.statecode = 0 AND a.employees > 4",
      "NOT (a.name LIKE 'c%')",
      "EXISTS (SELECT 1 FROM systemuser u WHERE u.systemuserid = i.ownerid AND u.fullname LIKE '%a%')",
      "NOT EXISTS (SELECT 1 FROM account p WHERE p.parentaccountid = i.customerid AND p.statecode = 0)",
      "i.customerid IN (SELECT accountid FROM account WHERE employees > 4)",
      "a.parentaccountidname = 'Contoso'",
      "a.statecode = i.statecode",
      "a.ownerid <> i.ownerid",
      "i.title > a.name",
      "a.employees >= i.reopened OR a.name IS NULL",
      "a.accountid IS NULL AND i.statecode < 2",
      "i.createdon IN (SELECT o.createdon FROM incident o JOIN account p ON o.customerid = p.accountid WHERE p.statecode = 0)",
      "i.incidentid NOT IN (SELECT o.incidentid FROM incident o WHERE o.statecode = 1)",
      "i.customerid NOT IN (SELECT p.parentaccountid FROM account p)",
      "EXISTS (SELECT 1 FROM account p WHERE p.accountid = i.customerid AND p.employees > i.reopened)",
      "EXISTS (SELECT 1 FROM account p WHERE p.accountid = i.customerid AND p.statecode = 0) OR i.reopened = 1",
      "i.ownerid IN (SELECT u.systemuserid FROM systemuser u WHERE u.fullname = 'ada') OR a.name IS NULL",
      "NOT (EXISTS (SELECT 1 FROM systemuser u WHERE u.systemuserid = i.ownerid AND u.isdisabled = 1) OR i.statecode = 1)",
      "(SELECT u.fullname FROM systemuser u WHERE u.systemuserid = i.ownerid) <> 'Ada'",
      "(SELECT COUNT(*) FROM incident o WHERE o.customerid = i.customerid AND o.statecode = 0) < 4",
    ];
    const tails = [
      "",
      " ORDER BY i.incidentid",
      " ORDER BY a.name, i.ticketnumber",
      " ORDER BY a.name DESC, a.statecodename, i.ticketnumber",
      " ORDER BY i.customeridname, i.ticketnumber",
      " ORDER BY i.statecode DESC, i.ticketnumber",
    ];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...froms),
        fc.constantFrom(...wheres),
        fc.constantFrom(...tails),
        async (from, where, tail) => {
          const sql = `SELECT i.ticketnumber, a.name, a.statecode, i.customerid FROM ${from} WHERE ${where}${tail}`;
          const [folded, local] = await bothWays(sql);
          expect(folded).toEqual(local);
        },
      ),
      { numRuns: 250, seed: 7 },
    );
  });

  test("for subqueries that are joins, with any of the rules", async () => {
    const values = [
      "(SELECT u.fullname FROM systemuser u WHERE u.systemuserid = a.ownerid)",
      "(SELECT p.name + '!' FROM account p WHERE p.accountid = a.parentaccountid AND p.employees > 4)",
      "(SELECT COALESCE(p.name, a.name, 'none') FROM account p WHERE p.accountid = a.parentaccountid)",
      "(SELECT COUNT(*) FROM incident i WHERE i.customerid = a.accountid)",
      "(SELECT COUNT(i.title) + a.employees FROM incident i WHERE a.accountid = i.customerid AND i.statecode < 2)",
      "(SELECT MAX(i.createdon) FROM incident i JOIN systemuser u ON i.ownerid = u.systemuserid WHERE i.customerid = a.accountid AND u.isdisabled = 0)",
      "(SELECT SUM(CASE WHEN i.isescalated = 1 THEN 1 ELSE 0 END) FROM incident i WHERE i.customerid = a.accountid AND i.ownerid = a.ownerid)",
      "(SELECT ISNULL(SUM(i.reopened), -1) FROM incident i WHERE i.customerid = a.accountid AND i.title LIKE '%fan%')",
      "(SELECT COUNT(DISTINCT i.ownerid) FROM incident i WHERE i.customerid = a.accountid)",
      "(SELECT COUNT(*) FROM account p WHERE p.address1_city = a.address1_city)",
      "x.title",
      "x.label",
    ];
    const froms = [
      "account a CROSS APPLY (SELECT i.title, 'x' + i.ticketnumber AS label FROM incident i WHERE i.customerid = a.accountid AND i.statecode = 0) x",
      "account a OUTER APPLY (SELECT i.title, COALESCE(i.title, a.name, '?') AS label FROM incident i WHERE i.customerid = a.accountid AND i.reopened = 2) x",
      "account a OUTER APPLY (SELECT DISTINCT o.title, o.title AS label FROM incident o JOIN systemuser u ON o.ownerid = u.systemuserid WHERE u.systemuserid = a.ownerid) x",
      "account a OUTER APPLY (SELECT p.name AS title, 1 AS label FROM account p WHERE p.accountid = a.parentaccountid) x",
      "account a LEFT JOIN (SELECT customerid, title, 'l' AS label FROM incident WHERE statecode = 2) x ON x.customerid = a.accountid",
    ];
    const wheres = ["1 = 1", "x.title IS NULL", "x.label IS NOT NULL", "a.statecode = 0"];
    await fc.assert(
      fc.asyncProperty(
        fc.subarray(values, { minLength: 1, maxLength: 3 }),
        fc.constantFrom(...froms),
        fc.constantFrom(...wheres),
        fc.subarray([...ruleNames]),
        async (selected, from, where, some) => {
          const columns = selected.map((value, at) => `${value} AS c${at}`).join(", ");
          const sql = `SELECT a.name, ${columns} FROM ${from} WHERE ${where}`;
          const [folded, local] = await bothWays(sql);
          expect({ sql, rows: folded }).toEqual({ sql, rows: local });
          const [partly] = await bothWays(sql, new Set(some));
          expect({ sql, rows: partly }).toEqual({ sql, rows: local });
        },
      ),
      { numRuns: 60, seed: 7 },
    );
  });

  test("in the same order, for groups, pages, joins of many with many and values beside few rows", async () => {
    const sqls = [
      "SELECT statecode, COUNT(*) AS n, MAX(createdon) AS last FROM incident GROUP BY statecode ORDER BY n DESC, last",
      "SELECT title, COUNT(*) AS n FROM incident GROUP BY title ORDER BY n, title",
      "SELECT title, COUNT(*) AS n FROM incident GROUP BY title ORDER BY title DESC",
      "SELECT YEAR(createdon) AS y, MONTH(createdon) AS m, SUM(reopened) AS r FROM incident GROUP BY YEAR(createdon), MONTH(createdon) ORDER BY y, m",
      "SELECT YEAR(createdon) AS y, MONTH(createdon) AS m, COUNT(*) AS c FROM incident GROUP BY YEAR(createdon), MONTH(createdon) ORDER BY y DESC, m DESC",
      "SELECT TOP 3 prioritycode, COUNT(title) AS n, MAX(createdon) AS last FROM incident GROUP BY prioritycode ORDER BY n DESC, last",
      "SELECT reopened, SUM(reopened) AS s FROM incident GROUP BY reopened ORDER BY s DESC",
      ...["0", "5", "10", "12", "55", "58", "70"].flatMap((offset) => [
        `SELECT ticketnumber FROM incident ORDER BY ticketnumber OFFSET ${offset} ROWS FETCH NEXT 5 ROWS ONLY`,
        `SELECT ticketnumber FROM incident WHERE LEN(title) > 7 ORDER BY ticketnumber OFFSET ${offset} ROWS FETCH NEXT 5 ROWS ONLY`,
        `SELECT i.ticketnumber, a.name FROM incident i JOIN account a ON i.customerid = a.accountid ORDER BY a.name, i.ticketnumber OFFSET ${offset} ROWS FETCH NEXT 7 ROWS ONLY`,
      ]),
      "SELECT i.ticketnumber, o.ticketnumber AS other FROM incident i JOIN incident o ON i.title = o.title ORDER BY i.ticketnumber, o.ticketnumber",
      "SELECT TOP 9 i.ticketnumber, o.ticketnumber AS other FROM incident i JOIN incident o ON i.title = o.title WHERE o.statecode = 0 ORDER BY o.ticketnumber, i.ticketnumber",
      "SELECT u.fullname, a.name, a.accountid FROM systemuser u LEFT JOIN account a ON a.ownerid = u.systemuserid AND a.statecode = 1 ORDER BY u.systemuserid, a.accountid",
      "SELECT TOP 4 a.name, (SELECT COUNT(*) FROM incident i WHERE i.customerid = a.accountid) AS n FROM account a ORDER BY a.accountid",
      "SELECT a.name, (SELECT MAX(createdon) FROM incident i WHERE i.customerid = a.accountid) AS n FROM account a ORDER BY a.accountid OFFSET 3 ROWS FETCH NEXT 4 ROWS ONLY",
      "SELECT TOP 4 a.name, (SELECT TOP 1 title FROM incident i WHERE i.customerid = a.accountid ORDER BY ticketnumber) AS first FROM account a ORDER BY a.accountid",
      "SELECT TOP 4 a.name, n FROM (SELECT name, accountid, (SELECT COUNT(*) FROM incident i WHERE i.customerid = b.accountid) AS n FROM account b) a ORDER BY n DESC, accountid",
      "SELECT TOP 3 WITH TIES a.employees, (SELECT COUNT(*) FROM incident i WHERE i.customerid = a.accountid) AS n FROM account a ORDER BY a.employees DESC",
    ];
    for (const [number, sql] of sqls.entries()) {
      const wanted = (await ask(sql, { rules: none })).rows;
      const seen = [await ask(sql), await ask(sql, { source: memorySource({ pageRows: 7 }) })];
      for (const rule of ruleNames.filter((_, at) => at % 9 === number % 9))
        seen.push(await ask(sql, { rules: new Set(ruleNames.filter((one) => one !== rule)) }));
      // Any member of a group may stand for it.
      const folded = (rows: readonly object[]) => JSON.stringify(rows).toLowerCase();
      const isByText = sql.includes("GROUP BY title");
      for (const { rows } of seen)
        expect({ sql, rows: isByText ? folded(rows) : rows }).toEqual({
          sql,
          rows: isByText ? folded(wanted) : wanted,
        });
    }
  });

  test("for TOP by the number of a choice, and for the first and last values", async () => {
    const orders = [
      "statecode",
      "prioritycode DESC",
      "isescalated",
      "statecode DESC, prioritycode",
      "prioritycode, createdon DESC",
      "prioritycodename DESC",
    ];
    const wheres = ["1 = 1", "statecode <> 1", "prioritycode > 1", "title LIKE 'b%'"];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...orders),
        fc.constantFrom(...wheres),
        fc.constantFrom("TOP 7", "TOP 40", "TOP 500"),
        async (order, where, top) => {
          const sql = `SELECT ${top} ${order.replaceAll(" DESC", "")}, ticketnumber FROM incident WHERE ${where} ORDER BY ${order}, ticketnumber`;
          const [folded, local] = await bothWays(sql);
          expect(folded).toEqual(local);
          const [first, last] = await bothWays(
            `SELECT MIN(title), MAX(ticketnumber), MIN(cost), MAX(followup) FROM incident WHERE ${where}`,
          );
          expect(first).toEqual(last);
        },
      ),
      { numRuns: 30, seed: 7 },
    );
  });

  test("for DISTINCT, TOP and ORDER BY", async () => {
    const columns = [
      "title",
      "statecode",
      "statecodename",
      "customeridname",
      "ownerid",
      "reopened",
      "isescalated",
      "followup",
      "description",
    ];
    await fc.assert(
      fc.asyncProperty(
        fc.subarray(columns, { minLength: 1 }),
        fc.boolean(),
        fc.boolean(),
        async (names, distinct, descending) => {
          const order = names.map((name) => name + (descending ? " DESC" : "")).join(", ");
          const sql = distinct
            ? `SELECT DISTINCT ${names.join(", ")} FROM incident WHERE statecode < 2 ORDER BY ${order}`
            : `SELECT TOP 17 ${names.join(", ")}, ticketnumber FROM incident ORDER BY ${order}, ticketnumber`;
          const [folded, local] = await bothWays(sql);
          expect(folded).toEqual(local);
        },
      ),
      { numRuns: 120, seed: 7 },
    );
  });
});
