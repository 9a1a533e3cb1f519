import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { DataverseError, type World } from "../model";

/** Who a token speaks for. */
export interface Claims {
  readonly oid: string;
  readonly appid: string | undefined;
}

interface SignedClaims extends Claims {
  readonly aud: string;
  /** Seconds since 1970. */
  readonly exp: number;
}

/** Tokens whose signature was checked before; there are never many at a time. */
const mostKnown = 100;

/** Seconds that a token lives, as long as a managed identity's. */
const lifetimeSeconds = 86_400;

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");

/**
 * The tokens of this process: signed by a key that nobody else has, so that a token of an earlier start is refused as an
 * expired one would be.
 */
export interface TokenIssuer {
  issue(
    resource: string,
    claims: { readonly oid: string; readonly appid: string },
    now: Date,
  ): { token: string; expiresOn: number };
  /** @throws DataverseError 401 for a missing, foreign, expired token, or one for another environment */
  verify(authorization: string | undefined, audience: string, now: Date): Claims;
}

export function createTokenIssuer(): TokenIssuer {
  const key = randomBytes(32);
  const sign = (text: string) => createHmac("sha256", key).update(text).digest();
  const known = new Map<string, SignedClaims>();
  const read = (token: string, audience: string): SignedClaims => {
    const at = token.lastIndexOf(".");
    const given = Buffer.from(token.slice(at + 1), "base64url");
    const right = sign(token.slice(0, at));
    if (at < 0 || given.length !== right.length || !timingSafeEqual(given, right))
      throw unauthorized("the signature is not ours", audience);
    const { aud, exp, oid, appid } = JSON.parse(
      Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8"),
    ) as { aud: string; oid: string; appid?: string; exp: number };
    const claims = { aud: aud.replace(/\/$/, ""), exp, oid, appid };
    if (known.size >= mostKnown) known.clear();
    known.set(token, claims);
    return claims;
  };
  return {
    issue(resource, { oid, appid }, now) {
      const iat = Math.floor(now.getTime() / 1_000);
      const exp = iat + lifetimeSeconds;
      const body = `${encode({ alg: "HS256", typ: "JWT" })}.${encode({ aud: resource, oid, appid, iat, nbf: iat, exp, idtyp: "app" })}`;
      return { token: `${body}.${sign(body).toString("base64url")}`, expiresOn: exp };
    },
    verify(authorization, audience, now) {
      const token = /^Bearer +(\S+)$/i.exec(authorization ?? "")?.[1];
      if (token === undefined) throw unauthorized("no bearer token", audience);
      const claims = known.get(token) ?? read(token, audience);
      if (claims.exp * 1_000 <= now.getTime())
        throw unauthorized("the token has expired", audience);
      if (claims.aud !== audience) throw unauthorized(`the audience is not ${audience}`, audience);
      return { oid: claims.oid, appid: claims.appid };
    },
  };
}

/** Where a caller signs in, and for what; nothing of it stands in quotes. */
export const challengeOf = (resource: string): string =>
  `Bearer authorization_uri=https://login.microsoftonline.com/common/oauth2/authorize, resource_id=${resource}`;

const unauthorized = (why: string, audience: string) => {
  const challenge = challengeOf(audience);
  return new DataverseError(401, "0x80040220", `Authentication failed: ${why}.`, {
    "WWW-Authenticate": challenge,
  });
};

/**
 * The managed identity endpoint of App Service, so that the product's own credential code signs in here.
 * @see https://learn.microsoft.com/azure/app-service/overview-managed-identity#rest-endpoint-reference
 */
export function answerIdentity(
  query: ReadonlyMap<string, string>,
  headers: Readonly<Record<string, string>>,
  issuer: TokenIssuer,
  world: World,
): { status: number; body: unknown } {
  const refuse = (message: string) => ({
    status: 400,
    body: { statusCode: 400, message, correlationId: "00000000-0000-0000-0000-000000000000" },
  });
  if (!headers["x-identity-header"]) return refuse("The header X-IDENTITY-HEADER is missing.");
  if (query.get("api-version") !== "2019-08-01") return refuse("api-version must be 2019-08-01.");
  const resource = query.get("resource");
  if (!resource) return refuse("The parameter resource is missing.");
  const clientId = query.get("client_id");
  const row = world.db
    .prepare(
      clientId === undefined
        ? "SELECT applicationid, azureactivedirectoryobjectid FROM systemuser WHERE applicationid IS NOT NULL ORDER BY createdon, systemuserid"
        : "SELECT applicationid, azureactivedirectoryobjectid FROM systemuser WHERE applicationid = ?",
    )
    .get(...(clientId === undefined ? [] : [clientId.toLowerCase()]));
  // An identity without an application user gets its token all the same; Dataverse is who refuses it.
  const appid = String(row?.applicationid ?? clientId ?? "");
  const oid = String(row?.azureactivedirectoryobjectid ?? appid);
  const { token, expiresOn } = issuer.issue(resource, { oid, appid }, world.now());
  return {
    status: 200,
    body: {
      access_token: token,
      expires_on: String(expiresOn),
      resource,
      token_type: "Bearer",
      client_id: appid,
    },
  };
}
