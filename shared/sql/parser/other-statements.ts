import { nearest } from "../nearest";
import { otherStatements, writingTools } from "./keywords";
import type { TokenStream } from "./token-stream";

const clauses = [
  "FROM",
  "WHERE",
  "GROUP",
  "ORDER",
  "HAVING",
  "INNER",
  "LEFT",
  "JOIN",
  "ON",
  "AND",
  "OR",
];

/** Refuses what is no SELECT at the start of a statement, or behind its common table expressions. */
export function refuseOtherStatement(tokens: TokenStream): void {
  const token = tokens.peek();
  if (tokens.isAny(["SELECT", "("])) return;
  if (otherStatements.has(token.upper)) {
    const tool = writingTools[token.upper];
    const hint = tool ? `Use the tool ${tool}.` : "Send one SELECT statement.";
    const message = `${token.upper} is not allowed: read_query runs one SELECT`;
    throw tokens.notSelect(message, token, hint);
  }
  const isLabel = tokens.isName() && tokens.is(":", 1);
  if (isLabel || callsProcedure(tokens)) {
    const what = isLabel ? "A label" : `Calling a procedure (${token.value})`;
    throw tokens.notSelect(`${what} is not allowed: read_query runs one SELECT`, token);
  }
  const near = nearest(token.value.toUpperCase(), ["SELECT"], 1)[0];
  const hint = near ? `Did you mean ${near}?` : "read_query runs one SELECT statement.";
  throw tokens.expected("SELECT", hint);
}

/**
 * The first statement of a batch may call a procedure without EXEC: a name, and values parted by commas.
 * It is told from a misspelt SELECT by having nothing else.
 */
function callsProcedure(tokens: TokenStream): boolean {
  let ahead = 0;
  const skip = (kinds: readonly string[]) => kinds.includes(tokens.peek(ahead).kind) && ++ahead > 0;
  while (tokens.is(".", ahead)) ahead += 1;
  if (!skip(["word", "quoted", "variable"])) return false;
  while (tokens.is(".", ahead)) {
    ahead += 1;
    if (!skip(["word", "quoted"]) && !tokens.is(".", ahead)) return false;
  }
  const value = () => {
    if (tokens.peek(ahead).kind === "variable" && tokens.is("=", ahead + 1)) ahead += 2;
    if (tokens.is("-", ahead)) ahead += 1;
    const isWord = tokens.isAny(["NULL", "DEFAULT"], ahead);
    if (isWord) ahead += 1;
    return isWord || skip(["string", "number", "binary", "word", "quoted", "variable"]);
  };
  if (value()) {
    while (tokens.is(",", ahead)) {
      ahead += 1;
      if (!value()) return false;
    }
  }
  const { kind, upper } = tokens.peek(ahead);
  return (
    kind === "end" ||
    kind === "go" ||
    upper === ";" ||
    upper === "SELECT" ||
    (upper === "(" && tokens.is("SELECT", ahead + 1)) ||
    otherStatements.has(upper)
  );
}

/** Refuses whatever stands behind the one statement. */
export function refuseRest(tokens: TokenStream): void {
  while (tokens.is(";") || tokens.isKind("go")) tokens.next();
  const token = tokens.peek();
  if (token.kind === "end") return;
  const { previous } = tokens;
  const isOther =
    previous.upper === ";" ||
    previous.kind === "go" ||
    (tokens.isName() && tokens.is(":", 1)) ||
    token.upper === "SELECT" ||
    token.upper === "WITH" ||
    opensSelect(tokens) ||
    otherStatements.has(token.upper);
  if (isOther) {
    const message = `Only one statement is allowed; found ${tokens.nameOf(token)}`;
    throw tokens.notSelect(message, token, "Send each SELECT in its own call.");
  }
  throw misplaced(tokens);
}

function opensSelect(tokens: TokenStream): boolean {
  let ahead = 0;
  while (tokens.is("(", ahead)) ahead += 1;
  return ahead > 0 && tokens.is("SELECT", ahead);
}

/** Words of other dialects, and what stands for them in T-SQL. */
const foreign: ReadonlyMap<string, string> = new Map([
  ["NULLS", "NULL comes first in T-SQL; for the end write ORDER BY IIF(x IS NULL, 1, 0), x."],
  ["QUALIFY", "Put the function into a SELECT in parentheses, and ask for it in the WHERE around."],
  ["FILTER", "Write COUNT(CASE WHEN condition THEN 1 END)."],
  ["INTERVAL", "Write DATEADD(day, -7, GETDATE())."],
  ["DATE", "Write the text alone: '2026-01-31'."],
  ["TIMESTAMP", "Write the text alone: '2026-01-31T09:00:00Z'."],
]);

/** The words for a token that fits nowhere; often a misspelt keyword was read as an alias before it. */
function misplaced(tokens: TokenStream): Error {
  const token = tokens.peek();
  const { previous } = tokens;
  if (token.upper === "LIMIT" || previous.upper === "LIMIT") {
    const place = previous.upper === "LIMIT" ? previous : token;
    return tokens.error("LIMIT is not T-SQL", place, "Write SELECT TOP (n) ….");
  }
  if (token.upper === "OFFSET" || previous.upper === "OFFSET") {
    const place = previous.upper === "OFFSET" ? previous : token;
    const hint = "Write ORDER BY column OFFSET n ROWS FETCH NEXT m ROWS ONLY.";
    return tokens.error("OFFSET needs an ORDER BY before it", place, hint);
  }
  const other = [token, previous].find(({ upper }) => foreign.has(upper));
  if (other) {
    const message = `${other.upper} does not stand here in T-SQL`;
    return tokens.error(message, other, foreign.get(other.upper));
  }
  const near = previous.kind === "word" ? nearest(previous.upper, clauses, 1)[0] : undefined;
  if (near) {
    const hint = `Did you mean ${near}? ('${previous.value}' was read as an alias.)`;
    return tokens.error(`Unexpected ${tokens.nameOf(previous)}`, previous, hint);
  }
  if (token.upper === "ON") {
    const hint = "ON belongs to JOIN, LEFT JOIN, RIGHT JOIN and FULL JOIN; a CROSS JOIN has none.";
    return tokens.error("Unexpected 'ON'", token, hint);
  }
  const here = token.kind === "word" ? nearest(token.upper, clauses, 1)[0] : undefined;
  return tokens.error(`Unexpected ${tokens.nameOf(token)}`, token, here && `Did you mean ${here}?`);
}
