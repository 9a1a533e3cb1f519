import type { Expression } from "../ast";
import type { Token } from "../lexer";
import type { TokenStream } from "../token-stream";
import { parseArguments } from "./arguments";
import { parseDataType } from "./data-type";

/** What has a grammar of its own: CASE, CAST and its like, and functions whose names are reserved words. */
export function parseSpecialCall(tokens: TokenStream): Expression | undefined {
  const word = tokens.peek();
  if (word.kind === "word") return parseContextual(tokens, word);
  if (word.kind !== "keyword") return undefined;
  switch (word.upper) {
    case "CASE":
      return parseCase(tokens);
    case "CONVERT":
    case "TRY_CONVERT":
      return parseConvert(tokens);
    case "COALESCE":
      return parseFixed(tokens, 2, undefined);
    case "NULLIF":
      return parseFixed(tokens, 2, 2);
    case "LEFT":
    case "RIGHT":
      return parseFixed(tokens, 0, undefined);
    case "CURRENT_TIMESTAMP":
    case "CURRENT_DATE":
    case "CURRENT_USER":
    case "SESSION_USER":
    case "SYSTEM_USER":
    case "USER":
      tokens.next();
      return called(tokens, word, []);
    default:
      return undefined;
  }
}

/** Words that are keywords only before a parenthesis. */
function parseContextual(tokens: TokenStream, word: Token): Expression | undefined {
  if (!tokens.is("(", 1)) return undefined;
  switch (word.upper) {
    case "CAST":
    case "TRY_CAST":
      return parseCast(tokens);
    case "PARSE":
    case "TRY_PARSE":
      return parseParse(tokens);
    case "IIF":
      return parseIif(tokens);
    default:
      return undefined;
  }
}

const called = (tokens: TokenStream, word: Token, args: readonly Expression[]): Expression => ({
  kind: "call",
  name: word.upper,
  args,
  distinct: false,
  star: false,
  start: word.start,
  end: tokens.previous.end,
});

function parseFixed(
  tokens: TokenStream,
  least: number,
  most = Number.POSITIVE_INFINITY,
): Expression {
  const word = tokens.next();
  const args = parseArguments(tokens);
  if (args.length < least || args.length > most) {
    const wanted = most === least ? `${least}` : `at least ${least}`;
    throw tokens.error(
      `${word.upper} takes ${wanted} arguments, not ${args.length}`,
      tokens.previous,
    );
  }
  return called(tokens, word, args);
}

/** `IIF(condition, a, b)` */
function parseIif(tokens: TokenStream): Expression {
  const word = tokens.next();
  tokens.expect("(");
  tokens.enter();
  const condition = tokens.grammar.condition(tokens);
  tokens.expect(",", "Write IIF(condition, value, value).");
  const yes = tokens.grammar.value(tokens);
  tokens.expect(",", "Write IIF(condition, value, value).");
  const no = tokens.grammar.value(tokens);
  tokens.leave();
  tokens.expect(")");
  return called(tokens, word, [condition, yes, no]);
}

function parseCase(tokens: TokenStream): Expression {
  const { start } = tokens.next();
  tokens.enter();
  const operand = tokens.is("WHEN") ? undefined : tokens.grammar.value(tokens);
  const whens: { when: Expression; result: Expression }[] = [];
  while (tokens.accept("WHEN")) {
    const when = operand ? tokens.grammar.value(tokens) : tokens.grammar.condition(tokens);
    tokens.expect("THEN");
    whens.push({ when, result: tokens.grammar.value(tokens) });
  }
  if (whens.length === 0) throw tokens.error("CASE needs at least one WHEN");
  const otherwise = tokens.accept("ELSE") ? tokens.grammar.value(tokens) : undefined;
  tokens.leave();
  tokens.expect("END", "Write CASE WHEN condition THEN value ELSE value END.");
  return { kind: "case", operand, whens, otherwise, start, end: tokens.previous.end };
}

/** `CAST(x AS type)`, `TRY_CAST(x AS type)` */
function parseCast(tokens: TokenStream): Expression {
  const { start, upper } = tokens.next();
  tokens.expect("(");
  tokens.enter();
  const operand = tokens.grammar.value(tokens);
  tokens.expect("AS", `Write ${upper}(value AS type).`);
  const type = parseDataType(tokens);
  tokens.leave();
  tokens.expect(")");
  const kind = upper === "CAST" ? "cast" : "tryCast";
  return { kind, operand, type, style: undefined, start, end: tokens.previous.end };
}

/** `CONVERT(type, x)`, `CONVERT(type, x, style)`, and the same with TRY_CONVERT. */
function parseConvert(tokens: TokenStream): Expression {
  const { start, upper } = tokens.next();
  tokens.expect("(");
  tokens.enter();
  const type = parseDataType(tokens);
  tokens.expect(",", `Write ${upper}(type, value).`);
  const operand = tokens.grammar.value(tokens);
  const style = tokens.accept(",") ? tokens.grammar.value(tokens) : undefined;
  tokens.leave();
  tokens.expect(")");
  const kind = upper === "CONVERT" ? "cast" : "tryCast";
  return { kind, operand, type, style, start, end: tokens.previous.end };
}

/** `PARSE(x AS type USING culture)` */
function parseParse(tokens: TokenStream): Expression {
  const { start, upper } = tokens.next();
  tokens.expect("(");
  tokens.enter();
  const operand = tokens.grammar.value(tokens);
  tokens.expect("AS", `Write ${upper}(text AS type USING 'en-US').`);
  const type = parseDataType(tokens);
  const culture = tokens.accept("USING") ? tokens.grammar.value(tokens) : undefined;
  tokens.leave();
  tokens.expect(")");
  const isTry = upper === "TRY_PARSE";
  return { kind: "parse", operand, type, culture, isTry, start, end: tokens.previous.end };
}
