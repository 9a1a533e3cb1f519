import { describe, expect, test } from "@jest/globals";
import { allCircles } from "./circles";
import { type SourceFile, sourceFiles } from "./import-graph";

describe("circles", () => {
  test("stand nowhere, between files or between what stands side by side", () => {
    expect(allCircles(sourceFiles)).toEqual([]);
  });

  const made = (path: string, ...imports: string[]): SourceFile => ({
    path,
    lines: 1,
    imports: imports.map((to) => ({ to, isPackage: false, isType: true })),
  });
  test.each([
    [
      "of two files of one room",
      ["shared/trace.ts", "shared/errors"],
      ["shared/errors.ts", "shared/trace"],
    ],
    [
      "of two rooms whose files make none",
      ["shared/mcp/index.ts", "shared/tools/define"],
      ["shared/tools/index.ts", "shared/mcp/list"],
    ],
    [
      "of a room and a file beside it",
      ["shared/mcp/index.ts", "shared/trace"],
      ["shared/trace.ts", "shared/mcp/list"],
    ],
    ["of top folders", ["shared/trace.ts", "dev/main"], ["dev/loopback.ts", "shared/errors"]],
  ])("%s are found", (_, [one = "", its = ""], [other = "", theirs = ""]) => {
    expect(allCircles([made(one, its), made(other, theirs)])).not.toEqual([]);
  });

  test("are not seen in a line of imports", () => {
    const line = [
      made("shared/mcp/index.ts", "shared/tools"),
      made("shared/tools/index.ts", "shared/errors"),
    ];
    expect(allCircles(line)).toEqual([]);
  });
});
