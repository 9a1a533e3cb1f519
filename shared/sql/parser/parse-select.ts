import { nearest } from "../nearest";
import type { Expression, Identifier, OrderItem, SelectItem, SelectStatement } from "./ast";
import { checkDepth } from "./check-depth";
import { otherStatements, writingTools } from "./keywords";
import { parseCondition, parseExpression, parseNameParts } from "./parse-expression";
import { parseFrom } from "./parse-from";
import { TokenStream } from "./token-stream";

/** Columns of one SELECT. https://learn.microsoft.com/sql/sql-server/maximum-capacity-specifications-for-sql-server */
const maxColumns = 4096;
/** Keys of GROUP BY or ORDER BY: SQL Server counts their bytes, 8,060 at most. */
const maxKeys = 1000;

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

/** Reads one SELECT. Throws SqlError `syntax`, `not_select`, `unsupported` or `too_large`, with line and column. */
export function parse(source: string): SelectStatement {
  const tokens = new TokenStream(source);
  while (tokens.accept(";"));
  if (tokens.peek().kind === "end")
    throw tokens.error("The query is empty", tokens.peek(), "Write SELECT … FROM ….");
  refuseStart(tokens);
  const statement = parseSelect(tokens);
  while (tokens.accept(";"));
  if (tokens.peek().kind !== "end") throw unexpectedRest(tokens);
  checkDepth(statement, source);
  return statement;
}

function refuseStatement(tokens: TokenStream): void {
  const token = tokens.peek();
  if (!otherStatements.has(token.upper)) return;
  const tool = writingTools[token.upper];
  const hint = tool ? `Use the tool ${tool}.` : "Send one SELECT statement.";
  throw tokens.notSelect(`${token.upper} is not allowed: read_query runs one SELECT`, token, hint);
}

function refuseStart(tokens: TokenStream): void {
  refuseStatement(tokens);
  const token = tokens.peek();
  if (tokens.is("WITH")) refuseWith(tokens);
  if (tokens.is("(")) {
    throw tokens.unsupported("A SELECT in parentheses", token, "Leave the parentheses away.");
  }
  if (tokens.is("SELECT")) return;
  const near = nearest(token.value.toUpperCase(), ["SELECT"], 1)[0];
  const hint = near ? `Did you mean ${near}?` : "read_query runs one SELECT statement.";
  throw tokens.error(`Expected SELECT but found ${tokens.nameOf(token)}`, token, hint);
}

/** WITH is refused by what it leads to: a write is worse than a common table expression. */
function refuseWith(tokens: TokenStream): never {
  const start = tokens.peek();
  let depth = 0;
  for (let ahead = 0; tokens.peek(ahead).kind !== "end"; ahead += 1) {
    const token = tokens.peek(ahead);
    if (token.upper === "(") depth += 1;
    if (token.upper === ")") depth -= 1;
    if (depth === 0 && ["INSERT", "UPDATE", "DELETE", "MERGE"].includes(token.upper)) {
      throw tokens.notSelect(`${token.upper} is not allowed: read_query runs one SELECT`, token);
    }
  }
  const xml = tokens.is("XMLNAMESPACES", 1);
  const feature = xml ? "WITH XMLNAMESPACES" : "WITH (a common table expression)";
  throw tokens.unsupported(feature, start, "Write one SELECT with JOIN, or several queries.");
}

function unexpectedRest(tokens: TokenStream): Error {
  const token = tokens.peek();
  const previous = tokens.previous;
  if (previous.upper === ";" || token.upper === "SELECT" || otherStatements.has(token.upper)) {
    const hint = "Send each SELECT in its own call.";
    return tokens.notSelect(
      `Only one statement is allowed; found ${tokens.nameOf(token)}`,
      token,
      hint,
    );
  }
  // A misspelt keyword is read as the alias of what stands before it.
  const near =
    previous.kind === "word" ? nearest(previous.value.toUpperCase(), clauses, 1)[0] : undefined;
  if (near) {
    const hint = `Did you mean ${near}? ('${previous.value}' was read as an alias.)`;
    return tokens.error(`Unexpected ${tokens.nameOf(previous)}`, previous, hint);
  }
  const here = nearest(token.value.toUpperCase(), clauses, 1)[0];
  return tokens.error(`Unexpected ${tokens.nameOf(token)}`, token, here && `Did you mean ${here}?`);
}

function parseSelect(tokens: TokenStream): SelectStatement {
  const start = tokens.peek().start;
  tokens.expect("SELECT");
  const distinct = tokens.accept("DISTINCT");
  if (!distinct) tokens.accept("ALL");
  const top = parseTop(tokens);
  const items = [parseItem(tokens)];
  while (tokens.accept(",")) {
    if (tokens.is("FROM")) throw tokens.error("A comma stands before FROM", tokens.previous);
    tokens.limit(items.length, maxColumns, "columns in SELECT");
    items.push(parseItem(tokens));
  }
  if (tokens.is("INTO")) {
    throw tokens.notSelect("SELECT … INTO is not allowed: read_query only reads", tokens.peek());
  }
  const from = tokens.accept("FROM") ? parseFrom(tokens) : undefined;
  const where = tokens.accept("WHERE") ? parseCondition(tokens) : undefined;
  const groupBy = parseGroupBy(tokens);
  const having = tokens.accept("HAVING") ? parseCondition(tokens) : undefined;
  if (tokens.is("WINDOW")) throw tokens.unsupported("The WINDOW clause", tokens.peek());
  refuseSetOperator(tokens);
  const order = parseOrderBy(tokens);
  refuseEnding(tokens);
  if (tokens.is("OPTION") && tokens.is("(", 1)) {
    tokens.next();
    tokens.skipParentheses();
    tokens.notes.add("OPTION (…) has no effect here.");
  }
  const end = tokens.previous.end;
  return {
    distinct,
    top,
    items,
    from,
    where,
    groupBy,
    having,
    ...order,
    notes: [...tokens.notes],
    start,
    end,
  };
}

function refuseSetOperator(tokens: TokenStream): void {
  if (!tokens.isAny(["UNION", "EXCEPT", "INTERSECT"])) return;
  const hint = "Run each SELECT as a query of its own.";
  throw tokens.unsupported(tokens.peek().upper, tokens.peek(), hint);
}

function refuseEnding(tokens: TokenStream): void {
  const token = tokens.peek();
  refuseSetOperator(tokens);
  if (tokens.is("LIMIT")) {
    throw tokens.error("LIMIT is not T-SQL", token, "Write SELECT TOP (n) ….");
  }
  if (tokens.is("OFFSET")) throw tokens.error("OFFSET needs an ORDER BY before it", token);
  if (tokens.is("FOR")) {
    const hint = "Rows already come as JSON.";
    throw tokens.unsupported(`FOR ${tokens.peek(1).value.toUpperCase()}`, token, hint);
  }
}

function parseTop(tokens: TokenStream): Expression | undefined {
  if (!tokens.accept("TOP")) return undefined;
  let count: Expression;
  if (tokens.accept("(")) {
    count = parseExpression(tokens);
    tokens.expect(")");
  } else {
    const token = tokens.peek();
    if (token.kind !== "number") {
      throw tokens.error(`Expected a number after TOP but found ${tokens.nameOf(token)}`, token);
    }
    tokens.next();
    count = { kind: "number", value: token.value, start: token.start, end: token.end };
  }
  if (tokens.is("PERCENT")) {
    throw tokens.unsupported("TOP … PERCENT", tokens.peek(), "Give the number of rows: TOP 50.");
  }
  if (tokens.is("WITH")) {
    const feature = `TOP … WITH ${tokens.peek(1).value.toUpperCase()}`;
    throw tokens.unsupported(feature, tokens.peek(), "Use plain TOP n with ORDER BY.");
  }
  return count;
}

function parseItem(tokens: TokenStream): SelectItem {
  const token = tokens.peek();
  const start = token.start;
  if (tokens.accept("*")) return { kind: "star", table: undefined, start, end: token.end };
  if (token.kind === "variable" && tokens.is("=", 1)) {
    throw tokens.unsupported("Assigning a variable", token);
  }
  if ((tokens.isName() || token.kind === "string") && tokens.is("=", 1)) {
    tokens.next();
    tokens.next();
    const expression = parseExpression(tokens);
    return { kind: "expression", expression, alias: token.value, start, end: expression.end };
  }
  const star = parseTableStar(tokens);
  if (star) return star;
  const expression = parseExpression(tokens);
  const alias = parseColumnAlias(tokens);
  return { kind: "expression", expression, alias, start, end: tokens.previous.end };
}

/** `a.*` or `dbo.a.*` */
function parseTableStar(tokens: TokenStream): SelectItem | undefined {
  let ahead = 0;
  while (tokens.isName(ahead) && tokens.is(".", ahead + 1)) ahead += 2;
  if (ahead === 0 || !tokens.is("*", ahead)) return undefined;
  const parts = parseNameParts(tokens);
  const table = parts[parts.length - 1] as Identifier;
  tokens.expect("*");
  return { kind: "star", table, start: table.start, end: tokens.previous.end };
}

function parseColumnAlias(tokens: TokenStream): string | undefined {
  const token = tokens.peek();
  const as = tokens.accept("AS");
  if (tokens.peek().kind === "string") return tokens.next().value;
  if (as) return tokens.identifier("an alias").name;
  if (!tokens.isName() || tokens.isAny(["LIMIT", "OFFSET"])) return undefined;
  if (token.kind === "word" && nearest(token.upper, ["FROM"], 1).length > 0 && tokens.isName(1)) {
    const hint = `Did you mean FROM? ('${token.value}' was read as an alias.)`;
    throw tokens.error(`Unexpected ${tokens.nameOf(token)}`, token, hint);
  }
  return tokens.identifier("an alias").name;
}

function parseGroupBy(tokens: TokenStream): readonly Expression[] {
  if (!tokens.accept("GROUP")) return [];
  tokens.expect("BY");
  const keys: Expression[] = [];
  do {
    const token = tokens.peek();
    if (tokens.is("ALL")) throw tokens.unsupported("GROUP BY ALL", token);
    if (tokens.is("GROUPING") || (tokens.isAny(["ROLLUP", "CUBE"]) && tokens.is("(", 1))) {
      const feature = tokens.is("GROUPING") ? "GROUPING SETS" : token.upper;
      throw tokens.unsupported(feature, token, "Run one GROUP BY query for each level.");
    }
    tokens.limit(keys.length, maxKeys, "keys in GROUP BY");
    keys.push(parseExpression(tokens));
  } while (tokens.accept(","));
  if (tokens.is("WITH")) {
    const feature = `WITH ${tokens.peek(1).value.toUpperCase()}`;
    throw tokens.unsupported(feature, tokens.peek(), "Run one GROUP BY query for each level.");
  }
  return keys;
}

function parseOrderBy(tokens: TokenStream): Pick<SelectStatement, "orderBy" | "offset" | "fetch"> {
  const orderBy: OrderItem[] = [];
  if (!tokens.accept("ORDER")) return { orderBy, offset: undefined, fetch: undefined };
  tokens.expect("BY");
  do {
    tokens.limit(orderBy.length, maxKeys, "keys in ORDER BY");
    const expression = parseExpression(tokens);
    const descending = tokens.accept("DESC");
    if (!descending) tokens.accept("ASC");
    orderBy.push({ expression, descending, start: expression.start, end: tokens.previous.end });
  } while (tokens.accept(","));
  const rows = () => {
    if (!tokens.accept("ROWS")) tokens.expect("ROW");
  };
  let offset: Expression | undefined;
  let fetch: Expression | undefined;
  if (tokens.accept("OFFSET")) {
    offset = parseExpression(tokens);
    rows();
    if (tokens.accept("FETCH")) {
      if (!tokens.accept("NEXT")) tokens.expect("FIRST");
      fetch = parseExpression(tokens);
      rows();
      tokens.expect("ONLY");
    }
  }
  return { orderBy, offset, fetch };
}
