import { errorAt, type SqlError } from "../errors";
import type { Identifier } from "./ast";
import { reservedWords } from "./keywords";
import { type Token, tokenize } from "./lexer";

export const maxNesting = 100;
/** Tables of one SELECT. SQL Server takes 256; planning them would hold the event loop. */
const maxTables = 100;

/** The tokens of one query, a position in them, and the words for what is wrong at that position. */
export class TokenStream {
  readonly source: string;
  readonly notes = new Set<string>();
  readonly #tokens: readonly Token[];
  readonly #last: Token;
  #at = 0;
  #depth = 0;
  #tables = 0;

  constructor(source: string) {
    this.source = source;
    this.#tokens = tokenize(source);
    this.#last = this.#tokens[this.#tokens.length - 1] as Token;
  }

  peek(ahead = 0): Token {
    return this.#tokens[this.#at + ahead] ?? this.#last;
  }

  /** The token before the position. */
  get previous(): Token {
    return this.#tokens[this.#at - 1] ?? this.peek();
  }

  next(): Token {
    const token = this.peek();
    if (token.kind !== "end") this.#at += 1;
    return token;
  }

  /** Is the token `ahead` of the position one of these keywords or operators? Quoted names never are. */
  is(word: string, ahead = 0): boolean {
    return this.peek(ahead).upper === word;
  }

  isAny(words: readonly string[], ahead = 0): boolean {
    return words.includes(this.peek(ahead).upper);
  }

  accept(word: string): boolean {
    if (!this.is(word)) return false;
    this.next();
    return true;
  }

  /** Several keywords in a row, or none of them. */
  acceptAll(...words: readonly string[]): boolean {
    if (!words.every((word, index) => this.is(word, index))) return false;
    for (const _ of words) this.next();
    return true;
  }

  expect(word: string, hint?: string): void {
    if (this.accept(word)) return;
    const wanted = /^\w/.test(word) ? word : `'${word}'`;
    throw this.error(`Expected ${wanted} but found ${this.nameOf(this.peek())}`, this.peek(), hint);
  }

  nameOf(token: Token): string {
    return token.kind === "end"
      ? "the end of the query"
      : `'${this.source.slice(token.start, token.end)}'`;
  }

  error(message: string, at: { readonly start: number } = this.peek(), hint?: string): SqlError {
    return errorAt(this.source, at.start, "syntax", message, { hint });
  }

  /** A feature of T-SQL that is understood and not offered. */
  unsupported(feature: string, at: { readonly start: number }, hint?: string): SqlError {
    const message = `${feature} is not supported by read_query`;
    return errorAt(this.source, at.start, "unsupported", message, { hint });
  }

  notSelect(
    message: string,
    at: { readonly start: number },
    hint = "Send one SELECT statement that only reads.",
  ): SqlError {
    return errorAt(this.source, at.start, "not_select", message, { hint });
  }

  /** Runs one level deeper; refuses a query that would exhaust the stack. */
  nested<T>(work: () => T): T {
    this.#depth += 1;
    if (this.#depth > maxNesting) {
      throw errorAt(
        this.source,
        this.peek().start,
        "too_large",
        `The query is nested too deeply (limit ${maxNesting})`,
      );
    }
    const result = work();
    this.#depth -= 1;
    return result;
  }

  /** Refuses one more of something when there are so many already. */
  limit(found: number, most: number, what: string): void {
    if (found < most) return;
    const message = `The query has more than ${most.toLocaleString("en-US")} ${what}`;
    throw errorAt(this.source, this.peek().start, "too_large", message, {
      hint: "Split it into several queries.",
    });
  }

  /** One more table is read. */
  countTable(): void {
    this.limit(this.#tables, maxTables, "tables");
    this.#tables += 1;
  }

  /** Is the token a plain or quoted name? */
  isName(ahead = 0): boolean {
    const token = this.peek(ahead);
    return token.kind === "quoted" || (token.kind === "word" && !reservedWords.has(token.upper));
  }

  identifier(what: string): Identifier {
    const token = this.peek();
    if (!this.isName()) {
      const reserved =
        token.kind === "word"
          ? `${token.upper} is a reserved word: write [${token.value}].`
          : undefined;
      throw this.error(`Expected ${what} but found ${this.nameOf(token)}`, token, reserved);
    }
    this.next();
    const doubleQuoted = token.kind === "quoted" && this.source[token.start] === '"';
    return { name: token.value, doubleQuoted, start: token.start, end: token.end };
  }

  /** Skips a balanced `( … )` whose `(` is the next token. */
  skipParentheses(): void {
    const open = this.peek();
    this.expect("(");
    for (let depth = 1; depth > 0; ) {
      const token = this.next();
      if (token.kind === "end") throw this.error("Unclosed '('", open);
      if (token.upper === "(") depth += 1;
      if (token.upper === ")") depth -= 1;
    }
  }
}
