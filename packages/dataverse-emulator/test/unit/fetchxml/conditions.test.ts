import { beforeAll, describe, expect, test } from "@jest/globals";
import { type Fetch, fillSmall, id, openFetch } from "./support";

let emulator: Fetch;
beforeAll(async () => {
  emulator = await openFetch();
  fillSmall(emulator);
});

/** Numbers of the cases that a condition keeps. */
function keeps(attributes: string, body = ""): number[] {
  const condition = `<condition ${attributes}>${body}</condition>`;
  return emulator
    .rows(
      `<fetch><entity name="incident"><attribute name="incidentid"/><order attribute="incidentid"/><filter>${condition}</filter></entity></fetch>`,
      "",
    )
    .map((row) => Number(String(row.incidentid).slice(-2)));
}

const value = (...texts: string[]) => texts.map((text) => `<value>${text}</value>`).join("");

describe("comparisons", () => {
  test.each<[string, string, number[]]>([
    ['attribute="title" operator="eq" value="BROKEN fan"', "", [1, 2]],
    ['attribute="title" operator="eq" value="cafe 100%  "', "", [3]],
    ['attribute="prioritycode" operator="eq" value="1"', "", [1, 5]],
    ['attribute="prioritycode" operator="ne" value="1"', "", [2, 3, 4, 6, 7, 8]],
    ['attribute="prioritycode" operator="neq" value="1"', "", [2, 3, 4, 6, 7, 8]],
    ['attribute="prioritycode" operator="gt" value="1"', "", [2, 3, 6]],
    ['attribute="prioritycode" operator="null"', "", [4, 7, 8]],
    ['attribute="prioritycode" operator="not-null"', "", [1, 2, 3, 5, 6]],
    ['attribute="prioritycode" operator="in"', value("1", "3"), [1, 3, 5]],
    ['attribute="prioritycode" operator="not-in"', value("1", "3"), [2, 4, 6, 7, 8]],
    ['attribute="numberofchildincidents" operator="between"', value("3", "4"), [2, 5]],
    ['attribute="numberofchildincidents" operator="not-between"', value("3", "4"), [1]],
    ['attribute="isescalated" operator="eq" value="true"', "", [1]],
    ['attribute="isescalated" operator="ne" value="1"', "", [2, 3, 4, 5, 6, 7, 8]],
    [`attribute="incidentid" operator="eq" value="{${id(1, 3).toUpperCase()}}"`, "", [3]],
    ['attribute="title" operator="ge" value="no"', "", [6, 7, 8]],
  ])("%s", (attributes, body, expected) => {
    expect(keeps(attributes, body)).toEqual(expected);
  });
});

describe("patterns", () => {
  test.each<[string, string, number[]]>([
    ["like", "broken%", [1, 2]],
    ["not-like", "broken%", [3, 4, 5, 6, 7, 8]],
    ["like", "%fan", [1]],
    ["like", "%[%]", [3]],
    ["like", "[[]x]%", [5]],
    ["like", "[a-c]%", [1, 2, 3]],
    ["like", "[^a-c]%", [5, 6, 7, 8]],
    ["like", "no[_]%", [6]],
    ["like", "no_s%", [6]],
    ["like", "%*", [5]],
    ["like", "%?", [7]],
    ["like", "CAFÉ%", [3]],
    ["begins-with", "[x", [5]],
    ["not-begin-with", "[x", [1, 2, 3, 4, 6, 7, 8]],
    ["ends-with", "00%", [3]],
    ["not-end-with", "00%", [1, 2, 4, 5, 6, 7, 8]],
  ])("%s %s", (operator, pattern, expected) => {
    expect(keeps(`attribute="title" operator="${operator}" value="${pattern}"`)).toEqual(expected);
  });
});

describe("computed columns", () => {
  test.each<[string, string, number[]]>([
    ['attribute="customeridname" operator="eq" value="contoso"', "", [1, 2]],
    ['attribute="customeridname" operator="like" value="%a%"', "", [3, 6]],
    ['attribute="customeridname" operator="null"', "", [7, 8]],
    ['attribute="customeridtype" operator="eq" value="2"', "", [4, 5]],
    ['attribute="customeridtype" operator="in"', value("1", "contact"), [1, 2, 3, 4, 5, 6, 7]],
    ['attribute="customeridtype" operator="ne" value="account"', "", [4, 5, 8]],
    ['attribute="owneridname" operator="eq" value="service"', "", [3]],
    ['attribute="statecodename" operator="eq" value="resolved"', "", [2, 7]],
    ['attribute="isescalatedname" operator="eq" value="yes"', "", [1]],
  ])("%s", (attributes, body, expected) => {
    expect(keeps(attributes, body)).toEqual(expected);
  });
});

describe("times", () => {
  const values = (...texts: string[]) => value(...texts);
  test.each<[string, string, number[]]>([
    ['operator="today"', "", [1]],
    ['operator="yesterday"', "", [2]],
    ['operator="tomorrow"', "", [7]],
    ['operator="on" value="2026-06-16"', "", [2]],
    ['operator="on-or-before" value="2026-01-01"', "", [5, 6]],
    ['operator="on-or-after" value="2026-06-17"', "", [1, 7]],
    ['operator="ge" value="2026-06-17T11:00:00+02:00"', "", [1, 7]],
    ['operator="gt" value="2026-06-17T08:59:59.500Z"', "", [1, 7]],
    ['operator="lt" value="2025-12-31T23:59:59.500Z"', "", [6]],
    ['operator="last-x-hours" value="12"', "", [1]],
    ['operator="last-x-hours" value="13"', "", [1, 2]],
    ['operator="last-x-days" value="7"', "", [1, 2, 3]],
    ['operator="last-seven-days"', "", [1, 2, 3]],
    ['operator="next-x-days" value="1"', "", [7]],
    ['operator="this-week"', "", [1, 2, 7]],
    ['operator="last-week"', "", [3]],
    ['operator="this-month"', "", [1, 2, 3, 7]],
    ['operator="last-month"', "", [4]],
    ['operator="last-x-months" value="1"', "", [1, 2, 3, 4]],
    ['operator="this-year"', "", [1, 2, 3, 4, 5, 7]],
    ['operator="last-year"', "", [6]],
    ['operator="olderthan-x-months" value="5"', "", [5, 6]],
    ['operator="olderthan-x-hours" value="12"', "", [2, 3, 4, 5, 6]],
    ['operator="this-fiscal-period"', "", [1, 2, 3, 4, 7]],
    ['operator="last-x-fiscal-periods" value="1"', "", [5]],
    ['operator="in-fiscal-year" value="2025"', "", [6]],
    ['operator="in-fiscal-period" value="4"', "", [6]],
    ['operator="in-fiscal-period-and-year"', values("1", "2026"), [5]],
    ['operator="in-or-before-fiscal-period-and-year"', values("1", "2026"), [5, 6]],
    ['operator="last-x-years" value="1000000000"', "", [1, 2, 3, 4, 5, 6]],
  ])("%s", (attributes, body, expected) => {
    expect(keeps(`attribute="createdon" ${attributes}`, body)).toEqual(expected);
  });
});

describe("who asks, and hierarchies", () => {
  test.each<[string, number[]]>([
    ['attribute="ownerid" operator="eq-userid"', [1, 5]],
    ['attribute="ownerid" operator="ne-userid"', [2, 3, 4, 6, 7, 8]],
    ['attribute="ownerid" operator="eq-userteams"', [3]],
    ['attribute="ownerid" operator="eq-useroruserteams"', [1, 3, 5]],
    ['attribute="ownerid" operator="eq-useroruserhierarchy"', [1, 2, 4, 5]],
    ['attribute="ownerid" operator="eq-useroruserhierarchyandteams"', [1, 2, 3, 4, 5]],
    [`attribute="incidentid" operator="under" value="${id(1, 1)}"`, [6, 7]],
    [`attribute="incidentid" operator="eq-or-under" value="${id(1, 6)}"`, [6, 7]],
    [`attribute="incidentid" operator="not-under" value="${id(1, 1)}"`, [1, 2, 3, 4, 5, 8]],
    [`attribute="incidentid" operator="above" value="${id(1, 7)}"`, [1, 6]],
    [`attribute="incidentid" operator="eq-or-above" value="${id(1, 6)}"`, [1, 6]],
    ['attribute="statuscode" operator="eq" valueof="prioritycode"', [1, 5]],
    ['attribute="statuscode" operator="ne" valueof="prioritycode"', [2, 3, 4, 6, 7, 8]],
    ['attribute="statuscode" operator="gt" valueof="prioritycode"', [2]],
  ])("%s", (attributes, expected) => {
    expect(keeps(attributes)).toEqual(expected);
  });
});

test("several choices are found whatever their order", () => {
  const { catalog, db, insert } = emulator;
  // Accounts have none, so one is added to the definition in memory.
  const account = catalog.byName("account")!;
  const column = { ...account.attribute("preferredcontactmethodcode")!, logicalName: "topics" };
  catalog.change((change) =>
    change.putAttribute("account", {
      ...column,
      schemaName: "Topics",
      type: "MultiSelectPicklist",
    }),
  );
  db.exec('ALTER TABLE "account" ADD COLUMN "topics" TEXT');
  insert("account", [
    { accountid: id(2, 91), name: "m1", topics: ",1,3," },
    { accountid: id(2, 92), name: "m2", topics: ",13," },
    { accountid: id(2, 93), name: "m3", topics: null },
  ]);
  const names = (condition: string) =>
    emulator
      .rows(
        `<fetch><entity name="account"><attribute name="name"/><order attribute="name"/><filter><condition attribute="name" operator="like" value="m_"/>${condition}</filter></entity></fetch>`,
        "",
      )
      .map((row) => row.name);
  const choice = (operator: string, ...texts: string[]) =>
    names(`<condition attribute="topics" operator="${operator}">${value(...texts)}</condition>`);
  expect(choice("contain-values", "3", "2")).toEqual(["m1"]);
  expect(choice("not-contain-values", "3")).toEqual(["m2", "m3"]);
  expect(choice("eq", "3,1")).toEqual(["m1"]);
  expect(choice("ne", "3,1")).toEqual(["m2", "m3"]);
});
