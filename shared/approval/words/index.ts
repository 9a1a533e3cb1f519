import type { Asked } from "../../policy/grades";
import type { Label } from "../../policy/preview";
import { german } from "./de";
import { english } from "./en";
import { spanish } from "./es";
import { french } from "./fr";
import { italian } from "./it";
import { japanese } from "./ja";
import { dutch } from "./nl";
import { polish } from "./pl";
import { portuguese } from "./pt";
import type { PageWords } from "./words";

export type { PageWords } from "./words";

/** Those that drafts are written in. */
const languages = {
  en: english,
  de: german,
  fr: french,
  es: spanish,
  it: italian,
  nl: dutch,
  pt: portuguese,
  pl: polish,
  ja: japanese,
} as const;

export type PageLanguage = keyof typeof languages;
export const pageLanguages = Object.keys(languages) as readonly PageLanguage[];

/** The first language of a browser's list that we have words for; English where there is none. */
export function wordsFor(acceptLanguage: string | null): PageWords {
  for (const part of (acceptLanguage ?? "").slice(0, 500).split(",")) {
    const primary = part.trim().slice(0, 2).toLowerCase();
    const found = pageLanguages.find((language) => language === primary);
    if (found !== undefined) return languages[found];
  }
  return english;
}

export const verbOf = (language: PageLanguage, asked: Asked): string =>
  languages[language].acts[asked];

export const labelWords = (language: PageLanguage, label: Label): string =>
  languages[language].labels[label];
