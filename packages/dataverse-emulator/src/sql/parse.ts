import { parseCondition } from "./parse-condition";
import { Reader } from "./reader";
import { invalid, unsupported } from "./refusal";
import type { AggregateName, ColumnName, Item, Join, Statement, TableName } from "./statement";

const aggregates = new Set(["count", "sum", "avg", "min", "max"]);
const statements = new Set(
  "insert update delete merge drop alter create truncate exec execute declare set grant revoke use begin if while print waitfor".split(
    " ",
  ),
);

/** Reads one SELECT of the subset that the Web API takes; everything else is refused by its name. */
export function parse(text: string): Statement {
  const reader = new Reader(text);
  const first = reader.peek();
  if (first.kind === "end") throw invalid("The SQL query is empty.");
  if (reader.is("with")) throw unsupported("A common table expression (WITH)", first.at);
  const word = first.value.toLowerCase();
  if (first.kind === "word" && statements.has(word)) {
    throw unsupported(`${first.value.toUpperCase()}: only SELECT is taken; it`, first.at);
  }
  reader.expect("select");
  const distinct = reader.accept("distinct");
  if (!distinct) reader.accept("all");
  const top = reader.accept("top") ? readTop(reader) : undefined;
  const items = readItems(reader);
  if (reader.is("into")) throw unsupported("SELECT INTO", reader.peek().at);
  if (!reader.is("from") && reader.peek().kind === "end") {
    throw unsupported("A SELECT without FROM", reader.peek().at);
  }
  reader.expect("from");
  const from = readTable(reader);
  const joins = readJoins(reader);
  const where = reader.accept("where") ? parseCondition(reader) : undefined;
  const groupBy = readGroupBy(reader);
  refuseHere(reader, "having", "HAVING (filter before aggregating, with WHERE)");
  const orderBy = readOrderBy(reader);
  const { offset, fetch } = readOffset(reader, orderBy.length > 0, top);
  endOf(reader);
  return { distinct, top, items, from, joins, where, groupBy, orderBy, offset, fetch };
}

function refuseHere(reader: Reader, word: string, what: string): void {
  if (reader.is(word)) throw unsupported(what, reader.peek().at);
}

function endOf(reader: Reader): void {
  for (const word of ["union", "except", "intersect", "for", "option", "having"]) {
    refuseHere(reader, word, word.toUpperCase());
  }
  if (reader.accept(";") && reader.peek().kind !== "end") {
    throw unsupported("A second statement", reader.peek().at);
  }
  if (reader.peek().kind !== "end") throw reader.near();
}

function readTop(reader: Reader): number {
  const isNested = reader.accept("(");
  const top = reader.count("TOP");
  if (isNested) reader.expect(")");
  refuseHere(reader, "percent", "TOP … PERCENT");
  refuseHere(reader, "with", "TOP … WITH TIES");
  if (top > 5_000) throw invalid("TOP takes 0 to 5000.");
  return top;
}

function readItems(reader: Reader): Item[] {
  const items: Item[] = [];
  do {
    items.push(readItem(reader));
  } while (reader.accept(","));
  return items;
}

function readItem(reader: Reader): Item {
  const token = reader.peek();
  if (reader.is("*")) throw unsupported("SELECT * (name each column)", token.at);
  if (token.kind === "text" || token.kind === "number" || reader.is("null")) {
    throw unsupported("A literal value in SELECT", token.at);
  }
  if (reader.is("case")) throw unsupported("CASE", token.at);
  if (reader.is("(")) {
    const isQuery = reader.is("select", 1);
    throw unsupported(isQuery ? "A subquery" : "An expression in SELECT", token.at);
  }
  const isCall = token.kind === "word" && reader.is("(", 1);
  if (isCall && aggregates.has(token.value.toLowerCase())) return readAggregate(reader);
  const column = reader.column();
  refuseExpression(reader);
  return { kind: "column", column, alias: readAlias(reader) };
}

function refuseExpression(reader: Reader): void {
  const { value, kind, at } = reader.peek();
  if (kind === "mark" && "+-*/%&|^~".includes(value)) throw unsupported("An expression", at);
  if (kind === "number" && value.startsWith("-")) throw unsupported("An expression", at);
}

function readAggregate(reader: Reader): Item {
  const token = reader.take();
  reader.expect("(");
  const name = token.value.toLowerCase() as AggregateName;
  const distinct = reader.accept("distinct");
  let column: ColumnName | undefined;
  if (name === "count" && !distinct && reader.accept("*")) column = undefined;
  else {
    if (reader.is("*")) throw reader.near();
    const inner = reader.peek();
    if (inner.kind === "number" || inner.kind === "text" || reader.is("case")) {
      throw unsupported("An expression inside of an aggregate", inner.at);
    }
    column = reader.column();
    refuseExpression(reader);
  }
  reader.expect(")");
  refuseHere(reader, "over", "A window function (OVER)");
  refuseExpression(reader);
  return { kind: "aggregate", name, distinct, column, alias: readAlias(reader), at: token.at };
}

function readAlias(reader: Reader): string | undefined {
  if (reader.accept("as")) {
    if (reader.peek().kind === "text") return reader.take().value;
    return reader.name().value;
  }
  return reader.isName() ? reader.take().value : undefined;
}

function readTable(reader: Reader): TableName {
  const token = reader.peek();
  if (reader.is("(")) throw unsupported("A subquery in FROM", token.at);
  let name = reader.name();
  // `dbo.account` names the same table.
  if (reader.accept(".")) name = reader.name();
  if (reader.is("(")) throw unsupported(`The function ${name.value}`, name.at);
  const alias = readAlias(reader)?.toLowerCase();
  refuseHere(reader, "with", "A table hint (WITH)");
  return { table: name.value.toLowerCase(), alias, at: name.at };
}

function readJoins(reader: Reader): Join[] {
  const joins: Join[] = [];
  for (;;) {
    for (const word of ["right", "full", "cross", "outer"]) {
      const what = reader.is("apply", 1) ? "APPLY" : "JOIN";
      refuseHere(reader, word, `${word.toUpperCase()} ${what}`);
    }
    if (reader.accept(",")) joins.push({ ...readTable(reader), kind: "cross", on: undefined });
    else if (reader.is("join") || reader.is("inner") || reader.is("left")) {
      joins.push(readJoin(reader));
    } else return joins;
    if (joins.length > 15) throw invalid("A query takes 15 joins at most.");
  }
}

function readJoin(reader: Reader): Join {
  const kind = reader.accept("left") ? "left" : "inner";
  if (kind === "left") reader.accept("outer");
  else reader.accept("inner");
  reader.expect("join");
  const table = readTable(reader);
  reader.expect("on");
  return { ...table, kind, on: parseCondition(reader) };
}

function readGroupBy(reader: Reader): ColumnName[] {
  if (!reader.accept("group")) return [];
  reader.expect("by");
  const columns: ColumnName[] = [];
  do {
    const token = reader.peek();
    if (token.kind === "number" || token.kind === "text" || reader.is("(")) {
      throw unsupported("GROUP BY of anything but columns", token.at);
    }
    columns.push(reader.column());
    refuseExpression(reader);
  } while (reader.accept(","));
  return columns;
}

function readOrderBy(reader: Reader): Statement["orderBy"] {
  if (!reader.accept("order")) return [];
  reader.expect("by");
  const orders: { column: ColumnName; descending: boolean }[] = [];
  do {
    const token = reader.peek();
    if (token.kind === "number" || token.kind === "text" || reader.is("(") || reader.is("case")) {
      throw unsupported("ORDER BY of anything but columns", token.at);
    }
    const column = reader.column();
    refuseExpression(reader);
    const descending = reader.accept("desc");
    if (!descending) reader.accept("asc");
    orders.push({ column, descending });
  } while (reader.accept(","));
  return orders;
}

function readOffset(
  reader: Reader,
  isOrdered: boolean,
  top: number | undefined,
): { offset: number | undefined; fetch: number | undefined } {
  const { at } = reader.peek();
  if (!reader.accept("offset")) {
    refuseHere(reader, "fetch", "FETCH without OFFSET");
    return { offset: undefined, fetch: undefined };
  }
  if (!isOrdered) throw invalid("OFFSET needs an ORDER BY clause.", at);
  if (top !== undefined) throw invalid("TOP cannot be used together with OFFSET.", at);
  const rows = () => {
    if (!reader.accept("rows")) reader.expect("row");
  };
  const offset = reader.count("OFFSET");
  rows();
  if (!reader.accept("fetch")) return { offset, fetch: undefined };
  if (!reader.accept("next")) reader.expect("first");
  const fetch = reader.count("FETCH");
  rows();
  reader.expect("only");
  return { offset, fetch };
}
