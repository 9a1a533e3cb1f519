import { createMcpHandler, ProtocolError, Server } from "@modelcontextprotocol/server";
import type { Leg } from "./leg";
import { capabilitiesKey } from "./params";
import { capabilities, instructions, listCacheHint, serverInfo } from "./server-info";

/**
 * Serves revision 2026-07-28 by the official SDK. Loaded on the first modern request: most clients never need it.
 *
 * @param request the request, whose body has been read
 * @param body the parsed body: one message
 */
export async function serveModern(request: Request, body: unknown, leg: Leg): Promise<Response> {
  const handler = createMcpHandler(() => serverOf(leg), {
    legacy: "reject",
    responseMode: "auto",
    keepAliveMs: 0,
  });
  const headers = new Headers(request.headers);
  headers.set("accept", "application/json, text/event-stream");
  headers.delete("content-length");
  return handler.fetch(new Request(request.url, { method: "POST", headers }), { parsedBody: body });
}

function serverOf(leg: Leg): Server {
  const server = new Server(serverInfo, {
    capabilities,
    instructions,
    cacheHints: { "tools/list": listCacheHint, "server/discover": listCacheHint },
  });
  server.setRequestHandler("tools/list", () => ({ tools: leg.list as never }));
  server.setRequestHandler("tools/call", async ({ params }, { mcpReq }) => {
    const result = await leg.call(params.name, params.arguments, {
      era: "modern",
      requestId: mcpReq.id,
      meta: mcpReq._meta as Readonly<Record<string, unknown>> | undefined,
      inputResponses: mcpReq.inputResponses,
      requestState: mcpReq.requestState<string>(),
      clientCapabilities: (mcpReq.envelope as Readonly<Record<string, unknown>> | undefined)?.[
        capabilitiesKey
      ],
    });
    if (result === undefined) throw new ProtocolError(-32602, leg.unknownTool(params.name));
    return result as never;
  });
  return server;
}
