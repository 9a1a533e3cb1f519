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

/**
 * Whether the user agreed to a change that cannot be taken back, or has yet to be asked, in which case the answer of every
 * such tool says how to call again; undefined where neither is due.
 *
 * @param ownWords of the answer: the name of a record that says as much asks nobody
 */
export function consentOf(tool: Tool, args: unknown, ownWords: string): CallRecord["consent"] {
  if (!("hasUserApproved" in tool.input.shape)) return undefined;
  const { hasUserApproved } = (args ?? {}) as { readonly hasUserApproved?: unknown };
  if (hasUserApproved === true) return "given";
  return ownWords.includes("hasUserApproved: true") ? "asked" : undefined;
}
