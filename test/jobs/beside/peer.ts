import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { tokensOf } from "../../support/tokens";
import type { Row } from "../job";

/** What was used, in calls and o200k tokens of arguments and answers. */
export interface Cost {
  calls: number;
  tokens: number;
}

/** The other server, over stdio as its users run it. */
export interface Peer {
  /** Tokens of its list: names, descriptions and input schemas. */
  readonly listTokens: number;
  /** @returns its data, and throws what it calls an error */
  call(tool: string, args: Row): Promise<Row>;
  /** What was used since the last time. */
  taken(): Cost;
  close(): Promise<void>;
}

interface Client {
  listTools(): Promise<{ tools: { name: string; description: string; inputSchema: unknown }[] }>;
  callTool(call: {
    name: string;
    arguments: Row;
  }): Promise<{ content: { text?: string }[]; isError?: boolean }>;
  close(): Promise<void>;
}

/** @param url the embedded Dataverse */
export async function openPeer(url: string): Promise<Peer> {
  const outside = resolve("test/outside");
  if (!existsSync(resolve(outside, "node_modules/mcp-dataverse")))
    throw new Error("Run `npm ci --prefix test/outside` first: mcp-dataverse is installed there.");
  // Not bundled: it starts the server from where it is installed.
  const path: string = pathToFileURL(resolve(outside, "mcp-client.mjs")).href;
  const { connect } = (await import(path)) as { connect(url: string): Promise<Client> };
  const client = await connect(url);
  const { tools } = await client.listTools();
  const shown = tools.map(({ name, description, inputSchema }) => ({
    name,
    description,
    inputSchema,
  }));
  let cost: Cost = { calls: 0, tokens: 0 };
  return {
    listTokens: tokensOf(JSON.stringify(shown)),
    async call(tool, args) {
      const answer = await client.callTool({ name: `dataverse_${tool}`, arguments: args });
      const text = answer.content.map((part) => part.text ?? "").join("\n");
      cost.calls++;
      cost.tokens += tokensOf(JSON.stringify(args)) + tokensOf(text);
      if (answer.isError === true) throw new Error(`${tool}: ${text.slice(0, 300)}`);
      const parsed = JSON.parse(text) as { data?: Row };
      return parsed.data ?? (parsed as Row);
    },
    taken() {
      const taken = cost;
      cost = { calls: 0, tokens: 0 };
      return taken;
    },
    close: () => client.close(),
  };
}
