import { german } from "./de";
import { english } from "./en";
import { spanish } from "./es";
import { french } from "./fr";
import type { LanguageOfDrafts, Phrases } from "./phrases";

/** Every language of drafts, by BCP 47 primary tag. A new one is a file beside this one and its name here. */
const languages = {
  en: english,
  de: german,
  fr: french,
  es: spanish,
} as const satisfies Record<string, LanguageOfDrafts>;

export type Language = keyof typeof languages;

/** In the order in which a tie is decided: for the first. */
export const draftLanguages = Object.keys(languages) as readonly Language[];

/** As much of a text as tells its language. */
const longestRead = 20_000;

/** The language of a text among those we have words for; English when it is too short to tell. */
export function languageOf(text: string): Language {
  const list =
    text
      .slice(0, longestRead)
      .toLowerCase()
      .match(/\p{L}+/gu) ?? [];
  let best: Language = "en";
  let most = 0;
  for (const language of draftLanguages) {
    const count = list.filter((word) => languages[language].marks.has(word)).length;
    if (count > most) [best, most] = [language, count];
  }
  return best;
}

/** Ours for a BCP 47 tag, or undefined when we have no words for it. */
export function knownLanguage(tag: string | undefined): Language | undefined {
  const primary = tag?.slice(0, 2).toLowerCase();
  return draftLanguages.find((language) => language === primary);
}

/** What a reply says in a language around what it quotes. */
export const phrasesOf = (language: Language): Phrases => languages[language].phrases;

/** All that a reply of ours to this customer may say beside what it quotes, in every language. */
export const phraseTexts = (customerName: string): readonly string[] =>
  draftLanguages
    .flatMap((language) => Object.values(phrasesOf(language)))
    .map((text) => (typeof text === "string" ? text : text(customerName)));
