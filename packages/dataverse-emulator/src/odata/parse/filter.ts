import { DataverseError } from "../../model";
import type { Comparison, Filter, Lambda, Operand } from "./filter-tree";
import type { Token } from "./lexer";
import { invalid } from "./literal";
import { TokenReader } from "./token-reader";

const comparisons = new Set<string>(["eq", "ne", "gt", "ge", "lt", "le"]);
const arithmetic: Readonly<Record<string, string>> = {
  add: "Add",
  sub: "Subtract",
  mul: "Multiply",
  div: "Divide",
  mod: "Modulo",
  has: "Has",
};
/** Functions that OData has and Dataverse has not. */
const unsupported = new Set(
  (
    "cast ceiling concat date day floor fractionalseconds geo.distance geo.intersects geo.length hour indexof isof length " +
    "matchesPattern maxdatetime mindatetime minute month now round second substring time tolower totaloffsetminutes " +
    "totalseconds toupper trim year"
  ).split(" "),
);
/** As many as a query may have in all. */
const mostConditions = 500;

/**
 * @param aliases decoded query options, for `@p1`; undefined inside `$expand`, where Dataverse knows none
 */
export function parseFilter(
  text: string,
  aliases: ReadonlyMap<string, string> | undefined,
): Filter {
  const reader = new TokenReader(text);
  const filter = readFilter(reader, aliases);
  reader.end();
  return filter;
}

/** Reads one condition of a longer option, such as `filter(…)` of `$apply`, up to what does not belong to it. */
export function readFilter(
  reader: TokenReader,
  aliases: ReadonlyMap<string, string> | undefined,
): Filter {
  return new FilterParser(reader, aliases).or();
}

class FilterParser {
  readonly #reader: TokenReader;
  readonly #aliases: ReadonlyMap<string, string> | undefined;
  #conditions = 0;

  constructor(reader: TokenReader, aliases: ReadonlyMap<string, string> | undefined) {
    this.#reader = reader;
    this.#aliases = aliases;
  }

  or(): Filter {
    return this.#chain("or", () => this.#chain("and", () => this.#unary()));
  }

  #chain(kind: "and" | "or", next: () => Filter): Filter {
    const first = next();
    if (!this.#reader.is(kind)) return first;
    const parts = [first];
    while (this.#reader.accept(kind)) parts.push(next());
    return { kind, parts };
  }

  #unary(): Filter {
    const reader = this.#reader;
    if (reader.accept("not")) return { kind: "not", operand: reader.nested(() => this.#unary()) };
    if (!reader.is("(")) return this.#condition();
    reader.take();
    const inner = reader.nested(() => this.or());
    if (!reader.accept(")")) throw reader.error("')' or operator expected");
    return inner;
  }

  #condition(): Filter {
    this.#conditions++;
    if (this.#conditions > mostConditions)
      throw new DataverseError(
        400,
        "0x8004430c",
        `Number of conditions in query exceeded maximum limit of ${mostConditions}.`,
      );
    const reader = this.#reader;
    const { kind, value, at } = reader.peek();
    if (kind === "name" && reader.is("(", 1)) return this.#call(value, at);
    const left = this.#operandOrLambda();
    if (left.kind === "lambda") return left;
    if (reader.accept("in")) return { kind: "in", left, values: this.#list() };
    const operator = reader.peek();
    if (operator.kind === "name" && comparisons.has(operator.value)) {
      reader.take();
      const right = this.#operand();
      this.#refuseArithmetic();
      return { kind: "compare", operator: operator.value as Comparison, left, right };
    }
    this.#refuseArithmetic();
    // A Boolean column is a condition by itself.
    if (left.kind === "path") {
      const right = { kind: "literal", type: "boolean", value: "true", at } as const;
      return { kind: "compare", operator: "eq", left, right };
    }
    throw invalid("The $filter expression must evaluate to a single boolean value.");
  }

  #refuseArithmetic(): void {
    const { kind, value } = this.#reader.peek();
    const name =
      kind === "name" && Object.hasOwn(arithmetic, value) ? arithmetic[value] : undefined;
    if (name !== undefined)
      throw new DataverseError(
        400,
        "0x8006088a",
        `The binary operator '${name}' isn't supported in a $filter.`,
      );
  }

  #call(name: string, at: number): Filter {
    if (name === "contains" || name === "startswith" || name === "endswith")
      return this.#match(name);
    if (name.startsWith("Microsoft.Dynamics.CRM.")) return this.#function(name.slice(23), at);
    if (unsupported.has(name))
      throw new DataverseError(400, "0x8006088a", `The "${name}" function isn't supported.`);
    throw invalid(
      `An unknown function with name '${name}' was found. This may also be a function import or a key lookup on a navigation property, which is not allowed.`,
    );
  }

  #match(name: "contains" | "startswith" | "endswith"): Filter {
    const reader = this.#reader;
    reader.take();
    reader.take();
    const left = this.#argument();
    if (!reader.accept(",")) throw reader.error("')' or ',' expected");
    const right = this.#argument();
    if (!reader.accept(")")) throw reader.error("')' or ',' expected");
    return { kind: "match", name, left, right };
  }

  /** Functions inside functions exist in OData only. */
  #argument(): Operand {
    const { kind, value, at } = this.#reader.peek();
    if (kind === "name" && this.#reader.is("(", 1)) this.#call(value, at);
    return this.#operand();
  }

  #function(name: string, at: number): Filter {
    const reader = this.#reader;
    reader.take();
    reader.take();
    const parameters = new Map<string, Operand | readonly Operand[]>();
    while (!reader.accept(")")) {
      if (parameters.size > 0) reader.expect(",");
      const parameter = reader.need("name").value;
      reader.expect("=");
      parameters.set(parameter, this.#parameter());
    }
    return { kind: "function", name, parameters, at };
  }

  #parameter(): Operand | readonly Operand[] {
    if (this.#reader.is("[")) return this.#list("[", "]");
    const token = this.#reader.peek();
    const text = token.kind === "alias" ? this.#aliases?.get(token.value) : undefined;
    if (text === undefined || !text.trimStart().startsWith("[")) return this.#operand();
    this.#reader.take();
    const inner = new TokenReader(text);
    const values = new FilterParser(inner, undefined).#list("[", "]");
    inner.end();
    return values;
  }

  #list(open = "(", close = ")"): Operand[] {
    this.#reader.expect(open);
    if (open === "[" && this.#reader.accept(close)) return [];
    const values = [this.#operand(open === "[")];
    while (this.#reader.accept(",")) values.push(this.#operand(open === "["));
    this.#reader.expect(close);
    return values;
  }

  #operand(isJson = false): Operand {
    const token = this.#reader.peek();
    if (isJson && token.kind === "json") {
      this.#reader.take();
      return { kind: "literal", type: "text", value: token.value, at: token.at };
    }
    const operand = this.#operandOrLambda();
    if (operand.kind === "lambda") throw this.#reader.error("Syntax error", operand.at);
    return operand;
  }

  #operandOrLambda(): Operand | Lambda {
    const token = this.#reader.take();
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
        throw this.#reader.error("Expression expected", token.at);
    }
  }

  /** A value or a property; an alias without a value is null. */
  #alias(token: Token): Operand {
    if (this.#aliases === undefined)
      throw this.#reader.error("A parameter alias cannot be used here", token.at);
    const text = this.#aliases.get(token.value);
    if (text === undefined || text.trim() === "")
      return { kind: "literal", type: "null", value: "null", at: token.at };
    const inner = new TokenReader(text);
    const operand = new FilterParser(inner, undefined).#operand();
    inner.end();
    return operand;
  }

  #path(first: Token): Operand | Lambda {
    const reader = this.#reader;
    const names = [first.value];
    while (reader.accept("/")) {
      const name = reader.need("name");
      if ((name.value === "any" || name.value === "all") && reader.is("("))
        return this.#lambda(name.value, names, first.at);
      names.push(name.value);
    }
    return { kind: "path", names, at: first.at };
  }

  #lambda(quantifier: "any" | "all", path: readonly string[], at: number): Lambda {
    const reader = this.#reader;
    reader.expect("(");
    if (quantifier === "any" && reader.accept(")"))
      return { kind: "lambda", quantifier, path, variable: undefined, body: undefined, at };
    const variable = reader.need("name").value;
    reader.expect(":");
    const body = reader.nested(() => this.or());
    if (!reader.accept(")")) throw reader.error("')' or operator expected");
    return { kind: "lambda", quantifier, path, variable, body, at };
  }
}
