import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";

const here = dirname(fileURLToPath(import.meta.url));
export const origin = "https://embedded.crm.dynamics.com";

/** Starts mcp-dataverse as published, over stdio, against an embedded Dataverse. */
export async function connect(url) {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [
      "--import",
      pathToFileURL(join(here, "reroute-fetch.mjs")).href,
      join(here, "node_modules/mcp-dataverse/dist/server.js"),
    ],
    env: {
      PATH: process.env.PATH ?? "",
      HOME: process.env.HOME ?? "",
      DATAVERSE_ENV_URL: origin,
      AUTH_METHOD: "managed-identity",
      IDENTITY_ENDPOINT: `${url}/msi/token`,
      IDENTITY_HEADER: "outside",
      OUTSIDE_ORIGIN: origin,
      OUTSIDE_TARGET: url,
      MAX_RETRIES: "0",
    },
    stderr: "ignore",
  });
  const client = new Client({ name: "outside-check", version: "1.0.0" });
  await client.connect(transport);
  return client;
}
