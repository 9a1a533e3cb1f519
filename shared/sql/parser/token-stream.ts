import { errorAt, type SqlError } from "../errors";
import type { Expression, Identifier, OrderItem, QueryExpression } from "./ast";
import { type Token, type TokenKind, tokenize } from "./lexer";

export const maxNesting = 100;
/** Tables of one statement. SQL Server takes 256; planning them would hold the event loop. */
const maxTables = 100;

/** What the rooms of the grammar need of each other: expressions hold queries, and queries expressions. */
export interface Grammar {
  /** Literals, names, calls, arithmetic, subqueries. */
  value(tokens: TokenStream): Expression;
  /** Predicates joined by AND, OR and NOT. */
  condition(tokens: TokenStream): Expression;
  /** A condition or a value, as what stands in parentheses may be. */
  either(tokens: TokenStream): Expression;
  /** What may stand in parentheses: SELECT …, or several by UNION. The parentheses are the caller's. */
  subquery(tokens: TokenStream): QueryExpression;
  /** The rest of a set operation whose first part, in parentheses, has been read as `left`. */
  restOfSubquery(tokens: TokenStream, left: QueryExpression): QueryExpression;
  /** After ORDER BY. */
  orderItems(tokens: TokenStream): readonly OrderItem[];
}

/** The tokens of one query, a position in them, and the words for what is wrong at that position. */
export class TokenStream {
  readonly source: string;
  readonly grammar: Grammar;
  readonly notes = new Set<string>();
  /** OPTION (MAXRECURSION n) */
  maxRecursion: number | undefined;
  readonly #tokens: readonly Token[];
  readonly #last: Token;
  #at = 0;
  #depth = 0;
  #tables = 0;

  constructor(source: string, grammar: Grammar) {
    this.source = source;
    this.grammar = grammar;
    this.#tokens = tokenize(source);
    this.#last = this.#tokens[this.#tokens.length - 1] as Token;
  }

  /** How many tokens the query has. */
  get length(): number {
    return this.#tokens.length;
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

  isKind(kind: TokenKind, ahead = 0): boolean {
    return this.peek(ahead).kind === kind;
  }

  /** Are the tokens from the position on these keywords or operators? */
  areAll(...words: readonly string[]): boolean {
    return words.every((word, index) => this.is(word, index));
  }

  accept(word: string): boolean {
    if (!this.is(word)) return false;
    this.next();
    return true;
  }

  expect(word: string, hint?: string): void {
    if (this.accept(word)) return;
    const wanted = /^\w/.test(word) ? word : `'${word}'`;
    throw this.expected(wanted, hint);
  }

  /** The error for a token at the position that is not what must stand there. */
  expected(what: string, hint?: string): SqlError {
    return this.error(`Expected ${what} but found ${this.nameOf(this.peek())}`, this.peek(), hint);
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

  /** Goes one level deeper, until `leave`; refuses a query that would exhaust the stack. */
  enter(): void {
    this.#depth += 1;
    if (this.#depth > maxNesting) {
      throw errorAt(
        this.source,
        this.peek().start,
        "too_large",
        `The query is nested too deeply (limit ${maxNesting})`,
      );
    }
  }

  /** An error ends the whole parse: nothing leaves on its way. */
  leave(): void {
    this.#depth -= 1;
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
    const { kind } = this.peek(ahead);
    return kind === "word" || kind === "quoted";
  }

  identifier(what: string): Identifier {
    const token = this.peek();
    if (!this.isName()) throw this.expected(what, reservedHint(token));
    this.next();
    const doubleQuoted = token.kind === "quoted" && this.source[token.start] === '"';
    return { name: token.value, doubleQuoted, start: token.start, end: token.end };
  }

  /** `(a, b)`: one name or more in parentheses. */
  identifierList(what: string): readonly Identifier[] {
    this.expect("(");
    const names = [this.identifier(what)];
    while (this.accept(",")) names.push(this.identifier(what));
    this.expect(")");
    return names;
  }

  /** A literal of one of these forms. */
  literal(kind: "string" | "number", what: string): Token {
    if (!this.isKind(kind)) throw this.expected(what);
    return this.next();
  }
}

export const reservedHint = (token: Token): string | undefined =>
  token.kind === "keyword"
    ? `${token.upper} is a reserved word: write [${token.value}].`
    : undefined;
