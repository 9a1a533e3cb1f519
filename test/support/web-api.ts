import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface Received {
  readonly method: string;
  /** Path and query as sent. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface WebApi {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  readonly received: Received[];
  /** Answers requests in turn; the last one stays. */
  script: ((request: Received, response: ServerResponse, raw: IncomingMessage) => void)[];
  close(): Promise<void>;
}

/** What the Web API writes at the head of an answer: of a page, or of one row. */
const withContext = (body: object, url: string) => ({
  "@odata.context": `https://org/api/data/v9.2/$metadata#${/\/v9\.\d+\/(\w+)/.exec(url)?.[1] ?? "rows"}${"value" in body ? "" : "/$entity"}`,
  ...body,
});

/** An answer of the Web API: its headers, and in a body below 400 its context. */
export const json =
  (body: unknown, status = 200, headers: Record<string, string> = {}) =>
  ({ url }: Received, response: ServerResponse) => {
    const isRow = status < 400 && typeof body === "object" && body !== null && !Array.isArray(body);
    response
      .writeHead(status, {
        "content-type": "application/json",
        "odata-version": "4.0",
        ...headers,
      })
      .end(JSON.stringify(isRow ? withContext(body, url) : body));
  };

/** The answer to what made or changed a row. */
export const noContent = (entityId?: string) => (_: Received, response: ServerResponse) =>
  void response
    .writeHead(204, {
      "odata-version": "4.0",
      ...(entityId === undefined ? {} : { "odata-entityid": `https://org/rows(${entityId})` }),
    })
    .end();

/** Answers of a batch, each by its status line, headers and body. */
export const multipart =
  (...parts: readonly string[]) =>
  (_: Received, response: ServerResponse) =>
    void response
      .writeHead(200, {
        "content-type": 'multipart/mixed; boundary="batchresponse_1"',
        "odata-version": "4.0",
      })
      .end(
        [
          ...parts.flatMap((part) => [
            "--batchresponse_1",
            "Content-Type: application/http",
            "Content-Transfer-Encoding: binary",
            "",
            part,
          ]),
          "--batchresponse_1--",
          "",
        ].join("\r\n"),
      );

/** A real server on loopback that answers by script: the wire, where a whole Dataverse would hide the fault under test. */
export async function startWebApi(): Promise<WebApi> {
  const api: Pick<WebApi, "received" | "script"> = { received: [], script: [json({})] };
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const received = {
      method: request.method ?? "",
      url: request.url ?? "",
      headers: request.headers as Record<string, string>,
      body: Buffer.concat(chunks).toString("utf8"),
    };
    api.received.push(received);
    const step = api.script.length > 1 ? api.script.shift() : api.script[0];
    step?.(received, response, request);
  });
  // Who has been busy for some seconds must not meet a connection that is closed at that moment.
  server.keepAliveTimeout = 0;
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return Object.assign(api, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise<void>((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  });
}
