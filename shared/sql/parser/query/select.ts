import type { Expression, NamedWindow, Select, SelectItem, Top } from "../ast";
import { formOf } from "../expression/literals";
import { parseValue } from "../expression/operators";
import { parseCondition } from "../expression/predicates";
import { parseWindow } from "../expression/windows";
import type { TokenStream } from "../token-stream";
import { parseFrom } from "./from";
import { parseGroupBy } from "./group-by";
import { parseItem } from "./select-item";

/** Columns of one SELECT. https://learn.microsoft.com/sql/sql-server/maximum-capacity-specifications-for-sql-server */
const maxColumns = 4096;

/** One SELECT up to its WINDOW clause; what may stand behind it is the caller's. */
export function parseSelect(tokens: TokenStream, isOutermost: boolean): Select {
  const { start } = tokens.peek();
  tokens.expect("SELECT");
  const distinct = tokens.accept("DISTINCT");
  if (!distinct) tokens.accept("ALL");
  const top = tokens.is("TOP") ? parseTop(tokens) : undefined;
  const items = parseItems(tokens);
  if (tokens.is("INTO") && isOutermost) {
    throw tokens.notSelect("SELECT … INTO is not allowed: read_query only reads", tokens.peek());
  }
  const from = tokens.accept("FROM") ? parseFrom(tokens) : undefined;
  const where = tokens.accept("WHERE") ? parseCondition(tokens) : undefined;
  const groupBy = tokens.is("GROUP") ? parseGroupBy(tokens) : [];
  const having = tokens.accept("HAVING") ? parseCondition(tokens) : undefined;
  const windows = tokens.is("WINDOW") ? parseWindows(tokens) : [];
  return {
    kind: "select",
    distinct,
    top,
    items,
    from,
    where,
    groupBy,
    having,
    windows,
    orderBy: [],
    offset: undefined,
    fetch: undefined,
    forClause: undefined,
    start,
    end: tokens.previous.end,
  };
}

function parseItems(tokens: TokenStream): readonly SelectItem[] {
  const items = [parseItem(tokens)];
  while (tokens.accept(",")) {
    if (tokens.is("FROM")) throw tokens.error("A comma stands before FROM", tokens.previous);
    tokens.limit(items.length, maxColumns, "columns in SELECT");
    items.push(parseItem(tokens));
  }
  return items;
}

/** A number that is written as one, with its sign. */
function numberOf(node: Expression): number | undefined {
  if (node.kind === "number") return Number(node.value);
  const value = node.kind === "negate" ? numberOf(node.operand) : undefined;
  return value === undefined ? undefined : -value;
}

function parseTop(tokens: TokenStream): Top {
  const { start } = tokens.next();
  const token = tokens.peek();
  if (token.kind !== "number" && !tokens.is("(")) {
    throw tokens.expected("a number after TOP", "Write TOP 10, or TOP (expression).");
  }
  const count = parseTopCount(tokens);
  const percent = tokens.accept("PERCENT");
  const share = percent ? numberOf(count) : undefined;
  if (share !== undefined && !(share >= 0 && share <= 100)) {
    throw tokens.error("TOP … PERCENT takes 0 to 100", count);
  }
  let withTies = false;
  if (tokens.accept("WITH")) {
    if (tokens.is("APPROXIMATE")) {
      throw tokens.unsupported("TOP … WITH APPROXIMATE", tokens.peek(), "Leave it away.");
    }
    tokens.expect("TIES");
    withTies = true;
  }
  return { count, percent, withTies, start, end: tokens.previous.end };
}

/** A number, or one value in parentheses: `TOP 5 * 2` is the first five of a column called `*`. */
function parseTopCount(tokens: TokenStream): Top["count"] {
  const token = tokens.peek();
  if (token.kind === "number") {
    tokens.next();
    const form = formOf(token.value);
    if (form === "money") throw tokens.error("TOP takes a plain number", token);
    return { kind: "number", value: token.value, form, start: token.start, end: token.end };
  }
  tokens.expect("(");
  const { start } = tokens.peek();
  if (tokens.is("SELECT")) {
    const query = tokens.grammar.subquery(tokens);
    tokens.expect(")");
    return { kind: "subquery", query, start, end: tokens.previous.start };
  }
  const value = parseValue(tokens);
  tokens.expect(")");
  return value;
}

/** `WINDOW w AS (…), …` */
function parseWindows(tokens: TokenStream): readonly NamedWindow[] {
  tokens.next();
  const windows: NamedWindow[] = [];
  do {
    const name = tokens.identifier("the name of a window");
    tokens.expect("AS", "Write WINDOW name AS (PARTITION BY … ORDER BY …).");
    const { start } = tokens.peek();
    tokens.expect("(");
    const content = parseWindow(tokens, true);
    tokens.expect(")");
    const { end } = tokens.previous;
    windows.push({ name, window: { ...content, start, end }, start: name.start, end });
  } while (tokens.accept(","));
  return windows;
}
