import { describe, expect, test } from "@jest/globals";
import { type JsonRow, ruleNames } from "../../../shared/sql";
import { ask } from "./support/ask";
import { memorySource } from "./support/memory-source";

const byCustomer = (condition: string) =>
  `SELECT a.name, i.ticketnumber FROM account a LEFT JOIN incident i ON i.customerid = a.accountid ${condition} ORDER BY a.accountid, i.ticketnumber`;
const rules: ReadonlySet<string> = new Set(
  ruleNames.filter((name) => name !== "fold-join-in-one-page"),
);
const key = (row: JsonRow) => JSON.stringify(row);

describe("a join from one to many", () => {
  test("asks the many side for the keys of the one side alone, and loses no row without a match", async () => {
    const source = memorySource();
    const { rows } = await ask(byCustomer("WHERE a.name = 'Fabrikam'"), { source, rules });
    const all = await ask(byCustomer(""));
    expect(rows.length).toBeGreaterThan(1);
    expect(rows.map(key)).toEqual(all.rows.filter((row) => row.name === "Fabrikam").map(key));
    const many = source.requests.find(({ fetchXml }) =>
      fetchXml.includes('entity name="incident"'),
    );
    expect(many?.fetchXml).toMatch(/attribute="customerid" operator="in"/);
    const { rows: none } = await ask(
      "SELECT i.ticketnumber, c.name FROM incident i LEFT JOIN account c ON c.parentaccountid = i.customerid AND c.name = 'Nowhere' WHERE i.reopened = 3",
    );
    expect(none).toHaveLength(10);
    expect(none.every((row) => row.name === null)).toBe(true);
  });

  test("asks the many side nothing when the one side is empty", async () => {
    const source = memorySource();
    const { rows } = await ask(byCustomer("WHERE a.name = 'Nobody'"), { source, rules });
    expect(rows).toEqual([]);
    expect(
      source.requests.filter(({ fetchXml }) => fetchXml.includes('entity name="incident"')),
    ).toEqual([]);
  });

  test("is one request where one page holds it, and is worked out here where it has more", async () => {
    const sql = byCustomer("WHERE a.statecode = 0");
    const [whole, small] = [memorySource(), memorySource({ pageRows: 10 })];
    const [one, more] = [await ask(sql, { source: whole }), await ask(sql, { source: small })];
    expect(whole.requests).toHaveLength(1);
    expect(small.requests.length).toBeGreaterThan(2);
    expect(one.rows.length).toBeGreaterThan(20);
    expect(more.rows.map(key)).toEqual(one.rows.map(key));
  });

  test("asks for the groups of the rows alone to which they are put", async () => {
    const source = memorySource();
    const { rows } = await ask(
      "SELECT TOP 2 name, (SELECT COUNT(*) FROM incident i WHERE i.customerid = a.accountid) AS n FROM account a ORDER BY accountid",
      { source },
    );
    expect(rows).toHaveLength(2);
    const [first, groups, ...others] = source.requests.map(({ fetchXml }) => fetchXml);
    expect(others).toEqual([]);
    expect(first).toMatch(/fetch top="2"/);
    expect(groups).toMatch(
      /groupby="true".*operator="in"><value>[^/]*<\/value><value>[^/]*<\/value><\/condition>/,
    );
  });
});
