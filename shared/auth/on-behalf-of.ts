import { createHash } from "node:crypto";
import type { AccessToken } from "@azure/core-auth";
import type { Configuration } from "openid-client";
import { AppError } from "../errors";
import { isLoopback } from "../loopback";
import { assertionOf } from "./assertion";
import { exchangeRefusal } from "./exchange-refusal";

/** People whose tokens are remembered, each for each token that they came with; who has not called for longest goes first. */
const mostPeople = 1_000;
/** A token with less left than this is not handed out: a slow call must not outlive it. */
const leastLeftMs = 300_000;
/** Longest wait for the token endpoint, in seconds. */
const longestSeconds = 10;
/** After a refused token another is asked for, but not again for as long. */
const pauseMs = 10_000;

export interface OnBehalfOfOptions {
  /** Origin of the token issuer. */
  readonly authority: string;
  readonly tenantId: string;
  /** Client id of the API's registration: whom the people's tokens were made for. */
  readonly clientId: string;
  /** A token of the managed identity for the exchange, which stands in for a client secret. */
  clientAssertion(): Promise<string>;
  readonly now?: () => number;
}

/** Tokens of one person for Dataverse. */
export interface PersonTokens {
  getToken(scope: string): Promise<AccessToken>;
  /** Another token than the one that was refused; undefined when none is to be had so soon. */
  renew(scope: string, refused: string): Promise<AccessToken | undefined>;
}

interface Entry {
  token: AccessToken | undefined;
  inflight: Promise<AccessToken> | undefined;
  renewedAt: number;
}

/**
 * Exchanges the token that a person came with for one of theirs for Dataverse. The app proves itself by its managed identity,
 * which the registration trusts (federated credential), so there is no secret.
 *
 * @see https://learn.microsoft.com/entra/identity-platform/v2-oauth2-on-behalf-of-flow
 * @see https://learn.microsoft.com/entra/workload-id/workload-identity-federation-config-app-trust-managed-identity
 */
export function createOnBehalfOf(
  options: OnBehalfOfOptions,
): (caller: { readonly objectId: string }) => PersonTokens {
  const now = options.now ?? Date.now;
  const entries = new Map<string, Entry>();

  async function exchange(assertion: string, scope: string): Promise<AccessToken> {
    try {
      const configuration = await configure(options, await options.clientAssertion());
      const { genericGrantRequest } = await import("openid-client");
      const answer = await genericGrantRequest(
        configuration,
        "urn:ietf:params:oauth:grant-type:jwt-bearer",
        { assertion, scope, requested_token_use: "on_behalf_of" },
      );
      const seconds = answer.expiresIn();
      if (seconds === undefined)
        throw new TypeError("The token endpoint gave no end of the token.");
      return { token: answer.access_token, expiresOnTimestamp: now() + seconds * 1_000 };
    } catch (error) {
      throw error instanceof AppError ? error : exchangeRefusal(error);
    }
  }

  function entryOf(key: string): Entry {
    const known = entries.get(key) ?? { token: undefined, inflight: undefined, renewedAt: 0 };
    entries.delete(key);
    entries.set(key, known);
    for (const oldest of entries.keys()) {
      if (entries.size <= mostPeople) break;
      entries.delete(oldest);
    }
    return known;
  }

  return (caller) => {
    const assertion = assertionOf(caller);
    if (assertion === undefined)
      throw new AppError(
        "forbidden",
        "The call brings no token of the person it is for, so nothing was sent.",
        {
          hint: "Sign in again.",
        },
      );
    const own = `${caller.objectId} ${createHash("sha256").update(assertion).digest("base64url")}`;
    const renewed = (scope: string, entry: Entry) => {
      entry.inflight ??= exchange(assertion, scope)
        .then((token) => {
          entry.token = token;
          return token;
        })
        .finally(() => {
          entry.inflight = undefined;
        });
      return entry.inflight;
    };
    return {
      async getToken(scope) {
        const entry = entryOf(`${own} ${scope}`);
        const { token } = entry;
        return token !== undefined && token.expiresOnTimestamp - now() > leastLeftMs
          ? token
          : renewed(scope, entry);
      },
      async renew(scope, refused) {
        const entry = entryOf(`${own} ${scope}`);
        if (entry.token !== undefined && entry.token.token !== refused) return entry.token;
        if (entry.inflight !== undefined) return entry.inflight;
        if (now() - entry.renewedAt < pauseMs) return undefined;
        entry.renewedAt = now();
        return renewed(scope, entry);
      },
    };
  };
}

async function configure(
  options: OnBehalfOfOptions,
  clientAssertion: string,
): Promise<Configuration> {
  const { allowInsecureRequests, Configuration } = await import("openid-client");
  const { authority, tenantId, clientId } = options;
  const made = new Configuration(
    {
      issuer: `${authority}/${tenantId}/v2.0`,
      token_endpoint: `${authority}/${tenantId}/oauth2/v2.0/token`,
    },
    clientId,
    undefined,
    (_server, client, body) => {
      body.set("client_id", client.client_id);
      body.set("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
      body.set("client_assertion", clientAssertion);
    },
  );
  made.timeout = longestSeconds;
  // The settings let http through for loopback alone.
  if (isLoopback(new URL(authority))) allowInsecureRequests(made);
  return made;
}
