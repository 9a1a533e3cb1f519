import { expect, test } from "@jest/globals";
import { sizeOf } from "../../../shared/mcp/call/call-facts";

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
