import { Failure } from "../../types/failure";

/** A piece of a JSON text, by its place in it, so that it can be given out as it was written. */
export interface JsonNode {
  readonly kind: "object" | "array" | "string" | "number" | "true" | "false" | "null";
  readonly start: number;
  readonly end: number;
  /** Of an object, in order; a name may stand there twice. */
  readonly members?: readonly JsonEntry[];
  readonly items?: readonly JsonNode[];
}

export interface JsonEntry {
  readonly name: string;
  readonly start: number;
  readonly value: JsonNode;
}

/** How deep SQL Server lets JSON be nested. */
const deepest = 128;

const literal = /(?:true|false|null)/y;
const numberText = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const stringText =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: JSON has no bare controls in its strings
  /"[^"\\\u0000-\u001F]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\u0000-\u001F]*)*"/y;

class Scanner {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** The one value of the text, or undefined where it is no JSON. */
  read(): JsonNode | undefined {
    this.#skip();
    const value = this.#value(0);
    this.#skip();
    return this.#at === this.#text.length ? value : undefined;
  }

  /** Where reading stopped. */
  get stopped(): number {
    return this.#at;
  }

  #take(pattern: RegExp): number | undefined {
    pattern.lastIndex = this.#at;
    if (!pattern.test(this.#text)) return undefined;
    const start = this.#at;
    this.#at = pattern.lastIndex;
    return start;
  }

  /** Past the blanks of JSON. Two in three places have none, so that a pattern would cost more than all else. */
  #skip(): void {
    for (;;) {
      const code = this.#text.charCodeAt(this.#at);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return;
      this.#at += 1;
    }
  }

  #is(character: string): boolean {
    if (this.#text[this.#at] !== character) return false;
    this.#at += 1;
    return true;
  }

  #value(depth: number): JsonNode | undefined {
    if (depth > deepest) return undefined;
    const first = this.#text[this.#at];
    if (first === "{") return this.#object(depth);
    if (first === "[") return this.#array(depth);
    if (first === '"') return this.#scalar("string", stringText);
    const word = this.#take(literal);
    if (word === undefined) return this.#scalar("number", numberText);
    const kind = this.#text.slice(word, this.#at) as "true" | "false" | "null";
    return { kind, start: word, end: this.#at };
  }

  #scalar(kind: "string" | "number", pattern: RegExp): JsonNode | undefined {
    const start = this.#take(pattern);
    return start === undefined ? undefined : { kind, start, end: this.#at };
  }

  #array(depth: number): JsonNode | undefined {
    const start = this.#at;
    this.#at += 1;
    const items: JsonNode[] = [];
    this.#skip();
    if (this.#is("]")) return { kind: "array", start, end: this.#at, items };
    for (;;) {
      this.#skip();
      const item = this.#value(depth + 1);
      if (!item) return undefined;
      items.push(item);
      this.#skip();
      if (this.#is("]")) return { kind: "array", start, end: this.#at, items };
      if (!this.#is(",")) return undefined;
    }
  }

  #object(depth: number): JsonNode | undefined {
    const start = this.#at;
    this.#at += 1;
    const members: JsonEntry[] = [];
    this.#skip();
    if (this.#is("}")) return { kind: "object", start, end: this.#at, members };
    for (;;) {
      this.#skip();
      const name = this.#take(stringText);
      if (name === undefined) return undefined;
      const end = this.#at;
      this.#skip();
      if (!this.#is(":")) return undefined;
      this.#skip();
      const value = this.#value(depth + 1);
      if (!value) return undefined;
      members.push({ name: unquote(this.#text.slice(name, end)), start: name, value });
      this.#skip();
      if (this.#is("}")) return { kind: "object", start, end: this.#at, members };
      if (!this.#is(",")) return undefined;
    }
  }
}

const unquote = (text: string): string =>
  text.includes("\\") ? String(JSON.parse(text)) : text.slice(1, -1);

/** The tree of a JSON text, or undefined where it is none. */
export const scanJson = (text: string): JsonNode | undefined => new Scanner(text).read();

/** The tree of a JSON text, or SQL Server's error with the position at which it is none. */
export function needJson(text: string): JsonNode {
  const scanner = new Scanner(text);
  const node = scanner.read();
  if (node) return node;
  throw new Failure(
    13609,
    `JSON text is not properly formatted. Unexpected character is found at position ${scanner.stopped}`,
    "ISJSON(text) = 1 tells which texts are JSON.",
  ).error();
}

/** A scalar as text: strings without their escapes, numbers as they are written. */
export const scalarText = (text: string, node: JsonNode): string | null => {
  if (node.kind === "null") return null;
  const piece = text.slice(node.start, node.end);
  return node.kind === "string" ? unquote(piece) : piece;
};

export const isScalar = (node: JsonNode): boolean =>
  node.kind !== "object" && node.kind !== "array";
