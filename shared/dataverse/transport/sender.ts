import { randomUUID } from "node:crypto";
import {
  createDefaultHttpClient,
  createEmptyPipeline,
  createHttpHeaders,
  createPipelineRequest,
  type Pipeline,
  type PipelineRequest,
  type PipelineResponse,
  retryPolicy,
} from "@azure/core-rest-pipeline";
import { AppError } from "../../errors";
import type { Trace } from "../../trace";
import { turns } from "../../turns";
import type { DataverseRequest, DataverseResponse } from "../index";
import { addressOf, apiPath, templateOf } from "./address";
import { readAnswer, readBatch, readChangeSet } from "./answer";
import { longestAnswer } from "./answer-limit";
import { wrapChangeSet, wrapGet } from "./batch";
import type { Gate } from "./gate";
import { type Identity, impersonationOf, personOf } from "./identity";
import {
  type Attempts,
  type OnTry,
  placePolicy,
  signPolicy,
  type Tokens,
  tracePolicy,
} from "./policies";
import { readingBodies } from "./read-body";
import type { RequestBudget } from "./request-budget";
import { dataverseRetry } from "./retry";
import { isWrite } from "./writes";

/** Characters that take more than a millisecond to parse. */
const longText = 100_000;

export interface SenderOptions {
  /** Origin of the environment. */
  readonly url: string;
  readonly tokens: Tokens;
  readonly gate: Gate;
  /** The longest Retry-After that is waited for. */
  readonly retryWaitSeconds: number;
  /** Longest URL of a GET, in bytes; a longer one goes into `$batch`. */
  readonly longestUrl?: number;
  /** Most bytes of an answer that are read. */
  readonly longestAnswer?: number;
}

export interface SendContext {
  /** The person for whom the call acts; `app` for what belongs to nobody (definitions of tables). */
  readonly identity: Identity;
  /** Covers the token, the wait for a place, every try, the waits between them, and the body. */
  readonly signal: AbortSignal;
  readonly trace: Trace;
  /** Called before each try of a request that changes something, when nothing of it has been sent; throws to prevent it. */
  readonly beforeWrite?: (() => void) | undefined;
  /** What the call may still ask for; undefined for what is read for everybody. */
  readonly budget: RequestBudget | undefined;
}

/**
 * Sends one request; throws AppError for every answer of 400 and above, for every fault on the way, and, before anything is
 * sent, for a person who is not named or a budget that is spent.
 */
export type Sender = (
  request: DataverseRequest,
  context: SendContext,
) => Promise<DataverseResponse>;

export function createSender(options: SenderOptions): Sender {
  const client = createDefaultHttpClient();
  const longestUrl = options.longestUrl ?? 32_768;
  return async (request, context) => {
    const impersonation = impersonationOf(context.identity);
    const url = addressOf(request, options.url);
    context.budget?.take(
      `${request.method} ${templateOf(url)}`,
      Math.max(1, request.changeSet?.length ?? 0),
    );
    const attempts: Attempts = { isOpen: false };
    const origin = options.url;
    const { signal } = context;
    const outgoing = prepare({ request, url, impersonation, origin, longestUrl, signal });
    const pipeline = createPipeline(options, outgoing, context, attempts);
    const reading = readingBodies(client, options.longestAnswer ?? longestAnswer, signal);
    try {
      const response = await pipeline.sendRequest(reading, outgoing.http);
      // Parsing holds the event loop, so of long answers that came together one is parsed in each of its rounds.
      if ((response.bodyAsText?.length ?? 0) > longText) await turns.take();
      return outgoing.read(response);
    } catch (error) {
      throw asAppError(error, outgoing.changes && attempts.isOpen, signal);
    }
  };
}

function createPipeline(
  options: SenderOptions,
  { http, body, changes }: Prepared,
  { identity, signal, trace, beforeWrite, budget }: SendContext,
  attempts: Attempts,
): Pipeline {
  const pipeline = createEmptyPipeline();
  const turn = () => ({
    person: personOf(identity),
    signal,
    isBegun: budget?.hasWritten ?? false,
  });
  // At the last moment, behind the wait for a place, the token and a Retry-After.
  const onTry: OnTry = {
    begins() {
      if (changes) {
        beforeWrite?.();
        budget?.wrote();
      }
      if (body !== undefined) http.body = body();
    },
    // A try that is waited for holds the values that the call brought, not their text beside them.
    ended: () => void delete http.body,
  };
  const retry = dataverseRetry(options.retryWaitSeconds, changes);
  pipeline.addPolicy(retryPolicy([retry], { maxRetries: 3 }), { phase: "Retry" });
  pipeline.addPolicy(signPolicy(options, trace), { phase: "Sign" });
  pipeline.addPolicy(placePolicy(options.gate, turn, attempts, onTry), { afterPhase: "Sign" });
  pipeline.addPolicy(tracePolicy(trace), { afterPhase: "Sign", afterPolicies: ["dataversePlace"] });
  return pipeline;
}

interface Outgoing {
  readonly request: DataverseRequest;
  readonly url: string;
  readonly impersonation: Readonly<Record<string, string>>;
  readonly origin: string;
  readonly longestUrl: number;
  readonly signal: AbortSignal;
}

/** A request as it goes over the wire. */
interface Prepared {
  /** Without its body. */
  readonly http: PipelineRequest;
  readonly body: (() => string) | undefined;
  /** It may change something. */
  readonly changes: boolean;
  /** @throws AppError for an answer of 400 and above */
  read(response: PipelineResponse): DataverseResponse;
}

function prepare({ request, url, impersonation, origin, longestUrl, signal }: Outgoing): Prepared {
  const headers: Record<string, string> = {
    Accept: "application/json",
    "OData-MaxVersion": "4.0",
    "OData-Version": "4.0",
    "x-ms-client-request-id": randomUUID(),
    ...(request.body === undefined ? {} : { "Content-Type": "application/json; charset=utf-8" }),
    ...request.headers,
    ...impersonation,
  };
  const { changeSet } = request;
  const isLong = request.method === "GET" && Buffer.byteLength(url) > longestUrl;
  const batched = isLong
    ? wrapGet(url, headers)
    : changeSet &&
      wrapChangeSet(
        changeSet.map((write) => ({
          method: write.method,
          url: addressOf(write, origin),
          // Each part is judged by itself, so each says for whom it is.
          headers: { ...write.headers, ...impersonation },
          body: write.body,
        })),
      );
  const http = createPipelineRequest({
    url: batched ? `${origin}${apiPath}$batch` : url,
    method: batched ? "POST" : request.method,
    headers: createHttpHeaders(
      batched
        ? { ...headers, Accept: "multipart/mixed", "Content-Type": batched.contentType }
        : headers,
    ),
    abortSignal: signal,
    allowInsecureConnection: url.startsWith("http:"),
    // Our own signal is the deadline; the library's would not cover the body.
    timeout: 0,
  });
  const whole = request.body === undefined ? undefined : () => JSON.stringify(request.body);
  return {
    http,
    body: batched ? batched.body : whole,
    changes: isWrite(request),
    read(response) {
      if (changeSet) return readChangeSet(response, changeSet.length);
      return batched
        ? readBatch(response)
        : readAnswer(response.status, response.headers, response.bodyAsText ?? "");
    },
  };
}

/** @param mayBeDone a write went out, and no answer said that it was not done */
function asAppError(error: unknown, mayBeDone: boolean, signal: AbortSignal): unknown {
  if (error instanceof AppError) return error;
  const hint = mayBeDone
    ? "The change may have been made all the same: read before you try again."
    : "Nothing was changed; narrow the query or try again.";
  // Whoever ends a call says why.
  if (signal.aborted && signal.reason instanceof AppError) return signal.reason;
  if (signal.aborted)
    return new AppError("timeout", "Dataverse did not answer in time.", { hint, cause: error });
  const isNetwork = error instanceof Error && (error.name === "RestError" || "code" in error);
  if (!isNetwork) return error;
  return new AppError("upstream", "The connection to Dataverse failed.", { hint, cause: error });
}
