import { DataverseError } from "../model";
import { type Pattern, regularPattern, wildPattern } from "./pattern";

/** A query as it is written. */
export type Node =
  | { readonly kind: "and" | "or"; readonly parts: readonly Node[] }
  | { readonly kind: "not"; readonly part: Node }
  | { readonly kind: "word"; readonly text: string; readonly prefix: boolean }
  | { readonly kind: "fuzzy"; readonly text: string; readonly edits: number }
  /** `?` and `*` anywhere, or a regular expression over a whole word. */
  | { readonly kind: "pattern"; readonly pattern: Pattern }
  | { readonly kind: "phrase"; readonly text: string; readonly distance: number | undefined }
  | { readonly kind: "field"; readonly column: string; readonly part: Node }
  | { readonly kind: "boost"; readonly by: number; readonly part: Node };

const deepest = 20;
const invalid = (what: string) =>
  new DataverseError(400, "0x80040203", `The search text cannot be read: ${what}.`);

interface Token {
  readonly kind: "text" | "phrase" | "regex" | "mark" | "end";
  readonly value: string;
  /** Positions of characters that stood behind a backslash: they are text, not operators. */
  readonly escaped: ReadonlySet<number>;
}

const end: Token = { kind: "end", value: "", escaped: new Set() };

class Parser {
  readonly #text: string;
  readonly #isLucene: boolean;
  readonly #joiner: "and" | "or";
  #at = 0;
  #token: Token = end;
  #depth = 0;

  constructor(text: string, isLucene: boolean, matchAll: boolean) {
    this.#text = text;
    this.#isLucene = isLucene;
    this.#joiner = matchAll ? "and" : "or";
    this.#advance();
  }

  parse(): Node | undefined {
    const node = this.#list();
    if (this.#token.kind !== "end") throw invalid("a closing parenthesis has no opening one");
    return node;
  }

  #advance(): Token {
    const before = this.#token;
    this.#token = this.#read();
    return before;
  }

  #read(): Token {
    while (/\s/.test(this.#text.charAt(this.#at))) this.#at++;
    const character = this.#text.charAt(this.#at);
    if (character === "") return end;
    if (character === '"') return this.#until('"', "phrase");
    if (this.#isLucene && character === "/") return this.#until("/", "regex");
    const marks = this.#isLucene
      ? ["&&", "||", "(", ")", "+", "-", "!"]
      : ["(", ")", "+", "|", "-"];
    const mark = marks.find((one) => this.#text.startsWith(one, this.#at));
    if (mark !== undefined) {
      this.#at += mark.length;
      return { ...end, kind: "mark", value: mark };
    }
    return this.#word();
  }

  #until(close: string, kind: "phrase" | "regex"): Token {
    let value = "";
    for (this.#at++; this.#at < this.#text.length; this.#at++) {
      const character = this.#text.charAt(this.#at);
      if (character === "\\" && this.#at + 1 < this.#text.length) {
        this.#at++;
        value += (kind === "regex" ? "\\" : "") + this.#text.charAt(this.#at);
      } else if (character === close) {
        this.#at++;
        return { ...end, kind, value };
      } else value += character;
    }
    throw invalid(`${close} is not closed`);
  }

  #word(): Token {
    let value = "";
    const escaped = new Set<number>();
    const ends = this.#isLucene ? /[\s()"]/ : /[\s()"|+]/;
    for (; this.#at < this.#text.length; this.#at++) {
      const character = this.#text.charAt(this.#at);
      if (character === "\\" && this.#at + 1 < this.#text.length) {
        this.#at++;
        escaped.add(value.length);
        value += this.#text.charAt(this.#at);
      } else if (ends.test(character)) break;
      else value += character;
    }
    return { kind: "text", value, escaped };
  }

  #isMark(...values: readonly string[]): boolean {
    return this.#token.kind === "mark" && values.includes(this.#token.value);
  }

  #isOperator(...values: readonly string[]): boolean {
    return (
      this.#isLucene &&
      this.#token.kind === "text" &&
      this.#token.escaped.size === 0 &&
      values.includes(this.#token.value)
    );
  }

  /** Terms side by side, joined by the search mode; operators bind closer. */
  #list(): Node | undefined {
    const parts: Node[] = [];
    while (this.#token.kind !== "end" && !this.#isMark(")")) {
      const part = this.#or();
      if (part !== undefined) parts.push(part);
    }
    if (parts.length < 2) return parts[0];
    // A term with NOT takes rows away, whatever the mode.
    const [wanted, unwanted] = [
      parts.filter((part) => part.kind !== "not"),
      parts.filter((part) => part.kind === "not"),
    ];
    const first: Node[] = wanted.length < 2 ? wanted : [{ kind: this.#joiner, parts: wanted }];
    const all = [...first, ...unwanted];
    return all.length === 1 ? all[0] : { kind: "and", parts: all };
  }

  #or(): Node | undefined {
    const parts = [this.#and()];
    while (this.#isMark("|", "||") || this.#isOperator("OR")) {
      this.#advance();
      parts.push(this.#and());
    }
    const found = parts.filter((part) => part !== undefined);
    return found.length < 2 ? found[0] : { kind: "or", parts: found };
  }

  #and(): Node | undefined {
    const parts = [this.#unary()];
    for (;;) {
      if (this.#isMark("&&") || this.#isOperator("AND") || (!this.#isLucene && this.#isMark("+"))) {
        this.#advance();
        parts.push(this.#unary());
      } else if (this.#isOperator("NOT") && parts[0] !== undefined) parts.push(this.#unary());
      else break;
    }
    const found = parts.filter((part) => part !== undefined);
    return found.length < 2 ? found[0] : { kind: "and", parts: found };
  }

  #unary(): Node | undefined {
    if (this.#isMark("-", "!") || this.#isOperator("NOT")) {
      this.#advance();
      const part = this.#unary();
      return part === undefined ? undefined : { kind: "not", part };
    }
    if (this.#isMark("+")) {
      this.#advance();
      return this.#unary();
    }
    if (this.#isMark("(")) return this.#group();
    if (this.#token.kind === "mark" || this.#token.kind === "end") {
      if (this.#token.kind === "mark" && !this.#isMark(")")) this.#advance();
      return undefined;
    }
    return this.#suffixed(this.#term(this.#advance()));
  }

  #group(): Node | undefined {
    this.#depth++;
    if (this.#depth > deepest) throw invalid("it is nested too deeply");
    this.#advance();
    const inner = this.#list();
    if (!this.#isMark(")")) throw invalid("an opening parenthesis is not closed");
    this.#advance();
    this.#depth--;
    return inner === undefined ? undefined : this.#suffixed(inner);
  }

  /** `^2` and `~5` that stand behind a phrase or a group. */
  #suffixed(node: Node | undefined): Node | undefined {
    const { kind, value } = this.#token;
    if (!this.#isLucene || node === undefined || kind !== "text") return node;
    const [, distance, boost] = /^(?:~(\d*))?(?:\^(\d+(?:\.\d+)?))?$/.exec(value) ?? [];
    if (distance === undefined && boost === undefined) return node;
    this.#advance();
    const near: Node =
      node.kind === "phrase" && distance !== undefined
        ? { ...node, distance: Number(distance || 1) }
        : node;
    return boost === undefined ? near : { kind: "boost", by: Number(boost), part: near };
  }

  #term({ kind, value, escaped }: Token): Node | undefined {
    if (kind === "phrase") return { kind: "phrase", text: value, distance: undefined };
    if (kind === "regex") return { kind: "pattern", pattern: regularPattern(value) };
    if (!this.#isLucene) {
      const isPrefix = value.endsWith("*") && !escaped.has(value.length - 1);
      return { kind: "word", text: isPrefix ? value.slice(0, -1) : value, prefix: isPrefix };
    }
    return this.#luceneTerm(value, escaped);
  }

  #luceneTerm(value: string, escaped: ReadonlySet<number>): Node | undefined {
    const colon = [...value].findIndex((one, at) => one === ":" && !escaped.has(at));
    if (colon > 0 && /^\w+$/.test(value.slice(0, colon))) {
      const rest = value.slice(colon + 1);
      const moved = new Set([...escaped].map((at) => at - colon - 1));
      const part = rest === "" ? this.#unary() : this.#luceneTerm(rest, moved);
      return part === undefined
        ? undefined
        : { kind: "field", column: value.slice(0, colon).toLowerCase(), part };
    }
    const boosted = /^(.+)\^(\d+(?:\.\d+)?)$/.exec(value);
    if (boosted !== null && !escaped.has((boosted[1] ?? "").length)) {
      const part = this.#luceneTerm(boosted[1] ?? "", escaped);
      return part && { kind: "boost", by: Number(boosted[2]), part };
    }
    const fuzzy = /^(.+)~([0-2]?)$/.exec(value);
    if (fuzzy !== null && !escaped.has((fuzzy[1] ?? "").length)) {
      return { kind: "fuzzy", text: fuzzy[1] ?? "", edits: Number(fuzzy[2] || 2) };
    }
    const wild = [...value].flatMap((one, at) =>
      (one === "*" || one === "?") && !escaped.has(at) ? [at] : [],
    );
    if (wild.length === 0) return { kind: "word", text: value, prefix: false };
    if (wild.length === 1 && wild[0] === value.length - 1 && value.endsWith("*")) {
      return { kind: "word", text: value.slice(0, -1), prefix: true };
    }
    const parts = [...value].map((text, at) => ({ text, isWild: wild.includes(at) }));
    return { kind: "pattern", pattern: wildPattern(parts) };
  }
}

/** Reads the simple syntax (`+ | - " * ( )`), or Lucene's. Undefined when no term is left. */
export function parseSearch(
  text: string,
  options: { lucene: boolean; matchAll: boolean },
): Node | undefined {
  return new Parser(text, options.lucene, options.matchAll).parse();
}
