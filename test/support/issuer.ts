import { createHmac, createPublicKey, generateKeyPairSync, sign as rsaSign } from "node:crypto";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { type CryptoKey, exportJWK, exportPKCS8, generateKeyPair, type JWTPayload } from "jose";
import { type AuthorizationRequest, createSignIns, type SignIns } from "./issuer-sign-ins";

interface Pair {
  readonly kid: string;
  readonly jwk: Readonly<Record<string, unknown>>;
  /** PKCS #8. */
  readonly privateKey: string;
}

export interface TestIssuer {
  /** `http://127.0.0.1:<port>`, to be used as MCP_AUTHORITY. */
  readonly authority: string;
  /** Answers in place of the keys, when set. */
  failure: ((response: ServerResponse) => void) | undefined;
  /** Answers at the token endpoint, when set. */
  exchange:
    | ((form: URLSearchParams) => Promise<{ readonly status: number; readonly body: unknown }>)
    | undefined;
  /** Who signs in at the issuer, and what its tokens say then. */
  readonly signIns: SignIns;
  /** How often the keys were read. */
  keyRequests(): number;
  /** A new key; the one before is published no longer. With `kid` it takes that name. */
  rotate(kid?: string): Promise<void>;
  /** A token with the claims of a delegated Entra v2 token, changed by `claims`; undefined removes one. */
  sign(
    claims?: JWTPayload,
    options?: { alg?: "RS256" | "RS384"; expiresIn?: number; strangeKey?: boolean },
  ): Promise<string>;
  /** Claims of a token that is let in. */
  claims(changed?: Record<string, unknown>): Record<string, unknown>;
  /**
   * A token of any header and claims, each an object or the JSON itself: signed by the issuer's key unless `by` says otherwise.
   * `public-as-secret` is the published key taken for the secret of an HMAC.
   */
  forge(
    header: Record<string, unknown> | string,
    claims: Record<string, unknown> | string,
    by?: "issuer" | "stranger" | "public-as-secret" | "nobody",
  ): string;
  keyName(): string;
  /** The published key, as a JWK. */
  publicKey(): Readonly<Record<string, unknown>>;
  close(): Promise<void>;
}

export const tenantId = "0f000000-0000-4000-8000-000000000001";
export const audience = "0c000000-0000-4000-8000-0000000000c1";
export const personObjectId = "0b000000-0000-4000-8000-000000000001";
/** The client that the issuer's tokens are made for, to be used as MCP_ALLOWED_CLIENTS. */
export const clientId = "aebc6443-996d-45c2-90f0-388ff96faa56";

async function createPair(kid: string): Promise<Pair> {
  const pair = await generateKeyPair("RS256", { modulusLength: 2048, extractable: true });
  const jwk = { ...(await exportJWK(pair.publicKey as CryptoKey)), kid, use: "sig" };
  return { kid, jwk, privateKey: await exportPKCS8(pair.privateKey as CryptoKey) };
}

const encode = (part: Record<string, unknown> | string) =>
  Buffer.from(typeof part === "string" ? part : JSON.stringify(part)).toString("base64url");

/** A real issuer on loopback: real keys, real signatures, the address form of Entra. */
export async function startIssuer(issuingTenant = tenantId): Promise<TestIssuer> {
  let own = await createPair("own");
  // Few tests need a stranger's signature, and a key costs a moment.
  let strange: string | undefined;
  const strangeKey = () => {
    strange ??= generateKeyPairSync("rsa", { modulusLength: 2048 })
      .privateKey.export({ type: "pkcs8", format: "pem" })
      .toString();
    return strange;
  };
  let keyRequests = 0;
  const codes = new Map<string, AuthorizationRequest>();
  const server = createServer(async (request, response) => {
    const signIn = `/${issuingTenant}/oauth2/v2.0/`;
    if (request.url === `${signIn}token` && issuer.exchange !== undefined) {
      const { status, body } = await issuer.exchange(new URLSearchParams(await text(request)));
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
      return;
    }
    if (request.url?.startsWith(signIn)) {
      void issuer.signIns.answer(issuer, request, response, codes);
      return;
    }
    if (request.url !== `/${issuingTenant}/discovery/v2.0/keys`) {
      response.writeHead(404).end();
      return;
    }
    keyRequests++;
    if (issuer.failure) {
      issuer.failure(response);
      return;
    }
    response
      .writeHead(200, { "content-type": "application/json" })
      .end(JSON.stringify({ keys: [own.jwk] }));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const authority = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const issuer: TestIssuer = {
    authority,
    failure: undefined,
    exchange: undefined,
    signIns: createSignIns(),
    keyRequests: () => keyRequests,
    keyName: () => own.kid,
    publicKey: () => own.jwk,
    async rotate(kid = `key-${keyRequests}`) {
      own = await createPair(kid);
    },
    claims(changed = {}) {
      const now = Math.floor(Date.now() / 1_000);
      const all = {
        iss: `${authority}/${issuingTenant}/v2.0`,
        aud: audience,
        oid: personObjectId,
        tid: issuingTenant,
        scp: "user_impersonation",
        azp: clientId,
        name: "Avery Lindholm",
        iat: now,
        exp: now + 3_600,
        ...changed,
      };
      return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
    },
    forge(header, claims, by = "issuer") {
      const text = `${encode(header)}.${encode(claims)}`;
      if (by === "nobody") return `${text}.`;
      if (by === "public-as-secret") {
        const pem = createPublicKey({ key: own.jwk as never, format: "jwk" });
        const secret = pem.export({ type: "spki", format: "pem" });
        return `${text}.${createHmac("sha256", secret).update(text).digest("base64url")}`;
      }
      const { alg } = typeof header === "string" ? { alg: "RS256" } : header;
      const privateKey = by === "stranger" ? strangeKey() : own.privateKey;
      const digest = alg === "RS384" ? "sha384" : "sha256";
      return `${text}.${rsaSign(digest, Buffer.from(text), privateKey).toString("base64url")}`;
    },
    async sign(claims = {}, { alg = "RS256", expiresIn = 3_600, strangeKey = false } = {}) {
      const exp = Math.floor(Date.now() / 1_000) + expiresIn;
      const header = { alg, kid: own.kid, typ: "JWT" };
      return issuer.forge(
        header,
        issuer.claims({ exp, ...claims }),
        strangeKey ? "stranger" : "issuer",
      );
    },
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
  return issuer;
}
