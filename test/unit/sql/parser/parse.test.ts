import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { SqlError } from "../../../../shared/sql/errors";
import { parse } from "../../../../shared/sql/parser/parse";

function refusalOf(sql: string): SqlError | undefined {
  try {
    parse(sql);
    return undefined;
  } catch (error) {
    if (error instanceof SqlError) return error;
    throw error;
  }
}

describe("what a representative asks is read", () => {
  test.each([
    "SELECT TOP (10) [ticketnumber], title AS subject FROM dbo.incident WITH (NOLOCK) WHERE statecode = 0;",
    "select i.title, c.fullname from incident i left join contact as c on i.customerid = c.contactid order by 1 desc",
    "SELECT statuscode, COUNT(*) n, AVG(severitycode) FROM incident GROUP BY statuscode ORDER BY n DESC -- busiest first",
    "SELECT title FROM incident WHERE NOT (title LIKE '50!%%' ESCAPE '!' OR prioritycode IN (1, 2)) AND description IS NOT NULL",
    "SELECT DISTINCT owneridname FROM incident WHERE createdon BETWEEN '2026-01-01' AND GETDATE() /* year */",
    "SELECT title FROM incident WHERE title = 'O''Brien' AND prioritycode <> 3 AND createdon >= DATEADD(day, -7, GETDATE())",
  ])("%s", (sql) => expect(refusalOf(sql)).toBeUndefined());
});

describe("what is no SELECT of one statement is refused, with its place and what to use instead", () => {
  test.each([
    ["DELETE FROM incident", "not_select", 1, 1, /delete_record/],
    ["UPDATE incident SET title = 'x'", "not_select", 1, 1, /update_record/],
    ["SELECT title FROM incident;\nDROP TABLE incident", "not_select", 2, 1, /./],
    ["WITH x AS (SELECT * FROM incident)\nDELETE FROM x", "not_select", 2, 1, /./],
    ["SELECT title INTO copy FROM incident", "not_select", 1, 14, /./],
    ["SELEC title FROM incident", "syntax", 1, 1, /SELECT/],
    ["SELECT title FORM incident", "syntax", 1, 14, /FROM/],
    ["SELECT title\nFROM incident\nWHERE statecode == 0", "syntax", 3, 17, /./],
    ["SELECT title FROM incident LIMIT 10", "syntax", 1, 28, /TOP/],
    ["SELECT title FROM incident WHERE title = 'open", "syntax", 1, 42, /./],
    ["SELECT title FROM incident\nWHERE createdon > @since", "unsupported", 2, 19, /value/],
    ["SELECT title FROM crm.dbo.incident", "unsupported", 1, 19, /dbo\.incident/],
    ["SELECT title FROM OPENROWSET(BULK 'f', SINGLE_CLOB) AS x", "unsupported", 1, 19, /./],
    [
      "SELECT title FROM (DELETE FROM incident OUTPUT deleted.title) AS x",
      "not_select",
      1,
      20,
      /./,
    ],
    ["", "not_select", 1, 1, /SELECT/],
  ] as const)("%j", (sql, code, line, column, hint) => {
    const refusal = refusalOf(sql);
    expect([refusal?.code, refusal?.line, refusal?.column]).toEqual([code, line, column]);
    expect(refusal?.hint).toMatch(hint);
  });
});

describe("a hostile query ends in a refusal, quickly", () => {
  test.each([
    ["5,000 parentheses", `SELECT ${"(".repeat(5_000)}1${")".repeat(5_000)} FROM incident`],
    ["5,000 times NOT", `SELECT title FROM incident WHERE ${"NOT ".repeat(5_000)}statecode = 0`],
    [
      "a list of 20,000 values",
      `SELECT title FROM incident WHERE prioritycode IN (${"1,".repeat(20_000)}1)`,
    ],
  ])("%s", (_, sql) => expect(refusalOf(sql)?.code).toBe("too_large"));

  test("1,000 ORs are no attack", () => {
    const terms = Array.from({ length: 1_000 }, (_, n) => `prioritycode = ${n}`);
    expect(refusalOf(`SELECT title FROM incident WHERE ${terms.join(" OR ")}`)).toBeUndefined();
  });

  test("whatever is cut out of a query or doubled in it, it is read or refused by our error", () => {
    const words =
      "SELECT TOP 5 i . title AS [t] , COUNT ( * ) FROM incident i LEFT JOIN contact c ON i . customerid = c . contactid WHERE title LIKE 'a%' AND NOT prioritycode IN ( 1 , 2 ) GROUP BY title ORDER BY 1 DESC".split(
        " ",
      );
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(words.length - 1), fc.boolean()), { minLength: 1, maxLength: 4 }),
        (edits) => {
          const changed = [...words];
          for (const [at, doubles] of edits)
            changed.splice(at, 1, ...(doubles ? [words[at] ?? "", words[at] ?? ""] : []));
          refusalOf(changed.join(" "));
        },
      ),
      { numRuns: 500, seed: 20_261_124 },
    );
  });
});
