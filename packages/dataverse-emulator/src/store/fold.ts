const ASCII = /^[\x20-\x7e]*$/;

/** Letters that every collation but the binary ones takes for two. */
const PAIRS: Readonly<Record<string, string>> = {
  ß: "ss",
  ẞ: "SS",
  æ: "ae",
  Æ: "AE",
  œ: "oe",
  Œ: "OE",
  þ: "th",
  Þ: "TH",
};
const PAIRED = /[ßẞæÆœŒþÞ]/g;

/** Kept with a file: rows that were folded by other rules are folded anew. */
export const FOLDING_EDITION = 2;

/** Only blanks at the end do not count; line breaks and tabs do. */
function withoutTrailingBlanks(text: string): string {
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) === 32) end -= 1;
  return end === text.length ? text : text.slice(0, end);
}

/** As `fold`, letter for letter: `ß` stays one, as a `_` of LIKE sees it. */
export function foldLetters(text: string): string {
  const plain = ASCII.test(text) ? text : text.normalize("NFKD").replace(/\p{M}/gu, "");
  return withoutTrailingBlanks(plain.toLowerCase());
}

/**
 * What two texts are compared by: marks and case removed, `ß` spelled `ss`, trailing blanks off (Latin1_General_CI_AI).
 * @see https://learn.microsoft.com/sql/relational-databases/collations/collation-and-unicode-support
 */
export const fold = (text: string): string =>
  foldLetters(ASCII.test(text) ? text : text.replace(PAIRED, (letter) => PAIRS[letter] ?? letter));
