import { isLoopback } from "../loopback";

/** JSON-RPC's and MCP's codes for a request that never reached a method. */
export const rpcCodes = {
  parse: -32700,
  invalidRequest: -32600,
  invalidParams: -32602,
  internal: -32603,
  refused: -32000,
} as const;

/** Well under the platform's limit, and ample for a tool call. */
export const bodyLimitBytes = 1_048_576;

/** What is too large is read and dropped up to here, because a client that is cut off while it sends never sees the answer. */
export const dropLimitBytes = 8 * bodyLimitBytes;

/** Most messages of a batch (2025-03-26); each is a tool call that Dataverse has to bear. */
export const batchLimit = 20;

export const rpcError = (
  status: number,
  code: number,
  message: string,
  more: { id?: string | number | null; headers?: Record<string, string> } = {},
): Response =>
  new Response(JSON.stringify({ jsonrpc: "2.0", id: more.id ?? null, error: { code, message } }), {
    status,
    headers: { "content-type": "application/json", ...more.headers },
  });

/** 405 for all but POST, before anything else: clients probe with GET before they sign in, and take 401 for a fault. */
export function refuseVerb(method: string): Response | undefined {
  if (method === "POST") return undefined;
  return rpcError(
    405,
    rpcCodes.refused,
    "This endpoint takes POST only; it keeps no stream and no session.",
    {
      headers: { allow: "POST" },
    },
  );
}

/**
 * Against pages that call a server behind the browser's back (DNS rebinding). Clients that are no browser send no Origin.
 * A server on loopback takes origins on loopback, too: whoever serves a page there is on the machine already.
 *
 * @param address full address of the request; its host is the Host header, which a rebinding page cannot forge
 */
export function refuseOrigin(
  origin: string | null,
  allowed: readonly string[],
  address: string,
): Response | undefined {
  if (origin === null || allowed.includes(origin)) return undefined;
  if (isHere(origin) && isHere(address)) return undefined;
  return rpcError(
    403,
    rpcCodes.refused,
    "Pages of this origin may not call the endpoint; its administrator says which may.",
  );
}

const isHere = (address: string): boolean => URL.canParse(address) && isLoopback(new URL(address));

/**
 * JSON in UTF-8 and nothing else. JSON has no other encoding (RFC 8259, 8.1), and a body that is decoded wrongly would be
 * stored wrongly.
 */
export function refuseContentType(headers: Headers): Response | undefined {
  const [type = "", ...parameters] = (headers.get("content-type") ?? "").split(";");
  if (type.trim().toLowerCase() !== "application/json")
    return rpcError(415, rpcCodes.invalidRequest, "Content-Type must be application/json.");
  const charsets = parameters.filter((each) => /^\s*charset\s*(=|$)/i.test(each));
  if (!charsets.every((each) => /^\s*charset=("utf-?8"|utf-?8)\s*$/i.test(each)))
    return rpcError(415, rpcCodes.invalidRequest, "The charset of the body must be utf-8.");
  const encoding = headers.get("content-encoding")?.trim().toLowerCase() ?? "";
  if (encoding !== "" && encoding !== "identity")
    return rpcError(
      415,
      rpcCodes.invalidRequest,
      "The body must be sent as it is, without a Content-Encoding.",
    );
  return undefined;
}

/** The headers of a request that is answered before the whole of it is in: what follows of it is no next request. */
const closing = { connection: "close" };

export const tooLarge = (): Response =>
  rpcError(
    413,
    rpcCodes.invalidRequest,
    `The request is larger than ${bodyLimitBytes / 1_048_576} MiB. Send less at a time.`,
    { headers: closing },
  );

/** There is no room even for the shape of a body, so nobody knows which ids it bears. */
export const noRoom = (seconds: number): Response =>
  rpcError(
    429,
    rpcCodes.refused,
    `The server is busy: there is no room for a request of this size now. Nothing was changed. Try again after ${seconds} s.`,
    { headers: { ...closing, "retry-after": String(seconds) } },
  );

export const tooSlow = (timeMs: number): Response =>
  rpcError(
    408,
    rpcCodes.refused,
    `The body of the request was not in after ${timeMs / 1_000} s, so it was not waited for. Nothing was changed. Send it again, over a faster line or with less in it.`,
    { headers: closing },
  );

/** A body that announces itself as too large is refused before anyone asks who sends it. */
export const refuseAnnouncedSize = (contentLength: string | null): Response | undefined =>
  Number(contentLength ?? "0") > bodyLimitBytes ? tooLarge() : undefined;
