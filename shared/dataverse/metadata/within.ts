import { AsyncLocalStorage } from "node:async_hooks";
import { untilAborted } from "../../until-aborted";
import { type Identity, personOf } from "../transport/identity";
import type { MetadataCache } from "./cache";
import type { Metadata } from "./types";

/** For whom definitions are read now: they belong to everybody, but somebody's call makes it necessary. */
export const currentReader = new AsyncLocalStorage<Identity>();

/**
 * Definitions as one call asks for them. They are read once for everybody and belong to no call, so a reading goes on when a
 * call ends; but the call must not wait for it any longer, nor keep in memory what it meant to do afterwards.
 */
export function metadataWithin(
  cache: MetadataCache,
  identity: Identity,
  signal: AbortSignal,
): Metadata {
  /** Of the definitions that this call was given first. */
  let version: number | undefined;
  const within = async <T>(work: () => Promise<T>): Promise<T> => {
    if (cache.version > 0) version ??= cache.version;
    const result = await untilAborted(signal, currentReader.run(identity, work));
    version ??= cache.version;
    return result;
  };
  const isOther = () => {
    const before = version;
    version = cache.version;
    return before !== version;
  };
  let hasLooked = false;
  const mayLook = () => {
    if (hasLooked || !cache.looks.take(personOf(identity))) return false;
    hasLooked = true;
    return true;
  };
  return {
    environment: cache.environment,
    tables: () => within(() => cache.tables()),
    table: (name) => within(() => cache.table(name)),
    find: (name) => within(() => cache.find(name)),
    refresh: () => within(() => cache.refresh()),
    fresh: (name) => within(() => cache.fresh(name)),
    async catchUp() {
      if (cache.version === 0) return true;
      if (!mayLook()) return false;
      const isCurrent = await untilAborted(
        signal,
        currentReader.run(identity, () => cache.catchUp()),
      );
      // It has told nothing: whoever is about to refuse a name waits for the look, or says that there was none.
      if (!isCurrent) hasLooked = false;
      return isCurrent;
    },
    async lookAgain() {
      if (version === undefined) return false;
      if (isOther()) return true;
      if (!mayLook()) return false;
      await within(() => cache.refresh());
      return isOther();
    },
  };
}
