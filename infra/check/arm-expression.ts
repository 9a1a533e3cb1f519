/**
 * Finishes what `bicep snapshot` leaves open. It evaluates everything but what depends on the cloud (`environment()`) and
 * on resources that exist only later (`reference()`). Here the first is a parameter, and the second becomes a name in
 * angle quotes, `‹id-mcp-abc.clientId›`, which travels through the functions like any text.
 *
 * @see https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions
 */
export type Json = string | number | boolean | null | Json[] | { [name: string]: Json };

/** The part of `environment()` that infra/ uses. */
export interface Cloud {
  readonly name: string;
  readonly authentication: { readonly loginEndpoint: string };
  readonly suffixes: { readonly storage: string };
}

type Node =
  | { readonly kind: "literal"; readonly value: string | number }
  | { readonly kind: "call"; readonly name: string; readonly args: readonly Node[] }
  | { readonly kind: "member"; readonly of: Node; readonly name: Node };

/** What a resource will say of itself once it exists. */
class Later {
  readonly path: string;
  constructor(path: string) {
    this.path = path;
  }
}

/** A lambda of `map` or `filter`. */
class Lambda {
  readonly apply: (value: Json) => Value;
  constructor(apply: (value: Json) => Value) {
    this.apply = apply;
  }
}

type Value = Json | Later | Lambda;
type Variables = Readonly<Record<string, Json>>;

const token = /\s*(?:'((?:[^']|'')*)'|(-?\d+)|([A-Za-z_]\w*)|(\?\.|[().,[\]]))/y;

class Parser {
  readonly #text: string;
  readonly #tokens: {
    readonly kind: "text" | "number" | "name" | "sign";
    readonly text: string;
  }[] = [];
  #at = 0;

  constructor(text: string) {
    this.#text = text;
    token.lastIndex = 0;
    while (token.lastIndex < text.trimEnd().length) {
      const match = token.exec(text);
      if (match === null) throw this.#fault();
      const [, quoted, number, name, sign] = match;
      if (quoted !== undefined)
        this.#tokens.push({ kind: "text", text: quoted.replaceAll("''", "'") });
      else if (number !== undefined) this.#tokens.push({ kind: "number", text: number });
      else if (name !== undefined) this.#tokens.push({ kind: "name", text: name });
      else this.#tokens.push({ kind: "sign", text: sign ?? "" });
    }
  }

  #fault = () => new SyntaxError(`The expression is not understood: ${this.#text.slice(0, 200)}`);

  #takes(sign: string): boolean {
    const next = this.#tokens[this.#at];
    if (next?.kind !== "sign" || next.text !== sign) return false;
    this.#at++;
    return true;
  }

  whole(): Node {
    const node = this.expression();
    if (this.#at !== this.#tokens.length) throw this.#fault();
    return node;
  }

  expression(): Node {
    let node = this.primary();
    for (;;) {
      if (this.#takes(".") || this.#takes("?.")) {
        const name = this.#tokens[this.#at++];
        if (name?.kind !== "name") throw this.#fault();
        node = { kind: "member", of: node, name: { kind: "literal", value: name.text } };
      } else if (this.#takes("[")) {
        const name = this.expression();
        if (!this.#takes("]")) throw this.#fault();
        node = { kind: "member", of: node, name };
      } else return node;
    }
  }

  primary(): Node {
    const next = this.#tokens[this.#at++];
    if (next?.kind === "text") return { kind: "literal", value: next.text };
    if (next?.kind === "number") return { kind: "literal", value: Number(next.text) };
    if (next?.kind !== "name" || !this.#takes("(")) throw this.#fault();
    const args: Node[] = [];
    if (!this.#takes(")")) {
      do args.push(this.expression());
      while (this.#takes(","));
      if (!this.#takes(")")) throw this.#fault();
    }
    return { kind: "call", name: next.text, args };
  }
}

const show = (value: Value | undefined): string => {
  if (value === undefined || value === null) return "";
  if (value instanceof Later) return `‹${value.path}›`;
  if (value instanceof Lambda) throw new TypeError("A lambda is no value.");
  if (typeof value === "object") return JSON.stringify(value);
  if (typeof value === "boolean") return value ? "True" : "False";
  return String(value);
};

const settle = (value: Value): Json =>
  value instanceof Later || value instanceof Lambda ? show(value) : value;
const lists = (values: readonly Value[]): Json[] =>
  values.flatMap((value) => (Array.isArray(value) ? value : [settle(value)]));
const same = (left: Json, right: Json) => JSON.stringify(left) === JSON.stringify(right);

function union(values: readonly Value[]): Json {
  if (values.every(Array.isArray)) {
    const all: Json[] = [];
    for (const each of lists(values)) if (!all.some((seen) => same(seen, each))) all.push(each);
    return all;
  }
  return Object.assign({}, ...values.map(settle));
}

/** The last part of a resource id, or the symbol of a Graph resource. */
const shortName = (id: string) => id.split("/").at(-1) ?? id;

const isEmpty = (value: Value | undefined) =>
  value === undefined ||
  value === null ||
  value === "" ||
  (typeof value === "object" &&
    !(value instanceof Later || value instanceof Lambda) &&
    Object.keys(value).length === 0);

const applied = (values: Value | undefined, lambda: Value | undefined) => {
  if (!(lambda instanceof Lambda)) throw new TypeError("A lambda is missing.");
  return lists([values ?? []]).map((value) => [value, lambda.apply(value)] as const);
};

/** Id of a resource in a group: subscription, group, type with its parts, one name for each part. */
function resourceId(args: readonly Value[]): string {
  const [subscription = "", group = "", type = "", ...names] = args.map(show);
  const [provider = "", ...kinds] = type.split("/");
  const path = kinds.map((kind, index) => `${kind}/${names[index]}`).join("/");
  return `/subscriptions/${subscription}/resourceGroups/${group}/providers/${provider}/${path}`;
}

type Implementation = (args: readonly Value[], cloud: Cloud) => Value;

const functions: Readonly<Record<string, Implementation>> = {
  environment: (_, cloud) => cloud as unknown as Json,
  reference: ([id]) => new Later(shortName(show(id))),
  format: ([pattern, ...args]) =>
    show(pattern).replace(/\{(\d+)\}/g, (_, index) => show(args[Number(index)])),
  concat: (args) => (args.some(Array.isArray) ? lists(args) : args.map(show).join("")),
  union,
  createArray: (args) => args.map(settle),
  createObject: (args) =>
    Object.fromEntries(
      args.flatMap((name, index) =>
        index % 2 === 0 ? [[show(name), settle(args[index + 1] ?? null)]] : [],
      ),
    ),
  join: ([values, glue]) =>
    lists([values ?? []])
      .map(show)
      .join(show(glue)),
  guid: (args) => `‹guid ${args.map((each) => shortName(show(each))).join(" ")}›`,
  extensionResourceId: ([scope, type, name]) =>
    `${show(scope)}/providers/${show(type)}/${show(name)}`,
  resourceId,
  split: ([text, glue]) => show(text).split(show(glue)),
  filter: ([values, lambda]) =>
    applied(values, lambda).flatMap(([value, kept]) => (kept === true ? [value] : [])),
  map: ([values, lambda]) => applied(values, lambda).map(([, made]) => settle(made)),
  not: ([value]) => value !== true,
  empty: ([value]) => isEmpty(value),
  string: ([value]) => show(value),
  toLower: ([value]) => show(value).toLowerCase(),
  null: () => null,
  true: () => true,
  false: () => false,
};

function evaluateNode(node: Node, cloud: Cloud, variables: Variables = {}): Value {
  if (node.kind === "literal") return node.value;
  if (node.kind === "member") {
    const of = evaluateNode(node.of, cloud, variables);
    const name = show(evaluateNode(node.name, cloud, variables));
    if (of instanceof Later) return new Later(`${of.path}.${name}`);
    const member = (of as Record<string, Json> | null)?.[name];
    if (member === undefined) throw new RangeError(`There is no ${name} in ${show(of)}.`);
    return member;
  }
  const [first, second] = node.args;
  if (node.name === "lambda" && first?.kind === "literal" && second !== undefined)
    return new Lambda((value) =>
      evaluateNode(second, cloud, { ...variables, [String(first.value)]: value }),
    );
  if (node.name === "lambdaVariables" && first?.kind === "literal")
    return variables[String(first.value)] ?? null;
  const implementation = Object.hasOwn(functions, node.name) ? functions[node.name] : undefined;
  if (implementation === undefined)
    throw new RangeError(
      `The function ${node.name}() is not evaluated by this check: add it to arm-expression.ts.`,
    );
  return implementation(
    node.args.map((arg) => evaluateNode(arg, cloud, variables)),
    cloud,
  );
}

const isExpression = (text: string) => /^\[[^[].*\]$/s.test(text);

/** Evaluates every expression within `value`; keys are texts and may be expressions as well. */
export function evaluate(value: Json, cloud: Cloud): Json {
  if (typeof value === "string") {
    if (!isExpression(value)) return value.startsWith("[[") ? value.slice(1) : value;
    return settle(evaluateNode(new Parser(value.slice(1, -1)).whole(), cloud));
  }
  if (Array.isArray(value)) return value.map((each) => evaluate(each, cloud));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [
      String(evaluate(name, cloud)),
      evaluate(each, cloud),
    ]),
  );
}
