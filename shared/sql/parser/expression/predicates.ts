import type { ComparisonOperator, Expression, QueryExpression, Span } from "../ast";
import type { TokenStream } from "../token-stream";
import { isPredicate, requireCondition } from "./kinds";
import { parseOperand, parseValue } from "./operators";
import { parseContains, refuseRowPredicate } from "./row-predicates";

/** A condition: predicates joined by NOT, AND and OR, which bind in this order. */
export function parseCondition(tokens: TokenStream): Expression {
  return requireCondition(tokens, parseEither(tokens));
}

/** A condition or a value, whichever stands there. */
export function parseEither(tokens: TokenStream): Expression {
  tokens.enter();
  const first = parseAnd(tokens);
  if (!tokens.is("OR")) {
    tokens.leave();
    return first;
  }
  const operands = [requireCondition(tokens, first)];
  while (tokens.accept("OR")) operands.push(requireCondition(tokens, parseAnd(tokens)));
  tokens.leave();
  return { kind: "logic", operator: "or", operands, ...spanOf(first, tokens) };
}

const spanOf = (first: Span, tokens: TokenStream): Span => ({
  start: first.start,
  end: tokens.previous.end,
});

function parseAnd(tokens: TokenStream): Expression {
  const first = parseNot(tokens);
  if (!tokens.is("AND")) return first;
  const operands = [requireCondition(tokens, first)];
  while (tokens.accept("AND")) operands.push(requireCondition(tokens, parseNot(tokens)));
  return { kind: "logic", operator: "and", operands, ...spanOf(first, tokens) };
}

function parseNot(tokens: TokenStream): Expression {
  const { start } = tokens.peek();
  if (!tokens.accept("NOT")) return parsePredicate(tokens);
  tokens.enter();
  const operand = requireCondition(tokens, parseNot(tokens));
  tokens.leave();
  return { kind: "not", operand, start, end: operand.end };
}

function parsePredicate(tokens: TokenStream): Expression {
  const { start, kind } = tokens.peek();
  if (kind === "keyword" || tokens.is("(", 1)) {
    const choices = parseContains(tokens);
    if (choices) return choices;
    refuseRowPredicate(tokens);
  }
  if (tokens.accept("EXISTS")) {
    const query = parseSubquery(tokens, "Write EXISTS (SELECT …).");
    return { kind: "exists", query, start, end: tokens.previous.end };
  }
  const operand = parseOperand(tokens);
  if (isPredicate(operand)) return operand;
  return (
    parseComparison(tokens, operand) ??
    parseTest(tokens, operand) ??
    conditionOnChoices(operand) ??
    operand
  );
}

/** `CONTAINVALUES(column, 1, 2)` is a condition by itself. */
function conditionOnChoices(node: Expression): Expression | undefined {
  if (node.kind !== "call" || !/^CONTAINS?VALUES$/.test(node.name)) return undefined;
  const [operand, ...list] = node.args;
  const { start, end } = node;
  return operand && { kind: "containValues", operand, list, isFullText: false, start, end };
}

/** `(SELECT …)`, with as many parentheses as there are. */
function parseSubquery(tokens: TokenStream, hint: string): QueryExpression {
  if (!tokens.is("(") || !(tokens.is("SELECT", 1) || tokens.is("(", 1))) {
    throw tokens.expected("a subquery", hint);
  }
  tokens.next();
  const query = tokens.grammar.subquery(tokens);
  tokens.expect(")");
  return query;
}

/** Two characters of one operator may be parted by blanks. */
const secondCharacters: Readonly<Record<string, Readonly<Record<string, ComparisonOperator>>>> = {
  "<": { "=": "<=", ">": "<>" },
  ">": { "=": ">=" },
  "!": { "=": "<>", "<": ">=", ">": "<=" },
};

function readComparison(tokens: TokenStream): ComparisonOperator | undefined {
  const first = tokens.peek();
  if (first.upper === "=") {
    tokens.next();
    if (tokens.is("=") && tokens.peek().start === first.end) {
      throw tokens.error("'==' is not T-SQL", first, "Use = for comparison.");
    }
    return "=";
  }
  const seconds = Object.hasOwn(secondCharacters, first.upper)
    ? secondCharacters[first.upper]
    : undefined;
  if (!seconds) return undefined;
  tokens.next();
  const second = seconds[tokens.peek().upper];
  if (second) tokens.next();
  else if (first.upper === "!") throw tokens.expected("'=' behind '!'", "Write <> or !=.");
  return second ?? (first.upper as ComparisonOperator);
}

function parseComparison(tokens: TokenStream, left: Expression): Expression | undefined {
  if (tokens.peek().kind !== "operator") return undefined;
  const operator = readComparison(tokens);
  if (!operator) return undefined;
  const { start } = left;
  if (!tokens.isAny(["ALL", "ANY", "SOME"])) {
    const right = parseValue(tokens);
    return { kind: "compare", operator, left, right, start, end: right.end };
  }
  const word = tokens.next().upper;
  const quantifier = word === "ALL" ? "all" : "any";
  const query = parseSubquery(tokens, `Write ${word} (SELECT …).`);
  return {
    kind: "quantified",
    operator,
    quantifier,
    operand: left,
    query,
    ...spanOf(left, tokens),
  };
}

function parseTest(tokens: TokenStream, operand: Expression): Expression | undefined {
  if (tokens.accept("IS")) return parseIs(tokens, operand);
  const negated = tokens.is("NOT");
  switch (tokens.peek(negated ? 1 : 0).upper) {
    case "LIKE":
      return parseLike(startTest(tokens, negated), operand, negated);
    case "IN":
      return parseIn(startTest(tokens, negated), operand, negated);
    case "BETWEEN":
      return parseBetween(startTest(tokens, negated), operand, negated);
    case "NULL":
      throw tokens.error(
        `Unexpected ${tokens.nameOf(tokens.peek())}`,
        tokens.peek(),
        "Write IS NOT NULL.",
      );
  }
  return undefined;
}

/** The position behind `LIKE` or `NOT LIKE` and their like. */
function startTest(tokens: TokenStream, negated: boolean): TokenStream {
  if (negated) tokens.next();
  tokens.next();
  return tokens;
}

/** After IS. */
function parseIs(tokens: TokenStream, operand: Expression): Expression {
  const negated = tokens.accept("NOT");
  if (!tokens.accept("DISTINCT")) {
    tokens.expect("NULL", "Write IS NULL, IS NOT NULL or IS [NOT] DISTINCT FROM value.");
    return { kind: "isNull", operand, negated, ...spanOf(operand, tokens) };
  }
  tokens.expect("FROM", "Write IS [NOT] DISTINCT FROM value.");
  if (tokens.isAny(["ALL", "ANY", "SOME"])) {
    const word = tokens.peek();
    throw tokens.unsupported(`IS DISTINCT FROM ${word.upper}`, word, "Use IN, EXISTS or a join.");
  }
  // Of all operators only AT TIME ZONE may not follow a bare NULL here: it is a word.
  const { start, end } = tokens.peek();
  const isBare = tokens.is("NULL") && tokens.is("AT", 1);
  if (isBare) tokens.next();
  const right: Expression = isBare ? { kind: "null", start, end } : parseValue(tokens);
  return { kind: "distinctFrom", left: operand, right, negated, ...spanOf(operand, tokens) };
}

function parseLike(tokens: TokenStream, operand: Expression, negated: boolean): Expression {
  const pattern = parseValue(tokens);
  const odbc = tokens.is("{") && tokens.is("ESCAPE", 1);
  if (odbc) tokens.next();
  const escapedBy = tokens.accept("ESCAPE") ? parseValue(tokens) : undefined;
  if (odbc) tokens.expect("}");
  return { kind: "like", operand, pattern, escapedBy, negated, ...spanOf(operand, tokens) };
}

function parseIn(tokens: TokenStream, operand: Expression, negated: boolean): Expression {
  tokens.expect("(", "Write IN (value, value) or IN (SELECT …).");
  if (tokens.is("SELECT")) {
    const query = tokens.grammar.subquery(tokens);
    tokens.expect(")");
    return { kind: "inQuery", operand, query, negated, ...spanOf(operand, tokens) };
  }
  const first = parseValue(tokens);
  // One query in two pairs of parentheses is a list of one value, as SQL Server reads it.
  if (first.kind === "subquery" && tokens.isAny(["UNION", "EXCEPT", "INTERSECT"])) {
    const query = tokens.grammar.restOfSubquery(tokens, first.query);
    tokens.expect(")");
    return { kind: "inQuery", operand, query, negated, ...spanOf(operand, tokens) };
  }
  const list = [first];
  while (tokens.accept(",")) list.push(parseValue(tokens));
  tokens.expect(")");
  return { kind: "in", operand, list, negated, ...spanOf(operand, tokens) };
}

function parseBetween(tokens: TokenStream, operand: Expression, negated: boolean): Expression {
  const low = parseValue(tokens);
  tokens.expect("AND", "Write BETWEEN low AND high.");
  const high = parseValue(tokens);
  return { kind: "between", operand, low, high, negated, ...spanOf(operand, tokens) };
}
