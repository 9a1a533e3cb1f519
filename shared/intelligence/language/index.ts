import { tellLanguage } from "../language-detection";
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

export const draftLanguages = Object.keys(languages) as readonly Language[];

/** The language of a text among those we have words for; English when it is none of them, or too short to tell. */
export const languageOf = (text: string): Language => knownLanguage(tellLanguage(text).tag) ?? "en";

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
