import type { Tool } from "../tools/define";
import type { CallRecord } from "../trace";
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

/** Whether the user agreed to a change that cannot be taken back, or has yet to be asked; undefined where neither is due. */
export function consentOf(tool: Tool, args: unknown, result: CallResult): CallRecord["consent"] {
  if (!("hasUserApproved" in tool.input.shape)) return undefined;
  if (result.structuredContent?.approvalNeeded === true) return "asked";
  const { hasUserApproved } = (args ?? {}) as { readonly hasUserApproved?: unknown };
  return hasUserApproved === true ? "given" : undefined;
}
