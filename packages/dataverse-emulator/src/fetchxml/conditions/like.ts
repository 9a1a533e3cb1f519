import { fold } from "../../store";

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

/**
 * A LIKE pattern for folded text. `blanksCount`: the text must then be folded with its trailing blanks, which a full
 * stop at both ends keeps.
 */
export function globOf(pattern: string): { glob: string; blanksCount: boolean } {
  const folded = fold(`${pattern}.`);
  if (IGNORES_TRAILING_BLANKS.test(pattern)) {
    return { glob: toGlob(folded.slice(0, -1)), blanksCount: false };
  }
  return { glob: `${toGlob(folded.slice(0, -1))}.`, blanksCount: true };
}
