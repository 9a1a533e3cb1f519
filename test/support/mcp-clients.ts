import { request as httpRequest } from "node:http";
import {
  Client as ModernClient,
  StreamableHTTPClientTransport as ModernTransport,
} from "@modelcontextprotocol/client";
import { Client as LegacyClient } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as LegacyTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";

export interface Answer {
  readonly text: string;
  readonly isError: boolean;
  // biome-ignore lint/suspicious/noExplicitAny: each test knows the shape of its tool
  readonly data: any;
}

export interface AnyClient {
  readonly protocol: string;
  tools(): Promise<string[]>;
  call(name: string, args: Record<string, unknown>): Promise<Answer>;
  close(): Promise<void>;
}

interface CallResult {
  content?: unknown;
  structuredContent?: unknown;
  isError?: unknown;
}
const answerOf = (result: CallResult): Answer => ({
  text: ((result.content ?? []) as { text: string }[]).map(({ text }) => text).join("\n"),
  isError: result.isError === true,
  data: result.structuredContent,
});

async function legacy(url: string): Promise<AnyClient> {
  const client = new LegacyClient({ name: "test", version: "1" });
  const transport = new LegacyTransport(new URL(url));
  await client.connect(transport as Parameters<LegacyClient["connect"]>[0]);
  return {
    protocol: transport.protocolVersion ?? "",
    tools: async () => (await client.listTools()).tools.map((tool) => tool.name),
    call: async (name, args) =>
      answerOf((await client.callTool({ name, arguments: args })) as CallResult),
    close: () => client.close(),
  };
}

type Negotiation = { mode: "auto" | "legacy" | { pin: string } };

const modern =
  (versionNegotiation: Negotiation) =>
  async (url: string): Promise<AnyClient> => {
    const client = new ModernClient({ name: "test", version: "1" }, { versionNegotiation });
    const transport = new ModernTransport(new URL(url));
    await client.connect(transport);
    return {
      protocol: client.getNegotiatedProtocolVersion() ?? "",
      tools: async () => (await client.listTools()).tools.map((tool) => tool.name),
      call: async (name, args) =>
        answerOf((await client.callTool({ name, arguments: args })) as CallResult),
      close: () => client.close(),
    };
  };

/**
 * The habits of the official C# client: chunked bodies without a length, `Mcp-Method` and `Mcp-Name` in both eras, a probe
 * with `server/discover`, `initialize` when that is refused, and a GET for a stream that nobody has to offer.
 */
const likeCSharp =
  (isOld: boolean) =>
  async (url: string): Promise<AnyClient> => {
    let id = 0;
    let version = "2026-07-28";
    const send = async (
      method: string,
      params: Record<string, unknown>,
      isNotification = false,
    ) => {
      const isModern = version === "2026-07-28" && method !== "initialize";
      const meta = {
        "io.modelcontextprotocol/protocolVersion": version,
        "io.modelcontextprotocol/clientCapabilities": {},
        "io.modelcontextprotocol/clientInfo": { name: "csharp-like", version: "2.4.0" },
      };
      const body = JSON.stringify({
        jsonrpc: "2.0",
        ...(isNotification ? {} : { id: ++id }),
        method,
        params: isModern ? { ...params, _meta: meta } : params,
      });
      return postChunked(url, body, {
        "content-type": "application/json; charset=utf-8",
        accept: "application/json, text/event-stream",
        "mcp-method": method,
        ...(method === "tools/call" ? { "mcp-name": String(params.name) } : {}),
        ...(method === "initialize" ? {} : { "mcp-protocol-version": version }),
      });
    };
    // An old client's probe names a revision that no server knows yet, so that it is refused and falls back.
    if (isOld) version = "2027-01-01";
    const probe = await send("server/discover", {});
    if (probe.status !== 200) {
      version = "2025-11-25";
      const initialized = await send("initialize", {
        protocolVersion: version,
        capabilities: {},
        clientInfo: { name: "csharp-like", version: "2.4.0" },
      });
      version = initialized.json.result.protocolVersion;
      await send("notifications/initialized", {}, true);
      const stream = await fetch(url, { headers: { accept: "text/event-stream" } });
      if (stream.status !== 405) throw new Error(`GET was answered with ${stream.status}.`);
    }
    return {
      protocol: version,
      async tools() {
        const { json } = await send("tools/list", {});
        return json.result.tools.map((tool: { name: string }) => tool.name);
      },
      async call(name, args) {
        const { json } = await send("tools/call", { name, arguments: args });
        return answerOf(json.result as CallResult);
      },
      close: async () => undefined,
    };
  };

/** What Copilot Studio cannot take in a tool's schema: it drops the tool, cuts the schema, or fails to read the number. */
function demandPortable(tool: string, schema: unknown): void {
  if (typeof schema !== "object" || schema === null) return;
  for (const [key, value] of Object.entries(schema)) {
    const isBad =
      key === "$ref" ||
      (key === "type" && Array.isArray(value)) ||
      (/^exclusiveM/.test(key) && typeof value === "number");
    if (isBad) throw new Error(`Copilot Studio loses ${tool}: ${key} ${JSON.stringify(value)}.`);
    demandPortable(tool, value);
  }
}

/**
 * The habits of Copilot Studio, as seen in the field: a string for an id, the oldest revision, fields of its own in
 * `initialize`, JSON alone, a stray session id, a notification that must be answered by 202 without a body, and values of
 * dates and choices in its own wrapping.
 * @see https://learn.microsoft.com/microsoft-copilot-studio/mcp-troubleshooting
 */
export const likeCopilotStudio =
  (headers: Readonly<Record<string, string>> = {}) =>
  async (url: string): Promise<AnyClient> => {
    let id = 0;
    let session: string | undefined;
    const send = async (method: string, params?: Record<string, unknown>, isCall = true) => {
      const response = await fetch(url, {
        method: "POST",
        headers: {
          "content-type": "application/json; charset=utf-8",
          accept: "application/json",
          "user-agent": "azure-logic-apps/1.0 (workflow copilot; version 1)",
          "x-ms-client-request-id": "00000000-0000-4000-8000-000000000001",
          "x-ms-conversation-id": "conversation",
          ...(session === undefined ? {} : { "mcp-session-id": session }),
          ...headers,
        },
        body: JSON.stringify({
          jsonrpc: "2.0",
          ...(isCall ? { id: String(++id) } : {}),
          method,
          ...(params === undefined ? {} : { params }),
        }),
      });
      const text = await response.text();
      if (!isCall) {
        if (response.status !== 202 || text !== "")
          throw new Error(`A notification was answered with ${response.status} ${text}.`);
        return undefined;
      }
      if (!response.headers.get("content-type")?.startsWith("application/json"))
        throw new Error(`MCP server response could not be deserialized as JSON: ${text}`);
      // biome-ignore lint/suspicious/noExplicitAny: JSON of the wire
      const json = JSON.parse(text) as any;
      if (json.id !== String(id)) throw new Error(`The answer is to ${json.id}, not to ${id}.`);
      if (json.error) throw new Error(`${json.error.code} ${json.error.message}`);
      return json.result;
    };
    const { protocolVersion, capabilities } = await send("initialize", {
      protocolVersion: "2024-11-05",
      capabilities: {},
      clientInfo: {
        name: "mcs",
        agentName: "Service desk",
        appId: "0a000000-0000-4000-8000-0000000000b1",
        cdsBotId: "0a000000-0000-4000-8000-0000000000b2",
        channelId: "pva-studio",
        version: "1.0.0",
      },
      sessionContext: {},
    });
    if (capabilities.tools === undefined) throw new Error("The server offers no tools.");
    await send("notifications/initialized", undefined, false);
    session = "left over from another conversation";
    return {
      protocol: protocolVersion,
      async tools() {
        const { tools } = await send("tools/list", {});
        for (const tool of tools) {
          demandPortable(tool.name, tool.inputSchema);
          demandPortable(tool.name, tool.outputSchema);
        }
        return tools.map((tool: { name: string }) => tool.name);
      },
      call: async (name, args) =>
        answerOf((await send("tools/call", { name, arguments: args })) as CallResult),
      close: async () => undefined,
    };
  };

// biome-ignore lint/suspicious/noExplicitAny: JSON of the wire
type Raw = { status: number; json: any };

function postChunked(url: string, body: string, headers: Record<string, string>): Promise<Raw> {
  return new Promise((done, fail) => {
    const request = httpRequest(url, {
      method: "POST",
      headers: { ...headers, "transfer-encoding": "chunked" },
    });
    request.on("error", fail);
    request.on("response", (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (part: string) => {
        text += part;
      });
      response.on("end", () =>
        done({
          status: response.statusCode ?? 0,
          json: text === "" ? undefined : JSON.parse(text),
        }),
      );
    });
    request.write(body.slice(0, 20));
    request.end(body.slice(20));
  });
}

/** Every kind of client that must work, and the revision that it ends up speaking. */
export const mcpClients: readonly (readonly [
  name: string,
  protocol: string,
  connect: (url: string) => Promise<AnyClient>,
])[] = [
  ["the official client of the older revisions", "2025-11-25", legacy],
  ["the official new client that finds the era out", "2026-07-28", modern({ mode: "auto" })],
  [
    "the official new client pinned to 2026-07-28",
    "2026-07-28",
    modern({ mode: { pin: "2026-07-28" } }),
  ],
  ["the official new client in its legacy mode", "2025-11-25", modern({ mode: "legacy" })],
  ["a client with the habits of the C# one", "2026-07-28", likeCSharp(false)],
  ["a client with the habits of Copilot Studio", "2024-11-05", likeCopilotStudio()],
  ["an older client with the habits of the C# one", "2025-11-25", likeCSharp(true)],
];
