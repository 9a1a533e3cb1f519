import { expect, test } from "@jest/globals";
import { consentOf, sizeOf } from "../../../shared/mcp/call-facts";
import { tools } from "../../../shared/tools";

const toolOf = (name: string) => {
  const tool = tools.find((each) => each.name === name);
  if (tool === undefined) throw new Error(`no tool ${name}`);
  return tool;
};
const says = (text: string, structuredContent?: Record<string, unknown>) => ({
  content: [{ type: "text" as const, text }],
  ...(structuredContent && { structuredContent }),
});

test.each([
  [
    { rowCount: 3, truncated: false },
    { rows: 3, truncated: false },
  ],
  [
    { rowCount: 1_000, truncated: true, nextCursor: "x" },
    { rows: 1_000, truncated: true },
  ],
  [{ tables: [], nextCursor: "x" }, { truncated: true }],
  [{ created: true }, {}],
  [undefined, {}],
])("an answer %j holds %j", (structuredContent, size) => {
  expect(sizeOf(says("", structuredContent))).toEqual(size);
});

test.each([
  ["delete_record", {}, "ok", "asked", "asked"],
  ["delete_table", { hasUserApproved: true }, "ok", "given", "given"],
  ["enrich_case", { hasUserApproved: false }, "invalid", "asked", "asked"],
  // Of a call that failed the arguments alone say it.
  ["delete_record", { hasUserApproved: true }, "forbidden", undefined, "given"],
  ["delete_record", { hasUserApproved: "true" }, "forbidden", undefined, "given"],
  ["delete_record", { hasUserApproved: "yes" }, "invalid", undefined, undefined],
  ["delete_record", null, "invalid", undefined, undefined],
  // A tool that needs no such word has none.
  ["enrich_case", { hasUserApproved: true }, "ok", undefined, undefined],
  ["read_query", { hasUserApproved: true }, "invalid", undefined, undefined],
] as const)(
  "%s with %j: %s, and the tool says %s: consent %s",
  (name, args, outcome, said, expected) => {
    expect(consentOf(toolOf(name), args, { outcome, consent: said })).toBe(expected);
  },
);
