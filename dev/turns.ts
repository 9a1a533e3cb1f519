import type { IncomingMessage } from "node:http";

/** A body that is forwarded more slowly than this keeps no others waiting, in milliseconds. */
const slowMs = 500;
/** Smaller bodies wait for nobody. */
const smallBytes = 16_384;

export interface Turns {
  /** Starts the work on a request when its turn has come; never, when its client has gone by then. */
  await(incoming: IncomingMessage, start: () => void): void;
}

/**
 * Lets so many large bodies come in at a time, in the order of their requests. A flood that is forwarded all at once makes
 * one turn of the event loop last for seconds, and all of it is held in memory until the last of it is answered.
 */
export function createTurns(most: number): Turns {
  const waiting = new Set<() => void>();
  let open = 0;
  const next = () => {
    for (const start of waiting) {
      if (open >= most) return;
      waiting.delete(start);
      start();
    }
  };
  const begin = (incoming: IncomingMessage, start: () => void) => {
    open++;
    let isOver = false;
    const end = () => {
      if (isOver) return;
      isOver = true;
      clearTimeout(timer);
      open--;
      next();
    };
    const timer = setTimeout(end, slowMs);
    incoming.once("end", end).once("close", end);
    start();
  };
  return {
    await(incoming, start) {
      const length = Number(incoming.headers["content-length"] ?? 0);
      const isSmall = length <= smallBytes && !("transfer-encoding" in incoming.headers);
      if (isSmall) return start();
      const go = () => begin(incoming, start);
      incoming.once("close", () => waiting.delete(go));
      waiting.add(go);
      next();
    },
  };
}
