import type { PipelinePolicy, PipelineResponse } from "@azure/core-rest-pipeline";
import type { Trace, Try } from "../../trace";
import { templateOf } from "./address";
import type { Gate, Turn } from "./gate";
import { retryAfterSeconds } from "./retry";

/** What a sender needs of the token cache. */
export interface Tokens {
  getToken(scope: string): Promise<{ readonly token: string }>;
  invalidate(scope: string): void;
}

/** Adds the token; a 401 means that nothing was done, so the request goes out once more with a new one. */
export const signPolicy = (
  { url, tokens }: { readonly url: string; readonly tokens: Tokens },
  trace: Trace,
): PipelinePolicy => ({
  name: "dataverseSign",
  async sendRequest(request, next) {
    const scope = `${url}/.default`;
    const sign = async () => {
      const { token } = await tokens.getToken(scope).catch((error: unknown) => {
        trace.identityFailed = true;
        throw error;
      });
      request.headers.set("Authorization", `Bearer ${token}`);
      return next(request);
    };
    const first = await sign();
    if (first.status !== 401) return first;
    tokens.invalidate(scope);
    const second = await sign();
    if (second.status === 401) trace.identityFailed = true;
    return second;
  },
});

/** Where the tries of one request stand. */
export interface Attempts {
  /** A try went out, and its answer did not say that nothing was done. */
  isOpen: boolean;
}

/** What is done at the last moment before a try goes out, and when it is over. */
export interface OnTry {
  begins(): void;
  ended(): void;
}

/** Answers that say that nothing was done. */
const notDone = new Set([401, 429]);

/**
 * A place for each try and no longer: it is given back while the next try waits for its Retry-After, and no token is waited
 * for at a place.
 */
export const placePolicy = (
  gate: Gate,
  turn: () => Turn,
  attempts: Attempts,
  onTry: OnTry,
): PipelinePolicy => ({
  name: "dataversePlace",
  sendRequest: (request, next) =>
    gate.run(turn(), async (heard) => {
      onTry.begins();
      attempts.isOpen = true;
      const response = await next(request).finally(onTry.ended);
      if (notDone.has(response.status)) attempts.isOpen = false;
      heard({
        status: response.status,
        retryAfterSeconds: retryAfterSeconds(response),
        requestsLeft: left(response, "x-ms-ratelimit-burst-remaining-xrm-requests"),
        secondsLeft: left(response, "x-ms-ratelimit-time-remaining-xrm-requests"),
      });
      return response;
    }),
});

/** `7999`, or `1,200.00`; what is no number is not known. */
function left({ headers }: PipelineResponse, name: string): number | undefined {
  const text = headers.get(name)?.replaceAll(",", "").trim();
  return text !== undefined && /^\d+(\.\d+)?$/.test(text) ? Number(text) : undefined;
}

/** Notes every try, and the time between an answer 429 and the next try. One policy serves one request and its repeats. */
export function tracePolicy(trace: Trace): PipelinePolicy {
  let refusedAt: number | undefined;
  return {
    name: "dataverseTrace",
    async sendRequest(request, next) {
      const at = performance.now();
      if (refusedAt !== undefined) trace.throttledMs += at - refusedAt;
      refusedAt = undefined;
      const each: Try = {
        method: request.method,
        path: templateOf(request.url),
        startedAt: Date.now(),
        durationMs: undefined,
        status: undefined,
      };
      trace.tries.push(each);
      try {
        const response = await next(request);
        each.status = response.status;
        if (response.status === 429) refusedAt = performance.now();
        return response;
      } catch (error) {
        each.status = 0;
        throw error;
      } finally {
        each.durationMs = performance.now() - at;
      }
    },
  };
}
