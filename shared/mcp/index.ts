import { Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";
import { type Batch, newApprovalId } from "../approval";
import type { Caller } from "../context";
import type { Flow, RequestId } from "./flow";
import type { ReadBody } from "./flow/bodies";
import {
  bodyLimitBytes,
  dropLimitBytes,
  noRoom,
  refuseAnnouncedSize,
  refuseContentType,
  refuseOrigin,
  refuseVerb,
  rpcCodes,
  rpcError,
  tooLarge,
  tooSlow,
} from "./guards";
import { parseJson } from "./json-body";
import { serveLegacy } from "./legacy";
import { serveMessages } from "./legacy/batch";
import { isObject, type Message, readBatch, readMessage } from "./message";
import { envelopeFault, paramsFault, versionKey } from "./params";
import { refuseCall } from "./refuse-call";
import { firstModernVersion } from "./server-info";
import {
  createToolHandler,
  type Exchange,
  type ToolHandler,
  type ToolRuntime,
} from "./tool-handler";

export interface Endpoint {
  readonly allowedOrigins: readonly string[];
  readonly flow: Flow;
  authenticate(request: Request): Promise<Caller | Response>;
  /** True for the name of a tool that may change something. */
  acts(tool: string): boolean;
  /** The tools as the sender of one request uses them. */
  handlerFor(exchange: Exchange): ToolHandler;
  /** Told of every error that was not thrown on purpose. */
  onBug(error: unknown, correlationId: string): void;
}

/** An endpoint whose tools are ours. */
export type ToolEndpoint = Omit<Endpoint, "handlerFor" | "acts"> & ToolRuntime;

export type { ConsentRuntime } from "./consent/consent-runtime";
export { createFlow, type Flow } from "./flow";
export { refuseVerb, rpcError } from "./guards";
export { createPerformer } from "./perform-act";

/** When a request came, and whether its client is there yet, where the platform tells that. */
export interface Arrival {
  /** When its headers were in, on the clock of `performance.now()`: all times of its calls count from here. */
  readonly at: number;
  /** Aborts when the client closes the connection before it has the answer. */
  readonly hangUp: AbortSignal;
  /** The body as it comes in, read in place of the request's own: that costs three times as much. */
  readonly body?: Readable;
}

/**
 * Answers one HTTP request. Order: verb, announced size, origin, caller, type, body, parse, era, dispatch. Never throws.
 *
 * @see https://modelcontextprotocol.io/specification/2026-07-28/basic/transports/streamable-http
 */
export const answer = (
  request: Request,
  endpoint: ToolEndpoint,
  arrival?: Arrival,
): Promise<Response> =>
  serve(
    request,
    {
      ...endpoint,
      acts: (name) => endpoint.tools.some((tool) => tool.name === name && tool.effect !== "read"),
      handlerFor: (exchange) => createToolHandler(endpoint, exchange),
    },
    arrival,
  );

/** The same for tools of any kind. Never throws. */
export async function serve(
  request: Request,
  endpoint: Endpoint,
  { at: arrivedAt, hangUp, body = bodyOf(request) }: Arrival = {
    at: performance.now(),
    hangUp: request.signal,
  },
): Promise<Response> {
  try {
    const early =
      refuseVerb(request.method) ??
      refuseAnnouncedSize(request.headers.get("content-length")) ??
      refuseOrigin(request.headers.get("origin"), endpoint.allowedOrigins, request.url);
    if (early) return early;
    const caller = await endpoint.authenticate(request);
    if (caller instanceof Response) return caller;
    const wrongType = refuseContentType(request.headers);
    if (wrongType) return wrongType;
    const room = endpoint.flow.bodies.room(caller.objectId);
    try {
      const announced = request.headers.get("content-length");
      const { timeMs } = endpoint.flow.bodies;
      const posted = parse(
        await room.read(body, announced === null ? undefined : Number(announced), {
          taken: bodyLimitBytes,
          dropped: dropLimitBytes,
          timeMs: arrivedAt + timeMs - performance.now(),
        }),
        endpoint.flow,
      );
      if (posted instanceof Response) return posted;
      const { value, isAbridged } = posted;
      const sender = { caller, program: programOf(request.headers) };
      const batch = batchOf(value, endpoint.acts);
      const tools = endpoint.handlerFor({ arrivedAt, hangUp, sender, isAbridged, batch });
      return await asAccepted(request, await dispatch(request, value, tools, isAbridged));
    } finally {
      room.release();
    }
  } catch (error) {
    // Nobody is there to be answered, and a body that ended in the middle is no fault of ours.
    if (hangUp.aborted) return new Response(null, { status: 499 });
    const correlationId = crypto.randomUUID();
    endpoint.onBug(error, correlationId);
    return rpcError(
      500,
      rpcCodes.internal,
      `The server failed. Report this id to the administrator: ${correlationId}`,
    );
  }
}

const bodyOf = ({ body }: Request): Readable =>
  body === null ? Readable.from([]) : Readable.fromWeb(body as ReadableStream<Uint8Array>);

/** What was posted. By itself, so that neither bytes nor text outlive it: the calls hold the values alone. */
function parse(
  body: ReadBody,
  { places, bodies }: Flow,
): { readonly value: unknown; readonly isAbridged: boolean } | Response {
  if ("fault" in body) {
    if (body.fault === "too-large") return tooLarge();
    if (body.fault === "no-room") return noRoom(places.retrySeconds());
    if (body.fault === "late") return tooSlow(bodies.timeMs);
    return rpcError(400, rpcCodes.parse, "The body broke off before its end.");
  }
  const json = parseJson(body.bytes);
  return json instanceof Response ? json : { ...json, isAbridged: body.isAbridged };
}

/** Several acts in one request are planned whole, so that they end at one question and not at the last of many. */
function batchOf(value: unknown, acts: (tool: string) => boolean): Batch | undefined {
  if (!Array.isArray(value)) return undefined;
  const acting = value.filter(
    (each) =>
      isObject(each) &&
      each.method === "tools/call" &&
      isObject(each.params) &&
      typeof each.params.name === "string" &&
      acts(each.params.name),
  );
  return acting.length > 1 ? { id: newApprovalId(), approvalId: undefined } : undefined;
}

/** Tells apart the programs of one person, as far as headers do: what it calls itself, and from where it comes. */
function programOf(headers: Headers): string {
  const [address = ""] = (headers.get("x-forwarded-for") ?? "").split(",");
  return `${headers.get("user-agent") ?? ""} ${address.trim().replace(/:\d+$/, "")}`;
}

async function dispatch(
  request: Request,
  value: unknown,
  tools: ToolHandler,
  isAbridged: boolean,
): Promise<Response> {
  const isModern = isModernRequest(request, value);
  if (isModern && Array.isArray(value))
    return refuse("This revision knows no batches: send one message a request.");
  const body = Array.isArray(value) ? readBatch(value) : readMessage(value);
  if (typeof body === "string") return refuse(body);
  if (isModern) return serveNewest(request, body as Message, tools);
  for (const id of cancelledBy([body].flat())) tools.cancel(id);
  return serveMessages(
    body,
    async (messages) =>
      (isAbridged ? await refuseCall(messages, tools) : undefined) ??
      withRequestId(await serveLegacy(request, messages, tools), messages),
  );
}

const refuse = (fault: string): Response => rpcError(400, rpcCodes.invalidRequest, fault);

async function serveNewest(
  request: Request,
  message: Message,
  tools: ToolHandler,
): Promise<Response> {
  const id = message.id ?? null;
  const envelope = envelopeFault(message);
  if (envelope !== undefined) return rpcError(400, rpcCodes.invalidParams, envelope, { id });
  // This revision has no initialize, whatever its parameters: the SDK says so.
  const isJudged = message.id !== undefined && message.method !== "initialize";
  const fault = isJudged ? paramsFault(message) : undefined;
  if (fault !== undefined) return rpcError(200, rpcCodes.invalidParams, fault, { id });
  const { serveModern } = await import("./modern");
  return serveModern(request, message, tools);
}

/** Ids of requests that the client gives up by `notifications/cancelled`. The revision of 2026 closes the connection instead. */
const cancelledBy = (messages: readonly Message[]): RequestId[] =>
  messages.flatMap(({ method, params }) => {
    const id = method === "notifications/cancelled" ? params?.requestId : undefined;
    return typeof id === "string" || typeof id === "number" ? [id] : [];
  });

/** The era is told by the envelope in the body; a header alone counts only when it names a modern version. */
function isModernRequest(request: Request, body: unknown): boolean {
  if ([body].flat().some(hasEnvelope)) return true;
  const version = request.headers.get("mcp-protocol-version") ?? "";
  return (
    /^\d{4}-\d{2}-\d{2}$/.test(version) &&
    version >= firstModernVersion &&
    // A client may name what it will speak before it has asked what is spoken here.
    !(isObject(body) && body.method === "initialize")
  );
}

const hasEnvelope = (message: unknown): boolean =>
  isObject(message) &&
  isObject(message.params) &&
  isObject(message.params._meta) &&
  versionKey in message.params._meta;

/** The SDK answers a wrong version header without the id of the request; a client then waits for its answer in vain. */
async function withRequestId(
  response: Response,
  body: Message | readonly Message[],
): Promise<Response> {
  if (response.status < 400 || !("id" in body)) return response;
  const { id } = body;
  const error = (await response.json()) as Record<string, unknown>;
  return new Response(JSON.stringify({ ...error, id }), {
    status: response.status,
    headers: { "content-type": "application/json" },
  });
}

/** A client that takes an event stream only gets the same JSON as the one event of a stream. */
async function asAccepted(request: Request, response: Response): Promise<Response> {
  const accept = request.headers.get("accept") ?? "";
  const wantsOnlyEvents =
    /text\/event-stream/i.test(accept) && !/application\/json|\*\/\*/i.test(accept);
  const isJson = response.headers.get("content-type")?.startsWith("application/json") ?? false;
  if (!wantsOnlyEvents || !isJson || response.status !== 200) return response;
  return new Response(`event: message\ndata: ${await response.text()}\n\n`, {
    headers: { "content-type": "text/event-stream", "cache-control": "no-cache" },
  });
}
