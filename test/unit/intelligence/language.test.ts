import { readdirSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, test } from "@jest/globals";
import {
  draftLanguages,
  knownLanguage,
  languageOf,
  phrasesOf,
} from "../../../shared/intelligence/language";

const folder = resolve(__dirname, "../../../shared/intelligence/language");

/** What a reply may say in a language, as the customer reads it; a title stands where an article is named. */
const words = (language: (typeof draftLanguages)[number]) =>
  Object.fromEntries(
    Object.entries(phrasesOf(language)).map(([name, phrase]) => [
      name,
      typeof phrase === "string" ? phrase : phrase("<name>"),
    ]),
  );

describe("the languages of drafts", () => {
  test("are the files of their folder", () => {
    const files = readdirSync(folder)
      .map((file) => file.replace(/\.ts$/, ""))
      .filter((name) => name !== "index" && name !== "phrases");
    expect([...draftLanguages].sort()).toEqual(files.sort());
  });

  // A changed wording is a visible change: npx jest test/unit/intelligence/language -u
  test.each(draftLanguages)("say in %s what the snapshot pins", (language) => {
    expect(words(language)).toMatchSnapshot();
  });

  test.each(draftLanguages)("leave no phrase of %s empty or in two places", (language) => {
    const said = Object.values(words(language));
    expect(said.filter((phrase) => phrase.trim() === "")).toEqual([]);
    expect(new Set(said).size).toBe(said.length);
  });

  test.each(draftLanguages)("know a reply in %s by its own words", (language) => {
    const { thanks, solution, ask, unable } = words(language);
    expect(languageOf([thanks, solution, ask, unable].join(" "))).toBe(language);
  });

  test("are found by a BCP 47 tag, and others are not", () => {
    expect(["en-GB", "DE", "fr-CA", "es", "ja", "", undefined].map(knownLanguage)).toEqual([
      "en",
      "de",
      "fr",
      "es",
      undefined,
      undefined,
      undefined,
    ]);
  });
});
