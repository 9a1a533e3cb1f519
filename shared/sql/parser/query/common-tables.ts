import type { CommonTableExpression } from "../ast";
import type { TokenStream } from "../token-stream";

/** `WITH a AS (SELECT …), b (x, y) AS (SELECT …)`; nothing where there is no WITH. */
export function parseCommonTables(tokens: TokenStream): readonly CommonTableExpression[] {
  if (!tokens.accept("WITH")) return [];
  refuseByName(tokens);
  const tables = [parseTable(tokens)];
  while (tokens.accept(",")) tables.push(parseTable(tokens));
  return tables;
}

function refuseByName(tokens: TokenStream): void {
  if (!tokens.is("(", 1)) return;
  if (tokens.is("XMLNAMESPACES")) {
    const hint = "Leave it away: rows come as JSON.";
    throw tokens.unsupported("WITH XMLNAMESPACES", tokens.peek(), hint);
  }
  if (tokens.is("CHANGE_TRACKING_CONTEXT")) {
    const hint = "Leave it away: nothing is written.";
    throw tokens.unsupported("WITH CHANGE_TRACKING_CONTEXT", tokens.peek(), hint);
  }
}

function parseTable(tokens: TokenStream): CommonTableExpression {
  const name = tokens.identifier("the name of a common table expression");
  const columns = tokens.is("(") ? tokens.identifierList("a column name") : [];
  tokens.expect("AS", "Write WITH name AS (SELECT …).");
  tokens.expect("(", "Write WITH name AS (SELECT …).");
  if (tokens.is("WITH")) {
    throw tokens.error(
      "WITH cannot stand inside parentheses",
      tokens.peek(),
      "Put all common table expressions before the first SELECT, parted by commas.",
    );
  }
  const query = tokens.grammar.subquery(tokens);
  tokens.expect(")");
  return { name, columns, query, start: name.start, end: tokens.previous.end };
}
