import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { authenticate, protectedResourceMetadata } from "../../../shared/auth";
import { type Config, readConfig } from "../../../shared/config";
import {
  audience,
  clientId,
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
  MCP_ALLOWED_CLIENTS: `${clientId},client-of-version-1`,
  WEBSITE_HOSTNAME: "host.example",
});

beforeAll(async () => {
  issuer = await startIssuer();
  config = readConfig(settings());
});
afterAll(() => issuer.close());

const reports: string[] = [];
const ask = (
  authorization: string | undefined,
  using = config,
  url = "http://anything.example/mcp",
  headers: Record<string, string> = {},
) =>
  authenticate(
    {
      url,
      headers: new Headers({
        ...headers,
        ...(authorization === undefined ? {} : { authorization }),
      }),
    },
    using,
    { report: (reason) => void reports.push(reason) },
  );

const dev = (more: Record<string, string> = {}) =>
  readConfig({
    DATAVERSE_URL: "http://127.0.0.1:7072",
    MCP_AUTH_MODE: "dev",
    MCP_DEV_USER_OBJECT_ID: personObjectId,
    ...more,
  });

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
    const { status, message } = await refused(`Bearer ${token}`, strict);
    expect([status, message]).toEqual([
      403,
      "This client application is not on the list of allowed clients.",
    ]);
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
  const local = "http://127.0.0.1:7071/mcp";

  test("is the persona of the settings, whatever the request carries", async () => {
    const named = dev({ MCP_DEV_USER_NAME: "Avery" });
    const caller = await ask("Bearer anything", named, local, { host: "127.0.0.1:7071" });
    expect(caller).toMatchObject({ objectId: personObjectId, name: "Avery" });
  });

  test.each(["localhost", "LOCALHOST:7071", "127.0.0.1:1", "127.8.9.10", "[::1]:7071"])(
    "answers to %s",
    async (host) => {
      expect(await ask(undefined, dev(), local, { host })).toMatchObject({ tenantId: "" });
    },
  );

  test.each([
    "evil.example",
    "evil.example:7071",
    "192.168.1.7:7071",
    "localhost.evil.example",
    "127.0.0.1.nip.io",
    "127.0.0.1@evil.example",
    "evil.example@127.0.0.1",
    "localhost,evil.example",
    "[::ffff:7f00:1]",
    "0.0.0.0:7071",
    "",
  ])("refuses the host %j, whatever the address says", async (host) => {
    const answer = await ask(undefined, dev(), local, { host });
    expect(answer).toBeInstanceOf(Response);
    expect((answer as Response).status).toBe(403);
    expect(await (answer as Response).text()).not.toMatch(/MCP_/);
  });

  test("refuses an address that is elsewhere, whatever the Host header says", async () => {
    const answer = await ask(undefined, dev(), "http://192.168.1.7/mcp", { host: "localhost" });
    expect((answer as Response).status).toBe(403);
  });

  test.each([
    "forwarded",
    "via",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
    "x-forwarded",
    "x-original-host",
    "x-original-for",
    "x-original-url",
    "x-real-ip",
    "x-client-ip",
    "true-client-ip",
    "cf-connecting-ip",
    "cf-connecting-ipv6",
    "cf-visitor",
    "cdn-loop",
    "fastly-client-ip",
    "fly-client-ip",
    "x-vercel-forwarded-for",
    "x-rewrite-url",
    "x-remote-addr",
    "x-originating-ip",
    "x-amzn-trace-id",
    "tailscale-user-login",
    "x-arr-ssl",
    "x-arr-log-id",
    "x-azure-clientip",
    "x-azure-ref",
    "x-appservice-proto",
    "x-waws-unencoded-url",
    "disguised-host",
    "was-default-hostname",
    "x-envoy-external-address",
  ])("refuses what was passed on with %s", async (name) => {
    const answer = await ask(undefined, dev(), local, { host: "localhost", [name]: "127.0.0.1" });
    expect((answer as Response).status).toBe(403);
    expect(await (answer as Response).text()).toContain(name);
  });
});

describe("the protected-resource metadata", () => {
  const expected = () => ({
    resource: `api://${tenantId}/customer-service-mcp`,
    authorization_servers: [`${issuer.authority}/${tenantId}/v2.0`],
    scopes_supported: [`api://${tenantId}/customer-service-mcp/user_impersonation`],
    bearer_methods_supported: ["header"],
    resource_name: "Customer Service MCP endpoint",
  });

  test.each(["", "/", "/mcp", "/mcp/"])(
    "at its path%s names a resource that agrees with the audience Entra issues, and one scope",
    (path) => {
      const metadata = protectedResourceMetadata(
        config,
        `/.well-known/oauth-protected-resource${path}`,
      );
      expect(metadata).toEqual(expected());
    },
  );

  test("of another resource there is none, and none in mode dev", () => {
    const path = "/.well-known/oauth-protected-resource";
    expect(protectedResourceMetadata(config, `${path}/other`)).toBeUndefined();
    expect(protectedResourceMetadata(config, `${path}/mcp/x`)).toBeUndefined();
    expect(protectedResourceMetadata(dev(), path)).toBeUndefined();
  });

  test.each([
    [{ WEBSITE_HOSTNAME: "func-x.azurewebsites.net" }, "https://func-x.azurewebsites.net"],
    [{ MCP_PUBLIC_URL: "https://mcp.contoso.com/" }, "https://mcp.contoso.com"],
    [{ WEBSITE_HOSTNAME: "localhost:7071" }, "http://localhost:7071"],
  ])(
    "and the challenge know the endpoint by %j, over https unless it is on this machine",
    async (more, origin) => {
      const known = readConfig({ ...settings(), MCP_AUDIENCES: audience, ...more });
      // What the front end passes on: plain http, and whatever host the caller wrote.
      const answer = await ask(undefined, known, "http://evil.example/mcp", {
        host: "evil.example",
        "x-forwarded-host": "evil.example",
        "x-forwarded-proto": "gopher",
        "x-original-host": "evil.example",
      });
      expect((answer as Response).headers.get("www-authenticate")).toBe(
        `Bearer resource_metadata="${origin}/.well-known/oauth-protected-resource"`,
      );
      expect(
        protectedResourceMetadata(known, "/.well-known/oauth-protected-resource")?.resource,
      ).toBe(`${origin}/mcp`);
    },
  );

  test("without a host of its own, a challenge names no address rather than the caller's", async () => {
    const nameless = readConfig({ ...settings(), WEBSITE_HOSTNAME: "" });
    const answer = await ask(undefined, nameless, "http://evil.example/mcp");
    expect((answer as Response).headers.get("www-authenticate")).toBe("Bearer");
  });
});
