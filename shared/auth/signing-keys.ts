import { readKeySet, type SigningKey } from "./key-set";

/** Keys of this age are read anew before they are used. */
const freshMs = 3_600_000;
/** Where the issuer does not answer, keys that it gave this long ago still count: a day's outage must not lock a desk out. */
const staleMs = 86_400_000;
/** After a good read: however many tokens name keys that nobody knows, the issuer is asked once in this time. */
const cooldownMs = 30_000;
/** After a failed read: doubled with each further one, up to the cooldown. */
const firstPauseMs = 1_000;

/** The issuer's keys cannot be read, which says nothing about the token in hand. */
export class KeysUnreadable extends Error {
  readonly retryAfterSeconds: number;

  constructor(cause: unknown, waitMs: number) {
    super("The keys of the token issuer cannot be read.", { cause });
    this.name = "KeysUnreadable";
    this.retryAfterSeconds = Math.max(1, Math.ceil(waitMs / 1_000));
  }
}

/** The token names a key that the issuer does not publish. */
export class UnknownKey extends Error {}

/** Told why the keys could not be read, once for each try. */
export type ReportKeys = (reason: string) => void;

export interface SigningKeys {
  /**
   * The key of that name.
   *
   * @throws UnknownKey when the issuer has no such key
   * @throws KeysUnreadable when that cannot be told, because the issuer does not answer
   */
  find(kid: string, report: ReportKeys): Promise<SigningKey>;
  /** True while the issuer publishes this very key: same name, same material. Never waits for an issuer that is down. */
  holds(key: SigningKey, report: ReportKeys): Promise<boolean>;
}

/**
 * The signing keys of one tenant. Read once by however many callers wait, at most once in a while whatever tokens say, and
 * kept while the issuer is out of reach.
 */
export function createSigningKeys(url: URL, now: () => number): SigningKeys {
  let keys: ReadonlyMap<string, SigningKey> | undefined;
  let readAt = Number.NEGATIVE_INFINITY;
  let failures = 0;
  let failure: unknown;
  let nextTryAt = Number.NEGATIVE_INFINITY;
  let reading: Promise<void> | undefined;

  async function read(report: ReportKeys): Promise<void> {
    try {
      keys = await readKeySet(url);
      readAt = now();
      failures = 0;
      nextTryAt = readAt + cooldownMs;
    } catch (error) {
      failure = error;
      nextTryAt = now() + Math.min(cooldownMs, firstPauseMs * 2 ** failures);
      failures++;
      report(`${error instanceof Error ? error.message : "unknown"} (try ${failures})`);
    }
  }

  /** Reads unless it was tried a moment ago; whoever comes meanwhile waits for the same read. */
  function reload(report: ReportKeys): Promise<void> {
    if (reading === undefined && now() < nextTryAt) return Promise.resolve();
    reading ??= read(report).finally(() => {
      reading = undefined;
    });
    return reading;
  }

  const unreadable = () => new KeysUnreadable(failure, nextTryAt - now());

  async function usable(report: ReportKeys): Promise<ReadonlyMap<string, SigningKey>> {
    const age = now() - readAt;
    if (age >= freshMs) {
      const renewed = reload(report);
      // Once the issuer has failed to answer, nobody waits for it while older keys will do.
      if (failures === 0 || age >= staleMs || keys === undefined) await renewed;
    }
    if (keys === undefined || now() - readAt >= staleMs) throw unreadable();
    return keys;
  }

  return {
    async find(kid, report) {
      const known = (await usable(report)).get(kid);
      if (known !== undefined) return known;
      await reload(report);
      const key = keys?.get(kid);
      if (key !== undefined) return key;
      if (failures > 0) throw unreadable();
      throw new UnknownKey();
    },
    async holds(key, report) {
      return (await usable(report)).get(key.kid)?.print === key.print;
    },
  };
}
