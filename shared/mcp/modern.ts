import { createMcpHandler, ProtocolError, Server } from "@modelcontextprotocol/server";
import { capabilitiesKey } from "./params";
import { capabilities, listCacheHint, serverInfo } from "./server-info";
import type { ToolHandler } from "./tool-handler";

/**
 * Serves revision 2026-07-28 by the official SDK. Loaded on the first modern request: most clients never need it.
 *
 * @param request the request, whose body has been read
 * @param body the parsed body: one message
 */
export async function serveModern(
  request: Request,
  body: unknown,
  tools: ToolHandler,
): Promise<Response> {
  const handler = createMcpHandler(() => serverOf(tools), {
    legacy: "reject",
    responseMode: "auto",
    keepAliveMs: 0,
  });
  const headers = new Headers(request.headers);
  headers.set("accept", "application/json, text/event-stream");
  headers.delete("content-length");
  return handler.fetch(new Request(request.url, { method: "POST", headers }), { parsedBody: body });
}

function serverOf(tools: ToolHandler): Server {
  const server = new Server(serverInfo, {
    capabilities,
    instructions: tools.instructions,
    cacheHints: { "tools/list": listCacheHint, "server/discover": listCacheHint },
  });
  server.setRequestHandler("tools/list", () => ({ tools: tools.list as never }));
  server.setRequestHandler("tools/call", async ({ params }, { mcpReq }) => {
    const result = await tools.call(params.name, params.arguments, {
      era: "modern",
      requestId: mcpReq.id,
      meta: mcpReq._meta as Readonly<Record<string, unknown>> | undefined,
      inputResponses: mcpReq.inputResponses,
      requestState: mcpReq.requestState<string>(),
      clientCapabilities: (mcpReq.envelope as Readonly<Record<string, unknown>> | undefined)?.[
        capabilitiesKey
      ],
    });
    if (result === undefined) throw new ProtocolError(-32602, tools.unknownTool(params.name));
    return result as never;
  });
  return server;
}
