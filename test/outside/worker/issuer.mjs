import { once } from "node:events";
import { createServer } from "node:http";
import { exportJWK, generateKeyPair, SignJWT } from "jose";

const tenantId = "0f000000-0000-4000-8000-000000000001";
const audience = "0c000000-0000-4000-8000-0000000000c1";
const clientId = "aebc6443-996d-45c2-90f0-388ff96faa56";

/** A token issuer on loopback in the form of Entra, with the settings that make the app trust it. */
export async function startIssuer() {
  const { publicKey, privateKey } = await generateKeyPair("RS256");
  const keys = { keys: [{ ...(await exportJWK(publicKey)), kid: "own", use: "sig" }] };
  const server = createServer((_, response) => {
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(keys));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const authority = `http://127.0.0.1:${server.address().port}`;
  const token = await new SignJWT({
    oid: "0b000000-0000-4000-8000-000000000001",
    tid: tenantId,
    scp: "user_impersonation",
    azp: clientId,
    name: "Avery Lindholm",
  })
    .setProtectedHeader({ alg: "RS256", kid: "own" })
    .setIssuer(`${authority}/${tenantId}/v2.0`)
    .setAudience(audience)
    .setIssuedAt()
    .setExpirationTime("1h")
    .sign(privateKey);
  return {
    token,
    settings: {
      MCP_AUTH_MODE: "jwt",
      MCP_TENANT_ID: tenantId,
      MCP_AUDIENCES: audience,
      MCP_AUTHORITY: authority,
      MCP_ALLOWED_CLIENTS: clientId,
    },
    close: () => server.close(),
  };
}
