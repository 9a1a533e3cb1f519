import { fold, foldLetters } from "../../store";

/** SQLite's GLOB has the sets that its LIKE lacks: `%` is `*`, `_` is `?`, `[a-c]` and `[^a]` are the same. */
function toGlob(pattern: string): string {
  let result = "";
  for (let at = 0; at < pattern.length; at += 1) {
    const character = pattern.charAt(at);
    if (character === "%") result += "*";
    else if (character === "_") result += "?";
    else if (character === "*" || character === "?") result += `[${character}]`;
    else if (character === "[") {
      // A set of one, `[]]`, begins with the bracket that would close it.
      const close = pattern.indexOf("]", at + (pattern.charAt(at + 1) === "^" ? 3 : 2));
      if (close < 0) result += "[[]";
      else {
        result += pattern.slice(at, close + 1);
        at = close;
      }
    } else result += character;
  }
  return result;
}

/** After this pattern's last character nothing of a text's trailing blanks can matter. */
const IGNORES_TRAILING_BLANKS = /(^|[^\s_\]])%$/;

/** What a `_` or a set may meet is one letter as it is written, or one of the two that it stands for. */
const COUNTS_LETTERS = /[_[]/;

/** One test of LIKE: an expression of SQLite and the pattern of its GLOB. */
export interface LikeTest {
  readonly sql: string;
  readonly glob: string;
}

/**
 * LIKE in SQLite: a text that passes one of the tests is like the pattern. Where trailing blanks count, a full stop at both
 * ends keeps them. `Straße` is LIKE 'strasse' as well as LIKE 'stra_e'.
 *
 * @param comparable the folded text, without its trailing blanks
 * @param text the text as it is
 */
export function likeTests(pattern: string, comparable: string, text: string): readonly LikeTest[] {
  const blanksCount = !IGNORES_TRAILING_BLANKS.test(pattern);
  const end = blanksCount ? "." : "";
  const globOf = (folded: string) => `${toGlob(folded.slice(0, -1))}${end}`;
  const spelled = {
    sql: blanksCount ? `fold(${text} || '.')` : comparable,
    glob: globOf(fold(`${pattern}.`)),
  };
  if (!COUNTS_LETTERS.test(pattern)) return [spelled];
  return [
    spelled,
    { sql: `fold_letters(${text} || '${end}')`, glob: globOf(foldLetters(`${pattern}.`)) },
  ];
}
