import { DataverseError } from "../../model";

export type TokenKind =
  | "name"
  | "text"
  | "json"
  | "number"
  | "guid"
  | "date"
  | "mark"
  | "alias"
  | "end";

export interface Token {
  readonly kind: TokenKind;
  /** Without quotes, doubled ones made single. */
  readonly value: string;
  /** Offset in the option's text, from 0. */
  readonly at: number;
}

const patterns: readonly (readonly [TokenKind, RegExp])[] = [
  ["guid", /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?![\w-])/iy],
  [
    "date",
    /\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})?)?(?![\w-])/iy,
  ],
  ["number", /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])/y],
  ["text", /'(?:[^']|'')*'/y],
  // Lists of values may be written as JSON.
  ["json", /"(?:[^"\\]|\\.)*"/y],
  ["alias", /@[A-Za-z_]\w*/y],
  ["name", /[A-Za-z_$][\w$]*(?:\.[A-Za-z_]\w*)*/y],
  ["mark", /[(),/:=[\];*]/y],
];

/** More tokens than any honest option has. */
const mostTokens = 10_000;

/** @throws DataverseError 400 0x80060888 with the place of what is no token */
export function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    if (/\s/.test(text.charAt(at))) {
      at++;
      continue;
    }
    const token = tokenAt(text, at);
    if (token === undefined) throw noToken(text, at);
    tokens.push(token.token);
    if (tokens.length > mostTokens) throw syntax(text, at, "The query has too many parts");
    at = token.end;
  }
  tokens.push({ kind: "end", value: "", at: text.length });
  return tokens;
}

function tokenAt(text: string, at: number): { token: Token; end: number } | undefined {
  for (const [kind, pattern] of patterns) {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    if (found === undefined) continue;
    const value = unquoted(kind, found);
    if (value === undefined) return undefined;
    return { token: { kind, value, at }, end: at + found.length };
  }
  return undefined;
}

function unquoted(kind: TokenKind, found: string): string | undefined {
  if (kind === "text") return found.slice(1, -1).replaceAll("''", "'");
  if (kind !== "json") return found;
  try {
    return String(JSON.parse(found));
  } catch {
    return undefined;
  }
}

function noToken(text: string, at: number): DataverseError {
  const character = text.charAt(at);
  if (character === "'" || character === '"')
    return syntax(text, text.length, "There is an unterminated literal");
  return syntax(text, at, `Syntax error: character '${character}' is not valid`);
}

export const syntax = (text: string, at: number, what: string) =>
  new DataverseError(400, "0x80060888", `${what} at position ${at} in '${text.slice(0, 200)}'.`);
