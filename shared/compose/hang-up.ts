import { subscribe } from "node:diagnostics_channel";
import type { IncomingMessage, ServerResponse } from "node:http";

/** Hang-ups of the requests that this process is answering now, by the id of their invocation. */
const hangUps = new Map<string, AbortSignal>();

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
  hangUps.set(id, controller.signal);
  response.once("close", () => {
    hangUps.delete(id);
    if (!response.writableFinished) controller.abort();
  });
});

/** Aborts when the client hangs up before it has the whole answer; undefined where nothing tells. */
export const hangUpOf = (invocationId: string | undefined): AbortSignal | undefined =>
  invocationId === undefined ? undefined : hangUps.get(invocationId);
