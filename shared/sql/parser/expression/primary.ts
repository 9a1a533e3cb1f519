import type { Expression } from "../ast";
import { otherStatements } from "../keywords";
import type { Token } from "../lexer";
import { reservedHint, type TokenStream } from "../token-stream";
import { parseCall } from "./calls";
import { isPredicate } from "./kinds";
import { parseLiteral, parseOdbc } from "./literals";
import { columnParts, lastOf, parseName, startsName } from "./names";
import { parseSpecialCall } from "./special-calls";

/** What an operator takes: a literal, a name, a call, or something in parentheses; with COLLATE behind it. */
export function parsePrimary(tokens: TokenStream): Expression {
  const primary = parseBare(tokens);
  if (isPredicate(primary)) return primary;
  const value = tokens.is("COLLATE") ? parseCollate(tokens, primary) : primary;
  if (tokens.is(".") && tokens.isName(1)) {
    throw tokens.unsupported(
      `A property or method of a value (.${tokens.peek(1).value})`,
      tokens.peek(),
      "Use a function such as JSON_VALUE(column, path).",
    );
  }
  return value;
}

function parseCollate(tokens: TokenStream, operand: Expression): Expression {
  tokens.next();
  if (!tokens.isKind("word")) throw tokens.expected("the name of a collation");
  const collation = tokens.identifier("the name of a collation");
  return { kind: "collate", operand, collation, start: operand.start, end: collation.end };
}

function parseBare(tokens: TokenStream): Expression {
  const literal = parseLiteral(tokens);
  if (literal) return literal;
  if (tokens.is("(")) return parseParenthesised(tokens);
  if (tokens.is("{")) return parseOdbc(tokens);
  refuseByName(tokens);
  const special = parseSpecialCall(tokens);
  if (special) return special;
  if (startsName(tokens)) return parseNamed(tokens);
  throw noExpression(tokens);
}

/** A value, a condition or a query in parentheses. */
function parseParenthesised(tokens: TokenStream): Expression {
  const open = tokens.next();
  tokens.enter();
  const inner = parseInside(tokens);
  tokens.leave();
  const line = tokens.source.slice(0, open.start).split("\n");
  const column = (line[line.length - 1] as string).length + 1;
  tokens.expect(")", `Close the '(' of line ${line.length}, column ${column}.`);
  return inner;
}

function parseInside(tokens: TokenStream): Expression {
  const { start } = tokens.peek();
  if (tokens.is("WITH")) {
    throw tokens.error(
      "WITH cannot stand inside parentheses",
      tokens.peek(),
      "Put all common table expressions before the first SELECT.",
    );
  }
  if (tokens.is("SELECT")) {
    const query = tokens.grammar.subquery(tokens);
    return { kind: "subquery", query, start, end: tokens.previous.end };
  }
  const inner = tokens.grammar.either(tokens);
  if (inner.kind !== "subquery" || tokens.is(")")) return inner;
  const query = tokens.grammar.restOfSubquery(tokens, inner.query);
  return { kind: "subquery", query, start, end: tokens.previous.end };
}

const pseudoColumn =
  /^(?:\$(?:identity|rowguid|action|cuid|node_id|edge_id|from_id|to_id)|identitycol|rowguidcol)$/i;

const isPseudoColumn = ({ kind, value }: Token): boolean =>
  (kind === "pseudo" || kind === "keyword") && pseudoColumn.test(value);

function refuseByName(tokens: TokenStream): void {
  const token = tokens.peek();
  if (token.kind === "variable") {
    const hint = "Write the value itself into the query.";
    throw tokens.unsupported(`The variable ${token.value}`, token, hint);
  }
  if (isPseudoColumn(token)) {
    throw tokens.unsupported(`The pseudo column ${token.value}`, token, "Name the column itself.");
  }
  if (token.kind === "pseudo" && /^\$partition$/i.test(token.value)) {
    throw tokens.unsupported("$PARTITION", token, "There are no partitions here.");
  }
  if (tokens.areAll("NEXT", "VALUE")) {
    const [next, value] = [tokens.next(), tokens.next()];
    if (!tokens.is("FOR"))
      throw tokens.expected("FOR", `Write [${next.value}] AS ${value.value} for a column.`);
    throw tokens.unsupported("NEXT VALUE FOR", token, "Use ROW_NUMBER() OVER (ORDER BY …).");
  }
  if (tokens.is("AI_GENERATE_EMBEDDINGS") && tokens.is("(", 1)) {
    throw tokens.unsupported("AI_GENERATE_EMBEDDINGS", token);
  }
}

/** A column, or a call. */
function parseNamed(tokens: TokenStream): Expression {
  const first = tokens.peek();
  if (tokens.is("(", 1) && first.kind !== "operator") {
    tokens.next();
    return parseCall(tokens, first);
  }
  const name = parseName(tokens);
  const last = lastOf(name);
  if (tokens.is("::")) {
    throw tokens.unsupported("A static method of a type (::)", tokens.peek());
  }
  if (tokens.is("(")) {
    const feature = `The function ${tokens.source.slice(first.start, last.end)} of a schema`;
    const hint = `Built-in functions have no schema: write ${last.name}(…).`;
    throw tokens.unsupported(feature, first, hint);
  }
  if (tokens.is(".") && /^\$partition$/i.test(tokens.peek(1).value)) {
    throw tokens.unsupported("$PARTITION", tokens.peek(1), "There are no partitions here.");
  }
  if (tokens.is(".") && isPseudoColumn(tokens.peek(1))) {
    throw tokens.unsupported(
      `The pseudo column ${tokens.peek(1).value}`,
      tokens.peek(1),
      "Name the column itself.",
    );
  }
  const parts = columnParts(tokens, name);
  return { kind: "name", parts, start: first.start, end: last.end };
}

function noExpression(tokens: TokenStream): Error {
  const token = tokens.peek();
  if (otherStatements.has(token.upper)) {
    return tokens.notSelect(`${token.upper} is not allowed: read_query runs one SELECT`, token);
  }
  const isClause = ["FROM", "WHERE", "GROUP", "ORDER", "HAVING"].includes(token.upper);
  return tokens.expected("an expression", isClause ? undefined : reservedHint(token));
}
