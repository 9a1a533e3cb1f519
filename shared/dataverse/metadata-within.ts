import type { Metadata } from "./metadata-types";

/**
 * Definitions as one call asks for them. They are read once for everybody and belong to no call, so a reading goes on when a
 * call ends; but the call must not wait for it any longer, nor keep in memory what it meant to do afterwards.
 */
export function metadataWithin(metadata: Metadata, signal: AbortSignal): Metadata {
  const within = <T>(work: () => Promise<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      const leave = () => reject(signal.reason as Error);
      if (signal.aborted) {
        leave();
        return;
      }
      signal.addEventListener("abort", leave, { once: true });
      work()
        .then(resolve, reject)
        .finally(() => signal.removeEventListener("abort", leave));
    });
  return {
    environment: metadata.environment,
    tables: () => within(() => metadata.tables()),
    table: (name) => within(() => metadata.table(name)),
    find: (name) => within(() => metadata.find(name)),
    refresh: () => within(() => metadata.refresh()),
  };
}
