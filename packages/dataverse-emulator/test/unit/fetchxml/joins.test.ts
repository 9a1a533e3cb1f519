import { beforeAll, describe, expect, test } from "@jest/globals";
import { type Fetch, FORMATTED, fillSmall, id, LOOKUP_TABLE, openFetch } from "./support";

let emulator: Fetch;
beforeAll(async () => {
  emulator = await openFetch();
  fillSmall(emulator);
});

/** Numbers of the cases, with one linked column where there is one. */
function cases(body: string, property?: string): unknown[] {
  return emulator
    .rows(
      `<fetch><entity name="incident"><attribute name="incidentid"/><order attribute="incidentid"/>${body}</entity></fetch>`,
      "",
    )
    .map((row) => {
      const number = Number(String(row.incidentid).slice(-2));
      return property === undefined ? number : [number, row[property] ?? null];
    });
}

const account = (type: string, inside: string, alias = ' alias="a"') =>
  `<link-entity name="account" from="accountid" to="customerid"${alias} link-type="${type}">${inside}</link-entity>`;
const name = '<attribute name="name"/>';
const isContoso = '<filter><condition attribute="name" operator="eq" value="contoso"/></filter>';

describe("joins", () => {
  test("inner keeps only matching rows, outer all", () => {
    expect(cases(account("inner", name + isContoso), "a.name")).toEqual([
      [1, "Contoso"],
      [2, "Contoso"],
    ]);
    expect(cases(account("outer", name + isContoso), "a.name")).toEqual([
      [1, "Contoso"],
      [2, "Contoso"],
      ...[3, 4, 5, 6, 7, 8].map((one) => [one, null]),
    ]);
  });

  test("a link without an alias is called by its table and a number", () => {
    expect(cases(account("inner", name + isContoso, ""), "account1.name")).toHaveLength(2);
  });

  test("a condition with entityname comes after the join", () => {
    const none =
      '<filter><condition entityname="a" attribute="accountid" operator="null"/></filter>';
    expect(cases(none + account("outer", isContoso))).toEqual([3, 4, 5, 6, 7, 8]);
    const other =
      '<filter><condition attribute="ownerid" operator="eq" valueof="a.ownerid"/></filter>';
    expect(cases(other + account("inner", ""))).toEqual([1]);
  });

  test("an inner join below an outer one narrows only the outer side", () => {
    const owner =
      '<link-entity name="systemuser" from="systemuserid" to="ownerid" alias="u"><attribute name="fullname"/></link-entity>';
    expect(cases(account("outer", name + owner), "a.name")).toEqual([
      [1, "Contoso"],
      [2, "Contoso"],
      [3, "Fabrikam"],
      ...[4, 5, 6, 7, 8].map((one) => [one, null]),
    ]);
    expect(cases(account("inner", owner), "u.fullname")).toEqual([
      [1, "Ada"],
      [2, "Ada"],
      [3, "Bob"],
    ]);
  });

  test("exists and in filter without columns or repeated rows", () => {
    const children = (type: string) =>
      `<link-entity name="incident" from="parentcaseid" to="incidentid" link-type="${type}"/>`;
    expect(cases(children("exists"))).toEqual([1, 6]);
    expect(cases(children("in"))).toEqual([1, 6]);
    const account = (inside: string) =>
      emulator
        .rows(
          `<fetch><entity name="account"><attribute name="name"/>${inside}</entity></fetch>`,
          "",
        )
        .map((row) => row.name ?? null);
    const link = (type: string, inside = "") =>
      `<link-entity name="incident" from="customerid" to="accountid" link-type="${type}" alias="i">${inside}</link-entity>`;
    expect(account(link("exists"))).toEqual(["Contoso", "Fabrikam", "Ålpha", null]);
    expect(account(link("inner"))).toHaveLength(5);
    expect(account(link("matchfirstrowusingcrossapply"))).toHaveLength(4);
  });

  test("any, not any, all and not all test related rows inside a filter", () => {
    const accounts = (type: string, filterType = "and", more = "") =>
      emulator
        .rows(
          `<fetch><entity name="account"><attribute name="accountid"/><order attribute="accountid"/><filter type="${filterType}">${more}<link-entity name="incident" from="customerid" to="accountid" link-type="${type}"><filter><condition attribute="statecode" operator="eq" value="0"/></filter></link-entity></filter></entity></fetch>`,
          "",
        )
        .map((row) => Number(String(row.accountid).slice(-1)));
    expect(accounts("any")).toEqual([1, 2, 3]);
    expect(accounts("not all")).toEqual([1, 2, 3]);
    expect(accounts("not any")).toEqual([4]);
    // Related rows exist and none of them matches.
    expect(accounts("all")).toEqual([4]);
    const isFirst = `<condition attribute="accountid" operator="eq" value="${id(2, 1)}"/>`;
    expect(accounts("not any", "or", isFirst)).toEqual([1, 4]);
  });

  test("an intersect table joins many to many", () => {
    const rows = emulator.rows(
      `<fetch><entity name="systemuser"><attribute name="fullname"/><order attribute="fullname"/><link-entity name="teammembership" from="systemuserid" to="systemuserid" intersect="true"><link-entity name="team" from="teamid" to="teamid" alias="t"><attribute name="name"/></link-entity></link-entity></entity></fetch>`,
    );
    expect(rows.map((row) => [row.fullname, row["t.name"]])).toEqual([
      ["Ada", "Service"],
      ["Bob", "Service"],
    ]);
    const guessed = emulator.rows(
      '<fetch><entity name="systemuser"><attribute name="fullname"/><link-entity name="teammembership" intersect="true"/></entity></fetch>',
    );
    expect(guessed).toHaveLength(2);
  });
});

describe("rows", () => {
  test("have their annotations before each value, and no property for NULL", () => {
    const [row] = emulator.rows(
      `<fetch><entity name="incident"><attribute name="title"/><attribute name="customerid"/><attribute name="productid"/><attribute name="statecode" alias="state"/><filter><condition attribute="incidentid" operator="eq" value="${id(1, 1)}"/></filter>${account("outer", '<attribute name="ownerid"/><attribute name="revenue" alias="money"/><attribute name="parentaccountid"/>')}</entity></fetch>`,
    );
    expect(Object.entries(row!)).toEqual([
      ["@odata.etag", expect.stringMatching(/^W\/"\d+"$/)],
      ["title", "Broken fan"],
      [`_customerid_value${LOOKUP_TABLE}`, "account"],
      ["_customerid_value", id(2, 1)],
      ["state@OData.Community.Display.V1.AttributeName", "statecode"],
      [`state${FORMATTED}`, "Active"],
      ["state", 0],
      ["incidentid", id(1, 1)],
      ["a.ownerid@OData.Community.Display.V1.AttributeName", "ownerid"],
      [`a.ownerid${FORMATTED}`, "Ada"],
      [`a.ownerid${LOOKUP_TABLE}`, "systemuser"],
      ["a.ownerid", id(3, 1)],
      ["money@OData.Community.Display.V1.AttributeName", "revenue"],
      [`money${FORMATTED}`, "~100.5"],
      ["money", 100.5],
    ]);
  });

  test("hold every column when none is named, and only the key when a link names some", () => {
    const [all] = emulator.rows('<fetch top="1"><entity name="incident"/></fetch>');
    expect(all).toMatchObject({ title: "Broken fan", isescalated: true, statuscode: 1 });
    const [some] = emulator.rows(
      `<fetch top="1"><entity name="incident">${account("inner", "<all-attributes/>")}</entity></fetch>`,
      "",
    );
    expect(some).toMatchObject({
      incidentid: id(1, 1),
      "a.accountid": id(2, 1),
      "a.name": "Contoso",
    });
    expect(some).not.toHaveProperty("title");
  });

  test("show a lookup when its name is asked for", () => {
    const [row] = emulator.rows(
      '<fetch top="1"><entity name="incident"><attribute name="customeridname"/></entity></fetch>',
    );
    expect(row).toMatchObject({ _customerid_value: id(2, 1) });
  });

  test("count their children in a hierarchy", () => {
    const [row] = emulator.rows(
      '<fetch top="1"><entity name="account"><attribute name="accountid" alias="below" rowaggregate="CountChildren"/><order attribute="accountid"/></entity></fetch>',
    );
    expect(row).toMatchObject({ below: 1 });
  });

  test("are distinct by folded text, and have no etag then", () => {
    const rows = emulator.rows(
      '<fetch distinct="true"><entity name="incident"><attribute name="title"/><order attribute="title"/><filter><condition attribute="title" operator="like" value="b%"/></filter></entity></fetch>',
    );
    expect(rows).toEqual([{ title: "Broken fan" }]);
  });
});

describe("security", () => {
  test("filters the root and every linked table inside the query", async () => {
    const seen: string[] = [];
    const secured = await openFetch({
      security: {
        demand: (_principal, right, table) => {
          seen.push(`${right} ${table}`);
        },
        rowFilter: (_principal, _right, table, alias) =>
          table === "account"
            ? { sql: `${alias}."name" = ? OR 0`, parameters: ["Contoso"] }
            : table === "incident"
              ? { sql: `${alias}."incidentid" <> ?`, parameters: [id(1, 2)] }
              : undefined,
      },
    });
    fillSmall(secured);
    const read = (body: string) =>
      secured
        .rows(
          `<fetch><entity name="incident"><attribute name="incidentid"/>${body}</entity></fetch>`,
        )
        .map((row) => [Number(String(row.incidentid).slice(-1)), row["a.name"]]);
    expect(read(account("outer", name))).toEqual(
      [1, 3, 4, 5, 6, 7, 8].map((one) => [one, one === 1 ? "Contoso" : undefined]),
    );
    expect(read(account("inner", name))).toEqual([[1, "Contoso"]]);
    expect(read(account("exists", "", ""))).toEqual([[1, undefined]]);
    expect(read(account("matchfirstrowusingcrossapply", name))).toEqual([[1, "Contoso"]]);
    expect(read(`<filter>${account("not any", "", "")}</filter>`)).toHaveLength(6);
    const count = secured.rows(
      '<fetch aggregate="true"><entity name="incident"><attribute name="incidentid" alias="n" aggregate="count"/></entity></fetch>',
      "",
    );
    expect(count).toEqual([{ n: 7 }]);
    expect(new Set(seen)).toEqual(new Set(["Read incident", "Read account"]));
  });
});
