import { subscribe } from "node:diagnostics_channel";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Readable } from "node:stream";

/** The requests that this process is answering now, by the id of their invocation. */
const arrivals = new Map<
  string,
  { readonly at: number; readonly hangUp: AbortSignal; readonly body: Readable }
>();

/**
 * The library gives its functions no signal when a client is gone (azure-functions-nodejs-library#294). In stream mode the
 * host forwards each request over HTTP to a server of the library in this process, and closes that connection when the
 * client closes its own; Node tells of every request that a server of this process takes.
 *
 * @see https://nodejs.org/api/diagnostics_channel.html#http
 */
subscribe("http.server.request.start", (message) => {
  const { request, response } = message as { request: IncomingMessage; response: ServerResponse };
  const id = request.headers["x-ms-invocation-id"];
  if (typeof id !== "string") return;
  const controller = new AbortController();
  arrivals.set(id, { at: performance.now(), hangUp: controller.signal, body: request });
  response.once("close", () => {
    arrivals.delete(id);
    if (!response.writableFinished) controller.abort();
  });
});

/**
 * When the headers of a request were in, on the clock of `performance.now()`; a signal that aborts when the client hangs up
 * before it has the whole answer; and the body as it comes in, which the library's own request reads from when it is asked:
 * only one of the two may be read. Undefined where nothing tells.
 */
export const arrivalOf = (invocationId: string | undefined) =>
  invocationId === undefined ? undefined : arrivals.get(invocationId);
