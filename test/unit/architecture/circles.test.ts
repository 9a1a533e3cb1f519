import { describe, expect, test } from "@jest/globals";
import { allCircles } from "./circles";
import { type SourceFile, sourceFiles } from "./import-graph";

/** What the SQL engine's own issues are to end. The list may only shrink. */
const known: readonly string[] = [
  "shared/sql/exec: aggregate.ts bind-join.ts collect.ts join.ts run.ts scan.ts stream.ts",
  "shared/sql: exec fetchxml plan shape.ts",
];

describe("circles", () => {
  test("stand nowhere, between files or between what stands side by side, but for those that are listed", () => {
    expect(allCircles(sourceFiles)).toEqual(known);
  });

  test("are listed for the SQL engine alone", () => {
    const strange = known.filter((circle) => !/^shared\/sql\b/.test(circle));
    expect(strange).toEqual([]);
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
