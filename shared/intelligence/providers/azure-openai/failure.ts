import { ProviderFailure } from "../../provider-failure";
import type { FallbackCause } from "../../types";

/** What a fault of the service means for the chain. The service's own words go no further than `cause`. */
export async function asFailure(error: unknown, signal: AbortSignal): Promise<ProviderFailure> {
  const { APIConnectionTimeoutError, APIError, APIUserAbortError } = await import("openai");
  if (signal.aborted || error instanceof APIUserAbortError)
    return new ProviderFailure("timeout", "The model took too long.", { cause: error });
  if (error instanceof APIConnectionTimeoutError)
    return new ProviderFailure("timeout", "The model took too long.", { cause: error });
  if (!(error instanceof APIError))
    return new ProviderFailure("unavailable", "The model could not be asked.", { cause: error });
  const [reason, message] = reasonOf(error.status, error.code);
  const wait = Number(error.headers?.get("retry-after") ?? Number.NaN);
  return new ProviderFailure(reason, message, {
    cause: error,
    ...(Number.isFinite(wait) ? { retryAfterSeconds: wait } : {}),
  });
}

function reasonOf(
  status: number | undefined,
  code: string | null | undefined,
): readonly [FallbackCause, string] {
  if (code === "content_filter") return ["filtered", "The prompt was filtered."];
  if (code === "context_length_exceeded") return ["unavailable", "The prompt was too long."];
  if (status === 429) return ["throttled", "The model has no capacity left at the moment."];
  if (status === 401 || status === 403)
    return ["not-configured", "The identity may not use the model."];
  if (status === 404) return ["not-configured", "There is no such model deployment."];
  if (status === 400) return ["invalid-output", "The service does not take the request."];
  return ["unavailable", "The model could not be reached."];
}
