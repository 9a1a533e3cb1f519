import { invalid } from "./refusal";

export interface Token {
  readonly kind: "word" | "quoted" | "text" | "number" | "mark" | "end";
  /** Of a word: as it is written; of text and quoted names: without their quotes. */
  readonly value: string;
  /** Offset in the statement, from 0. */
  readonly at: number;
}

const patterns: readonly (readonly [Token["kind"] | "blank", RegExp])[] = [
  ["blank", /\s+|--[^\n]*|\/\*[\s\S]*?\*\//y],
  ["text", /[nN]?'(?:[^']|'')*'/y],
  ["quoted", /\[(?:[^\]]|\]\])+\]|"(?:[^"]|"")+"/y],
  ["number", /-?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?(?![\w])/y],
  ["word", /[A-Za-z_@#][\w$@#]*/y],
  ["mark", /<>|!=|<=|>=|[=<>(),.;*+\-/%&|^~]/y],
];

/** No honest statement has more. */
const mostTokens = 5_000;

function unquoted(kind: Token["kind"], text: string): string {
  if (kind === "text") return text.slice(text.indexOf("'") + 1, -1).replaceAll("''", "'");
  if (kind !== "quoted") return text;
  const close = text.startsWith("[") ? "]" : '"';
  return text.slice(1, -1).replaceAll(close + close, close);
}

/** The statement's tokens, comments and blanks left out. */
export function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const found = patterns.find(([, pattern]) => {
      pattern.lastIndex = at;
      return pattern.test(text);
    });
    if (found === undefined) {
      throw invalid(`Incorrect syntax near '${text.slice(at, at + 20)}'.`, at);
    }
    const [kind, pattern] = found;
    const end = pattern.lastIndex;
    if (kind !== "blank") tokens.push({ kind, value: unquoted(kind, text.slice(at, end)), at });
    if (tokens.length > mostTokens) throw invalid("The statement is too long.");
    at = end;
  }
  tokens.push({ kind: "end", value: "", at: text.length });
  return tokens;
}
