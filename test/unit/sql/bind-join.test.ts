import { describe, expect, test } from "@jest/globals";
import type { JsonRow } from "../../../shared/sql";
import { ask } from "./support/ask";
import { memorySource } from "./support/memory-source";

const byCustomer = (condition: string) =>
  `SELECT a.name, i.ticketnumber FROM account a LEFT JOIN incident i ON i.customerid = a.accountid ${condition} ORDER BY a.accountid, i.ticketnumber`;
const key = (row: JsonRow) => JSON.stringify(row);

describe("a join from one to many", () => {
  test("asks the many side for the keys of the one side alone, and loses no row without a match", async () => {
    const source = memorySource();
    const { rows } = await ask(byCustomer("WHERE a.name = 'Fabrikam'"), { source });
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
    const { rows } = await ask(byCustomer("WHERE a.name = 'Nobody'"), { source });
    expect(rows).toEqual([]);
    expect(
      source.requests.filter(({ fetchXml }) => fetchXml.includes('entity name="incident"')),
    ).toEqual([]);
  });
});
