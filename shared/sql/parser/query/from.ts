import type { QueryExpression, TableExpression } from "../ast";
import { parseCondition } from "../expression/predicates";
import type { TokenStream } from "../token-stream";
import { parseDerived, parseValuesRows, type ValuesRows } from "./derived-tables";
import { parsePivot, parseUnpivot } from "./pivot";
import { parseTableSource } from "./table-source";

/** `FROM` clause after its keyword. A comma is a cross join that binds looser than any JOIN. */
export function parseFrom(tokens: TokenStream): TableExpression {
  let left = parseJoins(tokens);
  while (tokens.accept(",")) {
    const right = parseJoins(tokens);
    left = { kind: "crossJoin", left, right, start: left.start, end: right.end };
  }
  return left;
}

/** A table with all that is joined to it. */
function parseJoins(tokens: TokenStream): TableExpression {
  tokens.enter();
  const table = tokens.is("{") ? parseOdbcJoin(tokens) : parseMore(tokens, parseElement(tokens));
  tokens.leave();
  return table;
}

/** `{oj a LEFT OUTER JOIN b ON … }` */
function parseOdbcJoin(tokens: TokenStream): TableExpression {
  tokens.next();
  tokens.expect("OJ", "'{' begins an ODBC escape: {oj a LEFT OUTER JOIN b ON …}.");
  const { start } = tokens.peek();
  const inner = parseJoins(tokens);
  if (inner.kind !== "join") {
    throw tokens.error("{oj …} needs a join with ON", { start });
  }
  tokens.expect("}");
  return inner;
}

function parseMore(tokens: TokenStream, first: TableExpression): TableExpression {
  let left = first;
  for (;;) {
    const joined =
      parseJoin(tokens, left) ??
      (tokens.is("PIVOT") ? parsePivot(tokens, left) : undefined) ??
      (tokens.is("UNPIVOT") ? parseUnpivot(tokens, left) : undefined);
    if (!joined) return left;
    left = joined;
  }
}

/** `left` joined to what follows, or undefined where no join follows. */
function parseJoin(tokens: TokenStream, left: TableExpression): TableExpression | undefined {
  const { start } = left;
  switch (tokens.peek().upper) {
    case "CROSS":
    case "OUTER":
      return parseCross(tokens, left);
    case "JOIN":
    case "INNER":
    case "LEFT":
    case "RIGHT":
    case "FULL": {
      const type = parseJoinWords(tokens);
      const right = parseJoins(tokens);
      tokens.expect(
        "ON",
        tokens.is("USING")
          ? "USING is not T-SQL: write ON a.column = b.column."
          : `Every ${type} join needs ON and a condition.`,
      );
      const on = parseCondition(tokens);
      return { kind: "join", type, left, right, on, start, end: on.end };
    }
    default:
      return undefined;
  }
}

/** CROSS JOIN, CROSS APPLY, OUTER APPLY: with one table, without ON. */
function parseCross(tokens: TokenStream, left: TableExpression): TableExpression {
  const word = tokens.next();
  const { start } = left;
  if (word.upper === "CROSS" && tokens.accept("JOIN")) {
    const right = parseElement(tokens);
    return { kind: "crossJoin", left, right, start, end: right.end };
  }
  tokens.expect("APPLY", word.upper === "OUTER" ? "Write LEFT JOIN or OUTER APPLY." : undefined);
  const right = parseElement(tokens);
  const type = word.upper === "CROSS" ? "cross" : "outer";
  return { kind: "apply", type, left, right, start, end: right.end };
}

const joinTypes = {
  JOIN: "inner",
  INNER: "inner",
  LEFT: "left",
  RIGHT: "right",
  FULL: "full",
} as const;
type JoinType = (typeof joinTypes)[keyof typeof joinTypes];

/** `LEFT OUTER HASH JOIN` and its like. */
function parseJoinWords(tokens: TokenStream): JoinType {
  const word = tokens.next().upper as keyof typeof joinTypes;
  const type = joinTypes[word];
  if (word === "JOIN") return type;
  if (word !== "INNER") tokens.accept("OUTER");
  if (!tokens.is("JOIN")) parseJoinHint(tokens);
  tokens.expect("JOIN");
  return type;
}

const joinHints = ["HASH", "LOOP", "MERGE", "REMOTE"];

function parseJoinHint(tokens: TokenStream): void {
  const isLocal = tokens.is("LOCAL") && tokens.isAny(["HASH", "LOOP", "MERGE"], 1);
  if (isLocal) tokens.next();
  if (!tokens.isAny(joinHints)) return;
  tokens.notes.add(`The join hint ${tokens.next().upper} has no effect here.`);
}

function parseElement(tokens: TokenStream): TableExpression {
  if (!tokens.is("(")) return parseTableSource(tokens);
  const inside = parseParenthesised(tokens);
  return inside.kind === "table" ? inside.table : parseDerived(tokens, inside);
}

type Inside =
  | { readonly kind: "table"; readonly table: TableExpression }
  | { readonly kind: "query"; readonly query: QueryExpression; readonly start: number }
  | ValuesRows;

/** What a pair of parentheses holds: joins, or a query or VALUES that still wants its alias. */
function parseParenthesised(tokens: TokenStream): Inside {
  const { start } = tokens.next();
  tokens.enter();
  const inside = parseInside(tokens, start);
  tokens.leave();
  tokens.expect(")");
  return inside;
}

function parseInside(tokens: TokenStream, start: number): Inside {
  const token = tokens.peek();
  switch (token.upper) {
    case "SELECT":
      return { kind: "query", query: tokens.grammar.subquery(tokens), start };
    case "VALUES":
      return parseValuesRows(tokens, start);
    case "WITH":
      throw tokens.error(
        "WITH cannot stand inside parentheses",
        token,
        "Put all common table expressions before the first SELECT.",
      );
    case "INSERT":
    case "UPDATE":
    case "DELETE":
    case "MERGE":
      throw tokens.notSelect(`${token.upper} is not allowed: read_query runs one SELECT`, token);
    case "(": {
      const inner = parseParenthesised(tokens);
      if (inner.kind === "query" && (tokens.is(")") || startsSetOperator(tokens))) {
        return { ...inner, query: tokens.grammar.restOfSubquery(tokens, inner.query) };
      }
      const first = inner.kind === "table" ? inner.table : parseDerived(tokens, inner);
      return { kind: "table", table: parseInnerJoins(tokens, first, inner.kind === "table") };
    }
    default:
      return { kind: "table", table: parseInnerJoins(tokens, parseTableSource(tokens), false) };
  }
}

/** Parentheses around tables hold a join, or more parentheses. */
function parseInnerJoins(
  tokens: TokenStream,
  first: TableExpression,
  isOptional: boolean,
): TableExpression {
  let left = first;
  for (let next = parseJoin(tokens, left); next; next = parseJoin(tokens, left)) left = next;
  if (left === first && !isOptional) {
    throw tokens.error(
      `A join is missing before ${tokens.nameOf(tokens.peek())}`,
      tokens.peek(),
      "Parentheses in FROM hold a join or a SELECT; leave them away around one table.",
    );
  }
  return left;
}

const startsSetOperator = (tokens: TokenStream): boolean =>
  tokens.isAny(["UNION", "EXCEPT", "INTERSECT"]);
