/** One `tools/call` of revision 2026-07-28 as it stands on the wire, so that a test can say what an SDK would not. */
export interface ModernCall {
  readonly url: string;
  readonly tool: string;
  readonly args?: Readonly<Record<string, unknown>>;
  /** What the client declares that it can do. */
  readonly capabilities?: Readonly<Record<string, unknown>>;
  readonly inputResponses?: unknown;
  readonly requestState?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface ModernAnswer {
  /** JSON of the result, or of the error. */
  // biome-ignore lint/suspicious/noExplicitAny: each test knows the shape of its tool
  readonly result: any;
  readonly text: string;
}

const revision = "2026-07-28";

export async function callModern(call: ModernCall): Promise<ModernAnswer> {
  const { url, tool, args = {}, capabilities = {}, headers = {} } = call;
  const more = Object.fromEntries(
    Object.entries({
      inputResponses: call.inputResponses,
      requestState: call.requestState,
    }).filter(([, value]) => value !== undefined),
  );
  const answered = await fetch(url, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      "mcp-protocol-version": revision,
      "mcp-method": "tools/call",
      "mcp-name": tool,
      ...headers,
    },
    body: JSON.stringify({
      jsonrpc: "2.0",
      id: 1,
      method: "tools/call",
      params: {
        name: tool,
        arguments: args,
        ...more,
        _meta: {
          "io.modelcontextprotocol/protocolVersion": revision,
          "io.modelcontextprotocol/clientCapabilities": capabilities,
          "io.modelcontextprotocol/clientInfo": { name: "test", version: "1" },
        },
      },
    }),
  });
  // biome-ignore lint/suspicious/noExplicitAny: JSON of the wire
  const json = (await answered.json()) as any;
  const result = json.result ?? json;
  const content = (result.content ?? []) as { text: string }[];
  return { result, text: content.map(({ text }) => text).join("\n") };
}
