import type { CallRecord } from "../../trace";
import type { CallResult } from "./call-tool";

/** How much an answer holds, as the tool's own result says it; nothing for tools that answer no rows. */
export function sizeOf({
  structuredContent,
}: Pick<CallResult, "structuredContent">): Pick<CallRecord, "rows" | "truncated"> {
  const { rowCount, truncated, nextCursor } = structuredContent ?? {};
  const isCut = truncated === true || typeof nextCursor === "string";
  return {
    ...(typeof rowCount === "number" ? { rows: rowCount } : {}),
    ...(isCut || truncated === false ? { truncated: isCut } : {}),
  };
}
