import type { RequestId } from "../flow";

/** What a call of a tool brings beside its arguments. All of it comes from the client, unchecked. */
export interface CallRound {
  readonly era: "legacy" | "modern";
  /** Id of the request, by which the client may cancel it. */
  readonly requestId: RequestId;
  /** Answers to what an earlier result asked for (2026-07-28). */
  readonly inputResponses?: Readonly<Record<string, unknown>> | undefined;
  /** The sealed state of that earlier result. */
  readonly requestState?: string | undefined;
  readonly clientCapabilities?: unknown;
  /** `_meta` of the request, which may carry a W3C trace context (SEP-414). */
  readonly meta?: Readonly<Record<string, unknown>> | undefined;
}
