import { german } from "./de";
import { english } from "./en";
import { spanish } from "./es";
import { french } from "./fr";
import type { Frame } from "./frame";
import { italian } from "./it";
import { japanese } from "./ja";
import { dutch } from "./nl";
import { polish } from "./pl";
import { portuguese } from "./pt";

/** Every language of drafts, by BCP 47 primary tag. A new one is a file beside this one and its name here. */
const frames = {
  en: english,
  de: german,
  fr: french,
  es: spanish,
  it: italian,
  nl: dutch,
  pt: portuguese,
  pl: polish,
  ja: japanese,
} as const satisfies Record<string, Frame>;

export type Language = keyof typeof frames;

export const draftLanguages = Object.keys(frames) as readonly Language[];

export const frameOf = (language: Language): Frame => frames[language];

/** Languages by the names that people call them by, where a tag is asked for. */
const named: readonly (readonly [RegExp, Language])[] = [
  [/^(?:english|englisch|anglais|inglés|inglese)$/i, "en"],
  [/^(?:german|deutsch|allemand|alemán|tedesco)$/i, "de"],
  [/^(?:french|français|francais|französisch)$/i, "fr"],
  [/^(?:spanish|español|espanol|castellano|spanisch)$/i, "es"],
  [/^(?:italian|italiano|italienisch)$/i, "it"],
  [/^(?:dutch|nederlands|niederländisch|flemish)$/i, "nl"],
  [/^(?:portuguese|português|portugues|portugiesisch)$/i, "pt"],
  [/^(?:polish|polski|polnisch)$/i, "pl"],
  [/^(?:japanese|日本語|japanisch)$/i, "ja"],
];

/** Ours for a BCP 47 tag or the name of a language, or undefined when we have no sentences for it. */
export function draftLanguage(asked: string | undefined): Language | undefined {
  const said = asked?.trim() ?? "";
  const primary = said.split(/[-_]/)[0]?.toLowerCase();
  return (
    draftLanguages.find((language) => language === primary) ??
    named.find(([name]) => name.test(said))?.[1]
  );
}

/** All sentences of a frame, with nothing in their gaps. */
export const sentencesOfFrame = (language: Language): readonly string[] =>
  textsIn(frames[language]);

function textsIn(part: unknown): readonly string[] {
  if (typeof part === "string") return [part];
  // What is put into a gap comes from somewhere else, and is held to where it comes from.
  if (typeof part === "function") return [String(part("", undefined)), String(part("", ""))];
  return Object.values(part as Readonly<Record<string, unknown>>).flatMap(textsIn);
}
