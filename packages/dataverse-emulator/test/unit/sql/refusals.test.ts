import { describe, expect, test } from "@jest/globals";
import { DataverseError } from "../../../src/model";
import { parse } from "../../../src/sql/parse";

function refusal(sql: string): string {
  try {
    parse(sql);
  } catch (error) {
    if (!(error instanceof DataverseError)) throw error;
    expect([error.status, error.code]).toEqual([400, "0x80040203"]);
    return error.message;
  }
  throw new Error(`Not refused: ${sql}`);
}

describe("?sql= refuses by name", () => {
  test.each([
    ["SELECT * FROM account", "SELECT *"],
    ["SELECT a.* FROM account a", "SELECT a.*"],
    ["SELECT 'abc', name FROM account", "A literal value"],
    ["SELECT 1 FROM account", "A literal value"],
    ["SELECT revenue + 1 FROM account", "An expression"],
    ["SELECT revenue -1 FROM account", "An expression"],
    ["SELECT DATEADD(day, -3, modifiedon) FROM account", "The function DATEADD"],
    ["SELECT UPPER(name) FROM account", "The function UPPER"],
    ["SELECT COALESCE(name, 'x') FROM account", "The function COALESCE"],
    ["SELECT CAST(name AS int) FROM account", "The function CAST"],
    ["SELECT CASE WHEN statecode = 0 THEN 1 END FROM account", "CASE"],
    ["SELECT (SELECT name FROM contact) FROM account", "A subquery"],
    ["SELECT COUNT(*) OVER (PARTITION BY name) FROM account", "A window function"],
    ["SELECT SUM(revenue * 2) FROM account", "An expression"],
    ["SELECT name INTO x FROM account", "SELECT INTO"],
    ["SELECT TOP 10 PERCENT name FROM account", "PERCENT"],
    ["SELECT TOP 3 WITH TIES name FROM account ORDER BY name", "WITH TIES"],
    ["SELECT name FROM (SELECT name FROM account) a", "A subquery in FROM"],
    ["SELECT name FROM account WITH (NOLOCK)", "A table hint"],
    ["SELECT a.name FROM account a RIGHT JOIN contact c ON 1=1", "RIGHT JOIN"],
    ["SELECT a.name FROM account a FULL OUTER JOIN contact c ON 1=1", "FULL JOIN"],
    ["SELECT a.name FROM account a CROSS JOIN contact c", "CROSS JOIN"],
    ["SELECT a.name FROM account a CROSS APPLY contact c", "CROSS APPLY"],
    ["SELECT name FROM account WHERE 1=1", "A comparison of two literals"],
    ["SELECT name FROM account WHERE accountid IN (SELECT accountid FROM account)", "A subquery"],
    ["SELECT name FROM account WHERE EXISTS (SELECT 1 FROM contact)", "EXISTS"],
    ["SELECT name FROM account WHERE NOT EXISTS (SELECT 1 FROM contact)", "EXISTS"],
    ["SELECT name FROM account WHERE NOT (statecode = 0)", "NOT before a condition"],
    ["SELECT name FROM account WHERE revenue > 500.0 + 125.0", "An expression"],
    ["SELECT name FROM account WHERE revenue * 2 > 5", "An expression"],
    ["SELECT name FROM account WHERE LEN(name) = 3", "The function LEN"],
    [
      "SELECT name FROM account WHERE DATEADD(day, 3, createdon) >= GETUTCDATE()",
      "DATEADD of a column",
    ],
    ["SELECT name FROM account WHERE createdon > GETDATE()", "The function GETDATE"],
    ["SELECT name FROM account WHERE name LIKE other", "LIKE with anything but a literal"],
    ["SELECT name, COUNT(*) FROM account GROUP BY name HAVING COUNT(*) > 1", "HAVING"],
    ["SELECT COUNT(*) FROM account GROUP BY MONTH(createdon)", "The function MONTH"],
    ["SELECT name FROM account ORDER BY 1", "ORDER BY of anything but columns"],
    ["SELECT name FROM account ORDER BY LEN(name)", "The function LEN"],
    ["SELECT name FROM account UNION SELECT fullname FROM contact", "UNION"],
    ["SELECT name FROM account; SELECT fullname FROM contact", "A second statement"],
    ["WITH a AS (SELECT 1) SELECT name FROM a", "A common table expression"],
    ["INSERT INTO account (name) VALUES ('x')", "INSERT"],
    ["/* hi */ DELETE FROM account", "DELETE"],
    ["UPDATE account SET name = 'x'", "UPDATE"],
    ["DROP TABLE account", "DROP"],
    ["DECLARE @x int", "DECLARE"],
    ["SELECT name FROM account FOR XML AUTO", "FOR"],
  ])("%s", (sql, what) => {
    const message = refusal(sql);
    expect(message).toContain(what);
    expect(message).toContain("is not supported in a SQL query of the Web API.");
  });

  test.each([
    ["", "empty"],
    ["SELECT", "Incorrect syntax"],
    ["SELECT name FROM", "Incorrect syntax"],
    ["SELECT name, FROM account", "Incorrect syntax"],
    ["SELECT name FROM account WHERE", "Incorrect syntax"],
    ["SELECT name FROM account WHERE name = 'open", "Incorrect syntax"],
    ["SELECT name FROM account LIMIT 5", "Incorrect syntax"],
    ["SELECT TOP x name FROM account", "TOP takes an integer literal only"],
    ["SELECT TOP 5001 name FROM account", "0 to 5000"],
    ["SELECT name FROM account OFFSET 5 ROWS", "OFFSET needs an ORDER BY"],
    ["SELECT TOP 5 name FROM account ORDER BY name OFFSET 5 ROWS", "together with OFFSET"],
    [
      "SELECT name FROM account WHERE createdon > DATEADD(eon, 1, GETUTCDATE())",
      "no part of a date|not a part of a date",
    ],
    [`SELECT name FROM account WHERE ${"(".repeat(2000)}name = 'x'`, "nested too deeply"],
    [`SELECT name FROM account WHERE name = 'x'${" OR name = 'x'".repeat(2000)}`, "too long"],
  ])("%.70s", (sql, words) => {
    expect(refusal(sql)).toMatch(new RegExp(words));
  });

  test("and says where", () => {
    expect(refusal("SELECT name FROM account WHERE 1=1")).toContain("(position 32)");
  });
});
