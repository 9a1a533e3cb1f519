import { createHash } from "node:crypto";
import { createRemoteJWKSet, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from "jose";
import type { Config } from "../config";
import type { Caller } from "../context";
import { AppError } from "../errors";
import type { Refusal } from "./refusal";

/** Most verified tokens that are remembered; the oldest goes first. */
const rememberedTokens = 1_000;

export interface Verifier {
  /** The caller, or why not. @throws AppError `upstream` when the issuer's keys cannot be read. */
  verify(token: string): Promise<Caller | Refusal>;
}

const invalid = (description: string): Refusal => ({
  status: 401,
  error: "invalid_token",
  description,
});
const forbidden = (description: string): Refusal => ({
  status: 403,
  error: "insufficient_scope",
  description,
});

/**
 * Verifies Entra access tokens of one tenant: signature by the tenant's own keys, issuer (v1 and v2), audience, time,
 * tenant, scope and client.
 *
 * @see https://learn.microsoft.com/entra/identity-platform/access-tokens#validate-tokens
 */
export function createVerifier(config: Config): Verifier {
  const tenantId = config.tenantId ?? "";
  const keys = createRemoteJWKSet(new URL(`${config.authority}/${tenantId}/discovery/v2.0/keys`), {
    cacheMaxAge: 3_600_000,
    cooldownDuration: 30_000,
    timeoutDuration: 5_000,
  });
  const known = new Map<string, { caller: Caller; expiresAt: number }>();

  return {
    async verify(token) {
      const digest = createHash("sha256").update(token).digest("base64url");
      const hit = known.get(digest);
      if (hit && hit.expiresAt > Date.now()) return hit.caller;
      known.delete(digest);

      const read = await readPayload(token, keys, config);
      if ("refusal" in read) return read.refusal;
      const { payload } = read;
      const caller = readCaller(payload, config);
      if ("status" in caller) return caller;
      for (const oldest of known.keys()) {
        if (known.size < rememberedTokens) break;
        known.delete(oldest);
      }
      known.set(digest, { caller, expiresAt: (payload.exp ?? 0) * 1_000 });
      return caller;
    },
  };
}

async function readPayload(
  token: string,
  keys: JWTVerifyGetKey,
  config: Config,
): Promise<{ readonly payload: JWTPayload } | { readonly refusal: Refusal }> {
  try {
    const { payload } = await jwtVerify(token, keys, {
      issuer: [
        `${config.authority}/${config.tenantId}/v2.0`,
        `https://sts.windows.net/${config.tenantId}/`,
      ],
      audience: [...config.audiences],
      algorithms: ["RS256"],
      clockTolerance: 60,
      requiredClaims: ["oid", "tid", "exp"],
    });
    return { payload };
  } catch (error) {
    return { refusal: refusalOf(error) };
  }
}

function refusalOf(error: unknown): Refusal {
  if (error instanceof errors.JWTExpired) return invalid("The token has expired: sign in again.");
  if (error instanceof errors.JWTClaimValidationFailed) {
    const advice: Record<string, string> = {
      aud: "The token was made for another API: ask for this API's scope.",
      iss: "The token was issued by another tenant or issuer.",
      nbf: "The token is not valid yet: check the clock of the client.",
    };
    return invalid(advice[error.claim] ?? `The token's claim ${error.claim} is missing or wrong.`);
  }
  if (error instanceof errors.JWKSTimeout || !(error instanceof errors.JOSEError)) {
    throw new AppError("upstream", "The keys of the token issuer could not be read.", {
      hint: "Try again in a moment; if it lasts, check MCP_AUTHORITY and the way out to it.",
      cause: error,
    });
  }
  if (error instanceof errors.JWKSNoMatchingKey)
    return invalid("The token is signed with a key that this tenant does not have.");
  if (error instanceof errors.JOSEAlgNotAllowed)
    return invalid("The token is not signed with RS256.");
  return invalid("The token cannot be verified: it is malformed or its signature is wrong.");
}

function readCaller(payload: JWTPayload, config: Config): Caller | Refusal {
  const text = (name: string) =>
    typeof payload[name] === "string" ? (payload[name] as string) : undefined;
  if (text("tid")?.toLowerCase() !== config.tenantId)
    return invalid("The token belongs to another tenant.");
  const scopes = text("scp")?.split(" ") ?? [];
  if (text("idtyp") === "app" || text("scp") === undefined) {
    return forbidden(
      "The token stands for an application. Calls run as a person, so sign in as one.",
    );
  }
  if (!scopes.includes(config.requiredScope)) {
    return forbidden(`The token lacks the scope ${config.requiredScope}.`);
  }
  const clientId = text("azp") ?? text("appid");
  if (
    config.allowedClients.length > 0 &&
    !config.allowedClients.includes(clientId?.toLowerCase() ?? "")
  ) {
    return forbidden(
      "This client application is not on the list of allowed clients (MCP_ALLOWED_CLIENTS).",
    );
  }
  const roles = Array.isArray(payload.roles)
    ? payload.roles.filter((role) => typeof role === "string")
    : [];
  return {
    objectId: text("oid")?.toLowerCase() ?? "",
    tenantId: config.tenantId ?? "",
    name: text("name") ?? text("preferred_username"),
    roles,
    clientId,
  };
}
