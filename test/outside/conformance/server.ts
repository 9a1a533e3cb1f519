import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { startEmulator } from "../../../packages/dataverse-emulator/src";
import { authenticate } from "../../../shared/auth";
import { createDataverseEnvironment } from "../../../shared/compose";
import { readConfig } from "../../../shared/config";
import { createFlow, serve } from "../../../shared/mcp";
import { toolList } from "../../../shared/mcp/list";
import { createToolHandler } from "../../../shared/mcp/tool-handler";
import { permissionOf, unrestricted } from "../../../shared/policy/access";
import { tools } from "../../../shared/tools";
import { createTrace } from "../../../shared/trace";
import { consentWithoutPage } from "../../support/consent";
import { roomy } from "../../support/flow";
import { withDiagnostics } from "./diagnostic-tools";

/** The product's endpoint in mode dev, on an embedded Dataverse, with the suite's diagnostic tools. */
export async function startConformanceServer() {
  const emulator = await startEmulator({ port: 0, data: ":memory:", cases: 20 });
  process.env.IDENTITY_ENDPOINT = `${emulator.url}/msi/token`;
  process.env.IDENTITY_HEADER = "conformance";
  const config = readConfig({
    DATAVERSE_URL: emulator.url,
    DATAVERSE_CREDENTIAL: "managed-identity",
    MCP_AUTH_MODE: "dev",
    MCP_DEV_USER_OBJECT_ID: "0b000000-0000-4000-8000-000000000001",
  });
  const environment = createDataverseEnvironment(config, console.warn);
  const bugs: unknown[] = [];
  const flow = createFlow(roomy);
  const consent = consentWithoutPage();
  const server = createServer(async (incoming, outgoing) => {
    const hasBody = incoming.method !== "GET" && incoming.method !== "HEAD";
    const request = new Request(`http://${incoming.headers.host}${incoming.url}`, {
      method: incoming.method ?? "GET",
      headers: incoming.headers as Record<string, string>,
      ...(hasBody ? { body: incoming as unknown as ReadableStream, duplex: "half" } : {}),
    } as RequestInit);
    const response = await serve(request, {
      allowedOrigins: config.allowedOrigins,
      authenticate: (asked) => authenticate(asked, config),
      flow,
      acts: () => false,
      handlerFor: (exchange) =>
        withDiagnostics(
          createToolHandler(
            {
              tools,
              list: toolList,
              flow,
              consent,
              permissionOf: () => permissionOf([], unrestricted),
              timeoutMs: () => 30_000,
              contextFor: (caller, _tool, { signal, beforeWrite }, door) => {
                const trace = createTrace();
                const dataverse = environment.as(caller, signal, trace, { beforeWrite, door });
                const now = () => new Date();
                const intelligence = environment.intelligence(dataverse);
                return {
                  trace,
                  context: { caller, signal, settings: config, dataverse, intelligence, now },
                };
              },
              onCall: () => undefined,
              onBug: (error) => void bugs.push(error),
            },
            exchange,
          ),
        ),
      onBug: (error) => void bugs.push(error),
    });
    outgoing.writeHead(response.status, Object.fromEntries(response.headers));
    outgoing.end(Buffer.from(await response.arrayBuffer()));
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`,
    bugs,
    async close() {
      server.close();
      server.closeAllConnections();
      await emulator.close();
    },
  };
}
