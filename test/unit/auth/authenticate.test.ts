import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { authenticate, protectedResourceMetadata } from "../../../shared/auth";
import { type Config, readConfig } from "../../../shared/config";
import {
  audience,
  personObjectId,
  startIssuer,
  type TestIssuer,
  tenantId,
} from "../../support/issuer";

let issuer: TestIssuer;
let config: Config;

const settings = () => ({
  DATAVERSE_URL: "https://contoso.crm.dynamics.com",
  MCP_AUTH_MODE: "jwt",
  MCP_TENANT_ID: tenantId,
  MCP_AUDIENCES: `${audience},api://${tenantId}/customer-service-mcp`,
  MCP_AUTHORITY: issuer.authority,
});

beforeAll(async () => {
  issuer = await startIssuer();
  config = readConfig(settings());
});
afterAll(() => issuer.close());

const ask = (authorization: string | undefined, using = config, url = "https://host.example/mcp") =>
  authenticate(
    { url, headers: new Headers(authorization === undefined ? {} : { authorization }) },
    using,
  );

async function refused(authorization: string | undefined, using = config) {
  const answer = await ask(authorization, using);
  if (!(answer instanceof Response)) throw new Error("The request was let in.");
  const body = (await answer.json()) as { error: { message: string } };
  return {
    status: answer.status,
    challenge: answer.headers.get("www-authenticate") ?? "",
    message: body.error.message,
  };
}

describe("a verified token", () => {
  test("gives the person, the tenant, the roles and the client", async () => {
    const caller = await ask(`Bearer ${await issuer.sign({ roles: ["CSR"] })}`);
    expect(caller).toEqual({
      objectId: personObjectId,
      tenantId,
      name: "Avery Lindholm",
      roles: ["CSR"],
      clientId: "aebc6443-996d-45c2-90f0-388ff96faa56",
    });
  });

  test("may be of version 1: other issuer, appid instead of azp, identifier URI as audience", async () => {
    const token = await issuer.sign({
      iss: `https://sts.windows.net/${tenantId}/`,
      aud: `api://${tenantId}/customer-service-mcp`,
      azp: undefined,
      appid: "client-of-version-1",
    });
    expect(await ask(`bearer ${token}`)).toMatchObject({ clientId: "client-of-version-1" });
  });

  test("is not mistaken for a refusal because of a claim called status", async () => {
    const token = await issuer.sign({ status: 200, refusal: "none" });
    expect(await ask(`Bearer ${token}`)).toMatchObject({ objectId: personObjectId });
  });

  test("costs one read of the keys, however many calls follow", async () => {
    const before = issuer.keyRequests();
    const token = await issuer.sign();
    await Promise.all(Array.from({ length: 20 }, () => ask(`Bearer ${token}`)));
    expect(issuer.keyRequests() - before).toBeLessThanOrEqual(1);
  });
});

describe("a request is turned away", () => {
  test("without a token, with the address of the metadata and no error code", async () => {
    const { status, challenge } = await refused(undefined);
    expect(status).toBe(401);
    expect(challenge).toBe(
      'Bearer resource_metadata="https://host.example/.well-known/oauth-protected-resource"',
    );
  });

  test.each([
    ["expired", { exp: Math.floor(Date.now() / 1_000) - 120 }, /expired/],
    ["for another API", { aud: "https://graph.microsoft.com" }, /another API/],
    [
      "of another issuer",
      { iss: "https://login.microsoftonline.com/common/v2.0" },
      /another tenant or issuer/,
    ],
    ["of another tenant", { tid: "11111111-1111-4111-8111-111111111111" }, /another tenant/],
    ["without an object id", { oid: undefined }, /oid/],
    ["not valid yet", { nbf: Math.floor(Date.now() / 1_000) + 600 }, /not valid yet/],
  ])("with 401 when the token is %s", async (_, claims, words) => {
    const { status, challenge, message } = await refused(`Bearer ${await issuer.sign(claims)}`);
    expect(status).toBe(401);
    expect(challenge).toContain('error="invalid_token"');
    expect(message).toMatch(words);
  });

  test.each([
    ["lacks the scope", { scp: "openid profile" }, /lacks the scope user_impersonation/],
    ["stands for an application", { scp: undefined, idtyp: "app", roles: ["CSR"] }, /as a person/],
  ])("with 403 when the token %s", async (_, claims, words) => {
    const { status, challenge, message } = await refused(`Bearer ${await issuer.sign(claims)}`);
    expect(status).toBe(403);
    expect(challenge).toContain('error="insufficient_scope"');
    expect(message).toMatch(words);
  });

  test("when the client is not on the list, and let in when it is", async () => {
    const token = await issuer.sign();
    const strict = readConfig({
      ...settings(),
      MCP_ALLOWED_CLIENTS: "11111111-1111-4111-8111-111111111111",
    });
    expect((await refused(`Bearer ${token}`, strict)).message).toMatch(/MCP_ALLOWED_CLIENTS/);
    const open = readConfig({
      ...settings(),
      MCP_ALLOWED_CLIENTS: "AEBC6443-996d-45c2-90f0-388ff96faa56",
    });
    expect(await ask(`Bearer ${token}`, open)).toMatchObject({ objectId: personObjectId });
  });

  test("when a stranger signed it under the tenant's key name", async () => {
    const { status, message } = await refused(
      `Bearer ${await issuer.sign({}, { strangeKey: true })}`,
    );
    expect([status, message]).toEqual([401, expect.stringMatching(/signature is wrong/)]);
  });

  test("when it is unsigned, of another algorithm, cut, or no token at all", async () => {
    const [head = "", body = "", sign = ""] = (await issuer.sign()).split(".");
    const none = Buffer.from(JSON.stringify({ alg: "none" })).toString("base64url");
    for (const text of [
      `Bearer ${none}.${body}.`,
      `Bearer ${head}.${body}`,
      `Bearer ${head}.${body}.${sign.slice(5)}`,
      "Basic eDp5",
      "Bearer",
      "Bearer a b",
    ]) {
      const { status, message, challenge } = await refused(text);
      expect(status).toBe(401);
      expect(message + challenge).not.toContain(body);
    }
  });
});

describe("mode dev", () => {
  const dev = (more: Record<string, string> = {}) =>
    readConfig({
      DATAVERSE_URL: "http://127.0.0.1:7072",
      MCP_AUTH_MODE: "dev",
      MCP_DEV_USER_OBJECT_ID: personObjectId,
      ...more,
    });

  test("is the persona of the settings, whatever the request carries", async () => {
    const caller = await ask(
      "Bearer anything",
      dev({ MCP_DEV_USER_NAME: "Avery" }),
      "http://127.0.0.1:7071/mcp",
    );
    expect(caller).toMatchObject({ objectId: personObjectId, name: "Avery" });
  });

  test("refuses any address that is not loopback", async () => {
    const answer = await ask(undefined, dev(), "http://192.168.1.7:7071/mcp");
    expect(answer).toBeInstanceOf(Response);
    expect((answer as Response).status).toBe(403);
  });
});

describe("the protected-resource metadata", () => {
  test("names a resource that agrees with the audience Entra issues, and one scope", () => {
    const metadata = protectedResourceMetadata(config, new URL("https://host.example/mcp"));
    expect(metadata).toEqual({
      resource: `api://${tenantId}/customer-service-mcp`,
      authorization_servers: [`${issuer.authority}/${tenantId}/v2.0`],
      scopes_supported: [`api://${tenantId}/customer-service-mcp/user_impersonation`],
      bearer_methods_supported: ["header"],
      resource_name: "Customer Service MCP endpoint",
    });
  });
});
