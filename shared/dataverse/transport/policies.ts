import { type PipelinePolicy, type PipelineResponse, RestError } from "@azure/core-rest-pipeline";
import { AppError } from "../../errors";
import type { Trace, Try } from "../../trace";
import { untilAborted } from "../../until-aborted";
import { templateOf } from "./address";
import type { Judged, WellFormed } from "./answer";
import { malformedCode, type Tries } from "./failure";
import type { Gate, Turn } from "./gate";
import { retryAfterSeconds } from "./retry";

/** What a sender needs of the token cache. */
export interface Tokens {
  getToken(scope: string): Promise<{ readonly token: string }>;
  /** Another token than the one that was refused; undefined when none can be asked for so soon. */
  renew(scope: string, refused: string): Promise<{ readonly token: string } | undefined>;
}

/**
 * Adds the token; a 401 means that nothing was done, whatever its body says, so the request goes out once more with a token that
 * the identity gave after the refusal.
 */
export const signPolicy = (
  { url, tokens }: { readonly url: string; readonly tokens: Tokens },
  trace: Trace,
  signal: AbortSignal,
  tries: Tries,
): PipelinePolicy => ({
  name: "dataverseSign",
  async sendRequest(request, next) {
    const scope = `${url}/.default`;
    // A token belongs to no call: asking for it goes on when the call ends.
    const given = <T>(asking: Promise<T>): Promise<T> =>
      untilAborted(signal, asking).catch((error: unknown) => {
        // What the person has to mend is no fault of the identity.
        if (!(error instanceof AppError && error.kind === "forbidden")) trace.identityFailed = true;
        throw error;
      });
    const send = (token: string) => {
      request.headers.set("Authorization", `Bearer ${token}`);
      return next(request);
    };
    const { token } = await given(tokens.getToken(scope));
    const first = await send(token);
    if (first.status !== 401) return first;
    tries.refused();
    const renewed = await given(tokens.renew(scope, token));
    const last = renewed === undefined ? first : await send(renewed.token);
    if (last.status === 401) trace.identityFailed = true;
    return last;
  },
});

/** What is done at the last moment before a try goes out, and when it is over. */
export interface OnTry {
  begins(): void;
  ended(): void;
}

/**
 * Judges every answer, so that what is none is sent for again like a connection that broke, where that may be. One policy
 * serves one request and its repeats; `keep` is told of every answer, so the last one stands.
 */
export const answerPolicy = (
  judged: (response: PipelineResponse) => Promise<Judged>,
  tries: Tries,
  keep: (judged: WellFormed) => void,
): PipelinePolicy => ({
  name: "dataverseAnswer",
  async sendRequest(request, next) {
    let response: PipelineResponse;
    try {
      response = await next(request);
    } catch (error) {
      tries.failed((error as { readonly code?: string } | undefined)?.code);
      throw error;
    }
    const what = await judged(response);
    if (what.kind === "malformed") {
      tries.lost("malformed");
      throw new RestError(what.why, { code: malformedCode, request });
    }
    if (what.kind === "answer") tries.succeeded();
    else if (what.isNotDone) tries.refused();
    else tries.lost("lost");
    keep(what);
    return response;
  },
});

/**
 * A place for each try and no longer: it is given back while the next try waits for its Retry-After, and no token is waited
 * for at a place.
 *
 * @param isCounted a refusal for haste says that all requests are too fast, and not only those of its kind
 */
export const placePolicy = (
  gate: Gate,
  turn: () => Turn,
  onTry: OnTry,
  isCounted: boolean,
): PipelinePolicy => ({
  name: "dataversePlace",
  sendRequest: (request, next) =>
    gate.run(turn(), async (heard) => {
      onTry.begins();
      const response = await next(request).finally(onTry.ended);
      if (!isCounted && response.status === 429) return response;
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
