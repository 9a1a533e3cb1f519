import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import {
  escapeHidden,
  withoutHidden,
  withoutHiddenInside,
} from "../../../shared/text/records/hidden-characters";

/** Every character that must never pass where nothing needs it, written out and not taken from the code under test. */
const ranges: readonly (readonly [number, number])[] = [
  [0x00, 0x08],
  [0x0b, 0x0c],
  [0x0e, 0x1f],
  [0x7f, 0x9f],
  [0xad, 0xad],
  [0x34f, 0x34f],
  [0x61c, 0x61c],
  [0x115f, 0x1160],
  [0x17b4, 0x17b5],
  [0x180b, 0x180f],
  [0x200b, 0x200f],
  [0x2028, 0x202e],
  [0x2060, 0x206f],
  [0x3164, 0x3164],
  [0xfdd0, 0xfdef],
  [0xfe00, 0xfe0f],
  [0xfeff, 0xfeff],
  [0xffa0, 0xffa0],
  [0xfff9, 0xfffb],
  [0xfffe, 0xffff],
  [0x1d173, 0x1d17a],
  [0xe0000, 0xe01ef],
];
const all = ranges.flatMap(([from, to]) =>
  Array.from({ length: to - from + 1 }, (_, index) => String.fromCodePoint(from + index)),
);

describe("what is not seen", () => {
  test("goes, each of it, wherever it stands among Latin letters", () => {
    const passed = all.filter((each) => withoutHidden(`a${each}b ${each}${each}`) !== "ab ");
    expect(passed.map((each) => each.codePointAt(0)?.toString(16))).toEqual([]);
  });

  test("is written as an escape in JSON, which means the same", () => {
    const value = { text: all.join("-"), more: ["\u202e"] };
    const json = escapeHidden(JSON.stringify(value));
    expect(withoutHidden(json)).toBe(json);
    expect(json).toContain("\\u202e");
    expect(JSON.parse(json)).toEqual(value);
  });

  test("goes out of the texts and the keys inside of a value, and nothing else changes", () => {
    expect(
      withoutHiddenInside({ "na\u200bme": ["x\u202ey", 1, null, { deep: "\u{E0041}" }], is: true }),
    ).toEqual({ name: ["xy", 1, null, { deep: "" }], is: true });
  });

  test.each([
    ["an order in tags behind an emoji", "😀\u{E0069}\u{E0067}\u{E006E}\u{E006F}", "😀"],
    ["bytes in variation selectors", "😀\ufe0f\ufe0e\ufe0f\u{E0101}", "😀\ufe0f"],
    ["a flag with other words behind it", "🏴\u{E0067}\u{E0062}\u{E0078}\u{E007F}", "🏴"],
    ["joiners in a row", "👩\u200d\u200d💻", "👩💻"],
    ["a joiner behind a selector that belongs to nothing", "a\ufe0f\u200d💻", "a💻"],
    ["a non-joiner between Latin letters", "pass\u200cword", "password"],
    ["the end of an ANSI escape stays to be seen", "\u001b[31mred\u009b0m", "[31mred0m"],
  ])("%s", (_, text, shown) => {
    expect(withoutHidden(text)).toBe(shown);
  });
});

test.each([
  ["a family", "👨‍👩‍👧‍👦"],
  ["a profession with a colour of skin", "👩🏽‍💻"],
  ["a heart on fire", "❤️‍🔥"],
  ["a rainbow flag", "🏳️‍🌈"],
  ["the flag of Scotland", "🏴󠁧󠁢󠁳󠁣󠁴󠁿!"],
  ["a keycap", "1️⃣ #️⃣"],
  ["Persian", "می‌خواهم نامه‌ای"],
  ["Hindi with both joiners", "क्‍ष क्‌ष"],
  ["Sinhala", "ශ්‍රී ලංකා"],
  ["a Japanese name with a variant of its sign", "葛\u{E0100}城"],
  ["Arabic and Hebrew", "السلام عليكم שלום"],
  ["tabs and line breaks", "a\tb\r\nc"],
])("%s stays as it is written", (_, text) => {
  expect(withoutHidden(text)).toBe(text);
  expect(escapeHidden(text)).toBe(text);
});

test("what was made visible once stays so", () => {
  const parts = [...all, "a", " ", "😀", "🏴", "م", "葛", "1", "\u20e3", "\u200d", "\ufe0f"];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...parts), { maxLength: 12 }), (some) => {
      const once = withoutHidden(some.join(""));
      expect(withoutHidden(once)).toBe(once);
    }),
    { numRuns: 500, seed: 7 },
  );
});
