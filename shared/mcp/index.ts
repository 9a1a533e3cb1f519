import type { Caller } from "../context";
import {
  batchLimit,
  type Message,
  messageFault,
  readBody,
  refuseAnnouncedSize,
  refuseContentType,
  refuseOrigin,
  refuseVerb,
  rpcCodes,
  rpcError,
} from "./guards";
import { createLeg, type Leg, type Toolbox } from "./leg";
import { serveLegacy } from "./legacy";
import { firstModernVersion } from "./server-info";

export interface Door {
  readonly allowedOrigins: readonly string[];
  authenticate(request: Request): Promise<Caller | Response>;
  /** The tools as this caller uses them. */
  legFor(caller: Caller): Leg;
  /** Told of every error that was not thrown on purpose. */
  onBug(error: unknown, correlationId: string): void;
}

/** A door whose tools are ours. */
export type Endpoint = Omit<Door, "legFor"> & Toolbox;

export { refuseVerb, rpcError } from "./guards";

const versionKey = "io.modelcontextprotocol/protocolVersion";

/**
 * Answers one HTTP request. Order: verb, announced size, origin, caller, type, body, parse, era, dispatch. Never throws.
 *
 * @see https://modelcontextprotocol.io/specification/2026-07-28/basic/transports/streamable-http
 */
export const answer = (request: Request, endpoint: Endpoint): Promise<Response> =>
  serve(request, { ...endpoint, legFor: (caller) => createLeg(endpoint, caller) });

/** The same for tools of any kind. Never throws. */
export async function serve(request: Request, endpoint: Door): Promise<Response> {
  try {
    const early =
      refuseVerb(request.method) ??
      refuseAnnouncedSize(request.headers.get("content-length")) ??
      refuseOrigin(request.headers.get("origin"), endpoint.allowedOrigins, request.url);
    if (early) return early;
    const caller = await endpoint.authenticate(request);
    if (caller instanceof Response) return caller;
    const wrongType = refuseContentType(request.headers.get("content-type"));
    if (wrongType) return wrongType;
    const text = await readBody(request);
    if (text instanceof Response) return text;
    return await asAccepted(request, await dispatch(request, text, caller, endpoint));
  } catch (error) {
    const correlationId = crypto.randomUUID();
    endpoint.onBug(error, correlationId);
    return rpcError(
      500,
      rpcCodes.internal,
      `The server failed. Report this id to the administrator: ${correlationId}`,
    );
  }
}

async function dispatch(
  request: Request,
  text: string,
  caller: Caller,
  endpoint: Door,
): Promise<Response> {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return rpcError(400, rpcCodes.parse, "The body is not JSON.");
  }
  const isModern = isModernRequest(request, body);
  const fault = Array.isArray(body) ? batchFault(body, isModern) : messageFault(body);
  if (fault !== undefined) return rpcError(400, rpcCodes.invalidRequest, fault);
  const leg = endpoint.legFor(caller);
  if (!isModern) return withRequestId(await serveLegacy(request, body, leg), body);
  const { serveModern } = await import("./modern");
  return serveModern(request, body, leg);
}

/** The era is told by the envelope in the body; a header alone counts only when it names a modern version. */
function isModernRequest(request: Request, body: unknown): boolean {
  const message = body as Message | null;
  const meta = message?.params?._meta;
  if (typeof meta === "object" && meta !== null && versionKey in meta) return true;
  const version = request.headers.get("mcp-protocol-version") ?? "";
  return (
    /^\d{4}-\d{2}-\d{2}$/.test(version) &&
    version >= firstModernVersion &&
    message?.method !== "initialize"
  );
}

function batchFault(batch: readonly unknown[], isModern: boolean): string | undefined {
  if (isModern) return "This revision knows no batches: send one message a request.";
  if (batch.length === 0) return "The batch is empty.";
  if (batch.length > batchLimit) return `A batch holds at most ${batchLimit} messages.`;
  if (batch.some((message) => (message as Message | null)?.method === "initialize"))
    return "initialize must not be in a batch.";
  return batch.map(messageFault).find((fault) => fault !== undefined);
}

/** The SDK answers a wrong version header without the id of the request; a client then waits for its answer in vain. */
async function withRequestId(response: Response, body: unknown): Promise<Response> {
  const id = (body as Message).id;
  if (response.status < 400 || id === undefined || Array.isArray(body)) return response;
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
