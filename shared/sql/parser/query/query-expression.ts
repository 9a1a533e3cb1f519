import type { OrderItem, QueryExpression, Select, SetOperation } from "../ast";
import { parseValue } from "../expression/operators";
import type { TokenStream } from "../token-stream";
import { parseForClause } from "./for-clause";
import { parseSelect } from "./select";

/** Keys of ORDER BY: SQL Server counts their bytes, 8,060 at most. */
const maxKeys = 1000;

/** A query, and whether it stands in parentheses of its own. */
interface Part {
  readonly query: QueryExpression;
  readonly isClosed: boolean;
}

type ReadPart = (tokens: TokenStream) => Part;

/** The query of a statement: ORDER BY, OFFSET and FOR stand at its end, and in no parentheses. */
export function parseStatementQuery(tokens: TokenStream): QueryExpression {
  const { query } = parseRest(tokens, readStatementPart(tokens), readStatementPart);
  const ended = withEnd(tokens, query);
  checkTies(tokens, ended);
  return ended;
}

/** What stands in parentheses as a subquery, a derived table or a common table expression. */
export function parseSubquery(tokens: TokenStream): QueryExpression {
  tokens.enter();
  const { query } = parseRest(tokens, readSubqueryPart(tokens), readSubqueryPart);
  tokens.leave();
  return query;
}

/** The rest of a subquery whose first part, in parentheses, has been read. */
export const parseRestOfSubquery = (tokens: TokenStream, query: QueryExpression): QueryExpression =>
  parseRest(tokens, { query, isClosed: true }, readSubqueryPart).query;

/** One or more parts; INTERSECT binds tighter than UNION and EXCEPT, which bind alike. */
function parseRest(tokens: TokenStream, first: Part, read: ReadPart): Part {
  let left = parseIntersections(tokens, first, read);
  while (tokens.isAny(["UNION", "EXCEPT"])) {
    const operator = tokens.is("UNION") ? "union" : "except";
    const all = parseSetWord(tokens);
    left = combine(tokens, operator, all, left, parseIntersections(tokens, read(tokens), read));
  }
  return left;
}

function parseIntersections(tokens: TokenStream, first: Part, read: ReadPart): Part {
  let left = first;
  while (tokens.is("INTERSECT")) {
    const all = parseSetWord(tokens);
    left = combine(tokens, "intersect", all, left, read(tokens));
  }
  return left;
}

/** Is ALL behind the word? */
function parseSetWord(tokens: TokenStream): boolean {
  const word = tokens.next();
  const all = tokens.accept("ALL");
  if (all && word.upper !== "UNION") {
    throw tokens.unsupported(`${word.upper} ALL`, word, `Write ${word.upper} without ALL.`);
  }
  return all;
}

const noEnd = { orderBy: [], offset: undefined, fetch: undefined, forClause: undefined } as const;

const endOf = ({ orderBy, offset, fetch, forClause }: QueryExpression) => ({
  orderBy,
  offset,
  fetch,
  forClause,
});

/** What stands behind the last SELECT belongs to the whole, as SQL Server reads it. */
function combine(
  tokens: TokenStream,
  operator: SetOperation["operator"],
  all: boolean,
  { query: left, isClosed }: Part,
  { query: last, isClosed: isLastClosed }: Part,
): Part {
  const place = left.orderBy[0] ?? left.forClause;
  if (place && !isClosed) {
    const hint =
      "Order the whole at its end, or write SELECT * FROM (SELECT TOP … ORDER BY …) AS x.";
    throw tokens.unsupported(`ORDER BY inside one part of ${operator.toUpperCase()}`, place, hint);
  }
  const right = isLastClosed ? last : { ...last, ...noEnd };
  const end = isLastClosed ? noEnd : endOf(last);
  const span = { start: left.start, end: tokens.previous.end };
  return { query: { kind: "set", operator, all, left, right, ...end, ...span }, isClosed: false };
}

function readStatementPart(tokens: TokenStream): Part {
  if (!tokens.is("(")) return { query: parseSelect(tokens, true), isClosed: false };
  tokens.next();
  tokens.enter();
  const { query } = parseRest(tokens, readStatementPart(tokens), readStatementPart);
  tokens.leave();
  if (tokens.is("ORDER")) {
    throw tokens.error(
      "ORDER BY cannot stand inside these parentheses",
      tokens.peek(),
      "Order the whole at its end, or write SELECT * FROM (SELECT TOP … ORDER BY …) AS x.",
    );
  }
  tokens.expect(")");
  return { query, isClosed: true };
}

function readSubqueryPart(tokens: TokenStream): Part {
  if (tokens.is("(")) {
    tokens.next();
    const query = parseSubquery(tokens);
    tokens.expect(")");
    return { query, isClosed: true };
  }
  const query = withEnd(tokens, parseSelect(tokens, false));
  checkOrder(tokens, query);
  checkTies(tokens, query);
  return { query, isClosed: false };
}

/** Without TOP or OFFSET an order inside parentheses means nothing, and SQL Server refuses it. */
function checkOrder(tokens: TokenStream, query: Select): void {
  const [first] = query.orderBy;
  if (!first || query.top || query.offset || query.forClause) return;
  throw tokens.error(
    "ORDER BY in a subquery, a derived table or a common table expression needs TOP or OFFSET",
    first,
    "Order the outermost SELECT instead, or add TOP (n).",
  );
}

function checkTies(tokens: TokenStream, query: QueryExpression): void {
  if (query.kind === "set") {
    checkTies(tokens, query.left);
    checkTies(tokens, query.right);
  } else if (query.top?.withTies && query.orderBy.length === 0) {
    const hint = "Add ORDER BY: it says which rows tie.";
    throw tokens.unsupported("TOP … WITH TIES without ORDER BY", query.top, hint);
  }
}

/** ORDER BY … OFFSET … FETCH …, and FOR. */
function withEnd<T extends QueryExpression>(tokens: TokenStream, query: T): T {
  if (!tokens.isAny(["ORDER", "FOR"])) return query;
  let { orderBy, offset, fetch } = query as QueryExpression;
  if (tokens.accept("ORDER")) {
    tokens.expect("BY");
    orderBy = parseOrderItems(tokens);
    if (tokens.accept("OFFSET")) {
      offset = parseValue(tokens);
      expectRows(tokens);
      if (tokens.accept("FETCH")) {
        if (!tokens.isAny(["NEXT", "FIRST"])) throw tokens.expected("NEXT or FIRST");
        tokens.next();
        fetch = parseValue(tokens);
        expectRows(tokens);
        tokens.expect("ONLY");
      }
    }
  }
  const forClause = tokens.is("FOR") ? parseForClause(tokens) : undefined;
  return { ...query, orderBy, offset, fetch, forClause, end: tokens.previous.end };
}

function expectRows(tokens: TokenStream): void {
  if (!tokens.isAny(["ROW", "ROWS"])) {
    throw tokens.expected("ROWS", "Write OFFSET n ROWS FETCH NEXT m ROWS ONLY.");
  }
  tokens.next();
}

/** After ORDER BY. */
export function parseOrderItems(tokens: TokenStream): readonly OrderItem[] {
  const items: OrderItem[] = [];
  do {
    tokens.limit(items.length, maxKeys, "keys in ORDER BY");
    const expression = parseValue(tokens);
    const descending = tokens.accept("DESC");
    if (!descending) tokens.accept("ASC");
    items.push({ expression, descending, start: expression.start, end: tokens.previous.end });
  } while (tokens.accept(","));
  return items;
}
