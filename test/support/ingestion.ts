import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { createCertificate } from "./certificate";

/** One item as Application Insights takes it. @see https://learn.microsoft.com/azure/azure-monitor/app/data-model-complete */
export interface Envelope {
  readonly name: string;
  readonly time: string;
  readonly iKey: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly data: {
    readonly baseType: string;
    // biome-ignore lint/suspicious/noExplicitAny: each test knows the type it looks at
    readonly baseData: any;
  };
}

export interface Ingestion {
  /** The app's settings that send its telemetry here. */
  readonly environment: Readonly<Record<string, string>>;
  readonly envelopes: Envelope[];
  /** Head of each request that was taken. */
  readonly requests: { path: string; authorization: string; encoding: string }[];
  /** All that was said, as text. */
  readonly text: () => string;
  /** Hosts that the app asked for and did not get. */
  readonly refused: Set<string>;
  close(): Promise<void>;
}

const host = "westeurope-5.in.applicationinsights.azure.com";
export const instrumentationKey = "00000000-1111-4222-8333-444444444444";

/**
 * Application Insights' ingestion on loopback: a proxy that leads the real host name to a TLS server here, because the
 * client compresses for Azure's names only and sends tokens over TLS only. Every other host is refused and noted.
 */
export async function startIngestion(): Promise<Ingestion> {
  const folder = mkdtempSync(join(tmpdir(), "ingestion-"));
  const certificate = createCertificate([host]);
  const authority = join(folder, "ca.pem");
  writeFileSync(authority, certificate.cert);
  const said: string[] = [];
  const found: Pick<Ingestion, "envelopes" | "requests" | "refused"> = {
    envelopes: [],
    requests: [],
    refused: new Set(),
  };

  const tls = createTlsServer(certificate, async (request, response) => {
    try {
      await take(request, response);
    } catch (error) {
      response.writeHead(500).end(String(error));
    }
  });
  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const encoding = String(request.headers["content-encoding"] ?? "");
    const bytes = Buffer.concat(parts);
    const text = (encoding === "gzip" ? gunzipSync(bytes) : bytes).toString("utf8");
    const items = JSON.parse(text) as Envelope[];
    said.push(text);
    found.envelopes.push(...items);
    found.requests.push({
      path: String(request.url),
      authorization: String(request.headers.authorization ?? ""),
      encoding,
    });
    const answer = { itemsReceived: items.length, itemsAccepted: items.length, errors: [] };
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(answer));
  }

  const sockets = new Set<Socket>();
  const proxy = createServer((request, response) => {
    found.refused.add(String(request.headers.host));
    response.writeHead(403).end();
  });
  proxy.on("connect", (request: IncomingMessage, socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => socket.destroy());
    const [name = ""] = String(request.url).split(":");
    if (name !== host) {
      found.refused.add(name);
      socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
      return;
    }
    socket.write("HTTP/1.1 200 Connection Established\r\n\r\n");
    tls.emit("connection", socket);
  });
  await new Promise<void>((done) => proxy.listen(0, "127.0.0.1", done));
  const address = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  return {
    ...found,
    text: () => said.join("\n"),
    environment: {
      APPLICATIONINSIGHTS_CONNECTION_STRING: `InstrumentationKey=${instrumentationKey};IngestionEndpoint=https://${host}/;LiveEndpoint=https://westeurope.livediagnostics.monitor.azure.com/`,
      HTTPS_PROXY: address,
      NO_PROXY: "127.0.0.1,localhost",
      NODE_EXTRA_CA_CERTS: authority,
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((done) => {
        proxy.close(() => done());
        proxy.closeAllConnections();
      });
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
