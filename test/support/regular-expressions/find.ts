import { readdirSync, readFileSync } from "node:fs";
import { posix, resolve } from "node:path";
import { parseSync } from "@swc/core";

/** A regular expression as the code writes it, or the reason why its pattern cannot be known from the code. */
export type Found =
  | { readonly file: string; readonly pattern: string; readonly flags: string }
  | { readonly file: string; readonly unknown: string };

/** A node of swc's syntax tree; every field but `type` is looked at before it is trusted. */
interface Node {
  readonly type: string;
  readonly [field: string]: unknown;
}

const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && typeof (value as Node).type === "string";

function visit(value: unknown, seen: (node: Node) => void): void {
  if (Array.isArray(value)) for (const each of value) visit(each, seen);
  else if (typeof value === "object" && value !== null) {
    if (isNode(value)) seen(value);
    for (const each of Object.values(value)) visit(each, seen);
  }
}

const list = (value: unknown): readonly Node[] =>
  Array.isArray(value) ? value.filter(isNode) : [];
const named = (value: unknown): string | undefined =>
  isNode(value) && value.type === "Identifier" && typeof value.value === "string"
    ? value.value
    : undefined;
/** Arguments and elements of arrays come wrapped with their spread. */
const unwrapped = (value: unknown): readonly unknown[] =>
  Array.isArray(value)
    ? value.map((each: { readonly expression?: unknown; readonly spread?: unknown } | null) =>
        each?.spread == null ? each?.expression : undefined,
      )
    : [];
const memberOf = (callee: unknown, name: string): unknown =>
  isNode(callee) && callee.type === "MemberExpression" && named(callee.property) === name
    ? callee.object
    : undefined;

/** The text of an expression that is made of constants only; undefined when it is not. */
function textOf(value: unknown, constants: ReadonlyMap<string, unknown>): string | undefined {
  if (!isNode(value)) return undefined;
  const quoted = (quasis: unknown, parts: unknown, isRaw: boolean): string | undefined => {
    const words = list(parts).map((part) => textOf(part, constants));
    if (words.includes(undefined)) return undefined;
    return list(quasis)
      .map((quasi, at) => `${String(isRaw ? quasi.raw : quasi.cooked)}${words[at] ?? ""}`)
      .join("");
  };
  switch (value.type) {
    case "StringLiteral":
      return String(value.value);
    case "TemplateLiteral":
      return quoted(value.quasis, value.expressions, false);
    case "TaggedTemplateExpression": {
      const template = value.template;
      if (named(memberOf(value.tag, "raw")) !== "String" || !isNode(template)) return undefined;
      return quoted(template.quasis, template.expressions, true);
    }
    case "Identifier": {
      const name = String(value.value);
      return constants.has(name) ? textOf(constants.get(name), constants) : undefined;
    }
    case "ParenthesisExpression":
      return textOf(value.expression, constants);
    case "CallExpression": {
      const joined = memberOf(value.callee, "join");
      const [between] = unwrapped(value.arguments);
      if (!isNode(joined) || joined.type !== "ArrayExpression") return undefined;
      const parts = unwrapped(joined.elements).map((each) => textOf(each, constants));
      const by = textOf(between, constants);
      return by === undefined || parts.includes(undefined) ? undefined : parts.join(by);
    }
    default:
      return undefined;
  }
}

/** Methods of strings that make a regular expression of a string they are given. */
const makers = new Set(["match", "matchAll", "search"]);

/** Every regular expression of one source text. */
export function patternsIn(file: string, source: string): readonly Found[] {
  const program = parseSync(source, { syntax: "typescript", target: "es2022" });
  const constants = new Map<string, unknown>();
  for (const item of list(program.body)) {
    const declaration = item.type === "ExportDeclaration" ? item.declaration : item;
    if (!isNode(declaration) || declaration.kind !== "const") continue;
    for (const each of Array.isArray(declaration.declarations) ? declaration.declarations : []) {
      const name = named((each as { readonly id?: unknown }).id);
      if (name !== undefined) constants.set(name, (each as { readonly init?: unknown }).init);
    }
  }
  const found: Found[] = [];
  visit(program, (node) => {
    if (node.type === "RegExpLiteral") {
      found.push({ file, pattern: String(node.pattern), flags: String(node.flags) });
      return;
    }
    if (node.type !== "NewExpression" && node.type !== "CallExpression") return;
    const [first, second] = unwrapped(node.arguments);
    if (named(node.callee) === "RegExp") {
      const pattern = textOf(first, constants);
      const flags = second === undefined ? "" : textOf(second, constants);
      if (pattern === undefined || flags === undefined)
        found.push({ file, unknown: "RegExp takes something that is no constant" });
      else found.push({ file, pattern, flags });
      return;
    }
    const method = isNode(node.callee) ? named(node.callee.property) : undefined;
    if (method !== undefined && makers.has(method) && textOf(first, constants) !== undefined)
      found.push({ file, unknown: `${method} makes a regular expression of a string` });
  });
  return found;
}

/** Every regular expression of the TypeScript in some folders of the project. */
export function patternsOf(folders: readonly string[]): readonly Found[] {
  const root = resolve(__dirname, "../../..");
  return folders.flatMap((folder) =>
    readdirSync(resolve(root, folder), { recursive: true, encoding: "utf8" })
      .map((name) => posix.join(folder, name.replaceAll("\\", "/")))
      .filter((file) => file.endsWith(".ts"))
      .flatMap((file) => patternsIn(file, readFileSync(resolve(root, file), "utf8"))),
  );
}
