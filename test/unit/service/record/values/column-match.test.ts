import { describe, expect, test } from "@jest/globals";
import { matchColumn } from "../../../../../shared/service/record/lookups/column-match";
import { incident } from "../../tables";

describe("a key of item", () => {
  test.each([
    ["prioritycode", "prioritycode"],
    ["PriorityCode", "prioritycode"],
    ["Priority", "prioritycode"],
    ["case title", "title"],
    ["_customerid_value", "customerid"],
    ["customerid@odata.bind", "customerid"],
    ["CUSTOMERID_ACCOUNT@OData.Bind", "customerid"],
    ["customerid_contact", "customerid"],
  ])("%s means %s", (key, name) => {
    const match = matchColumn(incident, key);
    expect("column" in match ? match.column.logicalName : match.problem).toBe(name);
  });

  test("that is a navigation property names its target, in the case of the metadata", () => {
    expect(matchColumn(incident, "CustomerId_Contact@odata.bind")).toMatchObject({
      isBind: true,
      navigation: { target: "contact", property: "customerid_contact" },
    });
  });

  test.each([
    ["priortycode", /not a column of incident. Did you mean prioritycode/],
    ["priority_code", /Did you mean prioritycode/],
    ["customeridname", /computed from customerid/],
    ["title@OData.Community.Display.V1.FormattedValue", /annotations cannot be written/],
    ["@odata.type", /annotations/],
    ["__proto__", /not a column/],
    ["constructor", /not a column/],
    ["", /not a column/],
    ["'; DROP TABLE incident; --", /not a column/],
    ["x".repeat(100_000), /not a column/],
  ])("%.40s is refused with what is near", (key, words) => {
    const match = matchColumn(incident, key);
    expect("problem" in match ? match.problem : "accepted").toMatch(words);
    expect(JSON.stringify(match).length).toBeLessThan(300);
  });
});
