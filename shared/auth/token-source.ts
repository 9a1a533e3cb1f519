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
  /** Forgets the token of a scope, after a 401 from the service that took it. */
  invalidate(scope: string): void;
}

interface Entry {
  token: AccessToken | undefined;
  renewAt: number;
  inflight: Promise<AccessToken> | undefined;
}

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
      const token = await (await credential).getToken(scope);
      if (token === null) throw new TypeError("The credential gave no token.");
      return token;
    } catch (error) {
      throw new AppError("upstream", "No token for Dataverse could be had from the identity.", {
        hint: "Check that the managed identity is assigned (AZURE_CLIENT_ID), or sign in with the Azure CLI on a developer's machine.",
        cause: error,
      });
    }
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
      let entry = entries.get(scope);
      if (entry === undefined) {
        entry = { token: undefined, renewAt: 0, inflight: undefined };
        entries.set(scope, entry);
      }
      const { token } = entry;
      if (token === undefined || token.expiresOnTimestamp - now() <= leastLeftMs)
        return renew(scope, entry);
      if (now() >= entry.renewAt && entry.inflight === undefined) {
        const due = entry;
        // The next try waits a minute, or a broken identity endpoint would be asked by every call.
        due.renewAt = now() + 60_000;
        renew(scope, due).catch((error: unknown) => options.onRenewalFailed(error, scope));
      }
      return token;
    },
    invalidate(scope) {
      entries.delete(scope);
    },
  };
}

/** Half of what is left, give or take a tenth, so that instances started together do not renew together. */
function renewalTime(token: AccessToken, at: number): number {
  if (token.refreshAfterTimestamp !== undefined) return token.refreshAfterTimestamp;
  return at + (token.expiresOnTimestamp - at) * (0.45 + Math.random() * 0.1);
}
