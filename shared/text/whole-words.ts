/**
 * Finding words that are only known at run time (names, terms, what a field is called) without a regular expression made of
 * them: in time proportional to the text, whatever stands in either.
 */

const letterOrDigit = /[\p{L}\p{N}]/u;

/** The code point that ends before `at`, or starts there, as text; "" at the ends of the text. */
const before = (text: string, at: number): string => {
  const low = text.charCodeAt(at - 1);
  const isPair = low >= 0xdc00 && low <= 0xdfff;
  return text.slice(Math.max(0, at - (isPair ? 2 : 1)), at);
};
const after = (text: string, at: number): string =>
  String.fromCodePoint(text.codePointAt(at) ?? 0x20);

/** Nothing that belongs to a word stands before or behind `from` to `to`. */
export const isWhole = (text: string, from: number, to: number): boolean =>
  !letterOrDigit.test(before(text, from)) && !letterOrDigit.test(after(text, to));

/** The text without a word where it stands whole: `Ann` is no part of `Anna`. Case counts. */
export function replaceWhole(text: string, word: string, by: string): string {
  if (word === "") return text;
  let replaced = "";
  let done = 0;
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at)) {
    const end = at + word.length;
    if (isWhole(text, at, end)) {
      replaced += text.slice(done, at) + by;
      done = end;
      at = end;
    } else at += 1;
  }
  return replaced + text.slice(done);
}

/** The word stands whole in the text. Case counts. */
export function holdsWhole(text: string, word: string): boolean {
  if (word === "") return false;
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1))
    if (isWhole(text, at, at + word.length)) return true;
  return false;
}

/** The words of a text as they are compared: letters and digits, in lower case, with where they stand. */
export interface Word {
  readonly word: string;
  readonly start: number;
  readonly end: number;
}

export const wordsAt = (text: string): readonly Word[] =>
  [...text.matchAll(/[\p{L}\p{N}]+/gu)].map(({ 0: word, index }) => ({
    word: word.toLowerCase(),
    start: index,
    end: index + word.length,
  }));

/** Where the words of a phrase follow each other in a text, whatever their case and whatever stands between them. */
export function phraseSpans(
  text: readonly Word[],
  phrase: string,
): readonly (readonly [start: number, end: number])[] {
  const wanted = wordsAt(phrase).map(({ word }) => word);
  const [first] = wanted;
  if (first === undefined) return [];
  const spans: (readonly [number, number])[] = [];
  for (let at = 0; at + wanted.length <= text.length; at += 1) {
    if (text[at]?.word !== first) continue;
    if (!wanted.every((word, next) => text[at + next]?.word === word)) continue;
    spans.push([text[at]?.start ?? 0, text[at + wanted.length - 1]?.end ?? 0]);
  }
  return spans;
}
