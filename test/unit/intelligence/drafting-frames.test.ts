import { readdirSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, test } from "@jest/globals";
import {
  draftLanguage,
  draftLanguages,
  frameOf,
  sentencesOfFrame,
} from "../../../shared/intelligence/drafting/frames";
import { tellLanguage } from "../../../shared/intelligence/language-detection";
import { placeholdersIn } from "../../../shared/text";

const folder = resolve(__dirname, "../../../shared/intelligence/drafting/frames");

/** All that a frame says by itself; names of languages and greetings are words, not sentences. */
const saidIn = (language: (typeof draftLanguages)[number]) => {
  const { languages: _, greeting: __, close: ___, ...rest } = frameOf(language);
  return Object.values(rest).flatMap((part): readonly string[] =>
    typeof part === "string"
      ? [part]
      : typeof part === "function"
        ? [part("…")]
        : typeof part === "object"
          ? Object.values(part)
          : [],
  );
};

describe("the frames of drafts", () => {
  test("are the files of their folder", () => {
    const files = readdirSync(folder)
      .map((file) => file.replace(/\.ts$/, ""))
      .filter((name) => name !== "index" && name !== "frame");
    expect([...draftLanguages].sort()).toEqual(files.sort());
  });

  // A changed wording is a visible change: npx jest test/unit/intelligence/drafting-frames -u
  test.each(draftLanguages)("say in %s what the snapshot pins", (language) => {
    expect(saidIn(language)).toMatchSnapshot();
  });

  test.each(draftLanguages)(
    "greet, close and name languages in %s as the snapshot pins",
    (language) => {
      const { greeting, close, languages } = frameOf(language);
      const greetings = [greeting.first("Mara"), greeting.full("Mara Vexley"), greeting.none];
      expect({ greetings, close, languages }).toMatchSnapshot();
    },
  );

  test.each(draftLanguages)(
    "leave no sentence of %s empty, in two places or with a gap",
    (language) => {
      const said = saidIn(language);
      expect(said.filter((sentence) => sentence.trim() === "")).toEqual([]);
      expect(new Set(said).size).toBe(said.length);
      expect(said.flatMap(placeholdersIn)).toEqual([]);
    },
  );

  test.each(draftLanguages)(
    "are sentences in %s with an end, or what announces a list",
    (language) => {
      for (const sentence of saidIn(language)) expect(sentence).toMatch(/[.?:。？：…]$/u);
    },
  );

  test.each(draftLanguages)("are in %s, as a reader tells languages", (language) => {
    expect(tellLanguage(saidIn(language).join(" ")).tag).toBe(language);
  });

  test.each(draftLanguages)(
    "name in %s every language of drafts by a word of its own",
    (language) => {
      const names = draftLanguages.map((one) => frameOf(language).languages[one]);
      expect(new Set(names).size).toBe(draftLanguages.length);
      expect(names).not.toContain(undefined);
    },
  );

  test("ground themselves: each sentence is among those that need no other source", () => {
    for (const language of draftLanguages) {
      const all = sentencesOfFrame(language).join("\n");
      for (const sentence of saidIn(language)) expect(all).toContain(sentence.split("…")[0]);
    }
  });

  test("are found by a BCP 47 tag or a name, and others are not", () => {
    expect(
      ["en-GB", "DE", "fr-CA", "es", "ja-JP", "Deutsch", "polski", "Japanese"].map(draftLanguage),
    ).toEqual(["en", "de", "fr", "es", "ja", "de", "pl", "ja"]);
    expect(["sv", "zh", "", "x", "enough", undefined].map(draftLanguage)).toEqual(
      Array(6).fill(undefined),
    );
  });
});
