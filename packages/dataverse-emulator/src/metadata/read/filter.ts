import { DataverseError } from "../../model";
import type { Json } from "../json/labels";

type Value = string | number | boolean | null;
type Test = (row: Json) => boolean;
type Operand = (row: Json) => Value;

const TOKEN =
  /\s*(?:(Microsoft\.Dynamics\.CRM\.\w+)?'((?:[^']|'')*)'|([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})|(-?\d+(?:\.\d+)?)|([A-Za-z_]\w*(?:\/[A-Za-z_]\w*)*)|([(),]))/y;

interface Token {
  kind: "text" | "number" | "name" | "mark";
  text: string;
  at: number;
}

function bad(message: string): DataverseError {
  return new DataverseError(400, "0x80060888", message);
}

function tokenize(source: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < source.trimEnd().length) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(source);
    if (match === null) throw bad(`Syntax error at position ${at} in '${source}'.`);
    const [, , text, guid, number, name, mark = ""] = match;
    if (text !== undefined) tokens.push({ kind: "text", text: text.replaceAll("''", "'"), at });
    else if (guid !== undefined) tokens.push({ kind: "text", text: guid.toLowerCase(), at });
    else if (number !== undefined) tokens.push({ kind: "number", text: number, at });
    else if (name !== undefined) tokens.push({ kind: "name", text: name, at });
    else tokens.push({ kind: "mark", text: mark, at });
  }
  return tokens;
}

/** Reads `OwnershipType`, `CanCreateAttributes/Value`, `AttributeTypeName/Value` from a definition. */
function propertyReader(path: string, known: ReadonlySet<string>, type: string): Operand {
  const [first = "", ...rest] = path.split("/");
  if (!known.has(first)) {
    throw bad(
      `Could not find a property named '${first}' on type 'Microsoft.Dynamics.CRM.${type}'.`,
    );
  }
  return (row) => {
    let value: unknown = row[first];
    for (const step of rest) value = (value as Json | null | undefined)?.[step];
    return typeof value === "object" || value === undefined ? null : (value as Value);
  };
}

const COMPARE: Readonly<Record<string, (one: Value, other: Value) => boolean>> = {
  eq: (one, other) => one === other,
  ne: (one, other) => one !== other,
  gt: (one, other) => one !== null && other !== null && one > other,
  ge: (one, other) => one !== null && other !== null && one >= other,
  lt: (one, other) => one !== null && other !== null && one < other,
  le: (one, other) => one !== null && other !== null && one <= other,
};
const TEXT_TESTS: Readonly<Record<string, (one: string, other: string) => boolean>> = {
  contains: (one, other) => one.includes(other),
  endswith: (one, other) => one.endsWith(other),
  startswith: (one, other) => one.startsWith(other),
};

/** Recursive descent over `or`, `and`, `not`, comparisons, `in` and the three text functions. */
class Parser {
  readonly #tokens: Token[];
  readonly #source: string;
  readonly #known: ReadonlySet<string>;
  readonly #type: string;
  #next = 0;

  constructor(source: string, known: ReadonlySet<string>, type: string) {
    this.#source = source;
    this.#tokens = tokenize(source);
    this.#known = known;
    this.#type = type;
  }

  parse(): Test {
    const test = this.#or();
    if (this.#next < this.#tokens.length) throw this.#unexpected();
    return test;
  }

  #unexpected(): DataverseError {
    const token = this.#tokens[this.#next];
    const where = token === undefined ? "at the end" : `at position ${token.at}`;
    return bad(`Syntax error ${where} in '${this.#source}'.`);
  }

  #take(kind: Token["kind"], text?: string): Token | undefined {
    const token = this.#tokens[this.#next];
    if (token?.kind !== kind || (text !== undefined && token.text !== text)) return undefined;
    this.#next++;
    return token;
  }

  #demand(kind: Token["kind"], text?: string): Token {
    const token = this.#take(kind, text);
    if (token === undefined) throw this.#unexpected();
    return token;
  }

  #or(): Test {
    const tests = [this.#and()];
    while (this.#take("name", "or") !== undefined) tests.push(this.#and());
    return (row) => tests.some((test) => test(row));
  }

  #and(): Test {
    const tests = [this.#unary()];
    while (this.#take("name", "and") !== undefined) tests.push(this.#unary());
    return (row) => tests.every((test) => test(row));
  }

  #unary(): Test {
    if (this.#take("name", "not") !== undefined) {
      const inner = this.#unary();
      return (row) => !inner(row);
    }
    if (this.#take("mark", "(") !== undefined) {
      const inner = this.#or();
      this.#demand("mark", ")");
      return inner;
    }
    return this.#comparison();
  }

  #comparison(): Test {
    const name = this.#demand("name").text;
    const textTest = TEXT_TESTS[name];
    if (textTest !== undefined && this.#take("mark", "(") !== undefined) {
      const left = propertyReader(this.#demand("name").text, this.#known, this.#type);
      this.#demand("mark", ",");
      const right = this.#demand("text").text;
      this.#demand("mark", ")");
      return (row) => textTest(String(left(row) ?? ""), right);
    }
    const left = propertyReader(name, this.#known, this.#type);
    const operator =
      this.#tokens[this.#next]?.kind === "name" ? this.#demand("name").text : undefined;
    // A property that is true or false may stand alone.
    if (operator === undefined) return (row) => left(row) === true;
    if (operator === "in") return this.#in(left);
    const compare = COMPARE[operator];
    if (compare === undefined) {
      this.#next--;
      throw this.#unexpected();
    }
    const right = this.#literal();
    return (row) => compare(left(row), right);
  }

  #in(left: Operand): Test {
    this.#demand("mark", "(");
    const values = [this.#literal()];
    while (this.#take("mark", ",") !== undefined) values.push(this.#literal());
    this.#demand("mark", ")");
    return (row) => values.includes(left(row));
  }

  #literal(): Value {
    const token = this.#tokens[this.#next];
    this.#next++;
    if (token?.kind === "text") return token.text;
    if (token?.kind === "number") return Number(token.text);
    if (token?.kind === "name") {
      if (token.text === "true") return true;
      if (token.text === "false") return false;
      if (token.text === "null") return null;
    }
    this.#next--;
    throw this.#unexpected();
  }
}

/**
 * A `$filter` over definitions: `IsPrivate eq false`, `OwnershipType eq Microsoft.Dynamics.CRM.OwnershipTypes'UserOwned'`,
 * `CanCreateAttributes/Value eq true`. `type` names the properties' owner in the refusal of an unknown one.
 */
export function compileFilter(source: string, known: ReadonlySet<string>, type: string): Test {
  return new Parser(source, known, type).parse();
}
