import type { IncomingMessage, ServerResponse } from "node:http";

/** What still comes of a refused body is dropped up to here, in bytes and milliseconds, before the connection is closed. */
const dropLimit = 8 * 1_048_576;
const dropTimeMs = 2_000;

/**
 * Ends an answer that may be out before its request is in. Closing at once would throw away what the client has not read yet
 * (TCP answers bytes for a closed socket with a reset), so the rest of the body is taken first, within bounds. The answer
 * must have been headed with `Connection: close` where the request was not complete.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9112#section-9.6
 */
export function endAfterBody(incoming: IncomingMessage, outgoing: ServerResponse): void {
  if (incoming.complete || incoming.destroyed) {
    outgoing.end();
    return;
  }
  let size = 0;
  const stop = () => {
    clearTimeout(timer);
    incoming.off("data", count).off("end", stop).off("close", stop);
    outgoing.end();
  };
  const count = (chunk: Buffer) => {
    size += chunk.length;
    if (size > dropLimit) stop();
  };
  const timer = setTimeout(stop, dropTimeMs);
  incoming.unpipe();
  incoming.on("data", count).on("end", stop).on("close", stop);
  incoming.resume();
}
