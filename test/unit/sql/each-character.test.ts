import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { collate, foldText } from "../../../shared/sql/types/collation/collation";
import { eachCharacter } from "../../../shared/sql/types/collation/each-character";
import { searchable, withoutCase } from "../../../shared/sql/types/collation/search-fold";

const aligned = searchable(undefined);
const anyText = fc.string({ unit: "grapheme", maxLength: 60 });
const halves = fc.constantFrom(
  "\ud800",
  "\udc00",
  "\uffff",
  "ß",
  "İ",
  "ﬁ",
  "각",
  "Å",
  "𝐀",
  "𐐀",
  "e\u0301",
);
const oddText = fc
  .array(fc.oneof(anyText, halves), { maxLength: 12 })
  .map((parts) => parts.join(""));

test("replaces each character by any number of others", () => {
  const twice = eachCharacter((one) => one + one);
  const none = eachCharacter(() => "");
  fc.assert(
    fc.property(oddText, (text) => {
      expect(twice(text)).toBe(Array.from(text, (one) => one + one).join(""));
      expect(none(text)).toBe("");
    }),
  );
});

test("folds as a text does that is decomposed as a whole", () => {
  fc.assert(
    fc.property(oddText, (text) => {
      const whole = text.normalize("NFKD").replaceAll(/\p{M}/gu, "").toLowerCase();
      expect(foldText(text)).toBe(whole);
    }),
  );
  expect(collate("STRAẞE  ")).toBe(collate("strasse"));
});

test("keeps the length where positions count", () => {
  fc.assert(
    fc.property(oddText, (text) => {
      expect(withoutCase(text)).toHaveLength(text.length);
      expect(aligned(text)).toHaveLength(text.length);
    }),
  );
});

test("costs as much whatever the text is made of", () => {
  const cpu = (text: string) => {
    let least = Number.POSITIVE_INFINITY;
    for (let round = 0; round < 5; round++) {
      const before = process.cpuUsage();
      foldText(text);
      aligned(text);
      const { user, system } = process.cpuUsage(before);
      least = Math.min(least, user + system);
    }
    return least;
  };
  const length = 100_000;
  // A peer of the same moment: decomposing natively is the least that such a text takes.
  const peer = (() => {
    const before = process.cpuUsage();
    for (let round = 0; round < 5; round++) "é".repeat(length).normalize("NFKD").toLowerCase();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 5;
  })();
  for (const unit of ["é", "İ", "日", "각", "ß"])
    expect(cpu(unit.repeat(length))).toBeLessThan(12 * peer + 10_000);
});
