import { afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { type Fetch, FORMATTED, fillSmall, id, LOOKUP_TABLE, openFetch } from "./support";

let emulator: Fetch;
beforeAll(async () => {
  emulator = await openFetch();
  fillSmall(emulator);
});
afterEach(() => {
  delete process.env.EMULATOR_AGGREGATE_LIMIT;
});

const aggregate = (body: string, table = "incident", annotations?: string) =>
  emulator.rows(
    `<fetch aggregate="true"><entity name="${table}">${body}</entity></fetch>`,
    annotations,
  );
const measure = (name: string, kind: string, alias: string, more = "") =>
  `<attribute name="${name}" alias="${alias}" aggregate="${kind}" ${more}/>`;
const group = (name: string, alias: string, more = "") =>
  `<attribute name="${name}" alias="${alias}" groupby="true" ${more}/>`;

describe("aggregates", () => {
  test("count rows, values and different values", () => {
    const body =
      measure("incidentid", "count", "n") +
      measure("title", "countcolumn", "titles") +
      measure("title", "countcolumn", "different", 'distinct="true"') +
      measure("customerid", "countcolumn", "customers", 'distinct="true"');
    expect(aggregate(body, "incident", "")).toEqual([
      { n: 8, titles: 7, different: 6, customers: 5 },
    ]);
  });

  test("add up without the noise of binary fractions; whole numbers have a whole average", () => {
    const body =
      measure("revenue", "sum", "total") +
      measure("revenue", "min", "least") +
      measure("revenue", "max", "most") +
      measure("numberofemployees", "avg", "staff");
    expect(aggregate(body, "account", "")).toEqual([
      { total: 100.8, least: 0.1, most: 100.5, staff: 7 },
    ]);
  });

  test("of nothing are 0 for sums and counts, and absent otherwise", () => {
    const none = '<filter><condition attribute="name" operator="eq" value="?"/></filter>';
    const body =
      measure("accountid", "count", "n") +
      measure("revenue", "sum", "total") +
      measure("revenue", "avg", "average") +
      measure("createdon", "max", "last");
    expect(aggregate(body + none, "account")).toEqual([
      { [`n${FORMATTED}`]: "0", n: 0, [`total${FORMATTED}`]: "~0", total: 0 },
    ]);
  });

  test("group by choices, lookups and yes/no columns with their labels", () => {
    const n = measure("incidentid", "count", "n");
    expect(aggregate(`${group("statecode", "state")}${n}<order alias="state"/>`)).toEqual([
      expect.objectContaining({ state: 0, [`state${FORMATTED}`]: "Active", n: 5 }),
      expect.objectContaining({ state: 2, [`state${FORMATTED}`]: "Cancelled", n: 1 }),
      expect.objectContaining({ state: 1, [`state${FORMATTED}`]: "Resolved", n: 2 }),
    ]);
    const owners = aggregate(
      `${group("ownerid", "owner")}${n}<order alias="n" descending="true"/>`,
    );
    expect(owners.map((row) => row[`owner${FORMATTED}`])).toEqual([
      undefined,
      "Ada",
      "Bob",
      "Zoë",
      "Service",
    ]);
    expect(owners[4]).toMatchObject({ owner: id(4, 1), [`owner${LOOKUP_TABLE}`]: "team" });
    const escalated = aggregate(`${group("isescalated", "yes")}${n}`, "incident", "");
    expect(escalated).toEqual([{ n: 5 }, { yes: false, n: 2 }, { yes: true, n: 1 }]);
  });

  test("group text without regard to case and trailing blanks", () => {
    const rows = aggregate(
      group("title", "t") + measure("incidentid", "count", "n"),
      "incident",
      "",
    );
    expect(rows.filter((row) => row.n === 2)).toHaveLength(1);
    expect(rows).toHaveLength(7);
  });

  test("work over linked tables", () => {
    const body = `${measure("incidentid", "count", "n")}<link-entity name="account" from="accountid" to="customerid" alias="a">${group("name", "customer")}${measure("revenue", "sum", "worth")}<order alias="customer" descending="true"/></link-entity>`;
    expect(aggregate(body, "incident", "")).toEqual([
      { n: 1, customer: "Fabrikam", worth: 0.2 },
      { n: 2, customer: "Contoso", worth: 201 },
      { n: 1, customer: "Ålpha", worth: 0 },
      { n: 1, worth: 0.1 },
    ]);
  });

  test.each<[string, unknown[]]>([
    ["year", [undefined, 2025, 2026]],
    ["quarter", [undefined, 1, 2, 4]],
    ["month", [undefined, 1, 5, 6, 12]],
    ["week", [undefined, 1, 23, 24, 25, 53]],
    ["day", [undefined, 1, 10, 16, 17, 18, 31]],
    ["fiscal-period", [undefined, 1, 2, 4]],
    ["fiscal-year", [undefined, 2025, 2026]],
  ])("group dates by %s", (grouping, expected) => {
    const rows = aggregate(
      `${group("createdon", "part", `dategrouping="${grouping}"`)}${measure("incidentid", "count", "n")}`,
      "incident",
      "",
    );
    expect(rows.map((row) => row.part)).toEqual(expected);
    expect(rows.reduce((sum, row) => sum + Number(row.n), 0)).toBe(8);
  });

  test("stop at the limit of rows", () => {
    process.env.EMULATOR_AGGREGATE_LIMIT = "7";
    const body = measure("incidentid", "count", "n");
    const all = `<fetch aggregate="true"><entity name="incident">${body}</entity></fetch>`;
    expect(emulator.refusal(all).code).toBe("0x8004e023");
    const active = '<filter><condition attribute="statecode" operator="eq" value="0"/></filter>';
    expect(aggregate(body + active, "incident", "")).toEqual([{ n: 5 }]);
    process.env.EMULATOR_AGGREGATE_LIMIT = "8";
    expect(aggregate(body, "incident", "")).toEqual([{ n: 8 }]);
    const own = all.replace("<fetch", '<fetch aggregatelimit="3"');
    expect(emulator.refusal(own).code).toBe("0x8004e023");
  });
});
