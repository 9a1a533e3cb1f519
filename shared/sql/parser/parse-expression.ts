import { errorAt } from "../errors";
import type { ArithmeticOperator, ComparisonOperator, Expression, Identifier } from "./ast";
import { otherStatements, reservedWords } from "./keywords";
import { parseCall, parseCase, parseCast, parseConvert, parseWordFunction } from "./parse-call";
import type { TokenStream } from "./token-stream";

const comparisons: Readonly<Record<string, ComparisonOperator>> = {
  "=": "=",
  "<>": "<>",
  "!=": "<>",
  "<": "<",
  ">": ">",
  "<=": "<=",
  ">=": ">=",
  "!<": ">=",
  "!>": "<=",
};
const precedence: Readonly<Record<string, number>> = { "+": 1, "-": 1, "*": 2, "/": 2, "%": 2 };
/** A left-deep chain of more operators would exhaust the stack of whoever walks the tree. */
const maxChain = 500;

const subqueryHint =
  "Run the inner SELECT first and put its values into the outer query, or use a JOIN.";

/** Refuses the start of a subquery by its name. */
function refuseSubquery(tokens: TokenStream, ahead = 0): void {
  if (tokens.is("SELECT", ahead) || (tokens.is("WITH", ahead) && tokens.isName(ahead + 1))) {
    throw tokens.unsupported("A subquery", tokens.peek(ahead), subqueryHint);
  }
}

/** Scalar expression: arithmetic over literals, names and calls. */
export function parseExpression(tokens: TokenStream, minimum = 1): Expression {
  return tokens.nested(() => {
    let left = parseUnary(tokens);
    for (let links = 0; ; links += 1) {
      const operator = tokens.peek().upper;
      if (["&", "|", "^", "||"].includes(operator)) {
        const hint = operator === "||" ? "Use CONCAT(a, b)." : "Use comparisons, or + - * / and %.";
        throw tokens.unsupported(`The operator ${operator}`, tokens.peek(), hint);
      }
      const level = tokens.peek().kind === "operator" ? precedence[operator] : undefined;
      if (level === undefined || level < minimum) return left;
      if (links >= maxChain) {
        throw errorAt(
          tokens.source,
          tokens.peek().start,
          "too_large",
          "The expression is too long",
        );
      }
      tokens.next();
      const right = parseExpression(tokens, level + 1);
      left = {
        kind: "arithmetic",
        operator: operator as ArithmeticOperator,
        left,
        right,
        start: left.start,
        end: right.end,
      };
    }
  });
}

function parseUnary(tokens: TokenStream): Expression {
  const token = tokens.peek();
  if (token.upper === "~") throw tokens.unsupported("The operator ~", token);
  if (token.upper === "+" || token.upper === "-") {
    tokens.next();
    const operand = tokens.nested(() => parseUnary(tokens));
    return token.upper === "+"
      ? operand
      : { kind: "negate", operand, start: token.start, end: operand.end };
  }
  const primary = parsePrimary(tokens);
  if (tokens.is("COLLATE")) {
    throw tokens.unsupported("COLLATE", tokens.peek(), "Comparisons ignore case and accents.");
  }
  if (tokens.is("AT") && tokens.is("TIME", 1)) {
    throw tokens.unsupported("AT TIME ZONE", tokens.peek(), "All date and time values are UTC.");
  }
  if (tokens.is("::")) throw tokens.unsupported("A static method call (::)", tokens.peek());
  return primary;
}

function parseParenthesised(tokens: TokenStream): Expression {
  const open = tokens.next();
  refuseSubquery(tokens);
  const inner = parseCondition(tokens);
  tokens.expect(")", `Close the '(' of column ${open.start + 1}.`);
  return inner;
}

function parseLiteral(tokens: TokenStream): Expression | undefined {
  const token = tokens.peek();
  const span = { start: token.start, end: token.end };
  if (token.kind === "string") {
    tokens.next();
    const national = tokens.source[token.start] !== "'";
    return { kind: "string", value: token.value, ...span, ...(national && { national }) };
  }
  if (token.kind === "number") {
    if (/^0x/i.test(token.value)) throw tokens.unsupported("A binary literal (0x…)", token);
    tokens.next();
    return { kind: "number", value: token.value.replace("$", ""), ...span };
  }
  if (tokens.accept("NULL")) return { kind: "null", ...span };
  return undefined;
}

function refusePrimary(tokens: TokenStream): void {
  const token = tokens.peek();
  if (token.kind === "variable") {
    const hint = "Write the value itself into the query.";
    throw tokens.unsupported(`The variable ${token.value}`, token, hint);
  }
  if (token.upper === "{") {
    throw tokens.unsupported("An ODBC escape ({fn …}, {d …})", token, "Use 'YYYY-MM-DD' strings.");
  }
  if (token.upper === "NEXT" && tokens.is("VALUE", 1)) {
    throw tokens.unsupported("NEXT VALUE FOR", token);
  }
  if (tokens.isAny(["TRY_CAST", "TRY_CONVERT", "TRY_PARSE", "PARSE"]) && tokens.is("(", 1)) {
    throw tokens.unsupported(token.upper, token, "Use CAST(value AS type).");
  }
}

function parsePrimary(tokens: TokenStream): Expression {
  refusePrimary(tokens);
  const literal = parseLiteral(tokens);
  if (literal) return literal;
  const token = tokens.peek();
  const grammar = {
    expression: () => parseExpression(tokens),
    condition: () => parseCondition(tokens),
  };
  if (tokens.is("(")) return parseParenthesised(tokens);
  if (tokens.is("CASE")) return tokens.nested(() => parseCase(tokens, grammar));
  if (tokens.is("CAST") && tokens.is("(", 1)) return parseCast(tokens, grammar);
  if (tokens.is("CONVERT") && tokens.is("(", 1)) return parseConvert(tokens, grammar);
  if (tokens.isAny(["LEFT", "RIGHT"]) && tokens.is("(", 1)) {
    tokens.next();
    return parseCall(tokens, grammar, token.upper, token.start);
  }
  const niladic = parseWordFunction(tokens);
  if (niladic) return niladic;
  if (tokens.isName()) {
    const parts = parseNameParts(tokens);
    const last = parts[parts.length - 1] as Identifier;
    if (tokens.is("(")) return parseCall(tokens, grammar, last.name.toUpperCase(), token.start);
    return { kind: "name", parts, start: token.start, end: last.end };
  }
  if (otherStatements.has(token.upper)) {
    throw tokens.notSelect(`${token.upper} is not allowed: read_query runs one SELECT`, token);
  }
  const clause = ["FROM", "WHERE", "GROUP", "ORDER", "HAVING"].includes(token.upper);
  const hint =
    !clause && reservedWords.has(token.upper)
      ? `${token.upper} is a reserved word: write [${token.value}].`
      : undefined;
  throw tokens.error(`Expected an expression but found ${tokens.nameOf(token)}`, token, hint);
}

/** `a`, `t.a`, `dbo.t.a`, `db..t` (the empty part is left out). */
export function parseNameParts(tokens: TokenStream): Identifier[] {
  const parts = [tokens.identifier("a name")];
  while (tokens.accept(".")) {
    if (tokens.is(".")) continue;
    if (tokens.is("*")) break;
    parts.push(tokens.identifier("a name"));
  }
  return parts;
}

/** Predicates joined by OR, AND and NOT, in this order of binding. */
export function parseCondition(tokens: TokenStream): Expression {
  return tokens.nested(() => parseChain(tokens, "or"));
}

function parseChain(tokens: TokenStream, operator: "and" | "or"): Expression {
  const part = () => (operator === "or" ? parseChain(tokens, "and") : parseNot(tokens));
  const operands = [part()];
  while (tokens.accept(operator.toUpperCase())) operands.push(part());
  const first = operands[0] as Expression;
  if (operands.length === 1) return first;
  return { kind: "logic", operator, operands, start: first.start, end: tokens.previous.end };
}

function parseNot(tokens: TokenStream): Expression {
  const start = tokens.peek().start;
  if (!tokens.accept("NOT")) return parsePredicate(tokens);
  const operand = tokens.nested(() => parseNot(tokens));
  return { kind: "not", operand, start, end: operand.end };
}

function parsePredicate(tokens: TokenStream): Expression {
  if (tokens.is("EXISTS") && tokens.is("(", 1)) {
    throw tokens.unsupported("EXISTS", tokens.peek(), "Use a JOIN with SELECT DISTINCT.");
  }
  for (const name of ["CONTAINS", "FREETEXT", "REGEXP_LIKE"]) {
    if (tokens.is(name) && tokens.is("(", 1)) {
      throw tokens.unsupported(name, tokens.peek(), "Use LIKE '%word%'.");
    }
  }
  const operand = parseExpression(tokens);
  return parseComparison(tokens, operand) ?? parseTest(tokens, operand) ?? operand;
}

function parseComparison(tokens: TokenStream, left: Expression): Expression | undefined {
  const token = tokens.peek();
  if (token.upper === "==") {
    throw tokens.error("'==' is not T-SQL", token, "Use = for comparison.");
  }
  const operator = token.kind === "operator" ? comparisons[token.upper] : undefined;
  if (!operator) return undefined;
  tokens.next();
  if (tokens.isAny(["ALL", "ANY", "SOME"]) && tokens.is("(", 1)) {
    throw tokens.unsupported(`${tokens.peek().upper} (subquery)`, tokens.peek(), subqueryHint);
  }
  const right = parseExpression(tokens);
  return { kind: "compare", operator, left, right, start: left.start, end: right.end };
}

function parseTest(tokens: TokenStream, operand: Expression): Expression | undefined {
  const start = operand.start;
  if (tokens.accept("IS")) {
    const negated = tokens.accept("NOT");
    if (tokens.is("DISTINCT")) throw tokens.unsupported("IS DISTINCT FROM", tokens.peek());
    tokens.expect("NULL");
    return { kind: "isNull", operand, negated, start, end: tokens.previous.end };
  }
  const negated = tokens.is("NOT") && tokens.isAny(["LIKE", "IN", "BETWEEN"], 1);
  if (negated) tokens.next();
  if (tokens.accept("LIKE")) {
    const pattern = parseExpression(tokens);
    const escapedBy = tokens.accept("ESCAPE") ? parseExpression(tokens) : undefined;
    return {
      kind: "like",
      operand,
      pattern,
      escapedBy,
      negated,
      start,
      end: tokens.previous.end,
    };
  }
  if (tokens.accept("IN")) {
    refuseSubquery(tokens, 1);
    tokens.expect("(", "Write IN (value, value).");
    const list = [parseExpression(tokens)];
    while (tokens.accept(",")) list.push(parseExpression(tokens));
    tokens.expect(")");
    return { kind: "in", operand, list, negated, start, end: tokens.previous.end };
  }
  if (tokens.accept("BETWEEN")) {
    const low = parseExpression(tokens);
    tokens.expect("AND", "Write BETWEEN low AND high.");
    const high = parseExpression(tokens);
    return { kind: "between", operand, low, high, negated, start, end: tokens.previous.end };
  }
  return undefined;
}
