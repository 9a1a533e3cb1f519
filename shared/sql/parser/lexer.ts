import { errorAt } from "../errors";
import { reservedWords } from "./keywords";

export type TokenKind =
  | "word" // a name, or a keyword that is one only where it is expected
  | "keyword" // a word that T-SQL reserves
  | "quoted"
  | "string"
  | "number"
  | "binary" // 0x…
  | "variable"
  | "pseudo" // $action, $rowguid, $partition, $(x)
  | "go" // the word that parts batches, alone at the start of a line
  | "operator"
  | "end";

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

/** Operators of more than one character; comparisons such as `<=` are two tokens in T-SQL, and may be parted by blanks. */
const longOperators = [
  "||=",
  "||",
  "<<",
  ">>",
  "::",
  "+=",
  "-=",
  "*=",
  "/=",
  "%=",
  "&=",
  "|=",
  "^=",
  "=*",
];
const shortOperators = new Set("()+-*/%&|^~=<>!.,;:{}");
/** Currency signs that T-SQL reads before an amount. */
const currency = "$£¤¥৲৳฿€₡₢₣₤₦₧₨₩₪₫";

// As Microsoft's parser does, every sign beyond ASCII is taken for a letter, save blanks.
const word = /(?:[A-Za-z0-9_#@$]|(?![\s\u0085\u200B\uFEFF])\P{ASCII})*/uy;
const number = /\d+(?:\.\d*)?(?:[eE][+-]?\d*)?|\.\d+(?:[eE][+-]?\d*)?/y;
const hexadecimal = /0[xX](?:[0-9a-fA-F]|\\\r?\n)*/y;
const money = /. *[+-]?\d+(?:\.\d*)?(?:[eE][+-]?\d*)?/uy;
const asciiWord = /[A-Za-z0-9_#@$]*/y;
const blank = /[\s\p{Cc}\uFEFF\u200B]+/uy;
const lineEnd = /\r|\n/g;

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

function skipLineComment(source: string, at: number): number {
  if (source.startsWith("(*", at + 2)) {
    throw errorAt(source, at, "syntax", "'--(*' begins an ODBC escape of an old form", {
      hint: "Write { … }, or put a blank behind the dashes of a comment.",
    });
  }
  lineEnd.lastIndex = at;
  const end = lineEnd.exec(source);
  return end === null ? source.length : end.index + 1;
}

/** Index of the first character that is neither blank nor comment. */
function skipBlanks(source: string, from: number): number {
  let at = from;
  for (;;) {
    let code = source.charCodeAt(at);
    while (code === 32 || code === 10 || code === 13 || code === 9) {
      at += 1;
      code = source.charCodeAt(at);
    }
    if (code === 45 && source.charCodeAt(at + 1) === 45) {
      at = skipLineComment(source, at);
    } else if (code === 47 && source.charCodeAt(at + 1) === 42) {
      at = skipBlockComment(source, at);
    } else if (code < 32 || code > 126) {
      const blanks = matchAt(blank, source, at).length;
      if (blanks === 0) return at;
      at += blanks;
    } else {
      return at;
    }
  }
}

/** The longest name that SQL Server takes, in UTF-16 units. */
const longestName = 128;

function checkLength(source: string, at: number, name: string): void {
  if (name.length <= longestName) return;
  throw errorAt(
    source,
    at,
    "syntax",
    `The identifier that starts with '${name.slice(0, 40)}' is too long: ${longestName} characters at most (SQL Server error 103)`,
    { hint: "Choose a shorter name." },
  );
}

/** Text up to `close`, which is written twice to mean itself. */
function readQuoted(source: string, start: number, open: number, close: string): Token {
  let kind: "string" | "quoted" = close === "'" ? "string" : "quoted";
  let at = open + 1;
  let value = "";
  for (;;) {
    const end = source.indexOf(close, at);
    if (end < 0) {
      const isString = kind === "string";
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
    if (source[at] !== close) break;
    value += close;
    at += 1;
  }
  if (value === "" && close === "]") {
    throw errorAt(source, start, "syntax", "A name in brackets is empty");
  }
  // An empty pair of double quotes is an empty string, even where quotes are for names.
  if (value === "" && close === '"') kind = "string";
  if (kind === "quoted") checkLength(source, start, value);
  return { kind, value, upper: "", start, end: at };
}

/** `go` with nothing but blanks before it on its line. */
function isAtLineStart(source: string, at: number): boolean {
  let before = at - 1;
  while (before >= 0 && (source[before] === " " || source[before] === "\t")) before -= 1;
  return before < 0 || source[before] === "\n" || source[before] === "\r";
}

function readWord(source: string, at: number): Token {
  let text = matchAt(asciiWord, source, at);
  if (source.charCodeAt(at + text.length) > 127) text = matchAt(word, source, at);
  const end = at + text.length;
  const upper = text.toUpperCase();
  if (upper === "GO" && isAtLineStart(source, at)) {
    return { kind: "go", value: text, upper: "", start: at, end };
  }
  checkLength(source, at, text);
  const kind = reservedWords.has(upper) ? "keyword" : "word";
  return { kind, value: text, upper, start: at, end };
}

/** Signs other than $ may begin a name as well. */
const startsAmount = (source: string, at: number): boolean =>
  source[at] === "$" ||
  (currency.includes(source[at] as string) && /[\d\s+-]/.test(source[at + 1] ?? ""));

/** What begins with a dollar or another currency sign. */
function readCurrency(source: string, at: number): Token {
  const amount = matchAt(money, source, at);
  if (amount !== "") {
    return { kind: "number", value: amount, upper: "", start: at, end: at + amount.length };
  }
  if (source[at] === "$") {
    const command = source[at + 1] === "(" ? source.indexOf(")", at) + 1 : 0;
    const text = command > 0 ? source.slice(at, command) : matchAt(word, source, at);
    if (text.length > 1) {
      return { kind: "pseudo", value: text, upper: "", start: at, end: at + text.length };
    }
  }
  throw errorAt(source, at, "syntax", `An amount is missing behind '${source[at]}'`);
}

function readNumber(source: string, at: number): Token {
  const hex = matchAt(hexadecimal, source, at);
  const kind = hex === "" ? "number" : "binary";
  const value = hex === "" ? matchAt(number, source, at) : hex;
  return { kind, value, upper: "", start: at, end: at + value.length };
}

function readOperator(source: string, at: number): Token {
  const long = longOperators.find((one) => source.startsWith(one, at));
  const operator = long ?? String.fromCodePoint(source.codePointAt(at) ?? 0);
  if (long === undefined && !shortOperators.has(operator)) {
    throw errorAt(source, at, "syntax", `Unexpected character '${operator}'`, {
      hint: operator === "`" ? "Quote names with [brackets], not backticks." : undefined,
    });
  }
  const end = at + operator.length;
  return { kind: "operator", value: operator, upper: operator, start: at, end };
}

const isDigit = (code: number): boolean => code >= 48 && code <= 57;
const isLetter = (code: number): boolean =>
  (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95 || code === 35;

function readToken(source: string, at: number): Token {
  const code = source.charCodeAt(at);
  if (isLetter(code)) {
    if ((code === 78 || code === 110) && source.charCodeAt(at + 1) === 39) {
      return readQuoted(source, at, at + 1, "'");
    }
    return readWord(source, at);
  }
  if (isDigit(code) || (code === 46 && isDigit(source.charCodeAt(at + 1)))) {
    return readNumber(source, at);
  }
  switch (source[at]) {
    case "'":
      return readQuoted(source, at, at, "'");
    case "[":
      return readQuoted(source, at, at, "]");
    case '"':
      return readQuoted(source, at, at, '"');
    case "@": {
      const value = matchAt(word, source, at);
      return { kind: "variable", value, upper: "", start: at, end: at + value.length };
    }
    case "(":
    case ")":
    case ",":
    case ".":
    case ";": {
      const value = source[at] as string;
      return { kind: "operator", value, upper: value, start: at, end: at + 1 };
    }
  }
  if (startsAmount(source, at)) return readCurrency(source, at);
  if (code > 127) return readWord(source, at);
  return readOperator(source, at);
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
