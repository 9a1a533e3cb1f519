import { expect, test } from "@jest/globals";
import { recordJson } from "../../../shared/text/records/record-text";
import { recordObjects } from "../../../shared/text/records/row-text";

test("rows keep the order of the query's columns, those that are called by numbers as well", () => {
  const rows = [
    { "1": "a", b: null, "0": 2 },
    { b: 'x"\u202e', "0": 3 },
  ];
  expect(recordObjects(["1", "b", "0"], rows).replace(/^[^[]*/, "")).toBe(
    '[{"1":"a","b":null,"0":2},{"b":"x\\"\\u202e","0":3}]',
  );
  const plain = [{ b: 1, a: "x" }];
  expect(recordObjects(["b", "a"], plain)).toBe(recordJson(plain));
});
