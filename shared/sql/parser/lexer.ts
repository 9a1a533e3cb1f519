import { errorAt } from "../errors";

export type TokenKind = "word" | "quoted" | "string" | "number" | "variable" | "operator" | "end";

export interface Token {
  readonly kind: TokenKind;
  /** The text between the quotes, doubled quotes made single; else the text as written. */
  readonly value: string;
  /** Upper case for words and operators; empty for everything that can never be a keyword. */
  readonly upper: string;
  readonly start: number;
  readonly end: number;
}

export const maxTokens = 20_000;

const operators = ["<>", "!=", "<=", ">=", "!<", "!>", "||", "==", "::"];
const single = "()+-*/%&|^~=<>!.,;:{}";
const wordStart = /[\p{L}_#@$]/u;
const word = /[\p{L}\p{N}_#@$]*/uy;
const number = /0[xX][0-9a-fA-F]*|\$\d*\.?\d+|\$\d+\.?|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y;
const blank = /[\s\uFEFF\u00A0]+/y;

function matchAt(pattern: RegExp, source: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(source)?.[0] ?? "";
}

const commentMark = /\/\*|\*\//g;

/** Index after the (nested) block comment that begins at `at`. */
function skipBlockComment(source: string, at: number): number {
  let depth = 1;
  commentMark.lastIndex = at + 2;
  while (depth > 0) {
    const mark = commentMark.exec(source);
    if (!mark) {
      throw errorAt(source, at, "syntax", "Unterminated comment", { hint: "Close it with */." });
    }
    depth += mark[0] === "/*" ? 1 : -1;
  }
  return commentMark.lastIndex;
}

/** Index of the first character that is neither blank nor comment. */
function skipBlanks(source: string, from: number): number {
  let at = from;
  for (;;) {
    at += matchAt(blank, source, at).length;
    if (source.startsWith("--", at)) {
      const newline = source.indexOf("\n", at);
      at = newline < 0 ? source.length : newline + 1;
    } else if (source.startsWith("/*", at)) {
      at = skipBlockComment(source, at);
    } else {
      return at;
    }
  }
}

/** Text up to `close`, which is written twice to mean itself. */
function readQuoted(source: string, start: number, open: number, close: string): Token {
  const isString = close === "'";
  let at = open + 1;
  let value = "";
  for (;;) {
    const end = source.indexOf(close, at);
    if (end < 0) {
      throw errorAt(
        source,
        start,
        "syntax",
        isString ? "Unterminated string literal" : "Unterminated quoted name",
        isString ? { hint: "Double a quote inside a string: 'O''Brien'." } : {},
      );
    }
    value += source.slice(at, end);
    at = end + 1;
    if (source[at] !== close) {
      return { kind: isString ? "string" : "quoted", value, upper: "", start, end: at };
    }
    value += close;
    at += 1;
  }
}

function readQuotedToken(source: string, at: number): Token | undefined {
  const character = source[at] ?? "";
  if (character === "'") return readQuoted(source, at, at, "'");
  if ((character === "N" || character === "n") && source[at + 1] === "'") {
    return readQuoted(source, at, at + 1, "'");
  }
  if (character === "[") return readQuoted(source, at, at, "]");
  if (character === '"') return readQuoted(source, at, at, '"');
  return undefined;
}

function readToken(source: string, at: number): Token {
  const quoted = readQuotedToken(source, at);
  if (quoted) return quoted;
  const character = String.fromCodePoint(source.codePointAt(at) ?? 0);
  const digits = matchAt(number, source, at);
  if (digits !== "") {
    return { kind: "number", value: digits, upper: "", start: at, end: at + digits.length };
  }
  if (wordStart.test(character)) {
    const text = matchAt(word, source, at);
    const kind = character === "@" ? "variable" : "word";
    const upper = kind === "word" ? text.toUpperCase() : "";
    return { kind, value: text, upper, start: at, end: at + text.length };
  }
  const operator = operators.find((one) => source.startsWith(one, at)) ?? character;
  if (operator.length === 1 && !single.includes(operator)) {
    throw errorAt(source, at, "syntax", `Unexpected character '${character}'`, {
      hint: character === "`" ? "Quote names with [brackets], not backticks." : undefined,
    });
  }
  if (operator.length > 2 || !(single + operators.join("")).includes(operator)) {
    throw errorAt(source, at, "syntax", `Unexpected character '${character}'`);
  }
  return {
    kind: "operator",
    value: operator,
    upper: operator,
    start: at,
    end: at + operator.length,
  };
}

/** Splits a query into tokens; the last one has kind `end`. Throws SqlError `syntax` or `too_large`. */
export function tokenize(source: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = skipBlanks(source, 0);
  while (at < source.length) {
    const token = readToken(source, at);
    tokens.push(token);
    if (tokens.length > maxTokens) {
      throw errorAt(source, at, "too_large", `The query has more than ${maxTokens} words`, {
        hint: "Split it into several queries, for example one per part of a long IN list.",
      });
    }
    at = skipBlanks(source, token.end);
  }
  tokens.push({ kind: "end", value: "", upper: "", start: source.length, end: source.length });
  return tokens;
}
