import { existsSync, readdirSync, readFileSync } from "node:fs";
import { posix, resolve } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { mayImport } from "./layers";

const root = resolve(__dirname, "../..");
const relativeImport = /(?:from|import)[\s(]*"(\.[^"]+)"/g;

const folders = ["functions", "shared", "packages/dataverse-emulator/src", "dev"].filter((folder) =>
  existsSync(resolve(root, folder)),
);

const files = folders.flatMap((folder) =>
  readdirSync(resolve(root, folder), { recursive: true, encoding: "utf8" })
    .map((name) => posix.join(folder, name.replaceAll("\\", "/")))
    .filter((file) => file.endsWith(".ts")),
);

/** What `file` imports by a relative path, as paths from the root of the project. */
function importsOf(file: string): string[] {
  const source = readFileSync(resolve(root, file), "utf8");
  return [...source.matchAll(relativeImport)].map(([, path = ""]) =>
    posix.join(posix.dirname(file), path),
  );
}

/** Packages and parts of Node that `file` imports. */
const bareImportsOf = (file: string): string[] =>
  [
    ...readFileSync(resolve(root, file), "utf8").matchAll(
      /^(?:import|\}).* from "([^."][^"]*)";$/gm,
    ),
  ].map(([, name = ""]) => name);

const isWithin = (path: string, layer: string) =>
  path === layer ||
  path.startsWith(layer.endsWith("/") ? layer : `${layer}/`) ||
  `${path}/` === layer;

const isProduct = (path: string) => /^(shared|functions)\//.test(path);
const isDevelopment = (path: string) => /^(packages|dev|test|bench)\//.test(path);

function forbiddenImports(file: string): string[] {
  const [layer, allowed] = mayImport.find(([name]) => file.startsWith(name)) ?? [undefined, []];
  if (layer === undefined) return [`${file} stands in no layer of the table`];
  return importsOf(file)
    .filter((path) => ![layer, ...allowed].some((name) => isWithin(path, name)))
    .map((path) => `${file} (${layer}) may not import ${path}`);
}

describe("the import table", () => {
  test("is checked against the code that is there", () => {
    expect(files.length).toBeGreaterThan(5);
    expect(files.flatMap(importsOf).length).toBeGreaterThan(5);
  });

  test("is kept by every file", () => {
    expect(files.flatMap(forbiddenImports)).toEqual([]);
  });

  test("lets the embedded Dataverse know nothing but Node and the reader of XML, and dev/ nothing of it but its doors", () => {
    const packages: Readonly<Record<string, RegExp>> = {
      "packages/dataverse-emulator/src/": /^(node:|saxes$)/,
      "dev/": /^(node:|dataverse-emulator(\/command-line)?$)/,
    };
    const strangers = Object.entries(packages).flatMap(([folder, allowed]) =>
      files
        .filter((file) => file.startsWith(folder))
        .flatMap((file) => bareImportsOf(file).map((name) => ({ file, name })))
        .filter(({ name }) => !allowed.test(name)),
    );
    expect(strangers).toEqual([]);
  });

  test("keeps the product from what only a developer runs", () => {
    const crossings = files.flatMap((file) =>
      importsOf(file).filter((path) => isProduct(file) && isDevelopment(path)),
    );
    expect(crossings).toEqual([]);
  });
});
