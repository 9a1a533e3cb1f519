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
  ["delete_record", {}, "… call again with hasUserApproved: true.", "asked"],
  ["enrich_case", { hasUserApproved: false }, "… call again with hasUserApproved: true.", "asked"],
  ["delete_table", { hasUserApproved: true }, "Deleted.", "given"],
  ["enrich_case", {}, "Three fields were filled.", undefined],
  ["delete_record", null, "recordId is missing.", undefined],
  ["read_query", { hasUserApproved: true }, "hasUserApproved: true", undefined],
])("%s with %j that answers %j: consent %s", (name, args, text, consent) => {
  expect(consentOf(toolOf(name), args, text)).toBe(consent);
});
