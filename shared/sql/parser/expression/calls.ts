import type { Call, Expression } from "../ast";
import type { Token } from "../lexer";
import type { TokenStream } from "../token-stream";
import { parseArguments } from "./arguments";
import { isJsonCall, parseJsonCall } from "./json-calls";
import { parseOver, startsOver } from "./windows";

/** `name(…)` with what may stand behind it; the position is at the opening parenthesis. */
export function parseCall(tokens: TokenStream, name: Token): Expression {
  const isQuoted = name.kind === "quoted";
  const upper = isQuoted ? name.value.toUpperCase() : name.upper;
  if (!isQuoted && upper === "TRIM") return parseTrim(tokens, name);
  if (!isQuoted && isJsonCall(upper)) return parseJsonCall(tokens, name);
  if (tokens.isAny(["DISTINCT", "ALL"], 1)) return parseAggregate(tokens, upper, name);
  const star = tokens.is("*", 1) && !isQuoted;
  const args = star ? parseStar(tokens) : parseArguments(tokens, upper);
  const { start } = name;
  const { end } = tokens.previous;
  const call: Call = { kind: "call", name: upper, args, distinct: false, star, start, end };
  if (!isQuoted) return parseBehind(tokens, call);
  // Quoted, it may be a function of a database, whose window has no order.
  return tokens.is("OVER") ? parseOver(tokens, call, undefined, false) : call;
}

/** `(*)` */
function parseStar(tokens: TokenStream): readonly Expression[] {
  tokens.next();
  tokens.next();
  tokens.expect(")");
  return [];
}

/** `COUNT(DISTINCT x)`: one argument, and a window without order. */
function parseAggregate(tokens: TokenStream, name: string, word: Token): Expression {
  const { start } = word;
  tokens.expect("(");
  tokens.enter();
  const distinct = tokens.next().upper === "DISTINCT";
  const argument = tokens.grammar.value(tokens);
  tokens.leave();
  if (word.kind === "quoted" && tokens.is(",")) {
    const hint = "Name one, or CONCAT(a, '|', b).";
    throw tokens.unsupported("Several expressions behind DISTINCT", tokens.peek(), hint);
  }
  tokens.expect(
    ")",
    tokens.is(",") ? `${name}(DISTINCT …) takes one expression: CONCAT(a, '|', b).` : undefined,
  );
  const { end } = tokens.previous;
  const call: Call = { kind: "call", name, args: [argument], distinct, star: false, start, end };
  if (!tokens.is("OVER")) return call;
  if (distinct) {
    throw tokens.error(
      "DISTINCT does not go together with OVER",
      tokens.peek(),
      "Count in a derived table that is grouped, and join it.",
    );
  }
  return parseOver(tokens, call, undefined, false);
}

const nullTreating: ReadonlySet<string> = new Set(["FIRST_VALUE", "LAST_VALUE", "LAG", "LEAD"]);

/** `IGNORE NULLS`, `WITHIN GROUP (…)`, `OVER (…)`. */
function parseBehind(tokens: TokenStream, call: Call): Expression {
  const nulls = nullTreating.has(call.name) ? parseNulls(tokens) : undefined;
  if (tokens.areAll("WITHIN", "GROUP", "(")) {
    tokens.next();
    tokens.next();
    tokens.next();
    if (tokens.areAll("GRAPH", "PATH")) {
      throw tokens.unsupported("WITHIN GROUP (GRAPH PATH)", tokens.peek());
    }
    tokens.expect("ORDER", "Write WITHIN GROUP (ORDER BY column).");
    tokens.expect("BY");
    const orderBy = tokens.grammar.orderItems(tokens);
    tokens.expect(")");
    const { end } = tokens.previous;
    const ordered = {
      kind: "withinGroup",
      function: call,
      orderBy,
      start: call.start,
      end,
    } as const;
    return tokens.is("OVER") ? parseOver(tokens, ordered, nulls, false) : ordered;
  }
  if (startsOver(tokens)) return parseOver(tokens, call, nulls, true);
  if (nulls) {
    const feature = `${nulls.toUpperCase()} NULLS without OVER`;
    throw tokens.unsupported(feature, tokens.previous, "Add OVER (ORDER BY …).");
  }
  return call;
}

function parseNulls(tokens: TokenStream): "ignore" | "respect" | undefined {
  if (!tokens.isAny(["IGNORE", "RESPECT"]) || !tokens.isKind("word", 1)) return undefined;
  const nulls = tokens.next().upper === "IGNORE" ? "ignore" : "respect";
  tokens.expect("NULLS");
  return nulls;
}

const sides = { LEADING: "leading", TRAILING: "trailing", BOTH: "both" } as const;

/** `TRIM(x)`, `TRIM(c FROM x)`, `TRIM(LEADING c FROM x)`. */
function parseTrim(tokens: TokenStream, name: Token): Expression {
  tokens.expect("(");
  tokens.enter();
  const word = tokens.peek().upper;
  const isSide = word === "LEADING" || word === "TRAILING" || word === "BOTH";
  // `TRIM(BOTH FROM x)`: the words are no reserved ones, and here one is a column of that name.
  const side = isSide && !tokens.isAny(["FROM", ")"], 1) ? sides[word] : undefined;
  if (side) tokens.next();
  const first = tokens.grammar.value(tokens);
  const { start } = name;
  if (side) tokens.expect("FROM", `Write TRIM(${word} characters FROM text).`);
  if (!side && !tokens.accept("FROM")) {
    tokens.leave();
    tokens.expect(")");
    const { end } = tokens.previous;
    return { kind: "call", name: "TRIM", args: [first], distinct: false, star: false, start, end };
  }
  const operand = tokens.grammar.value(tokens);
  tokens.leave();
  tokens.expect(")");
  const { end } = tokens.previous;
  return { kind: "trim", side: side ?? "both", characters: first, operand, start, end };
}
