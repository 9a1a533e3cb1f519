import type { AccessToken, TokenCredential } from "@azure/core-auth";
import { AppError } from "../errors";

/** A token with less left than this is not handed out: a slow call must not outlive it. */
const leastLeftMs = 300_000;

export interface TokenSource extends TokenCredential {
  /**
   * A token for one scope: from the cache while it has more than five minutes left, renewed behind the caller's back once
   * half of its life is over.
   *
   * @throws AppError `upstream` when there is no usable token and none can be had
   */
  getToken(scopes: string | string[]): Promise<AccessToken>;
  /**
   * After a 401 from the service: a token that the identity gave later than the refused one. Undefined when the identity was asked
   * for that too often lately: then the fault is not in the token. A refused token is kept until there is another, for the
   * service may have been wrong.
   *
   * @throws AppError `upstream` when none can be had
   */
  renew(scope: string, refused: string): Promise<AccessToken | undefined>;
}

interface Entry {
  token: AccessToken | undefined;
  renewAt: number;
  inflight: Promise<AccessToken> | undefined;
  /** When tokens were asked for because of a refusal, lately. */
  readonly refusedAt: number[];
}

/** So many refusals are answered by asking the identity in `refusalsMs`: a service that refuses everything must not make a flood of it. */
const mostRefusals = 20;
const refusalsMs = 60_000;
/** Longest wait for a credential, in milliseconds; those of developers start a program. */
const longestMs = 15_000;

export interface TokenSourceOptions {
  /** Made at the first token that is needed; loading a credential library costs a cold start dearly. */
  readonly credential: () => Promise<TokenCredential>;
  /** Told once for each failed renewal; a token still valid goes on being served. */
  readonly onRenewalFailed: (error: unknown, scope: string) => void;
  readonly now?: () => number;
}

/**
 * A single-flight cache in front of a credential. The credential's own cache neither joins a burst of first calls (ten
 * calls, ten requests to the identity endpoint) nor renews without making the caller wait.
 */
export function createTokenSource(options: TokenSourceOptions): TokenSource {
  const now = options.now ?? Date.now;
  const entries = new Map<string, Entry>();
  let credential: Promise<TokenCredential> | undefined;

  async function request(scope: string): Promise<AccessToken> {
    try {
      credential ??= options.credential();
      const token = await withinMs(longestMs, (await credential).getToken(scope));
      if (token === null) throw new TypeError("The credential gave no token.");
      return token;
    } catch (error) {
      throw new AppError("upstream", "No token for Dataverse could be had from the identity.", {
        hint: "Check that the managed identity is assigned (AZURE_CLIENT_ID), or sign in with the Azure CLI on a developer's machine.",
        cause: error,
      });
    }
  }

  function entryOf(scope: string): Entry {
    let entry = entries.get(scope);
    if (entry === undefined) {
      entry = { token: undefined, renewAt: 0, inflight: undefined, refusedAt: [] };
      entries.set(scope, entry);
    }
    return entry;
  }

  function renew(scope: string, entry: Entry): Promise<AccessToken> {
    entry.inflight ??= request(scope)
      .then((token) => {
        entry.token = token;
        entry.renewAt = renewalTime(token, now());
        return token;
      })
      .finally(() => {
        entry.inflight = undefined;
      });
    return entry.inflight;
  }

  return {
    async getToken(scopes) {
      const scope = Array.isArray(scopes) ? scopes.join(" ") : scopes;
      const entry = entryOf(scope);
      const { token } = entry;
      if (token === undefined || token.expiresOnTimestamp - now() <= leastLeftMs)
        return renew(scope, entry);
      if (now() >= entry.renewAt && entry.inflight === undefined) {
        // The next try waits a minute, or a broken identity endpoint would be asked by every call.
        entry.renewAt = now() + 60_000;
        renew(scope, entry).catch((error: unknown) => options.onRenewalFailed(error, scope));
      }
      return token;
    },
    async renew(scope, refused) {
      const entry = entryOf(scope);
      // Whoever was refused before has brought another already, or waits for it.
      if (entry.token !== undefined && entry.token.token !== refused) return entry.token;
      if (entry.inflight !== undefined) return entry.inflight;
      const { refusedAt } = entry;
      while (refusedAt.length > 0 && now() - (refusedAt[0] ?? 0) > refusalsMs) refusedAt.shift();
      if (refusedAt.length >= mostRefusals) return undefined;
      refusedAt.push(now());
      return renew(scope, entry);
    },
  };
}

/** @throws Error when it takes longer */
function withinMs<T>(ms: number, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = () => reject(new Error(`The identity did not answer within ${ms / 1_000} s.`));
    const timer = setTimeout(late, ms);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** Half of what is left, give or take a tenth, so that instances started together do not renew together. */
function renewalTime(token: AccessToken, at: number): number {
  if (token.refreshAfterTimestamp !== undefined) return token.refreshAfterTimestamp;
  return at + (token.expiresOnTimestamp - at) * (0.45 + Math.random() * 0.1);
}
