import { describe, expect, test } from "@jest/globals";
import { pageLanguages } from "../../../shared/approval";
import { type PageWords, wordsFor } from "../../../shared/approval/words";
import { draftLanguages } from "../../../shared/intelligence/drafting/frames";

const english = wordsFor("en");
/** What is written alike in English and in one of the others. */
const alike = new Set(["No", "Record", "Text", "Status", "Table", "CC", "BCC"]);
const saidBy = (words: PageWords): readonly (readonly [string, string])[] => [
  ...Object.entries(words.acts).map(([name, text]) => [`acts.${name}`, text] as const),
  ...Object.entries(words.labels).map(([name, text]) => [`labels.${name}`, text] as const),
  ...Object.entries(words).flatMap(([name, text]) =>
    typeof text === "string" && name !== "tag" ? [[name, text] as const] : [],
  ),
];

test("the page speaks every language that drafts are written in", () => {
  expect([...pageLanguages].sort()).toEqual([...draftLanguages].sort());
});

describe.each(pageLanguages)("in %s", (language) => {
  const words = wordsFor(language);

  test("every sentence is said in that language alone", () => {
    expect(words.tag).toBe(language);
    const inEnglish = new Map(saidBy(english));
    const same = saidBy(words).filter(
      ([name, text]) => inEnglish.get(name) === text && !alike.has(text),
    );
    expect(language === "en" ? [] : same).toEqual([]);
  });

  test("what is asked for together, who is signed in and the name to type are named", () => {
    expect(words.several(20)).toContain("20");
    expect(words.signedInAs("Avery Lindholm")).toContain("Avery Lindholm");
    expect(words.typeName("new_tool")).toContain("new_tool");
  });
});

test.each([
  ["pt-BR,pt;q=0.9,en;q=0.8", "pt"],
  ["sv-SE, ja;q=0.5", "ja"],
  ["sv", "en"],
  ["", "en"],
  [null, "en"],
])("a browser that wants %j reads %s", (wanted, tag) => {
  expect(wordsFor(wanted).tag).toBe(tag);
});
