import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type RunningHost, startHost } from "../support/host";
import { audience, clientId, startIssuer, type TestIssuer, tenantId } from "../support/issuer";
import { type Connection, keepConnection, sendBytes } from "../support/raw-http";

/** The built app behind its stand-in of the Functions host, as a stranger on the wire meets it. */
let issuer: TestIssuer;
let host: RunningHost;
let connection: Connection;

const jwt = () => ({
  DATAVERSE_URL: "http://127.0.0.1:9",
  MCP_AUTH_MODE: "jwt",
  MCP_TENANT_ID: tenantId,
  MCP_AUDIENCES: audience,
  MCP_AUTHORITY: issuer.authority,
  MCP_ALLOWED_CLIENTS: clientId,
});
const dev = {
  DATAVERSE_URL: "http://127.0.0.1:9",
  MCP_AUTH_MODE: "dev",
  MCP_DEV_USER_OBJECT_ID: "0b000000-0000-4000-8000-000000000001",
};

beforeAll(async () => {
  issuer = await startIssuer();
  host = await startHost(jwt());
  connection = keepConnection();
});
afterAll(async () => {
  connection.close();
  await host.close();
  await issuer.close();
});

const ping = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "ping" });
const json = { "content-type": "application/json" };
const signedIn = async () => ({ ...json, authorization: `Bearer ${await issuer.sign()}` });

async function expectFitConnection(): Promise<void> {
  const next = await connection.post(`${host.url}/mcp`, ping, await signedIn());
  expect([next.status, JSON.parse(next.text)]).toEqual([
    200,
    { jsonrpc: "2.0", id: 1, result: {} },
  ]);
}

describe("the next request after a refused body is answered:", () => {
  const big = "x".repeat(3 * 1_048_576);
  const refusals: readonly (readonly [string, number, Record<string, string>, string, string?])[] =
    [
      ["announced as too large", 413, {}, big],
      ["too large in pieces", 413, { "transfer-encoding": "chunked" }, big],
      ["without a token", 401, { authorization: "" }, "x".repeat(900_000)],
      ["of another type", 415, { "content-type": "text/plain" }, "x".repeat(900_000)],
      ["from a foreign page", 403, { origin: "https://evil.example" }, "x".repeat(900_000)],
      ["no JSON", 400, {}, "x".repeat(900_000)],
      ["not UTF-8", 400, {}, "\u0000"],
      ["of a verb that is not taken", 405, {}, "x".repeat(900_000), "PUT"],
      ["for a path that is not there", 404, {}, "x".repeat(900_000), "/nowhere"],
    ];
  test.each(refusals)("%s", async (_, status, headers, body, more = "POST") => {
    const url = more.startsWith("/") ? `${host.url}${more}` : `${host.url}/mcp`;
    const method = more.startsWith("/") ? "POST" : more;
    const all = { ...(await signedIn()), ...headers };
    for (let round = 0; round < 2; round++) {
      const answer = await connection.post(url, body, all, method);
      expect(answer.status).toBe(status);
    }
    await expectFitConnection();
  });

  test("one that is answered before it is all sent, and never ends: the answer comes, then the end", async () => {
    const head = `POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 9000000\r\n\r\n{`;
    const answer = await sendBytes(host.url, head);
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    expect(answer).toMatch(/\r\nconnection: close\r\n/i);
    expect(answer).toContain("larger than 1 MiB");
  });
});

describe("what a request says of its own host is not repeated", () => {
  const challenge = () =>
    `Bearer resource_metadata="${host.url}/.well-known/oauth-protected-resource"`;

  test.each(['a",realm="x', "evil.example", "evil.example:443", "localhost:1", "[::1]:1", "x y"])(
    "Host: %s",
    async (name) => {
      const answer = await connection.post(`${host.url}/mcp`, ping, { ...json, host: name });
      if (answer.status === 401) expect(answer.headers["www-authenticate"]).toBe(challenge());
      else expect(answer.status).toBe(400);
      expect(answer.headers["www-authenticate"] ?? "").not.toContain(name);
    },
  );

  test("nor what a proxy says, in challenge and metadata", async () => {
    const forwarded = {
      "x-forwarded-host": "evil.example",
      forwarded: "host=evil.example",
      "x-original-host": "evil.example",
    };
    const refused = await connection.post(`${host.url}/mcp`, ping, { ...json, ...forwarded });
    expect(refused.headers["www-authenticate"]).toBe(challenge());
    for (const path of ["", "/mcp"]) {
      const url = `${host.url}/.well-known/oauth-protected-resource${path}`;
      const metadata = await connection.post(
        url,
        "",
        { ...forwarded, host: "evil.example" },
        "GET",
      );
      expect([metadata.status, JSON.parse(metadata.text).resource]).toEqual([
        200,
        `${host.url}/mcp`,
      ]);
    }
    const other = `${host.url}/.well-known/oauth-protected-resource/other`;
    expect((await connection.post(other, "", {}, "GET")).status).toBe(404);
  });

  test("the name that the platform gives is https", async () => {
    const azure = await startHost({
      ...jwt(),
      WEBSITE_HOSTNAME: "func-x.azurewebsites.net",
      WEBSITE_SITE_NAME: "func-x",
    });
    const answer = await connection.post(`${azure.url}/mcp`, ping, {
      ...json,
      "x-forwarded-proto": "http",
    });
    expect(answer.headers["www-authenticate"]).toBe(
      'Bearer resource_metadata="https://func-x.azurewebsites.net/.well-known/oauth-protected-resource"',
    );
    await azure.close();
  });
});

test("two Authorization headers are one too many, whichever is good", async () => {
  const good = `Bearer ${await issuer.sign()}`;
  for (const authorization of [
    [good, "Bearer x"],
    ["Bearer x", good],
    [good, good],
  ]) {
    const answer = await connection.post(`${host.url}/mcp`, ping, { ...json, authorization });
    expect(answer.status).toBe(401);
  }
});

test("keys that cannot be read are 503 with the time to come again, at /mcp and /health, and stand in the log", async () => {
  const fresh = await startHost(jwt());
  issuer.failure = (response) => void response.writeHead(500).end("<html>");
  const headers = await signedIn();
  for (const [path, method] of [
    ["/mcp", "POST"],
    ["/health", "GET"],
  ] as const) {
    const answer = await connection.post(
      `${fresh.url}${path}`,
      method === "GET" ? "" : ping,
      headers,
      method,
    );
    expect([answer.status, Number(answer.headers["retry-after"])]).toEqual([503, 1]);
    expect(answer.text).not.toMatch(/MCP_|malformed/);
  }
  expect(await fresh.logged('"signing_keys"')).toContain("answers 500");
  issuer.failure = undefined;
  await fresh.close();
});

describe("mode dev", () => {
  const post = async (
    environment: Record<string, string>,
    headers: Record<string, string> = {},
  ) => {
    const local = await startHost({ ...dev, ...environment });
    const answer = await connection.post(`${local.url}/mcp`, ping, { ...json, ...headers });
    const line = answer.status === 503 ? await local.logged('"refused"') : "";
    await local.close();
    return { status: answer.status, text: answer.text, line };
  };

  test("answers under func start, which says WEBSITE_HOSTNAME=localhost:7071, and without it", async () => {
    const [told, untold] = await Promise.all([
      post({ WEBSITE_HOSTNAME: "localhost:7071" }),
      post({}),
    ]);
    expect([told.status, untold.status]).toEqual([200, 200]);
  });

  test.each([
    ["KUBERNETES_SERVICE_HOST", "10.0.0.1"],
    ["WEBSITE_HOSTNAME", "func-x.azurewebsites.net"],
    ["WEBSITE_INSTANCE_ID", "x"],
  ])("refuses to serve where %s stands, naming it in the log alone", async (name, value) => {
    const { status, text, line } = await post({ [name]: value });
    expect([status, line]).toEqual([503, expect.stringContaining(name)]);
    expect(text).not.toContain(name);
  });

  test("refuses another host and what was passed on, and tells /health to this machine alone", async () => {
    const local = await startHost(dev);
    const at = async (path: string, headers: Record<string, string>, method = "POST") =>
      connection.post(
        `${local.url}${path}`,
        method === "GET" ? "" : ping,
        { ...json, ...headers },
        method,
      );
    expect((await at("/mcp", { host: "rebound.example:7071" })).status).toBe(403);
    expect((await at("/mcp", { "x-forwarded-for": "203.0.113.7" })).status).toBe(403);
    expect((await at("/mcp", { "x-forwarded-host": "localhost" })).status).toBe(403);
    expect((await at("/mcp", { origin: "https://evil.example" })).status).toBe(403);
    expect((await at("/mcp", { host: "localhost:7071" })).status).toBe(200);
    expect((await at("/health", { host: "rebound.example" }, "GET")).text).toBe(
      '{"status":"alive"}',
    );
    expect((await at("/health", {}, "GET")).text).toContain("versions");
    await local.close();
  }, 30_000);
});
