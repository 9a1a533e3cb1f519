import type { Consent } from "../policy/consent";
import type { Tool } from "../tools/define";
import type { CallRecord } from "../trace";
import { readArguments } from "./arguments/read-arguments";
import type { CallOutcome, CallResult } from "./call-tool";

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
 * Whether the user agreed to a change that cannot be taken back, or has yet to be asked, as the tool says itself; undefined
 * where neither is due. A tool that failed says nothing, so the word that it was given counts.
 */
export function consentOf(
  tool: Tool,
  args: unknown,
  { outcome, consent }: Pick<CallOutcome, "outcome" | "consent">,
): Consent | undefined {
  if (consent !== undefined || outcome === "ok") return consent;
  if (!("hasUserApproved" in tool.input.shape)) return undefined;
  const given = readArguments(tool.input, args ?? {});
  const { hasUserApproved } = (given ?? {}) as { readonly hasUserApproved?: unknown };
  return hasUserApproved === true ? "given" : undefined;
}
