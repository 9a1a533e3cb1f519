import { describe, expect, test } from "@jest/globals";
import { readScalar } from "../../../../../shared/service/record/values/scalar-values";
import { column } from "../../tables";

const colours = column("colours", "MultiSelectPicklist", {
  options: [
    { value: 1, label: "Red" },
    { value: 2, label: "Blue, dark" },
    { value: 3, label: "Green" },
  ],
});
const priority = column("priority", "Picklist", { options: colours.options ?? [] });
const text = column("title", "String", { maxLength: 5 });
const whole = column("count", "Integer", { minValue: 0, maxValue: 10 });
const money = column("amount", "Money", { minValue: -5, maxValue: 5 });
const flag = column("flag", "Boolean", {
  options: [
    { value: 1, label: "Granted" },
    { value: 0, label: "Denied" },
  ],
});
const moment = column("when", "DateTime", { dateTimeBehavior: "UserLocal" });
const day = column("day", "DateTime", { dateTimeBehavior: "DateOnly", format: "DateOnly" });
const localDay = column("day", "DateTime", { dateTimeBehavior: "UserLocal", format: "DateOnly" });
const guid = column("key", "Uniqueidentifier");

describe("a value is understood", () => {
  test.each([
    [text, "abc", "abc"],
    [text, 12, "12"],
    [whole, 7, 7],
    [whole, " 7 ", 7],
    [money, "2.5", 2.5],
    [flag, true, true],
    [flag, 0, false],
    [flag, "yes", true],
    [flag, "denied", false],
    [priority, 3, 3],
    [priority, "3", 3],
    [priority, " GREEN ", 3],
    [priority, "Blue, dark", 2],
    [colours, "1,3", "1,3"],
    [colours, "red, green", "1,3"],
    [colours, [1, "Blue, dark", 1], "1,2"],
    [colours, "Blue, dark", "2"],
    [colours, 3, "3"],
    [colours, [], null],
    [moment, "2026-01-31T14:00:00Z", "2026-01-31T14:00:00Z"],
    [moment, "2026-01-31T14:00:00.1234567+02:00", "2026-01-31T12:00:00Z"],
    [moment, "2026-01-31 14:00-0530", "2026-01-31T19:30:00Z"],
    [moment, "2026-01-31T14:00", "2026-01-31T14:00:00Z"],
    [moment, "2026-01-31", "2026-01-31T00:00:00Z"],
    [moment, { $kind: "DateTime", value: "2026-01-31" }, "2026-01-31T00:00:00Z"],
    [day, "2024-02-29", "2024-02-29"],
    [day, "2026-01-31T23:30:00-05:00", "2026-01-31"],
    [localDay, "2026-01-31", "2026-01-31T00:00:00Z"],
    [guid, "{5F3C1A52-0000-4000-8000-0123456789AB}", "5f3c1a52-0000-4000-8000-0123456789ab"],
  ])("$#: %j", (target, value, expected) => {
    expect(readScalar(target, value)).toEqual({ value: expected });
  });
});

describe("a value is refused in words", () => {
  test.each([
    [text, "abcdef", /6 characters; at most 5/],
    [text, {}, /takes text/],
    [text, ["a"], /takes text/],
    [text, "a\u0000b", /control characters/],
    [text, "a\ud800", /halves of characters/],
    [whole, 11, /outside 0 to 10/],
    [whole, 1.5, /whole number/],
    [whole, "1e400", /takes a number/],
    [whole, "0x10", /takes a number/],
    [whole, "", /takes a number/],
    [whole, true, /takes a number/],
    [money, "1,000", /takes a number/],
    [money, -6, /outside -5 to 5/],
    [flag, "maybe", /neither true nor false.*"Granted" \(1\)/],
    [priority, "Urgent", /not an option. Options: ."Red" \(1\), "Blue, dark" \(2\), "Green" \(3\)/],
    [priority, 99, /not an option/],
    [priority, null, /not an option/],
    [priority, "1; DROP TABLE incident", /not an option/],
    [colours, "1,99", /99/],
    [colours, [{}], /not among its options/],
    [moment, "2026-02-30", /no date/],
    [moment, "tomorrow", /no date. Write 2026-01-31T14:00:00Z/],
    [moment, "2026-01-31T25:00:00Z", /no date/],
    [moment, "01/31/2026", /no date/],
    [moment, "0001-01-01", /no date/],
    [moment, 1_700_000_000, /no date/],
    [day, "2026-13-01", /no date. Write 2026-01-31\./],
    [guid, "12", /takes a GUID/],
    [column("doc", "File"), "x", /cannot be written/],
  ])("$#: %j", (target, value, words) => {
    const read = readScalar(target, value);
    expect("problem" in read ? read.problem : "accepted").toMatch(words);
  });

  test("and a long value is quoted only in part", () => {
    const read = readScalar(priority, "x".repeat(100_000));
    expect(JSON.stringify(read).length).toBeLessThan(300);
  });
});
