import { describe, expect, test } from "@jest/globals";
import { importsOf, sourceFiles } from "./import-graph";
import { anything, layerOf, layers, objection } from "./layers";

const objections = sourceFiles.flatMap(({ path, imports }) =>
  imports.flatMap((one) => objection(path, one) ?? []),
);

describe("the layers", () => {
  test("are checked against the code that is there", () => {
    expect(sourceFiles.length).toBeGreaterThan(500);
    for (const { path } of layers)
      expect([path, sourceFiles.some((file) => layerOf(file.path)?.path === path)]).toEqual([
        path,
        true,
      ]);
    for (const folder of anything)
      expect(sourceFiles.some(({ path }) => path.startsWith(`${folder}/`))).toBe(true);
  });

  test("hold every file and every import of it, of ours and of packages", () => {
    expect(objections).toEqual([]);
  });

  test("allow nothing that no file needs", () => {
    const idle = layers.flatMap((layer) => {
      const used = sourceFiles
        .filter(({ path }) => layerOf(path) === layer)
        .flatMap(({ imports }) => imports.map(({ to }) => to));
      const isUsed = (path: string) => used.some((to) => to === path || to.startsWith(`${path}/`));
      return [...layer.imports.map(({ path }) => path), ...layer.packages]
        .filter((path) => !isUsed(path))
        .map((path) => `${layer.path}: ${path}`);
    });
    // Asked for by name when the program runs, where the platform has no SQLite of its own.
    expect(idle).toEqual(["packages/dataverse-emulator: @photostructure/sqlite"]);
  });

  test.each([
    ["a layer below that is not listed", "shared/text/trim.ts", 'import { a } from "../errors"'],
    ["a layer above", "shared/sql/query.ts", 'import type { Tool } from "../tools/define"'],
    ["past a door", "functions/mcp.ts", 'import { a } from "../shared/mcp/guards"'],
    ["values where types are allowed", "shared/tools/a.ts", 'import { a } from "../dataverse"'],
    ["a value beside types", "shared/tools/a.ts", 'import { type A, b } from "../dataverse"'],
    [
      "the product from the emulator",
      "packages/dataverse-emulator/src/a.ts",
      'export * from "../../../shared/errors"',
    ],
    [
      "the emulator's inside from the product",
      "shared/text/a.ts",
      'import("../../packages/dataverse-emulator/src")',
    ],
    ["a package of another layer", "shared/tools/a.ts", 'import { jwtVerify } from "jose"'],
    [
      "a package of MCP",
      "shared/tools/a.ts",
      'import type { T } from "@modelcontextprotocol/sdk/types.js"',
    ],
    ["a package when it is needed", "shared/service/a.ts", 'const a = () => import("openai")'],
    ["a type in place", "shared/service/a.ts", 'let a: import("openai").OpenAI'],
    ["a connection of its own", "shared/service/a.ts", 'import { request } from "node:https"'],
    ["anything from nowhere", "shared/manager.ts", 'import { a } from "./errors"'],
  ])("catch %s", (_, path, text) => {
    expect(importsOf(path, text).map((one) => objection(path, one))).toEqual([
      expect.stringContaining(path),
    ]);
  });

  test.each([
    ["its own layer", "shared/sql/exec/run.ts", 'import { a } from "../plan"'],
    ["a door", "functions/mcp.ts", 'import { a } from "../shared/mcp"'],
    ["types", "shared/tools/a.ts", 'import { type A, type B } from "../dataverse"'],
    ["Node", "shared/auth/a.ts", 'import { randomUUID } from "node:crypto"'],
    ["types of a connection", "shared/compose/a.ts", 'import type { Server } from "node:http"'],
    ["no import in a text", "shared/text/a.ts", "const a = 'import { b } from \"jose\"'"],
  ])("let %s pass", (_, path, text) => {
    expect(importsOf(path, text).flatMap((one) => objection(path, one) ?? [])).toEqual([]);
  });
});
