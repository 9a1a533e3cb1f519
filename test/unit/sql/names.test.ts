import { describe, expect, test } from "@jest/globals";
import { SqlError } from "../../../shared/sql";
import { ask } from "./support/ask";
import { data } from "./support/sample";

const refusalOf = async (sql: string): Promise<string> => {
  try {
    return JSON.stringify((await ask(sql)).rows);
  } catch (error) {
    if (error instanceof SqlError) return `${error.code}: ${error.message} ${error.hint ?? ""}`;
    throw error;
  }
};

describe("a name means what T-SQL means by it", () => {
  const parents = data.account!.map((row) => row.parentaccountid);
  const withSeveral = data.account!.filter(
    ({ accountid }) => parents.filter((one) => one === accountid).length > 1,
  );

  test("a table around a subquery, before the one that an alias hides inside", async () => {
    const inside = "(SELECT COUNT(*) FROM account b WHERE b.parentaccountid = account.accountid)";
    const { rows } = await ask(`SELECT accountid FROM account WHERE ${inside} > 1`);
    expect(rows.map((row) => row.accountid).sort()).toEqual(
      withSeveral.map((row) => row.accountid).sort(),
    );
  });

  test("a column around a subquery, before one that is only displayed by that name inside", async () => {
    // Inside there is a column whose display name is "Account Name", and around one that is called accountname.
    const { rows } = await ask(
      `SELECT t.accountname FROM (VALUES ('x'), ('y')) AS t(accountname)
       WHERE EXISTS (SELECT 1 FROM account WHERE accountname = 'x')`,
    );
    expect(rows).toEqual([{ accountname: "x" }]);
  });

  test("the alias alone, where a table stands in FROM twice", async () => {
    const sql =
      "SELECT account.name FROM account a JOIN account b ON a.accountid = b.parentaccountid";
    expect(await refusalOf(sql)).toContain("'account' is not a table or alias of this query");
  });
});

describe("other names that people use are read, with a note", () => {
  test.each([
    [
      "SELECT TOP 1 Cases.title FROM Cases ORDER BY Cases.ticketnumber",
      "'Cases' was read as the table incident.",
    ],
    [
      "SELECT TOP 1 incidents.title FROM incidents ORDER BY incidents.ticketnumber",
      "'incidents' was read as",
    ],
    [
      "SELECT TOP 1 i.[Case Title] FROM [dbo].[Incident] i ORDER BY [Case Number]",
      "'Case Title' was read as title",
    ],
    [
      "SELECT TOP 1 t.[Case Title] FROM (SELECT [Case Title], ticketnumber FROM incident) t ORDER BY t.[Case Number]",
      "'Case Number' was read as ticketnumber",
    ],
    [
      "WITH c AS (SELECT ticketnumber, title FROM incident) SELECT TOP 1 [Case Title] FROM c ORDER BY ticketnumber",
      "'Case Title' was read as title",
    ],
  ])("%s", async (sql, note) => {
    const { rows, notes } = await ask(sql);
    expect(rows).toEqual([{ title: "Broken fan" }]);
    expect(notes.join()).toContain(note);
  });

  test.each(["_customerid_value", "customerid_value", "[_CustomerId_Value]"])(
    "%s is the lookup",
    async (name) => {
      const { rows } = await ask(`SELECT TOP 1 ${name} FROM incident ORDER BY ticketnumber`);
      expect(Object.keys(rows[0]!)).toEqual(["customerid", "customeridname"]);
    },
  );

  test("but not where a derived table has given the column another name", async () => {
    const sql = "SELECT [Case Title] FROM (SELECT title AS name FROM incident) t";
    expect(await refusalOf(sql)).toContain("unknown_column: Unknown column 'Case Title' in t");
  });
});

describe("what cannot be is refused with what can", () => {
  test.each([
    ["customeridtype = 'accounts'", "customerid never points to 'accounts' at line 1"],
    ["customeridtype = 1", "customeridtype holds the logical name of a table: account, contact."],
    ["customeridtype IN ('account', 'lead')", "customerid never points to 'lead'"],
    ["ownerid = EQUSERID", "written like a function: column = EQUSERID()."],
    ["createdon = LASTXDAYS", "column = LASTXDAYS(7)."],
  ])("%s", async (where, words) => {
    expect(await refusalOf(`SELECT title FROM incident WHERE ${where}`)).toContain(words);
  });

  test("the table of a lookup is found in any case, and NULL is none", async () => {
    const count = async (where: string) =>
      (await ask(`SELECT COUNT(*) AS n FROM incident WHERE ${where}`)).rows[0]!.n;
    const known = data.incident!.filter((row) => row.customerid !== null).length;
    expect(await count("customeridtype = 'Account '")).toBe(known);
    expect(await count("customeridtype <> 'contact'")).toBe(known);
    expect(await count("customeridtype = NULL")).toBe(0);
  });
});
