/** A word, where it stands, and the clause that it belongs to. */
export interface Token {
  readonly word: string;
  readonly start: number;
  readonly end: number;
  /** Counts up with each mark between clauses. */
  readonly clause: number;
}

/** Words in lower case, an apostrophe or hyphen inside kept: `can't`, `e-mail`. */
export function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let clause = 0;
  for (const match of text.matchAll(/[\p{L}\p{N}][\p{L}\p{N}\p{M}'’-]*|[.!?;:\n,()–]/gu)) {
    const [found] = match;
    if (/^[.!?;:\n,()–]$/u.test(found)) clause += 1;
    else
      tokens.push({
        word: found.toLowerCase().replaceAll("’", "'"),
        start: match.index,
        end: match.index + found.length,
        clause,
      });
  }
  return tokens;
}
