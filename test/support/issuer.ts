import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from "jose";

export interface TestIssuer {
  /** `http://127.0.0.1:<port>`, to be used as MCP_AUTHORITY. */
  readonly authority: string;
  /** How often the keys were read. */
  keyRequests(): number;
  /** A token with the claims of a delegated Entra v2 token, changed by `claims`; undefined removes one. */
  sign(
    claims?: JWTPayload,
    options?: { alg?: "RS256" | "RS384"; expiresIn?: number; strangeKey?: boolean },
  ): Promise<string>;
  close(): Promise<void>;
}

export const tenantId = "0f000000-0000-4000-8000-000000000001";
export const audience = "0c000000-0000-4000-8000-0000000000c1";
export const personObjectId = "0b000000-0000-4000-8000-000000000001";

/** A real issuer on loopback: real keys, real signatures, the address form of Entra. */
export async function startIssuer(): Promise<TestIssuer> {
  const own = await generateKeyPair("RS256", { modulusLength: 2048 });
  const strange = await generateKeyPair("RS256", { modulusLength: 2048 });
  const jwk = { ...(await exportJWK(own.publicKey)), kid: "own", use: "sig" };
  let keyRequests = 0;
  const server = createServer((request, response) => {
    if (request.url !== `/${tenantId}/discovery/v2.0/keys`) {
      response.writeHead(404).end();
      return;
    }
    keyRequests++;
    response
      .writeHead(200, { "content-type": "application/json" })
      .end(JSON.stringify({ keys: [jwk] }));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const authority = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    authority,
    keyRequests: () => keyRequests,
    async sign(claims = {}, { alg = "RS256", expiresIn = 3_600, strangeKey = false } = {}) {
      const now = Math.floor(Date.now() / 1_000);
      const payload: JWTPayload = {
        iss: `${authority}/${tenantId}/v2.0`,
        aud: audience,
        oid: personObjectId,
        tid: tenantId,
        scp: "user_impersonation",
        azp: "aebc6443-996d-45c2-90f0-388ff96faa56",
        name: "Avery Lindholm",
        iat: now,
        exp: now + expiresIn,
        ...claims,
      };
      const kept = Object.fromEntries(
        Object.entries(payload).filter(([, value]) => value !== undefined),
      );
      const header = { alg, kid: "own", typ: "JWT" };
      return new SignJWT(kept)
        .setProtectedHeader(header)
        .sign(strangeKey ? strange.privateKey : own.privateKey);
    },
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}
