import type { AccessToken, TokenCredential } from "@azure/core-auth";
import type { INetworkModule, NetworkRequestOptions, NetworkResponse } from "@azure/msal-node";

/** Longest wait for the identity endpoint, which stands on the same machine, in milliseconds; a second try may take longer. */
const longestMs = [4_000, 10_000] as const;

/**
 * The managed identity of this deployment, asked anew by every call: the library's own memory is passed over, because it would
 * give a token that was refused again and again until it ends. Remembering is the token source's alone.
 *
 * @see https://learn.microsoft.com/entra/msal/javascript/node/managed-identity
 */
export async function createManagedIdentity(
  clientId: string | undefined,
): Promise<TokenCredential> {
  const { ManagedIdentityApplication } = await import("@azure/msal-node");
  const application = new ManagedIdentityApplication({
    ...(clientId === undefined
      ? {}
      : { managedIdentityIdParams: { userAssignedClientId: clientId } }),
    system: { networkClient: network },
  });
  return {
    async getToken(scopes): Promise<AccessToken> {
      const resource = typeof scopes === "string" ? scopes : scopes.join(" ");
      const { accessToken, expiresOn, refreshOn } = await application.acquireToken({
        resource,
        forceRefresh: true,
      });
      const endsAt = expiresOn?.getTime();
      if (accessToken === "" || endsAt === undefined || !Number.isFinite(endsAt))
        throw new TypeError("The identity endpoint gave no token with an end.");
      return {
        token: accessToken,
        expiresOnTimestamp: endsAt,
        ...(refreshOn === undefined ? {} : { refreshAfterTimestamp: refreshOn.getTime() }),
      };
    },
  };
}

/** The library's own sending follows redirects with the secret of the endpoint, and waits for ever. */
const network: INetworkModule = {
  sendGetRequestAsync: (url, options) => send(url, "GET", options),
  sendPostRequestAsync: (url, options) => send(url, "POST", options),
};

async function send<T>(
  url: string,
  method: string,
  options: NetworkRequestOptions = {},
): Promise<NetworkResponse<T>> {
  const [first, second] = longestMs;
  try {
    return await sendOnce<T>(url, method, options, first);
  } catch (error) {
    // Asking for a token changes nothing, and an endpoint that stalls once need not stall twice.
    if ((error as Error).name !== "TimeoutError") throw error;
    return sendOnce<T>(url, method, options, second);
  }
}

async function sendOnce<T>(
  url: string,
  method: string,
  { headers = {}, body }: NetworkRequestOptions,
  longest: number,
): Promise<NetworkResponse<T>> {
  const response = await fetch(url, {
    method,
    headers,
    redirect: "manual",
    signal: AbortSignal.timeout(longest),
    ...(body === undefined ? {} : { body }),
  });
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: bodyOf<T>(await response.text()),
  };
}

/** A page of HTML is an answer without a token; the library says so by its status. */
function bodyOf<T>(text: string): T {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    body = undefined;
  }
  return (typeof body === "object" && body !== null ? body : {}) as T;
}
