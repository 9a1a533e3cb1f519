import { Server } from "@modelcontextprotocol/sdk/server/index.js";
import { WebStandardStreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js";
import {
  CallToolRequestSchema,
  ErrorCode,
  ListToolsRequestSchema,
  McpError,
} from "@modelcontextprotocol/sdk/types.js";
import type {
  JsonSchemaType,
  JsonSchemaValidator,
  jsonSchemaValidator,
} from "@modelcontextprotocol/sdk/validation";
import { isObject } from "../message";
import { capabilities, serverInfo } from "../server-info";
import type { ToolHandler } from "../tool-handler";

/**
 * One validator for all requests: without it the SDK builds an Ajv instance for each. It is asked only for answers to
 * elicitations, and a stateless server never elicits.
 */
const noElicitation: jsonSchemaValidator = {
  getValidator<T>(_schema: JsonSchemaType): JsonSchemaValidator<T> {
    throw new Error("A stateless server elicits nothing, so there is no answer to validate.");
  },
};

/**
 * Serves every revision up to 2025-11-25 by the official SDK: a server and a transport for each request, no session, JSON.
 *
 * @param request the request, whose body has been read
 * @param body the parsed body: one message or a batch
 */
export async function serveLegacy(
  request: Request,
  body: unknown,
  tools: ToolHandler,
): Promise<Response> {
  const server = new Server(serverInfo, {
    capabilities,
    instructions: tools.instructions,
    jsonSchemaValidator: noElicitation,
  });
  server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: tools.list as never }));
  server.setRequestHandler(CallToolRequestSchema, async ({ params }, { requestId }) => {
    const result = await tools.call(params.name, params.arguments, {
      era: "legacy",
      requestId,
      meta: params._meta,
    });
    if (result === undefined)
      throw new McpError(ErrorCode.InvalidParams, tools.unknownTool(params.name));
    return result;
  });
  const transport = new WebStandardStreamableHTTPServerTransport({ enableJsonResponse: true });
  await server.connect(transport as never);
  try {
    return await transport.handleRequest(acceptingBoth(request), { parsedBody: judged(body) });
  } finally {
    await server.close();
  }
}

/**
 * `initialize` without what a client says of itself beyond its name and version. A stateless server asks nothing of a client,
 * and the SDK would refuse a null or a capability of another revision by the dump of a schema.
 */
function judged(body: unknown): unknown {
  if (!isObject(body) || body.method !== "initialize" || !isObject(body.params)) return body;
  const { protocolVersion, clientInfo } = body.params;
  const { name, version } = isObject(clientInfo) ? clientInfo : {};
  return {
    ...body,
    params: { protocolVersion, capabilities: {}, clientInfo: { name, version } },
  };
}

/** The SDK answers 406 unless both types are accepted, even where it could serve the one that is. */
function acceptingBoth(request: Request): Request {
  const headers = new Headers(request.headers);
  headers.set("accept", "application/json, text/event-stream");
  headers.delete("mcp-session-id");
  headers.delete("last-event-id");
  headers.delete("content-length");
  return new Request(request.url, { method: "POST", headers });
}
