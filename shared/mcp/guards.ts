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
  if (isLoopback(origin) && isLoopback(address)) return undefined;
  return rpcError(
    403,
    rpcCodes.refused,
    "This origin may not call the endpoint (MCP_ALLOWED_ORIGINS names those that may).",
  );
}

const isLoopback = (address: string): boolean =>
  URL.canParse(address) &&
  /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(new URL(address).hostname);

export function refuseContentType(contentType: string | null): Response | undefined {
  if (/^application\/json *(;|$)/i.test(contentType?.trim() ?? "")) return undefined;
  return rpcError(415, rpcCodes.invalidRequest, "Content-Type must be application/json.");
}

export const tooLarge = () =>
  rpcError(
    413,
    rpcCodes.invalidRequest,
    `The request is larger than ${bodyLimitBytes / 1_048_576} MiB. Send less at a time.`,
  );

/** A body that announces itself as too large is refused before anyone asks who sends it. */
export const refuseAnnouncedSize = (contentLength: string | null): Response | undefined =>
  Number(contentLength ?? "0") > bodyLimitBytes ? tooLarge() : undefined;

export interface Message {
  readonly method: string;
  readonly id?: string | number;
  readonly params?: Readonly<Record<string, unknown>>;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Says what is wrong with one posted message, or nothing when it is a request or a notification. */
export function messageFault(value: unknown): string | undefined {
  if (!isObject(value) || value.jsonrpc !== "2.0")
    return "A message must be a JSON-RPC 2.0 object.";
  if (typeof value.method !== "string") {
    return "result" in value || "error" in value
      ? "This server asks nothing of the client, so it takes no responses."
      : "The message has no method.";
  }
  if ("params" in value && !isObject(value.params)) return "params must be an object.";
  const { id } = value;
  if ("id" in value && typeof id !== "string" && !Number.isInteger(id))
    return "id must be a string or a whole number.";
  return undefined;
}
