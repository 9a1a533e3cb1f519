import { createHash } from "node:crypto";
import { decodeJwt, decodeProtectedHeader, errors, type JWTPayload, jwtVerify } from "jose";
import type { Config } from "../config";
import type { Caller } from "../context";
import { readCaller } from "./claims";
import type { SigningKey } from "./key-set";
import { invalid, type Refusal, unavailable } from "./refusal";
import { createSigningKeys, KeysUnreadable, type ReportKeys, UnknownKey } from "./signing-keys";

/** Most verified tokens that are remembered; the oldest goes first. */
const rememberedTokens = 1_000;
/** A token is looked at anew after this time, however long it is good for. */
const rememberedMs = 3_600_000;
/** Longest token that is read, in characters. Entra's have 2,000 to 8,000, and no more than 200 groups. */
const longestToken = 16_384;
/** Clocks may differ by this much, in seconds. */
const clockTolerance = 60;
/**
 * Kinds of tokens that are access tokens: a logout token or a proof of possession is signed by the same keys.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8725#section-3.11
 * @see https://www.rfc-editor.org/rfc/rfc9068#section-2.1
 */
const accessTokenTypes = new Set(["jwt", "at+jwt", "application/at+jwt"]);

export interface Verifier {
  /** The caller, or why not: 401 and 403 for what is wrong with the token, 503 while the issuer's keys cannot be read. */
  verify(token: string, report: ReportKeys): Promise<Caller | Refusal>;
}

interface Remembered {
  readonly caller: Caller;
  readonly key: SigningKey;
  readonly until: number;
}

/**
 * Verifies Entra access tokens of one tenant: signature by the tenant's own keys, issuer (v1 and v2), audience, time,
 * tenant, scope, person and client.
 *
 * @see https://learn.microsoft.com/entra/identity-platform/access-tokens#validate-tokens
 */
export function createVerifier(config: Config, now: () => number = Date.now): Verifier {
  const keys = createSigningKeys(
    new URL(`${config.authority}/${config.tenantId ?? ""}/discovery/v2.0/keys`),
    now,
  );
  const issuers = [
    `${config.authority}/${config.tenantId}/v2.0`,
    `https://sts.windows.net/${config.tenantId}/`,
  ];
  const known = new Map<string, Remembered>();

  async function recall(digest: string, report: ReportKeys): Promise<Caller | undefined> {
    const hit = known.get(digest);
    if (hit === undefined) return undefined;
    if (hit.until > now() && (await keys.holds(hit.key, report))) return hit.caller;
    known.delete(digest);
    return undefined;
  }

  function remember(digest: string, caller: Caller, key: SigningKey, expires: number): void {
    for (const oldest of known.keys()) {
      if (known.size < rememberedTokens) break;
      known.delete(oldest);
    }
    known.set(digest, { caller, key, until: Math.min(expires * 1_000, now() + rememberedMs) });
  }

  async function check(token: string, digest: string, report: ReportKeys) {
    const kid = keyNameOf(token, issuers);
    const key = await keys.find(kid, report);
    const { payload } = await jwtVerify(token, key.key, {
      issuer: issuers,
      audience: [...config.audiences],
      algorithms: ["RS256"],
      clockTolerance,
      currentDate: new Date(now()),
      requiredClaims: ["oid", "tid", "exp"],
    });
    const expires = payload.exp;
    if (expires === undefined || !Number.isFinite(expires))
      throw new errors.JWTClaimValidationFailed("exp", payload, "exp");
    // A moment that lies ahead says that the clock, or the token, is wrong; the library looks at it only where an age is limited.
    if (typeof payload.iat === "number" && payload.iat > now() / 1_000 + clockTolerance)
      throw new errors.JWTClaimValidationFailed("iat", payload, "iat");
    const caller = readCaller(payload, config);
    if (!("status" in caller)) remember(digest, caller, key, expires);
    return caller;
  }

  return {
    async verify(token, report) {
      if (token.length > longestToken)
        return invalid(`The token is longer than ${longestToken} characters.`);
      const digest = createHash("sha256").update(token).digest("base64url");
      try {
        return (await recall(digest, report)) ?? (await check(token, digest, report));
      } catch (error) {
        return refusalOf(error);
      }
    },
  };
}

/**
 * The name of the key, once the token looks like one of the tenant's: what does not is refused before any key is looked for,
 * so that it costs the issuer nothing. Nothing that is read here is believed.
 *
 * @throws JOSEError
 */
function keyNameOf(token: string, issuers: readonly string[]): string {
  // The library also takes padding and the letters of plain base64, so that one token would have many texts.
  if (!/^[\w-]+\.[\w-]+\.[\w-]+$/.test(token)) throw new errors.JWTInvalid("not a JWT");
  let header: ReturnType<typeof decodeProtectedHeader>;
  let payload: JWTPayload;
  try {
    header = decodeProtectedHeader(token);
    payload = decodeJwt(token);
  } catch {
    throw new errors.JWTInvalid("not a JWT");
  }
  if (header.alg !== "RS256") throw new errors.JOSEAlgNotAllowed();
  if (typeof header.kid !== "string") throw new UnknownKey();
  // Unencoded payloads are no JWTs, whether or not the header calls that critical.
  if ("b64" in header || !isAccessToken(header.typ)) throw new errors.JWTInvalid("not a JWT");
  if (!issuers.includes(payload.iss ?? ""))
    throw new errors.JWTClaimValidationFailed("iss", payload, "iss");
  return header.kid;
}

const isAccessToken = (typ: unknown): boolean =>
  typ === undefined || (typeof typ === "string" && accessTokenTypes.has(typ.toLowerCase()));

function refusalOf(error: unknown): Refusal {
  if (error instanceof KeysUnreadable) return unavailable(error.retryAfterSeconds);
  if (error instanceof UnknownKey)
    return invalid("The token is signed with a key that this tenant does not have.");
  if (error instanceof errors.JWTExpired) return invalid("The token has expired: sign in again.");
  if (error instanceof errors.JWTClaimValidationFailed) {
    const advice: Record<string, string> = {
      aud: "The token was made for another API: ask for this API's scope.",
      iss: "The token was issued by another tenant or issuer.",
      iat: "The token says that it was issued in the future: check the clock of the client.",
      nbf: "The token is not valid yet: check the clock of the client.",
    };
    return invalid(advice[error.claim] ?? `The token's claim ${error.claim} is missing or wrong.`);
  }
  if (error instanceof errors.JOSEAlgNotAllowed)
    return invalid("The token is not signed with RS256.");
  if (error instanceof errors.JOSEError)
    return invalid("The token cannot be verified: it is malformed or its signature is wrong.");
  throw error;
}
