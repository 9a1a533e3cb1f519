import { describe, expect, test } from "@jest/globals";
import type { Column, Row } from "../../../../../shared/dataverse";
import {
  comparedProperties,
  compareRow,
} from "../../../../../shared/service/record/write/compare-row";
import { column, incident, tableOf } from "../../tables";

const id = "5f3c1a52-0000-4000-8000-0123456789ab";
const other = "5f3c1a52-0000-4000-8000-000000000000";

describe("a row compared with what was written", () => {
  test.each([
    ["String", {}, "The router drops", "The router drops ", "The router"],
    ["Memo", {}, "One\nTwo", "One\r\nTwo", "One\nThree"],
    ["Memo", {}, "<p>One</p>", "<div><p>One</p></div>", "<p>Two</p>"],
    ["String", {}, "", null, "x"],
    ["Memo", {}, null, undefined, "x"],
    ["Integer", {}, 15, 15, 16],
    ["Picklist", {}, 1, 1, null],
    ["Boolean", {}, false, false, true],
    ["Money", { precision: 2 }, 10.005, 10.01, 10.02],
    ["Decimal", {}, 1 / 3, 0.3333, 0.333],
    ["DateTime", {}, "2026-05-04T08:00:00Z", "2026-05-04T08:00:00Z", "2026-05-04T08:00:01Z"],
    ["DateTime", {}, "2026-05-04", "2026-05-04", "2026-05-05"],
    ["MultiSelectPicklist", {}, "3,1", "1,3", "1"],
    ["Uniqueidentifier", {}, id, id.toUpperCase(), other],
  ] as const)("%s %j: %j stands as %j and not as %j", (type, more, wanted, same, different) => {
    const table = tableOf("thing", [column("value", type as Column["type"], more)]);
    const against = (value: unknown) => compareRow(table, { value: wanted }, { value });
    expect(against(same)).toEqual({ same: ["value"], different: [] });
    expect(against(different)).toEqual({ same: [], different: ["value"] });
  });

  test("finds lookups by the way that was taken, set or cleared", () => {
    const bound: Row = { "customerid_contact@odata.bind": `/contacts(${id})` };
    const cleared: Row = { "customerid_account@odata.bind": null };
    expect(comparedProperties(incident, { ...bound, title: "x" })).toContain("_customerid_value");
    for (const [body, value, stands] of [
      [bound, id, true],
      [bound, other, false],
      [bound, null, false],
      [cleared, null, true],
      [cleared, id, false],
    ] as const) {
      const { same } = compareRow(incident, body, { _customerid_value: value });
      expect([body, value, same.includes("customerid")]).toEqual([body, value, stands]);
    }
  });

  test("says nothing of what cannot be read back", () => {
    const table = tableOf("thing", [
      column("picture", "Image"),
      column("secret", "String", { canRead: false }),
      column("to", "PartyList"),
    ]);
    const body = { picture: "AA==", secret: "x", thing_activity_parties: [{}], unheard: 1 };
    expect(comparedProperties(table, body)).toEqual([]);
    expect(compareRow(table, body, {})).toEqual({ same: [], different: [] });
  });
});
