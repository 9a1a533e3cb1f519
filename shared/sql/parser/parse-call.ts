import type { DataType, Expression } from "./ast";
import type { TokenStream } from "./token-stream";

/** What the parts of the expression grammar need of each other. */
export interface ExpressionGrammar {
  /** Scalar: literals, names, calls, arithmetic. */
  expression(): Expression;
  /** Predicates joined by AND, OR and NOT. */
  condition(): Expression;
}

const wordFunctions: ReadonlySet<string> = new Set([
  "CURRENT_TIMESTAMP",
  "CURRENT_USER",
  "SESSION_USER",
  "SYSTEM_USER",
]);

/** A niladic function written without parentheses, such as CURRENT_TIMESTAMP. */
export function parseWordFunction(tokens: TokenStream): Expression | undefined {
  const token = tokens.peek();
  if (!wordFunctions.has(token.upper) || tokens.is(".", 1)) return undefined;
  tokens.next();
  if (tokens.is("(")) {
    tokens.next();
    tokens.expect(")");
  }
  const end = tokens.previous.end;
  return {
    kind: "call",
    name: token.upper,
    args: [],
    distinct: false,
    star: false,
    start: token.start,
    end,
  };
}

export function parseCase(tokens: TokenStream, grammar: ExpressionGrammar): Expression {
  const start = tokens.next().start;
  const operand = tokens.is("WHEN") ? undefined : grammar.expression();
  const whens: { when: Expression; result: Expression }[] = [];
  while (tokens.accept("WHEN")) {
    const when = operand ? grammar.expression() : grammar.condition();
    tokens.expect("THEN");
    whens.push({ when, result: grammar.expression() });
  }
  if (whens.length === 0) throw tokens.error("CASE needs at least one WHEN");
  const otherwise = tokens.accept("ELSE") ? grammar.expression() : undefined;
  tokens.expect("END");
  return { kind: "case", operand, whens, otherwise, start, end: tokens.previous.end };
}

function parseDataType(tokens: TokenStream): DataType {
  const name = tokens.identifier("a data type");
  const args: string[] = [];
  if (tokens.accept("(")) {
    do {
      const token = tokens.next();
      if (token.kind !== "number" && token.upper !== "MAX") {
        throw tokens.error(`Expected a length but found ${tokens.nameOf(token)}`, token);
      }
      args.push(token.value);
    } while (tokens.accept(","));
    tokens.expect(")");
  }
  return { name: name.name.toUpperCase(), args, start: name.start, end: tokens.previous.end };
}

/** `CAST(x AS type)` */
export function parseCast(tokens: TokenStream, grammar: ExpressionGrammar): Expression {
  const start = tokens.next().start;
  tokens.expect("(");
  const operand = grammar.expression();
  tokens.expect("AS", "Write CAST(value AS type).");
  const type = parseDataType(tokens);
  tokens.expect(")");
  return { kind: "cast", operand, type, style: undefined, start, end: tokens.previous.end };
}

/** `CONVERT(type, x)` or `CONVERT(type, x, style)` */
export function parseConvert(tokens: TokenStream, grammar: ExpressionGrammar): Expression {
  const start = tokens.next().start;
  tokens.expect("(");
  const type = parseDataType(tokens);
  tokens.expect(",", "Write CONVERT(type, value).");
  const operand = grammar.expression();
  const style = tokens.accept(",") ? grammar.expression() : undefined;
  tokens.expect(")");
  return { kind: "cast", operand, type, style, start, end: tokens.previous.end };
}

const refusedAfterCall: readonly (readonly [string, string, string | undefined])[] = [
  ["OVER", "The window clause OVER", "Use GROUP BY with an aggregate, or ORDER BY with TOP."],
  ["WITHIN", "WITHIN GROUP", undefined],
  ["IGNORE", "IGNORE NULLS", undefined],
  ["RESPECT", "RESPECT NULLS", undefined],
];

/** `name(…)`; the position is at the opening parenthesis. */
export function parseCall(
  tokens: TokenStream,
  grammar: ExpressionGrammar,
  name: string,
  start: number,
): Expression {
  tokens.expect("(");
  const distinct = tokens.accept("DISTINCT");
  if (!distinct) tokens.accept("ALL");
  const star = tokens.accept("*");
  const args: Expression[] = [];
  if (!star && !tokens.is(")")) {
    do {
      // IIF takes a condition where every other function takes a value.
      args.push(name === "IIF" && args.length === 0 ? grammar.condition() : grammar.expression());
    } while (tokens.accept(","));
    if (tokens.is("FROM")) throw tokens.unsupported(`${name}(… FROM …)`, tokens.peek());
  }
  tokens.expect(")");
  for (const [word, feature, hint] of refusedAfterCall) {
    if (tokens.is(word) && (word !== "IGNORE" || tokens.is("NULLS", 1))) {
      throw tokens.unsupported(feature, tokens.peek(), hint);
    }
  }
  return { kind: "call", name, args, distinct, star, start, end: tokens.previous.end };
}
