import { type Token, tokenize } from "./lexer";
import { invalid, unsupported } from "./refusal";
import type { ColumnName } from "./statement";

/** Words that end what stands before them, so that none of them is taken for an alias. */
const reserved = new Set(
  "select distinct top from where group by having order offset fetch union except intersect join inner left right full cross outer on and or not in like between is null as into for option with case when then else end exists over apply pivot".split(
    " ",
  ),
);

/** The tokens of one statement and where the reader stands. */
export class Reader {
  readonly #tokens: readonly Token[];
  #next = 0;
  depth = 0;

  constructor(text: string) {
    this.#tokens = tokenize(text);
  }

  peek(ahead = 0): Token {
    const last = this.#tokens.at(-1) as Token;
    return this.#tokens[this.#next + ahead] ?? last;
  }

  take(): Token {
    const token = this.peek();
    this.#next++;
    return token;
  }

  /** The word or mark, whatever its case. */
  is(value: string, ahead = 0): boolean {
    const token = this.peek(ahead);
    return (token.kind === "word" || token.kind === "mark") && token.value.toLowerCase() === value;
  }

  accept(value: string): boolean {
    if (!this.is(value)) return false;
    this.#next++;
    return true;
  }

  expect(value: string): void {
    if (!this.accept(value)) throw this.near();
  }

  near() {
    const { value, kind, at } = this.peek();
    return invalid(`Incorrect syntax near '${kind === "end" ? "the end" : value}'.`, at);
  }

  /** Whether a name stands next, which no word is that ends what stands before it. */
  isName(): boolean {
    const { kind, value } = this.peek();
    return kind === "quoted" || (kind === "word" && !reserved.has(value.toLowerCase()));
  }

  name(): Token {
    if (!this.isName()) throw this.near();
    return this.take();
  }

  column(): ColumnName {
    const first = this.name();
    if (this.is("(")) throw unsupported(`The function ${first.value.toUpperCase()}`, first.at);
    if (!this.accept(".")) {
      return { qualifier: undefined, name: first.value.toLowerCase(), at: first.at };
    }
    if (this.is("*")) throw unsupported(`SELECT ${first.value}.*`, first.at);
    const second = this.name();
    return {
      qualifier: first.value.toLowerCase(),
      name: second.value.toLowerCase(),
      at: first.at,
    };
  }

  /** A whole number that is written as one. */
  count(what: string): number {
    const token = this.take();
    const value = Number(token.value);
    if (token.kind === "number" && Number.isInteger(value) && value >= 0) return value;
    throw invalid(`${what} takes an integer literal only.`, token.at);
  }
}
