import { syntax, type Token, type TokenKind, tokenize } from "./lexer";

const deepest = 60;

/** Reads the tokens of one query option, with the words of Microsoft's own parser when they do not fit. */
export class TokenReader {
  readonly text: string;
  readonly #tokens: readonly Token[];
  #next = 0;
  #depth = 0;

  constructor(text: string) {
    this.text = text;
    this.#tokens = tokenize(text);
  }

  peek(ahead = 0): Token {
    return this.#tokens[this.#next + ahead] ?? { kind: "end", value: "", at: this.text.length };
  }

  take(): Token {
    const token = this.peek();
    this.#next++;
    return token;
  }

  is(value: string, ahead = 0): boolean {
    const token = this.peek(ahead);
    return (token.kind === "name" || token.kind === "mark") && token.value === value;
  }

  accept(value: string): boolean {
    if (!this.is(value)) return false;
    this.#next++;
    return true;
  }

  expect(value: string): void {
    if (!this.accept(value)) throw this.error(`'${value}' expected`);
  }

  /** The token, which must be of that kind. */
  need(kind: TokenKind): Token {
    if (this.peek().kind !== kind) throw this.error("Syntax error");
    return this.take();
  }

  end(): void {
    if (this.peek().kind !== "end") throw this.error("Syntax error");
  }

  error(what: string, at = this.peek().at) {
    return syntax(this.text, at, what);
  }

  /** Keeps recursion within what the stack and SQLite bear. */
  nested<T>(work: () => T): T {
    this.#depth++;
    if (this.#depth > deepest)
      throw this.error("Recursion limit exceeded: the query is nested too deeply");
    try {
      return work();
    } finally {
      this.#depth--;
    }
  }

  /** `a/b/c` */
  path(): string[] {
    const names = [this.need("name").value];
    while (this.accept("/")) names.push(this.need("name").value);
    return names;
  }
}
