import type { TokenStream } from "../token-stream";

/** Predicates that T-SQL has and that cannot be asked here, with what to write instead. */
const refused: Readonly<Record<string, readonly [feature: string, hint: string]>> = {
  CONTAINS: ["The full-text predicate CONTAINS", "Use LIKE '%word%', or the search tool."],
  FREETEXT: ["The full-text predicate FREETEXT", "Use LIKE '%word%', or the search tool."],
  MATCH: ["The graph predicate MATCH", "Use JOIN … ON over the lookup columns."],
  REGEXP_LIKE: ["REGEXP_LIKE", "Use LIKE, which knows % _ [a-z] and [^a-z]."],
  TSEQUAL: ["TSEQUAL", "Compare versionnumber with =."],
  UPDATE: ["UPDATE(column), which asks inside a trigger,", "Leave it away."],
};

/** Refuses by its name a predicate that is written like a call. */
export function refuseRowPredicate(tokens: TokenStream): void {
  const token = tokens.peek();
  if (!tokens.is("(", 1) || !Object.hasOwn(refused, token.upper)) return;
  const found = refused[token.upper];
  if (found) throw tokens.unsupported(found[0], token, found[1]);
}
