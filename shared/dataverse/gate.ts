/** Lets at most `limit` pieces of work run at a time; the rest waits in order, or leaves when its signal aborts. */
export interface Gate {
  run<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T>;
}

/** Dataverse refuses more than 52 requests of one user at a time, and all calls here are one application user's. */
export function createGate(limit: number): Gate {
  let running = 0;
  const waiting: (() => void)[] = [];

  async function enter(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (running < limit) {
      running++;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const go = () => {
        signal.removeEventListener("abort", leave);
        resolve();
      };
      const leave = () => {
        waiting.splice(waiting.indexOf(go), 1);
        reject(signal.reason);
      };
      waiting.push(go);
      signal.addEventListener("abort", leave, { once: true });
    });
  }

  return {
    async run(signal, work) {
      await enter(signal);
      try {
        return await work();
      } finally {
        const next = waiting.shift();
        // The place passes on to who waits longest, so `running` stays as it is.
        if (next) next();
        else running--;
      }
    },
  };
}
