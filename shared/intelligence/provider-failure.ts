import type { FallbackCause } from "./types";

/** A provider could not answer; the chain asks the next one and writes `reason` into the trace. */
export class ProviderFailure extends Error {
  readonly reason: FallbackCause;
  /** From the service, when it named one. */
  readonly retryAfterSeconds: number | undefined;

  constructor(
    reason: FallbackCause,
    message: string,
    details: { cause?: unknown; retryAfterSeconds?: number } = {},
  ) {
    super(message, { cause: details.cause });
    this.name = "ProviderFailure";
    this.reason = reason;
    this.retryAfterSeconds = details.retryAfterSeconds;
  }
}
