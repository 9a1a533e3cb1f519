import { fold } from "../store";

/** Text without markup, quoted replies and signatures left out: what its writer says. */
export function bareText(text: string): string {
  return text
    .replace(/<(script|style)\b[\s\S]*?<\/\1>/gi, " ")
    .replace(/<br\s*\/?>|<\/(p|div|li|h\d)>/gi, "\n")
    .replace(/<[^<>]*>/g, " ")
    .replace(/&nbsp;/g, " ")
    .replace(/&lt;/g, "<")
    .replace(/&gt;/g, ">")
    .replace(/&quot;/g, '"')
    .replace(/&amp;/g, "&")
    .split("\n")
    .filter((line) => !/^\s*>/.test(line))
    .join("\n")
    .trim();
}

export const sentencesOf = (text: string): string[] =>
  bareText(text)
    .split(/(?<=[.!?。！？])\s+|\n+/u)
    .map((sentence) => sentence.replace(/\s+/g, " ").trim())
    .filter((sentence) => /[\p{L}\p{N}]/u.test(sentence));

const common = new Set(
  "a an and are as at be been but by can could did do does for from had has have he her his i if in into is it its me my no not of on or our she so that the their them then there they this to up us was we were what when where which who will with would you your der die das und ist nicht ein eine ich sie wir mit auf zu le la les un une et est pas je nous vous de des du en el los las y es no que".split(
    " ",
  ),
);

/** Folded words of a text, endings that only inflect taken off, the commonest left out. */
export function stemsOf(text: string): string[] {
  return [...bareText(text).matchAll(/[\p{L}\p{N}]+/gu)]
    .map(([word]) => fold(word))
    .filter((word) => !common.has(word))
    .map(stemOf);
}

export function stemOf(word: string): string {
  for (const [ending, least] of [
    ["ing", 4],
    ["ies", 3],
    ["ed", 4],
    ["es", 4],
    ["s", 3],
    ["e", 4],
  ] as const) {
    if (word.endsWith(ending) && word.length - ending.length >= least && !word.endsWith("ss")) {
      return word.slice(0, -ending.length);
    }
  }
  return word;
}
