import type { Expression, GroupingItem } from "../ast";
import { parseValue } from "../expression/operators";
import type { TokenStream } from "../token-stream";

/** Keys of GROUP BY: SQL Server counts their bytes, 8,060 at most. */
const maxKeys = 1000;

export function parseGroupBy(tokens: TokenStream): readonly GroupingItem[] {
  tokens.next();
  tokens.expect("BY");
  if (tokens.is("ALL")) {
    const hint = "Leave ALL away: WHERE applies to all groups then.";
    throw tokens.unsupported("GROUP BY ALL", tokens.peek(), hint);
  }
  const items: GroupingItem[] = [];
  const hints: number[] = [];
  do {
    tokens.limit(items.length, maxKeys, "keys in GROUP BY");
    items.push(parseItem(tokens, hints));
    if (hints.length > 1)
      throw tokens.error("GROUP BY takes one hint DISTRIBUTED_AGG", tokens.previous);
  } while (tokens.accept(","));
  return tokens.is("WITH") ? [withOption(tokens, items)] : items;
}

/** The old form `GROUP BY a, b WITH ROLLUP`. */
function withOption(tokens: TokenStream, items: readonly GroupingItem[]): GroupingItem {
  const word = tokens.next();
  if (!tokens.isAny(["ROLLUP", "CUBE"])) throw tokens.expected("ROLLUP or CUBE");
  const kind = tokens.next().upper === "ROLLUP" ? "rollup" : "cube";
  const keys = items.map((item) => {
    if (item.kind === "expression") return [item.expression];
    const hint = "Write all of it as GROUPING SETS, ROLLUP (…) or CUBE (…).";
    throw tokens.error(`WITH ${kind.toUpperCase()} takes plain columns only`, word, hint);
  });
  const [first] = items;
  return { kind, items: keys, start: (first ?? word).start, end: tokens.previous.end };
}

/** `hints` are the places of hints behind plain keys. */
function parseItem(tokens: TokenStream, hints: number[]): GroupingItem {
  const { start } = tokens.peek();
  if (tokens.areAll("GROUPING", "SETS")) return parseSets(tokens);
  return parseTotal(tokens) ?? parseRollup(tokens) ?? keyOf(parseKey(tokens, hints), start, tokens);
}

const keyOf = (expression: Expression, start: number, tokens: TokenStream): GroupingItem => ({
  kind: "expression",
  expression,
  start,
  end: tokens.previous.end,
});

/** `()` */
function parseTotal(tokens: TokenStream): GroupingItem | undefined {
  if (!tokens.areAll("(", ")")) return undefined;
  const { start } = tokens.next();
  const { end } = tokens.next();
  return { kind: "grandTotal", start, end };
}

/** `ROLLUP (a, (b, c))`, `CUBE (a, b)` */
function parseRollup(tokens: TokenStream): GroupingItem | undefined {
  if (!tokens.isAny(["ROLLUP", "CUBE"]) || !tokens.is("(", 1)) return undefined;
  const word = tokens.next();
  tokens.next();
  const items: (readonly Expression[])[] = [];
  do items.push(parseComposite(tokens));
  while (tokens.accept(","));
  tokens.expect(")");
  const kind = word.upper === "ROLLUP" ? "rollup" : "cube";
  return { kind, items, start: word.start, end: tokens.previous.end };
}

/** `a`, or several that stand together: `(a, b)`. */
function parseComposite(tokens: TokenStream): readonly Expression[] {
  if (!tokens.is("(")) return [parseKey(tokens)];
  tokens.next();
  const keys = [parseKey(tokens)];
  while (tokens.accept(",")) keys.push(parseKey(tokens));
  tokens.expect(")");
  return keys;
}

/** `GROUPING SETS ((a, b), a, ROLLUP (c), ())` */
function parseSets(tokens: TokenStream): GroupingItem {
  const { start } = tokens.next();
  tokens.next();
  tokens.expect("(");
  const sets: (readonly GroupingItem[])[] = [];
  do sets.push(parseSet(tokens));
  while (tokens.accept(","));
  tokens.expect(")");
  return { kind: "sets", sets, start, end: tokens.previous.end };
}

function parseSet(tokens: TokenStream): readonly GroupingItem[] {
  if (parseTotal(tokens)) return [];
  if (!tokens.is("(")) return [parseSetItem(tokens)];
  tokens.next();
  const items = [parseSetItem(tokens)];
  while (tokens.accept(",")) items.push(parseSetItem(tokens));
  tokens.expect(")");
  return items;
}

function parseSetItem(tokens: TokenStream): GroupingItem {
  const { start } = tokens.peek();
  return parseRollup(tokens) ?? keyOf(parseKey(tokens), start, tokens);
}

function parseKey(tokens: TokenStream, hints: number[] = []): Expression {
  const key = parseValue(tokens);
  if (tokens.areAll("WITH", "(", "DISTRIBUTED_AGG", ")")) {
    hints.push(tokens.peek().start);
    for (let count = 0; count < 4; count += 1) tokens.next();
    tokens.notes.add("The hint DISTRIBUTED_AGG has no effect here.");
  }
  return key;
}
