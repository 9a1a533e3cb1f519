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
  text: (result.content as { text: string }[] | undefined)?.[0]?.text ?? "",
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
  ["an older client with the habits of the C# one", "2025-11-25", likeCSharp(true)],
];
