import { createServer, request as httpRequest } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { version } from "../../package.json";
import { type RunningHost, startHost } from "../support/host";
import { type IdentityEndpoint, startIdentityEndpoint } from "../support/identity-endpoint";
import { audience, clientId, startIssuer, type TestIssuer, tenantId } from "../support/issuer";

const initialize = {
  jsonrpc: "2.0",
  id: 1,
  method: "initialize",
  params: {
    protocolVersion: "2025-11-25",
    capabilities: {},
    clientInfo: { name: "test", version: "1" },
  },
};
const post = (url: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });

interface Rpc {
  result?: {
    serverInfo?: { name: string };
    tools?: { name: string }[];
    isError?: boolean;
    content?: { text: string }[];
  };
  error?: { message: string };
}
const read = async (response: Response) => (await response.json()) as Rpc;

describe("the built app without its settings", () => {
  let host: RunningHost;
  beforeAll(async () => {
    host = await startHost({});
  });
  afterAll(() => host.close());

  test("registers its functions all the same", () => {
    expect(host.functions.map(({ name, route }) => [name, route])).toEqual([
      ["approve", "approve/{*path}"],
      ["health", "health"],
      ["mcp", "mcp/{profile?}"],
      ["protected-resource-metadata", ".well-known/oauth-protected-resource/{*path}"],
    ]);
  });

  test("refuses every call; the settings are named in the log, under the id that the caller gets", async () => {
    const metadata = await fetch(`${host.url}/.well-known/oauth-protected-resource`);
    for (const response of [await post(`${host.url}/mcp`, initialize), metadata]) {
      expect(response.status).toBe(503);
      const words = (await read(response)).error?.message ?? "";
      expect(words).not.toMatch(/[A-Z]+_[A-Z]+/);
      const [id = "no id"] = /[0-9a-f-]{36}$/.exec(words) ?? [];
      expect(await host.logged(id)).toMatch(/MCP_AUTH_MODE is missing.*DATAVERSE_URL is missing/);
    }
  });

  test("answers 405 before anything else", async () => {
    expect((await fetch(`${host.url}/mcp`)).status).toBe(405);
    expect((await fetch(`${host.url}/other`)).status).toBe(404);
  });

  test("is alive for everybody, and tells nobody more, because nobody can sign in", async () => {
    const anonymous = await fetch(`${host.url}/health`);
    expect([anonymous.status, await anonymous.text()]).toEqual([200, '{"status":"alive"}']);
    expect(anonymous.headers.get("cache-control")).toBe("no-store");
    const headers = { authorization: "Bearer anything" };
    const signedIn = await fetch(`${host.url}/health`, { headers });
    expect(signedIn.status).toBe(503);
    expect(await signedIn.text()).toMatch(/^{"status":"failing","reason":"Nobody can be told more/);
    expect(await host.logged('"refused"')).toContain("MCP_AUTH_MODE is missing");
  });

  test.each(["HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])(
    "/health takes no %s",
    async (method) => {
      const response = await fetch(`${host.url}/health`, { method });
      expect([response.status, response.headers.get("allow")]).toEqual([405, "GET"]);
    },
  );
});

describe("the built app with a sign-in but without an environment", () => {
  test("tells who is signed in that it fails, and the log which settings are missing or wrong, never a value", async () => {
    const issuer = await startIssuer();
    const host = await startHost({
      MCP_AUTH_MODE: "jwt",
      MCP_TENANT_ID: tenantId,
      MCP_AUDIENCES: audience,
      MCP_AUTHORITY: issuer.authority,
      MCP_ALLOWED_CLIENTS: clientId,
      MCP_TOOL_TIMEOUT_SECONDS: "forever-secret",
    });
    const headers = { authorization: `Bearer ${await issuer.sign()}` };
    const response = await fetch(`${host.url}/health`, { headers });
    const text = await response.text();
    expect(response.status).toBe(503);
    expect(JSON.parse(text)).toEqual({
      status: "failing",
      dataverse: { status: "not tried" },
      roles: "not configured: Dataverse alone decides who may do what",
    });
    const line = await host.logged('"event":"health"');
    expect(JSON.parse(line)).toMatchObject({
      configuration: {
        status: "incomplete",
        problems: [
          "DATAVERSE_URL is missing.",
          "MCP_TOOL_TIMEOUT_SECONDS must be a whole number from 1 to 200.",
        ],
        settings: {
          DATAVERSE_URL: "missing",
          MCP_TOOL_TIMEOUT_SECONDS: "wrong",
          MCP_TENANT_ID: "set",
          MCP_ALLOWED_ORIGINS: "default",
        },
      },
    });
    for (const value of ["forever-secret", tenantId, audience, issuer.authority])
      expect(text + host.log.join()).not.toContain(value);
    await host.close();
    await issuer.close();
  });
});

describe("the built app in mode jwt", () => {
  let host: RunningHost;
  let issuer: TestIssuer;
  let identity: IdentityEndpoint;
  beforeAll(async () => {
    [issuer, identity] = await Promise.all([startIssuer(), startIdentityEndpoint()]);
    // An answer that the library does not ask for again, or each test would wait for its retries.
    identity.mode = { failsWith: 400 };
    host = await startHost({
      DATAVERSE_URL: "http://127.0.0.1:9",
      MCP_AUTH_MODE: "jwt",
      MCP_TENANT_ID: tenantId,
      MCP_AUDIENCES: audience,
      MCP_AUTHORITY: issuer.authority,
      MCP_ALLOWED_CLIENTS: clientId,
      IDENTITY_ENDPOINT: identity.url,
      IDENTITY_HEADER: "x",
    });
  });
  afterAll(async () => {
    await host.close();
    await Promise.all([issuer.close(), identity.close()]);
  });

  test("sends a stranger to the metadata, where the sign-in stands", async () => {
    const response = await post(`${host.url}/mcp`, initialize);
    expect(response.status).toBe(401);
    const [, address = ""] =
      /resource_metadata="([^"]+)"/.exec(response.headers.get("www-authenticate") ?? "") ?? [];
    const metadata = (await (await fetch(address)).json()) as { authorization_servers: string[] };
    expect(metadata.authorization_servers).toEqual([`${issuer.authority}/${tenantId}/v2.0`]);
  });

  test("/health tells a stranger that it is alive, and turns a wrong token away", async () => {
    const anonymous = await fetch(`${host.url}/health`);
    expect([anonymous.status, await anonymous.text()]).toEqual([200, '{"status":"alive"}']);
    const headers = { authorization: `Bearer ${await issuer.sign({ aud: "another" })}` };
    const refused = await fetch(`${host.url}/health`, { headers });
    expect(refused.status).toBe(401);
    expect(refused.headers.get("www-authenticate")).toContain("made for another API");
  });

  test("/health tells one who is signed in that Dataverse is out of reach, and the log why", async () => {
    const headers = { authorization: `Bearer ${await issuer.sign()}` };
    const response = await fetch(`${host.url}/health`, { headers });
    expect(response.status).toBe(503);
    expect(await response.json()).toEqual({
      status: "failing",
      dataverse: { status: "failed" },
      roles: "not configured: Dataverse alone decides who may do what",
    });
    const line = await host.logged('"event":"health"');
    expect(JSON.parse(line)).toMatchObject({
      versions: { server: version, mcp: expect.arrayContaining(["2026-07-28", "2025-11-25"]) },
      configuration: { status: "ok", problems: [] },
      dataverse: { status: "failed", reason: expect.stringMatching(/^No token for Dataverse/) },
      telemetry: { status: "off" },
    });
  }, 30_000);

  test("lists its tools to one who is signed in, in at most 34 kB, without any Dataverse", async () => {
    const authorization = `Bearer ${await issuer.sign()}`;
    const response = await post(
      `${host.url}/mcp`,
      { jsonrpc: "2.0", id: 2, method: "tools/list" },
      { authorization },
    );
    const text = await response.text();
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(34_000);
    expect((JSON.parse(text) as Rpc).result?.tools?.map((tool) => tool.name)).toContain(
      "read_query",
    );
  });

  test("takes a chunked body without a length, as the C# client sends it", async () => {
    const authorization = `Bearer ${await issuer.sign()}`;
    const answer = await new Promise<string>((done, fail) => {
      const request = httpRequest(`${host.url}/mcp`, {
        method: "POST",
        headers: {
          "content-type": "application/json; charset=utf-8",
          "mcp-method": "initialize",
          "transfer-encoding": "chunked",
          authorization,
        },
      });
      request.on("response", (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (part: string) => {
          text += part;
        });
        response.on("end", () => done(text));
      });
      request.on("error", fail);
      const text = JSON.stringify(initialize);
      request.write(text.slice(0, 20));
      request.end(text.slice(20));
    });
    expect((JSON.parse(answer) as Rpc).result?.serverInfo?.name).toBe("customer-service-mcp");
  });

  test("answers a tool call in words when Dataverse cannot be reached, and logs one line without the arguments", async () => {
    const authorization = `Bearer ${await issuer.sign()}`;
    const call = {
      jsonrpc: "2.0",
      id: 3,
      method: "tools/call",
      params: { name: "describe_table", arguments: { tablename: "secretword" } },
    };
    const { result } = await read(await post(`${host.url}/mcp`, call, { authorization }));
    expect(result?.isError).toBe(true);
    expect(result?.content?.[0]?.text).toMatch(/No token for Dataverse/);
    const lines = host.log.filter((line) => line.includes('"tool_call"'));
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? "")).toMatchObject({
      tool: "describe_table",
      era: "legacy",
      outcome: "upstream",
    });
    expect(host.log.join()).not.toContain("secretword");
  }, 60_000);
});

describe("the built app with roles", () => {
  let host: RunningHost;
  let issuer: TestIssuer;
  let identity: IdentityEndpoint;
  beforeAll(async () => {
    [issuer, identity] = await Promise.all([startIssuer(), startIdentityEndpoint()]);
    identity.mode = { failsWith: 400 };
    host = await startHost({
      DATAVERSE_URL: "http://127.0.0.1:9",
      MCP_AUTH_MODE: "jwt",
      MCP_TENANT_ID: tenantId,
      MCP_AUDIENCES: audience,
      MCP_AUTHORITY: issuer.authority,
      MCP_ALLOWED_CLIENTS: clientId,
      MCP_ROLES: "csr=CSR,manager=CSR.Manager,admin=Admin",
      IDENTITY_ENDPOINT: identity.url,
      IDENTITY_HEADER: "x",
    });
  });
  afterAll(async () => {
    await host.close();
    await Promise.all([issuer.close(), identity.close()]);
  });

  const listed = async (path: string, held: unknown) => {
    const headers = { authorization: `Bearer ${await issuer.sign({ roles: held })}` };
    const { result } = await read(
      await post(`${host.url}${path}`, { jsonrpc: "2.0", id: 1, method: "tools/list" }, headers),
    );
    return result?.tools?.map(({ name }) => name);
  };

  test("shows what the roles in a signed token allow, at each address", async () => {
    expect(await listed("/mcp", undefined)).toEqual([]);
    expect(await listed("/mcp", "Admin")).toEqual([]);
    expect(await listed("/mcp", ["Admin"])).toHaveLength(23);
    expect(await listed("/mcp", ["CSR"])).toHaveLength(19);
    expect(await listed("/mcp/Read", ["Admin"])).toHaveLength(7);
    expect(await listed("/mcp/data", ["CSR"])).toHaveLength(5);
    expect(await listed("/mcp/service/", ["Admin"])).toHaveLength(19);
  });

  test("an address that there is not is told so, with those that there are", async () => {
    const response = await post(`${host.url}/mcp/everything`, initialize);
    expect(response.status).toBe(404);
    expect((await read(response)).error?.message).toBe(
      "There is no endpoint at this address; there are /mcp, /mcp/read, /mcp/service, /mcp/data, /mcp/full.",
    );
    const metadata = await fetch(`${host.url}/.well-known/oauth-protected-resource/mcp/read`);
    expect(metadata.status).toBe(200);
  });

  test("/health shows states to administrators alone", async () => {
    const health = async (held: readonly string[]) => {
      const headers = { authorization: `Bearer ${await issuer.sign({ roles: held })}` };
      return (await fetch(`${host.url}/health`, { headers })).json();
    };
    expect(await health(["CSR.Manager"])).toEqual({
      status: "failing",
      dataverse: { status: "failed" },
    });
    expect(await health(["Admin"])).toMatchObject({
      configuration: { status: "ok", settings: { MCP_ROLES: "set", MCP_PROFILE: "default" } },
    });
  }, 60_000);
});

test("a taken port is named, with the setting that changes it", async () => {
  const blocker = createServer();
  await new Promise<void>((done) => blocker.listen(0, "127.0.0.1", done));
  const { port } = blocker.address() as AddressInfo;
  await expect(startHost({ PORT: String(port) })).rejects.toThrow(`Port ${port} is taken`);
  await new Promise<void>((done) => void blocker.close(() => done()));
});
