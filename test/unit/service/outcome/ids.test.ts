import { afterEach, describe, expect, jest, test } from "@jest/globals";
import { readGuid } from "../../../../shared/dataverse/odata-literal";
import { derivedId } from "../../../../shared/service/outcome/derived-id";
import { UnclearCreations, wishOf } from "../../../../shared/service/outcome/unclear-creations";

describe("an id that comes from what is created", () => {
  test("is the same for the same parts, and a GUID of version 8", () => {
    const id = derivedId("draft", "a case", "0");
    expect(derivedId("draft", "a case", "0")).toBe(id);
    expect(readGuid(id)).toBe(id);
    expect(id).toMatch(/^.{14}8.{4}[89ab]/);
  });

  test("differs with each part, however they are cut", () => {
    const ids = [["a", "b"], ["ab"], ["a", "b", ""], ["", "ab"], ["b", "a"], ['a","b']].map(
      (parts) => derivedId(...parts),
    );
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe("creations that were left open", () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  test("give the same wish the same id until it is settled", () => {
    const unclear = new UnclearCreations();
    const wish = wishOf("here", "me", "create_record", ["task", { subject: "Call back" }]);
    expect(unclear.recall(wish)).toBeUndefined();
    unclear.keep(wish, "an id");
    expect(unclear.recall(wish)).toBe("an id");
    for (const other of [
      wishOf("there", "me", "create_record", ["task", { subject: "Call back" }]),
      wishOf("here", "you", "create_record", ["task", { subject: "Call back" }]),
      wishOf("here", "me", "create_record", ["task", { subject: "Call" }]),
    ])
      expect(unclear.recall(other)).toBeUndefined();
    unclear.forget(wish);
    expect(unclear.recall(wish)).toBeUndefined();
  });

  test("are kept for half an hour, the newest thousand of them", () => {
    const unclear = new UnclearCreations();
    for (let at = 0; at < 1_001; at += 1) unclear.keep(`wish ${at}`, `id ${at}`);
    expect([unclear.recall("wish 0"), unclear.recall("wish 1")]).toEqual([undefined, "id 1"]);
    const now = performance.now();
    jest.spyOn(performance, "now").mockReturnValue(now + 31 * 60_000);
    expect(unclear.recall("wish 1")).toBeUndefined();
  });
});
