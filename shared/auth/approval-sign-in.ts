import { jwtVerify } from "jose";
import type { SignedIn, SignIn } from "../approval";
import { createSigningKeys, type ReportKeys } from "./signing-keys";

export interface ApprovalSignInOptions {
  /** Origin of the issuer. */
  readonly authority: string;
  readonly tenantId: string;
  /** Client id of the page's own registration: no token of another client counts. */
  readonly clientId: string;
  /** Authentication context that the sign-in has to satisfy; undefined asks for none. */
  readonly stepUp: string | undefined;
  /**
   * The app's own identity as proof of the client (a federated credential): a token for `exchangeAudience`. Undefined
   * where the client is public, on a developer's machine.
   */
  readonly assertion: (() => Promise<string>) | undefined;
  readonly report: ReportKeys;
  now(): number;
}

/** A sign-in counts for ten minutes. */
const longestAgeSeconds = 600;
const clockTolerance = 60;
const assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/**
 * Sign-in of the approval page: authorization code with PKCE at Entra, for a registration of its own, and the id token verified by
 * the tenant's published keys.
 *
 * @see https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow
 * @see https://learn.microsoft.com/entra/workload-id/workload-identity-federation-config-app-trust-managed-identity
 */
export function createApprovalSignIn(options: ApprovalSignInOptions): SignIn {
  const { authority, tenantId, clientId, stepUp, assertion, report, now } = options;
  const issuer = `${authority}/${tenantId}/v2.0`;
  const base = `${authority}/${tenantId}`;
  const keys = createSigningKeys(new URL(`${base}/discovery/v2.0/keys`), now);

  /** Loaded when somebody first signs in: most processes never need it. */
  async function client(proof: string | undefined) {
    const library = await import("openid-client");
    const authenticate =
      proof === undefined
        ? library.None()
        : (_: unknown, __: unknown, body: URLSearchParams) => {
            body.set("client_id", clientId);
            body.set("client_assertion_type", assertionType);
            body.set("client_assertion", proof);
          };
    const configuration = new library.Configuration(
      {
        issuer,
        authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
        token_endpoint: `${base}/oauth2/v2.0/token`,
        jwks_uri: `${base}/discovery/v2.0/keys`,
      },
      clientId,
      undefined,
      authenticate,
    );
    configuration.timeout = 10;
    // The settings allow an issuer without TLS on loopback alone.
    if (authority.startsWith("http:")) library.allowInsecureRequests(configuration);
    return { library, configuration };
  }

  async function verify(idToken: string): Promise<SignedIn | undefined> {
    try {
      const { payload } = await jwtVerify(
        idToken,
        async ({ kid = "" }) => (await keys.find(kid, report)).key,
        {
          issuer,
          audience: clientId,
          algorithms: ["RS256"],
          clockTolerance,
          currentDate: new Date(now()),
          maxTokenAge: longestAgeSeconds,
          requiredClaims: ["oid", "tid", "nonce", "exp"],
        },
      );
      const { oid, tid, name, auth_time: at, acrs } = payload;
      if (typeof oid !== "string" || oid === "" || tid !== tenantId) return undefined;
      if (typeof payload.aud !== "string") return undefined;
      if (stepUp !== undefined && !(Array.isArray(acrs) && acrs.includes(stepUp))) return undefined;
      // Where a fresh proof is asked for, an older session must not stand in for it.
      const age = now() / 1_000 - Number(at);
      if (stepUp !== undefined && !(age <= longestAgeSeconds + clockTolerance)) return undefined;
      return { objectId: oid, tenantId: tid, name: typeof name === "string" ? name : undefined };
    } catch {
      // Not a token that counts, whatever is wrong with it; the browser is told to sign in again.
      return undefined;
    }
  }

  return {
    verify,
    async start(redirectUri) {
      const { library, configuration } = await client(undefined);
      const verifier = library.randomPKCECodeVerifier();
      const [state, nonce] = [library.randomState(), library.randomNonce()];
      const claims = { id_token: { acrs: { essential: true, value: stepUp } } };
      const url = library.buildAuthorizationUrl(configuration, {
        redirect_uri: redirectUri,
        response_mode: "query",
        scope: "openid profile",
        state,
        nonce,
        code_challenge: await library.calculatePKCECodeChallenge(verifier),
        code_challenge_method: "S256",
        ...(stepUp === undefined ? {} : { claims: JSON.stringify(claims), prompt: "login" }),
      });
      return { url: url.href, transaction: { state, nonce, verifier } };
    },
    async redeem(returned, { state, nonce, verifier }) {
      try {
        const { library, configuration } = await client(await assertion?.());
        const tokens = await library.authorizationCodeGrant(configuration, returned, {
          pkceCodeVerifier: verifier,
          expectedState: state,
          expectedNonce: nonce,
          idTokenExpected: true,
        });
        return tokens.id_token;
      } catch (error) {
        const { code, error: oauth } = error as { code?: unknown; error?: unknown };
        report(
          `The approval page could not redeem a sign-in: ${String(oauth ?? code ?? "unknown")}`,
        );
        return undefined;
      }
    },
  };
}
