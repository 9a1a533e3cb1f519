import { describe, expect, test } from "@jest/globals";
import { readEtag } from "../../../../shared/service/record/etag";
import { checkState } from "../../../../shared/service/record/values/state-rules";
import { columnKinds } from "../../../../shared/service/schema/column-bodies";
import { schemaName } from "../../../../shared/service/schema/schema-name";
import { incident } from "../tables";

describe("a schema name", () => {
  test.each([
    ["Bank Account", "new_Bank_Account"],
    ["new_Thing", "new_Thing"],
    ["Größe (cm)", "new_Gro_e_cm"],
    ["2nd", "new_2nd"],
  ])("is made from %s", (name, expected) => {
    expect(schemaName(name, "new")).toBe(expected);
  });

  test.each(["", "  ", "!!!", "日本"])("cannot be made from %j", (name) => {
    expect(schemaName(name, "new")).toBeUndefined();
  });
});

test("there are 23 type words", () => {
  expect(Object.keys(columnKinds)).toHaveLength(23);
});

describe("a version", () => {
  test.each(['W/"12"', '"12"', "12", " 12 "])("%s is read", (text) => {
    expect(readEtag(text)).toBe('W/"12"');
  });
  test.each(["", "*", 'W/"a"', "12\r\nX: y", "W/12, W/13"])("%j is refused", (text) => {
    expect(() => readEtag(text)).toThrow(/no version/);
  });
});

describe("state and status reason", () => {
  test("a reason of another state brings its state along", () => {
    expect(checkState(incident, { statuscode: 6 }, "update")).toEqual({
      after: undefined,
      body: { statecode: 2, statuscode: 6 },
      problems: [],
    });
  });
  test("a reason that does not fit its state is refused with those that do", () => {
    const { problems } = checkState(incident, { statecode: 0, statuscode: 6 }, "update");
    expect(problems[0]).toMatch(/does not belong.*"In Progress" \(1\)/);
  });
  test.each([{ statecode: 1 }, { statuscode: 5 }])("%j points at resolve_incident", (body) => {
    expect(checkState(incident, body, "update").problems.join()).toMatch(/resolve_incident/);
  });
});
