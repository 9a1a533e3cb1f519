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
import type { Trace } from "../../trace";
import { turns } from "../../turns";
import type { DataverseRequest, DataverseResponse } from "../request";
import { serviceError } from "../service-error";
import { addressOf, apiPath, templateOf } from "./address";
import { type Judged, judge, judgeBatch, rawOf, type WellFormed } from "./answer";
import { longestAnswer } from "./answer-limit";
import { wrapChangeSet, wrapGet } from "./batch";
import { failureOf, Tries } from "./failure";
import type { Gate } from "./gate";
import { type Identity, impersonationOf, personOf } from "./identity";
import {
  answerPolicy,
  type OnTry,
  placePolicy,
  signPolicy,
  type Tokens,
  tracePolicy,
} from "./policies";
import { readingBodies } from "./read-body";
import type { RequestBudget } from "./request-budget";
import { dataverseRetry, retryAfterSeconds } from "./retry";
import { hasOwnLimit, isWrite } from "./writes";

/** Characters that take more than a millisecond to parse. */
const longText = 100_000;

export interface SenderOptions {
  /** Origin of the environment. */
  readonly url: string;
  readonly tokens: Tokens;
  /** Tokens of the person that a request is for; undefined where the app acts for them by a header. */
  readonly tokensOf?: ((person: Exclude<Identity, "app">) => Tokens) | undefined;
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
  /** In whose line it waits for a place, where that is another than for whom it acts. */
  readonly onBehalfOf?: Identity | undefined;
  /** Covers the token, the wait for a place, every try, the waits between them, and the body. */
  readonly signal: AbortSignal;
  readonly trace: Trace;
  /** Called before each try of a request that changes something, when nothing of it has been sent; throws to prevent it. */
  readonly beforeWrite?: (() => void) | undefined;
  /** What the call may still ask for; undefined for what is read for everybody. */
  readonly budget: RequestBudget | undefined;
}

/**
 * Sends one request and gives the answer that it expects. Throws AppError, with what is known of the request, for everything
 * else: a refusal, an answer that Dataverse does not give there, a fault on the way, and, before anything is sent, a person who is
 * not named or a budget that is spent.
 */
export type Sender = (
  request: DataverseRequest,
  context: SendContext,
) => Promise<DataverseResponse>;

export function createSender(options: SenderOptions): Sender {
  const client = createDefaultHttpClient();
  const longestUrl = options.longestUrl ?? 32_768;
  return async (request, whole) => {
    const { withinMs } = request;
    const signal =
      withinMs === undefined
        ? whole.signal
        : AbortSignal.any([whole.signal, AbortSignal.timeout(withinMs)]);
    const context = { ...whole, signal };
    const changes = isWrite(request);
    const tries = new Tries(changes);
    try {
      const named = impersonationOf(context.identity);
      const { identity } = context;
      const own = identity === "app" ? undefined : options.tokensOf?.(identity);
      // A token of the person's own says who it is, and the app may act for nobody.
      const impersonation = own === undefined ? named : {};
      const url = addressOf(request, options.url);
      context.budget?.take(
        `${request.method} ${templateOf(url)}`,
        Math.max(1, request.changeSet?.length ?? 0),
      );
      const origin = options.url;
      const outgoing = prepare({ request, url, impersonation, origin, longestUrl, signal });
      const tokens = own ?? options.tokens;
      const line = { ...outgoing, tokens, changes, isCounted: !hasOwnLimit(request), tries };
      const { pipeline, judged } = createPipeline(options, line, context);
      const reading = readingBodies(client, options.longestAnswer ?? longestAnswer, signal);
      await pipeline.sendRequest(reading, outgoing.http);
      return answerOf(judged(), tries);
    } catch (error) {
      throw failureOf(error, tries.facts, signal);
    }
  };
}

/** @throws AppError for a refusal */
function answerOf(judged: WellFormed | undefined, tries: Tries): DataverseResponse {
  if (judged === undefined) throw new TypeError("A pipeline that judged no answer.");
  if (judged.kind === "answer") return judged.answer;
  const { status, headers, body } = judged.answer;
  throw serviceError(status, body, tries.facts, retryAfterSeconds({ headers: headers as never }));
}

interface Line extends Prepared {
  readonly tokens: Tokens;
  readonly changes: boolean;
  readonly isCounted: boolean;
  readonly tries: Tries;
}

function createPipeline(
  options: SenderOptions,
  { http, body, judge, tokens, changes, isCounted, tries }: Line,
  { identity, onBehalfOf, signal, trace, beforeWrite, budget }: SendContext,
): { readonly pipeline: Pipeline; judged(): WellFormed | undefined } {
  const pipeline = createEmptyPipeline();
  const turn = () => ({
    person: personOf(onBehalfOf ?? identity),
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
      tries.begins();
    },
    // A try that is waited for holds the values that the call brought, not their text beside them.
    ended: () => void delete http.body,
  };
  let last: WellFormed | undefined;
  const inTurn = async (response: PipelineResponse) => {
    const isLong = (response.bodyAsText?.length ?? 0) > longText;
    // Parsing holds the event loop, so of long answers that came together one is parsed in each of its rounds.
    if (isLong) await turns.take();
    const judged = judge(response);
    // What is done with it is work of another one.
    if (isLong) await turns.take();
    return judged;
  };
  const keep = (judged: WellFormed) => {
    last = judged;
  };
  const retry = dataverseRetry(options.retryWaitSeconds, changes);
  pipeline.addPolicy(retryPolicy([retry], { maxRetries: 3 }), { phase: "Retry" });
  pipeline.addPolicy(answerPolicy(inTurn, tries, keep), { afterPhase: "Retry" });
  pipeline.addPolicy(signPolicy({ url: options.url, tokens }, trace, signal, tries), {
    phase: "Sign",
    afterPolicies: ["dataverseAnswer"],
  });
  pipeline.addPolicy(placePolicy(options.gate, turn, onTry, isCounted), { afterPhase: "Sign" });
  pipeline.addPolicy(tracePolicy(trace), { afterPhase: "Sign", afterPolicies: ["dataversePlace"] });
  return { pipeline, judged: () => last };
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
  judge(response: PipelineResponse): Judged;
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
  const parts = changeSet?.map(({ expects }) => expects) ?? [request.expects];
  return {
    http,
    body: batched ? batched.body : whole,
    judge: (response) =>
      batched ? judgeBatch(response, parts) : judge(rawOf(response), request.expects),
  };
}
