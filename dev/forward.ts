import { randomUUID } from "node:crypto";
import { Agent, request as forward, type IncomingMessage, type ServerResponse } from "node:http";
import { endAfterBody } from "./early-answer";
import { invoke } from "./invoke";
import type { Trigger } from "./triggers";
import type { Core } from "./worker-core";

/** Every value of a header, as the host joins them: Node drops the second Authorization without a word. */
const headersOf = ({ headers, headersDistinct }: IncomingMessage): IncomingMessage["headers"] => ({
  ...headers,
  ...Object.fromEntries(
    ["authorization", "content-type", "origin"].flatMap((name) => {
      const values = headersDistinct[name] ?? [];
      return values.length > 1 ? [[name, values.join(",")]] : [];
    }),
  ),
});

const ofConnection: ReadonlySet<string> = new Set([
  "connection",
  "expect",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "upgrade",
]);

/** Forwards the request to the library's own stream server, as the host does, and invokes the function that answers there. */
export function serve(
  core: Core,
  { trigger, params }: { trigger: Trigger; params: Record<string, string> },
  url: URL,
  streamPort: number,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  log: (line: string) => void,
): void {
  const invocationId = randomUUID();
  // A caller must not be able to pose as one whom the platform has checked; and some headers are about this connection alone.
  const headers = Object.fromEntries(
    Object.entries(headersOf(incoming)).filter(
      ([name]) =>
        !/^x-ms-(client-principal|token-aad|invocation-id)/.test(name) && !ofConnection.has(name),
    ),
  );
  // A connection that is kept may be closed by the other end while the next request goes into it, which then is lost.
  const agent = new Agent({ keepAlive: true });
  agent.maxFreeSockets = 0;
  const upstream = forward({
    agent,
    host: "127.0.0.1",
    port: streamPort,
    method: incoming.method,
    path: `${url.pathname}${url.search}`,
    headers: {
      ...headers,
      // Else the other end would close behind an early answer, and a body that is still being sent would take it along.
      connection: "keep-alive",
      "x-ms-invocation-id": invocationId,
      "x-forwarded-host": url.host,
      "x-forwarded-proto": "http",
    },
  });
  const fail = (error: unknown) => {
    log(
      `${trigger.metadata.name} failed: ${error instanceof Error ? error.message : String(error)}`,
    );
    if (!outgoing.headersSent) outgoing.writeHead(500);
    outgoing.end();
    upstream.destroy();
  };
  upstream.on("response", (answer) => {
    const { connection: _, "transfer-encoding": __, ...kept } = answer.headers;
    outgoing.writeHead(answer.statusCode ?? 500, {
      ...kept,
      ...(incoming.complete ? {} : { connection: "close" }),
    });
    answer.on("error", fail);
    answer.pipe(outgoing, { end: false });
    answer.on("end", () => endAfterBody(incoming, outgoing));
  });
  upstream.on("error", (error) => (outgoing.writableEnded ? undefined : fail(error)));
  outgoing.on("close", () => upstream.destroy());
  // Who hangs up in the middle of a request gets no answer.
  incoming.on("error", () => upstream.destroy());
  incoming.pipe(upstream);
  invoke(core, trigger, invocationId, headers, url, params).catch(fail);
}
