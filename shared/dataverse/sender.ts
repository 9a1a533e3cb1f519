import { randomUUID } from "node:crypto";
import {
  createDefaultHttpClient,
  createEmptyPipeline,
  createHttpHeaders,
  createPipelineRequest,
  type HttpClient,
  type Pipeline,
  type PipelinePolicy,
  type PipelineResponse,
  retryPolicy,
} from "@azure/core-rest-pipeline";
import { AppError } from "../errors";
import type { Trace, Try } from "../trace";
import { statusesOf, unwrapAnswer, wrapChangeSet, wrapGet } from "./batch";
import type { Gate } from "./gate";
import type { DataverseRequest, DataverseResponse } from "./index";
import { dataverseRetry, retryAfterSeconds } from "./retry";
import { serviceError } from "./service-error";
import { isWrite } from "./writes";

/** What a sender needs of the token cache. */
export interface Tokens {
  getToken(scope: string): Promise<{ readonly token: string }>;
  invalidate(scope: string): void;
}

export interface SenderOptions {
  /** Origin of the environment. */
  readonly url: string;
  readonly tokens: Tokens;
  readonly gate: Gate;
  /** The longest Retry-After that is waited for. */
  readonly retryWaitSeconds: number;
  /** Longest URL of a GET, in bytes; a longer one goes into `$batch`. */
  readonly longestUrl?: number;
}

export interface SendContext {
  /** Entra object id of the person, or undefined for what belongs to nobody (definitions of tables). */
  readonly callerObjectId: string | undefined;
  /** Covers the wait for a place, the token, every try, the waits between them, and the body. */
  readonly signal: AbortSignal;
  /** Called before each try of a request that changes something, when nothing of it has been sent; throws to prevent it. */
  readonly beforeWrite?: (() => void) | undefined;
  readonly trace: Trace;
}

/** Sends one request; throws AppError for every answer of 400 and above, and for every fault on the way. */
export type Sender = (
  request: DataverseRequest,
  context: SendContext,
) => Promise<DataverseResponse>;

const apiPath = "/api/data/v9.2/";

export function createSender(options: SenderOptions): Sender {
  const client = createDefaultHttpClient();
  const longestUrl = options.longestUrl ?? 32_768;
  return async (request, context) => {
    const pipeline = createPipeline(options, context, isWrite(request));
    try {
      return await options.gate.run(context.signal, () =>
        send(request, context, { ...options, longestUrl }, pipeline, client),
      );
    } catch (error) {
      throw asAppError(error, request, context.signal);
    }
  };
}

function createPipeline(
  options: SenderOptions,
  { trace, beforeWrite }: SendContext,
  isWrite: boolean,
): Pipeline {
  const pipeline = createEmptyPipeline();
  pipeline.addPolicy(retryPolicy([dataverseRetry(options.retryWaitSeconds)], { maxRetries: 3 }), {
    phase: "Retry",
  });
  pipeline.addPolicy(signPolicy(options, trace), { phase: "Sign" });
  if (isWrite && beforeWrite) pipeline.addPolicy(writePolicy(beforeWrite), { afterPhase: "Sign" });
  pipeline.addPolicy(tracePolicy(trace), { afterPhase: "Sign" });
  return pipeline;
}

/** Adds the token; a 401 means that nothing was done, so the request goes out once more with a new one. */
const signPolicy = ({ url, tokens }: SenderOptions, trace: Trace): PipelinePolicy => ({
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

/** Asks at the last moment, behind the wait for a place, the token and a Retry-After, whether the write is still wanted. */
const writePolicy = (beforeWrite: () => void): PipelinePolicy => ({
  name: "dataverseBeforeWrite",
  sendRequest(request, next) {
    beforeWrite();
    return next(request);
  },
});

/** The path below the API without keys and query: both may hold what a record says. */
export function templateOf(url: string): string {
  const { pathname } = new URL(url);
  const path = pathname.startsWith(apiPath) ? pathname.slice(apiPath.length) : pathname;
  const open = path.indexOf("(");
  // A key may hold brackets of its own, so everything up to the last one goes.
  return open < 0 ? path : `${path.slice(0, open)}(*)${path.slice(path.lastIndexOf(")") + 1)}`;
}

/** Notes every try, and the time between an answer 429 and the next try. One policy serves one request and its repeats. */
function tracePolicy(trace: Trace): PipelinePolicy {
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

async function send(
  request: DataverseRequest,
  context: SendContext,
  options: SenderOptions & { readonly longestUrl: number },
  pipeline: Pipeline,
  client: HttpClient,
): Promise<DataverseResponse> {
  const url = addressOf(request, options.url);
  const headers: Record<string, string> = {
    Accept: "application/json",
    "OData-MaxVersion": "4.0",
    "OData-Version": "4.0",
    "x-ms-client-request-id": randomUUID(),
    ...(request.body === undefined ? {} : { "Content-Type": "application/json; charset=utf-8" }),
    ...(context.callerObjectId === undefined ? {} : { CallerObjectId: context.callerObjectId }),
    ...request.headers,
  };
  const { changeSet } = request;
  const isLong = request.method === "GET" && Buffer.byteLength(url) > options.longestUrl;
  const batched = isLong
    ? wrapGet(url, headers)
    : changeSet &&
      wrapChangeSet(
        changeSet.map((write) => ({
          method: write.method,
          url: addressOf(write, options.url),
          // Each part is judged by itself, so each says for whom it is.
          headers: {
            ...(context.callerObjectId === undefined
              ? {}
              : { CallerObjectId: context.callerObjectId }),
            ...write.headers,
          },
          body: write.body,
        })),
      );
  const response = await pipeline.sendRequest(
    client,
    createPipelineRequest({
      url: batched ? `${options.url}${apiPath}$batch` : url,
      method: batched ? "POST" : request.method,
      headers: createHttpHeaders(
        batched
          ? { ...headers, Accept: "multipart/mixed", "Content-Type": batched.contentType }
          : headers,
      ),
      ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
      ...(batched ? { body: batched.body } : {}),
      abortSignal: context.signal,
      allowInsecureConnection: url.startsWith("http:"),
      // Our own signal is the deadline; the library's would not cover the body.
      timeout: 0,
    }),
  );
  if (changeSet) return readChangeSet(response, changeSet.length);
  return batched
    ? readBatch(response)
    : readAnswer(response.status, response.headers, response.bodyAsText ?? "");
}

/** The full address: a path below the API, or a link that the service gave, which must stay in the environment. */
function addressOf(request: DataverseRequest, origin: string): string {
  const isLink = /^[a-z][a-z0-9+.-]*:/i.test(request.path);
  if (isLink) {
    if (new URL(request.path).origin !== new URL(origin).origin) {
      throw new AppError(
        "upstream",
        "Dataverse answered with a link to another host, which is not followed.",
      );
    }
    return request.path;
  }
  const query = Object.entries(request.query ?? {}).flatMap(([name, value]) =>
    value === undefined
      ? []
      : [
          `${encodeURIComponent(name).replace("%24", "$").replace("%40", "@")}=${encodeURIComponent(value)}`,
        ],
  );
  return `${origin}${apiPath}${request.path}${query.length > 0 ? `?${query.join("&")}` : ""}`;
}

function readBatch(response: PipelineResponse): DataverseResponse {
  const text = response.bodyAsText ?? "";
  // A batch whose only request was refused has the status of the refusal, and the refusal inside all the same.
  const answer = unwrapAnswer(text);
  if (answer === undefined && response.status >= 400)
    return readAnswer(response.status, response.headers, text);
  if (answer === undefined) throw cut();
  return readAnswer(answer.status, answer.headers, answer.body);
}

/** All parts of a change set succeed; or one part says why none did. */
function readChangeSet(response: PipelineResponse, count: number): DataverseResponse {
  const statuses = statusesOf(response.bodyAsText ?? "");
  if (statuses.some((status) => status >= 400) || response.status >= 400)
    return readBatch(response);
  if (statuses.length !== count) throw cut();
  return { status: 204, headers: { get: (name) => response.headers.get(name) }, body: undefined };
}

const cut = (cause?: unknown) =>
  new AppError(
    "upstream",
    "The answer of Dataverse was cut off or is not what the Web API sends.",
    {
      hint: "Try again; if it lasts, check that DATAVERSE_URL is the environment's own address.",
      cause,
    },
  );

function readAnswer(
  status: number,
  headers: { get(name: string): string | undefined },
  text: string,
): DataverseResponse {
  const isFailure = status >= 400 || (status >= 300 && status !== 304);
  let body: unknown;
  try {
    body = text.trim() === "" ? undefined : JSON.parse(text);
  } catch (error) {
    // A failure may well be a page of HTML; a success may not.
    if (!isFailure) throw cut(error);
    body = undefined;
  }
  if (isFailure) throw serviceError(status, body, retryAfterSeconds({ headers: headers as never }));
  return { status, headers: { get: (name) => headers.get(name.toLowerCase()) }, body };
}

function asAppError(error: unknown, request: DataverseRequest, signal: AbortSignal): unknown {
  if (error instanceof AppError) return error;
  const hint = isWrite(request)
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
