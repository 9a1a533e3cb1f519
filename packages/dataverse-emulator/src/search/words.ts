import { fold } from "../store";

const wordPattern = /[\p{L}\p{N}\p{Co}]+/gu;
/** Scripts without blanks: each character is a word, as in the service's analyzer. */
const dense = /[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]/gu;

/** Text as it is indexed: without markup, and with blanks between characters of scripts that have none. */
export function plainText(text: string): string {
  const bare = text.includes("<")
    ? text
        .replace(/<(script|style)\b[\s\S]*?<\/\1>/gi, " ")
        .replace(/<[^<>]*>/g, " ")
        .replace(/&nbsp;/g, " ")
        .replace(/&amp;/g, "&")
        .replace(/&lt;/g, "<")
        .replace(/&gt;/g, ">")
        .replace(/&quot;/g, '"')
        .replace(/&#39;/g, "'")
    : text;
  return bare.replace(/\s+/g, " ").trim();
}

export const spaced = (text: string): string => text.replace(dense, " $& ");

/** The folded words of a text. */
export const wordsOf = (text: string): string[] =>
  [...spaced(text).matchAll(wordPattern)].map(([word]) => fold(word));

/** True when the two differ by at most so many single changes, a swap of neighbours counted as one. */
export function isWithin(a: string, b: string, most: number): boolean {
  if (Math.abs(a.length - b.length) > most) return false;
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    let least = i;
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let value = Math.min(
        (row[j] ?? 0) + 1,
        (next[j - 1] ?? 0) + 1,
        (row[j - 1] ?? 0) + (same ? 0 : 1),
      );
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        value = Math.min(value, (before[j - 2] ?? 0) + 1);
      }
      next.push(value);
      least = Math.min(least, value);
    }
    if (least > most) return false;
    before = row;
    row = next;
  }
  return (row[b.length] ?? most + 1) <= most;
}

const snippetLength = 240;

/** The text with its hits marked, cut to the surroundings of the first; undefined when there is none. */
export function highlight(text: string, isHit: (word: string) => boolean): string | undefined {
  const plain = plainText(text);
  const hits: { from: number; to: number }[] = [];
  for (const match of plain.matchAll(
    /[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|[\p{L}\p{N}\p{Co}]+/gu,
  )) {
    if (isHit(fold(match[0]))) hits.push({ from: match.index, to: match.index + match[0].length });
  }
  const [first] = hits;
  if (first === undefined) return undefined;
  const start =
    plain.length <= snippetLength ? 0 : Math.max(0, plain.lastIndexOf(" ", first.from - 60) + 1);
  const end = Math.min(plain.length, start + snippetLength);
  let out = "";
  let at = start;
  for (const { from, to } of hits) {
    if (from < start || to > end) continue;
    out += `${plain.slice(at, from)}{crmhit}${plain.slice(from, to)}{/crmhit}`;
    at = to;
  }
  return out + plain.slice(at, end);
}
