import { nearest } from "../../nearest";
import { formOf } from "../expression/literals";
import type { TokenStream } from "../token-stream";

/** Hints of one word. https://learn.microsoft.com/sql/t-sql/queries/hints-transact-sql-table */
const words: ReadonlySet<string> = new Set(
  `FORCESCAN HOLDLOCK IGNORE_CONSTRAINTS IGNORE_TRIGGERS KEEPDEFAULTS KEEPIDENTITY NOEXPAND NOLOCK NOWAIT PAGLOCK
  READCOMMITTED READCOMMITTEDLOCK READPAST READUNCOMMITTED REPEATABLEREAD ROWLOCK SERIALIZABLE SNAPSHOT TABLOCK
  TABLOCKX UPDLOCK XLOCK`.split(/\s+/),
);

/** Does a hint stand inside this parenthesis? Else `name (` is a call of a function. */
export const startsHintInParentheses = (tokens: TokenStream): boolean =>
  tokens.is("(") &&
  (words.has(tokens.peek(1).upper) || tokens.isAny(["FORCESEEK", "FASTFIRSTROW"], 1)) &&
  tokens.is(")", 2);

/** Behind an alias there are no calls. */
export const startsHintBehindAlias = (tokens: TokenStream): boolean =>
  startsHintInParentheses(tokens) ||
  (tokens.is("(") &&
    (tokens.isKind("number", 1) ||
      tokens.isAny(["INDEX", "FORCESEEK", "SPATIAL_WINDOW_MAX_CELLS"], 1)));

/** `WITH (…)`, or HOLDLOCK alone, as old versions have it. */
export const startsTableHints = (tokens: TokenStream): boolean =>
  tokens.is("HOLDLOCK") || (tokens.is("WITH") && tokens.is("(", 1));

/** All hints behind a table or its alias; they have no effect, and a note says so. */
export function parseTableHints(tokens: TokenStream): void {
  if (tokens.accept("HOLDLOCK")) {
    note(tokens, "HOLDLOCK");
    if (!tokens.is("(") || !tokens.isKind("number", 1)) return;
  }
  if (tokens.is("(")) {
    tokens.next();
    if (tokens.isKind("number")) parseIndexValue(tokens);
    else parseHint(tokens);
    tokens.expect(")");
    return;
  }
  if (!tokens.is("WITH") || !tokens.is("(", 1)) return;
  tokens.next();
  tokens.next();
  if (tokens.isKind("number")) {
    parseIndexValue(tokens);
    note(tokens, "INDEX");
  } else {
    parseHints(tokens);
  }
  tokens.expect(")");
}

/** One hint or more, with or without commas between them. */
export function parseHints(tokens: TokenStream): void {
  parseHint(tokens);
  while (tokens.accept(",") || !tokens.is(")")) parseHint(tokens);
}

const note = (tokens: TokenStream, hint: string): void => {
  tokens.notes.add(`The table hint ${hint} has no effect here.`);
};

function parseHint(tokens: TokenStream): void {
  const token = tokens.peek();
  switch (token.upper) {
    case "INDEX":
      tokens.next();
      parseIndex(tokens);
      break;
    case "FORCESEEK":
      tokens.next();
      if (tokens.is("(")) parseForceSeek(tokens);
      break;
    case "SPATIAL_WINDOW_MAX_CELLS":
      tokens.next();
      tokens.expect("=");
      parseInteger(tokens);
      break;
    default:
      if (!words.has(token.upper)) throw unknownHint(tokens);
      tokens.next();
  }
  note(tokens, token.upper);
}

function unknownHint(tokens: TokenStream): Error {
  const token = tokens.peek();
  if (token.kind === "end" || token.kind === "operator") return tokens.expected("a table hint");
  const near = nearest(token.upper, words, 1)[0];
  const hint = near ? `Did you mean ${near}?` : "Hints have no effect here: leave them away.";
  return tokens.error(`Unknown table hint ${tokens.nameOf(token)}`, token, hint);
}

/** `INDEX = name`, `INDEX (name, 1)` */
function parseIndex(tokens: TokenStream): void {
  if (tokens.accept("=")) {
    parseIndexValue(tokens);
    return;
  }
  tokens.expect("(");
  do parseIndexValue(tokens);
  while (tokens.accept(","));
  tokens.expect(")");
}

/** `FORCESEEK (index (column, …))` */
function parseForceSeek(tokens: TokenStream): void {
  tokens.expect("(");
  parseIndexValue(tokens);
  tokens.identifierList("a column name");
  tokens.expect(")");
}

function parseIndexValue(tokens: TokenStream): void {
  if (tokens.isName()) tokens.identifier("an index");
  else parseInteger(tokens);
}

function parseInteger(tokens: TokenStream): void {
  const token = tokens.peek();
  if (token.kind !== "number" || formOf(token.value) !== "integer") {
    throw tokens.expected("a whole number");
  }
  tokens.next();
}
