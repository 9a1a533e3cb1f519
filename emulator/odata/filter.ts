import { syntax, type Token, tokenize } from "./lexer";

/** A condition as it is written; names are not yet looked up. */
export type Filter =
  | { readonly kind: "and" | "or"; readonly left: Filter; readonly right: Filter }
  | { readonly kind: "not"; readonly operand: Filter }
  | {
      readonly kind: "compare";
      readonly operator: Comparison;
      readonly left: Operand;
      readonly right: Operand;
    }
  | { readonly kind: "in"; readonly left: Operand; readonly values: readonly Operand[] }
  | {
      readonly kind: "match";
      readonly name: "contains" | "startswith" | "endswith";
      readonly left: Operand;
      readonly right: Operand;
    }
  | {
      readonly kind: "function";
      readonly name: string;
      readonly parameters: ReadonlyMap<string, Operand | readonly Operand[]>;
      readonly at: number;
    }
  | {
      readonly kind: "lambda";
      readonly quantifier: "any" | "all";
      readonly path: readonly string[];
      readonly variable: string | undefined;
      readonly body: Filter | undefined;
      readonly at: number;
    };

export type Comparison = "eq" | "ne" | "gt" | "ge" | "lt" | "le";

export type Operand =
  | { readonly kind: "path"; readonly names: readonly string[]; readonly at: number }
  | {
      readonly kind: "literal";
      readonly type: "text" | "number" | "guid" | "date" | "boolean" | "null";
      readonly value: string;
      readonly at: number;
    };

const comparisons = new Set<string>(["eq", "ne", "gt", "ge", "lt", "le"]);
const deepest = 60;

/** @param aliases decoded query options, for `@p1` */
export function parseFilter(text: string, aliases: ReadonlyMap<string, string>): Filter {
  return new FilterParser(text, aliases).parse();
}

class FilterParser {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  readonly #aliases: ReadonlyMap<string, string>;
  #next = 0;
  #depth = 0;

  constructor(text: string, aliases: ReadonlyMap<string, string>) {
    this.#text = text;
    this.#tokens = tokenize(text);
    this.#aliases = aliases;
  }

  parse(): Filter {
    const filter = this.#or();
    if (this.#peek().kind !== "end") throw this.#error("Syntax error: an operator was expected");
    return filter;
  }

  #peek(ahead = 0): Token {
    return this.#tokens[this.#next + ahead] ?? { kind: "end", value: "", at: this.#text.length };
  }

  #take(): Token {
    const token = this.#peek();
    this.#next++;
    return token;
  }

  #is(value: string, ahead = 0): boolean {
    const token = this.#peek(ahead);
    return (token.kind === "name" || token.kind === "mark") && token.value === value;
  }

  #accept(value: string): boolean {
    if (!this.#is(value)) return false;
    this.#next++;
    return true;
  }

  #expect(value: string): void {
    if (!this.#accept(value)) throw this.#error(`Syntax error: '${value}' was expected`);
  }

  #error(what: string, at = this.#peek().at) {
    return syntax(this.#text, at, what);
  }

  #nested<T>(work: () => T): T {
    this.#depth++;
    if (this.#depth > deepest) throw this.#error("The query is nested too deeply");
    try {
      return work();
    } finally {
      this.#depth--;
    }
  }

  #or(): Filter {
    let left = this.#and();
    while (this.#accept("or")) left = { kind: "or", left, right: this.#and() };
    return left;
  }

  #and(): Filter {
    let left = this.#unary();
    while (this.#accept("and")) left = { kind: "and", left, right: this.#unary() };
    return left;
  }

  #unary(): Filter {
    if (this.#accept("not")) return { kind: "not", operand: this.#nested(() => this.#unary()) };
    if (!this.#is("(")) return this.#condition();
    this.#next++;
    const inner = this.#nested(() => this.#or());
    this.#expect(")");
    return inner;
  }

  #condition(): Filter {
    const { kind, value, at } = this.#peek();
    if (kind === "name" && this.#is("(", 1)) {
      if (value === "contains" || value === "startswith" || value === "endswith")
        return this.#match(value);
      if (value.startsWith("Microsoft.Dynamics.CRM.")) return this.#function(value.slice(23), at);
      throw this.#error(`The function '${value}' is not supported`, at);
    }
    const left = this.#operandOrLambda();
    if (left.kind === "lambda") return left;
    if (this.#accept("in")) return { kind: "in", left, values: this.#list() };
    const operator = this.#peek();
    if (operator.kind !== "name" || !comparisons.has(operator.value)) {
      // A Boolean column is a condition by itself.
      if (left.kind === "path")
        return {
          kind: "compare",
          operator: "eq",
          left,
          right: { kind: "literal", type: "boolean", value: "true", at },
        };
      throw this.#error("Syntax error: a comparison was expected");
    }
    this.#next++;
    return {
      kind: "compare",
      operator: operator.value as Comparison,
      left,
      right: this.#operand(),
    };
  }

  #match(name: "contains" | "startswith" | "endswith"): Filter {
    this.#next += 2;
    const left = this.#operand();
    this.#expect(",");
    const right = this.#operand();
    this.#expect(")");
    return { kind: "match", name, left, right };
  }

  #function(name: string, at: number): Filter {
    this.#next += 2;
    const parameters = new Map<string, Operand | readonly Operand[]>();
    while (!this.#accept(")")) {
      if (parameters.size > 0) this.#expect(",");
      const parameter = this.#take().value;
      this.#expect("=");
      parameters.set(parameter, this.#is("[") ? this.#list("[", "]") : this.#operand());
    }
    return { kind: "function", name, parameters, at };
  }

  #list(open = "(", close = ")"): Operand[] {
    this.#expect(open);
    const values = [this.#operand()];
    while (this.#accept(",")) values.push(this.#operand());
    this.#expect(close);
    return values;
  }

  #operand(): Operand {
    const operand = this.#operandOrLambda();
    if (operand.kind === "lambda")
      throw this.#error("A lambda is a condition, not a value", operand.at);
    return operand;
  }

  #operandOrLambda(): Operand | Extract<Filter, { kind: "lambda" }> {
    const token = this.#take();
    switch (token.kind) {
      case "text":
      case "number":
      case "guid":
      case "date":
        return { kind: "literal", type: token.kind, value: token.value, at: token.at };
      case "alias":
        return this.#alias(token);
      case "name":
        if (token.value === "null")
          return { kind: "literal", type: "null", value: "null", at: token.at };
        if (token.value === "true" || token.value === "false")
          return { kind: "literal", type: "boolean", value: token.value, at: token.at };
        return this.#path(token);
      default:
        throw this.#error("Syntax error: a property or a value was expected", token.at);
    }
  }

  #alias(token: Token): Operand {
    const text = this.#aliases.get(token.value);
    if (text === undefined)
      throw this.#error(`The parameter alias '${token.value}' has no value`, token.at);
    const [value, end] = tokenize(text);
    if (value === undefined || end?.kind !== "end")
      throw this.#error(`The parameter alias '${token.value}' must be one value`, token.at);
    const inner = new FilterParser(text, new Map()).#operand();
    return inner;
  }

  #path(first: Token): Operand | Extract<Filter, { kind: "lambda" }> {
    const names = [first.value];
    while (this.#accept("/")) {
      const name = this.#take();
      if (name.kind !== "name") throw this.#error("Syntax error: a property was expected", name.at);
      if ((name.value === "any" || name.value === "all") && this.#is("("))
        return this.#lambda(name.value, names, first.at);
      names.push(name.value);
    }
    return { kind: "path", names, at: first.at };
  }

  #lambda(
    quantifier: "any" | "all",
    path: readonly string[],
    at: number,
  ): Extract<Filter, { kind: "lambda" }> {
    this.#expect("(");
    if (this.#accept(")"))
      return { kind: "lambda", quantifier, path, variable: undefined, body: undefined, at };
    const variable = this.#take().value;
    this.#expect(":");
    const body = this.#nested(() => this.#or());
    this.#expect(")");
    return { kind: "lambda", quantifier, path, variable, body, at };
  }
}
