import { readdirSync, readFileSync } from "node:fs";
import { posix, resolve } from "node:path";
import { parseSync } from "@swc/core";

export const root = resolve(__dirname, "../../..");

/** Folders with code of ours that somebody may import; tests are looked at nowhere, for they may import anything. */
export const codeFolders = [
  "functions",
  "shared",
  "packages",
  "dev",
  "bench",
  "infra",
  "docs/generate",
] as const;

export interface Import {
  /** A path from the root of the project, without its ending (`shared/errors`), or a package (`zod`, `node:fs`). */
  readonly to: string;
  readonly isPackage: boolean;
  /** Nothing of it is there when the program runs. */
  readonly isType: boolean;
}

export interface SourceFile {
  /** From the root of the project: `shared/errors.ts`. */
  readonly path: string;
  readonly lines: number;
  readonly imports: readonly Import[];
}

const isTest = (path: string) => path.split("/").includes("test");

/** Files of code below a folder, in the order of their names. */
export function codeIn(folder: string): string[] {
  return readdirSync(resolve(root, folder), { recursive: true, encoding: "utf8" })
    .map((name) => posix.join(folder, name.replaceAll("\\", "/")))
    .filter((path) => /\.(ts|mjs)$/.test(path) && !path.endsWith(".d.ts"))
    .filter((path) => !path.includes("node_modules/") && !isTest(path))
    .sort();
}

/** The name that an import gives, without what stands behind it: `jose`, `@azure/identity`, `node:fs`. */
const packageOf = (specifier: string) =>
  specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");

/** What of a node of the syntax tree is read here. */
interface Node {
  readonly type?: string;
  readonly source?: { readonly value: string } | null;
  readonly typeOnly?: boolean;
  readonly specifiers?: readonly { readonly isTypeOnly?: boolean }[];
  readonly callee?: Node;
  readonly arguments?: readonly { readonly expression?: Literal }[];
  readonly argument?: Literal;
}
interface Literal {
  readonly type?: string;
  readonly value?: string;
}

const isTypeOnly = ({ typeOnly, specifiers = [] }: Node) =>
  typeOnly === true || (specifiers.length > 0 && specifiers.every((one) => one.isTypeOnly));

/** What one node imports: `import`, `export … from`, `import("…")` as a call and as a type. */
function specifierOf(node: Node): readonly [specifier: string, isType: boolean] | undefined {
  switch (node.type) {
    case "ImportDeclaration":
    case "ExportNamedDeclaration":
    case "ExportAllDeclaration":
      return node.source ? [node.source.value, isTypeOnly(node)] : undefined;
    case "CallExpression": {
      const literal = node.arguments?.[0]?.expression;
      const isImport = node.callee?.type === "Import" && literal?.type === "StringLiteral";
      return isImport && literal.value !== undefined ? [literal.value, false] : undefined;
    }
    case "TsImportType":
      return node.argument?.value === undefined ? undefined : [node.argument.value, true];
    default:
      return undefined;
  }
}

/** Everything that the text of a file imports. */
export function importsOf(path: string, text: string): Import[] {
  const found: Import[] = [];
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) for (const each of value) visit(each);
    else if (typeof value === "object" && value !== null) {
      const said = specifierOf(value as Node);
      if (said !== undefined) {
        const [specifier, isType] = said;
        const isPackage = !specifier.startsWith(".");
        const to = isPackage
          ? packageOf(specifier)
          : posix.join(posix.dirname(path), specifier).replace(/\.(ts|mjs)$/, "");
        found.push({ to, isPackage, isType });
      }
      for (const each of Object.values(value)) visit(each);
    }
  };
  visit(parseSync(text, { syntax: "typescript", target: "es2022" }).body);
  return found;
}

/** All code of ours with what it imports. */
export const sourceFiles: readonly SourceFile[] = codeFolders.flatMap((folder) =>
  codeIn(folder).map((path) => {
    const text = readFileSync(resolve(root, path), "utf8");
    return { path, lines: text.split("\n").length - 1, imports: importsOf(path, text) };
  }),
);

const known = new Set(sourceFiles.map(({ path }) => path));

/** The file that a path without ending means, or undefined where it is no code (`package.json`). */
export const fileAt = (to: string): string | undefined =>
  [to, `${to}.ts`, `${to}.mjs`, `${to}/index.ts`].find((path) => known.has(path));
