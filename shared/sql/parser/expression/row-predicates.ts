import type { Expression } from "../ast";
import type { TokenStream } from "../token-stream";
import { columnParts, parseName } from "./names";

const otherWay = "Use LIKE '%word%', or the search tool.";

/** Predicates that T-SQL has and that cannot be asked here, with what to write instead. */
const refused: Readonly<Record<string, readonly [feature: string, hint: string]>> = {
  CONTAINS: ["The full-text predicate CONTAINS", otherWay],
  FREETEXT: ["The full-text predicate FREETEXT", otherWay],
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

/**
 * `CONTAINS(column, '1 OR 2')`, as columns of several options are often asked for their options. Which column it is the binder
 * knows; another form, with a list of columns or `*`, can only be full-text.
 */
export function parseContains(tokens: TokenStream): Expression | undefined {
  const word = tokens.peek();
  if (!tokens.is("CONTAINS") || !tokens.is("(", 1) || !startsColumnAndText(tokens))
    return undefined;
  tokens.next();
  tokens.next();
  const { start: first } = tokens.peek();
  const parts = columnParts(tokens, parseName(tokens, "a column"));
  const operand: Expression = { kind: "name", parts, start: first, end: tokens.previous.end };
  tokens.expect(",");
  const text = tokens.literal("string", "what to look for");
  tokens.expect(")");
  const { start, end } = text;
  const list = optionsIn(text.value).map(
    (value): Expression => ({ kind: "string", value, start, end }),
  );
  if (list.length === 0)
    throw tokens.unsupported(
      "The condition of CONTAINS",
      text,
      `Write options joined by OR: CONTAINS(column, '1 OR 2'). ${otherWay}`,
    );
  return {
    kind: "containValues",
    operand,
    list,
    isFullText: true,
    start: word.start,
    end: tokens.previous.end,
  };
}

/** `(a.b, '…')`: what stands behind the word is a column, and behind it a text and nothing else. */
function startsColumnAndText(tokens: TokenStream): boolean {
  let ahead = 2;
  while (tokens.isName(ahead) && tokens.is(".", ahead + 1)) ahead += 2;
  return (
    tokens.isName(ahead) &&
    tokens.is(",", ahead + 1) &&
    tokens.isKind("string", ahead + 2) &&
    tokens.is(")", ahead + 3)
  );
}

/** `1 OR "Loud noise" | 2`: words and phrases in quotes. Nothing where they are joined otherwise. */
function optionsIn(condition: string): readonly string[] {
  const parts = condition.match(/"[^"]*"|\||[^\s"|]+/g) ?? [];
  const isOr = (part: string | undefined) => part === "|" || part?.toUpperCase() === "OR";
  if (parts.length % 2 === 0 || parts.some((part, at) => isOr(part) !== (at % 2 === 1))) return [];
  return parts.filter((_, at) => at % 2 === 0).map((part) => part.replaceAll('"', ""));
}
