import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { Client as LegacyClient } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { logLine } from "../../../shared/trace";
import { startEndpoint, type TestEndpoint } from "../../support/endpoint";

let endpoint: TestEndpoint;
beforeAll(async () => {
  endpoint = await startEndpoint();
});
afterAll(() => endpoint.close());

const list = { jsonrpc: "2.0", id: 7, method: "tools/list" };
const say = (args: unknown, id: unknown = 1) => ({
  jsonrpc: "2.0",
  id,
  method: "tools/call",
  params: { name: "say", arguments: args },
});
const envelope = {
  "io.modelcontextprotocol/protocolVersion": "2026-07-28",
  "io.modelcontextprotocol/clientCapabilities": {},
  "io.modelcontextprotocol/clientInfo": { name: "test", version: "1" },
};
const modern = (method: string, params: Record<string, unknown> = {}, version = "2026-07-28") => ({
  jsonrpc: "2.0",
  id: 9,
  method,
  params: { ...params, _meta: { ...envelope, "io.modelcontextprotocol/protocolVersion": version } },
});
const modernHeaders = (method: string, name?: string) => ({
  "mcp-protocol-version": "2026-07-28",
  "mcp-method": method,
  ...(name === undefined ? {} : { "mcp-name": name }),
});

interface Answer {
  id?: unknown;
  error?: { code: number; message: string };
  result?: {
    tools?: { name: string }[];
    isError?: boolean;
    content?: { text: string }[];
    structuredContent?: unknown;
    protocolVersion?: string;
    resultType?: string;
    ttlMs?: number;
  };
}
const read = async (response: Response) => ({
  status: response.status,
  body: (await response.json()) as Answer,
});

describe("whatever a client accepts, it is answered", () => {
  test.each([["application/json, text/event-stream"], ["application/json"], ["*/*"], [""]])(
    "accept %s gets JSON",
    async (accept) => {
      const response = await endpoint.post(list, { accept });
      expect(response.headers.get("content-type")).toMatch(/^application\/json/);
      expect((await read(response)).body.result?.tools?.map((tool) => tool.name)).toEqual([
        "say",
        "fail",
      ]);
    },
  );

  test("an event stream alone gets one event with the same JSON", async () => {
    const response = await endpoint.post(list, { accept: "text/event-stream" });
    expect(response.headers.get("content-type")).toBe("text/event-stream");
    const [, data = ""] = /^event: message\ndata: (.*)\n\n$/.exec(await response.text()) ?? [];
    expect((JSON.parse(data) as Answer).id).toBe(7);
  });

  test.each([["application/json, text/event-stream"], ["application/json"], [undefined]])(
    "a modern request that accepts %s gets JSON",
    async (accept) => {
      const { status, body } = await read(
        await endpoint.post(modern("tools/list"), { ...modernHeaders("tools/list"), accept }),
      );
      expect(status).toBe(200);
      expect(body.result).toMatchObject({
        resultType: "complete",
        ttlMs: 300_000,
        cacheScope: "private",
      });
    },
  );
});

describe("what is not a request is refused before anything runs", () => {
  test.each(["GET", "DELETE", "PUT", "PATCH"])(
    "%s is 405 with Allow, even for one who is not signed in",
    async (method) => {
      const stranger = await startEndpoint({ isSignedIn: false });
      const response = await fetch(stranger.url, {
        method,
        headers: { accept: "text/event-stream" },
      });
      expect([response.status, response.headers.get("allow")]).toEqual([405, "POST"]);
      await stranger.close();
    },
  );

  test.each([
    ["text for JSON", "{", {}, 400, -32700],
    ["an empty body", "", {}, 400, -32700],
    ["another content type", list, { "content-type": "text/plain" }, 415, -32600],
    ["a foreign origin", list, { origin: "https://evil.example" }, 403, -32000],
    ["an empty batch", [], {}, 400, -32600],
    ["a batch of 101", Array(101).fill(list), {}, 400, -32600],
    ["initialize inside a batch", [{ ...list, method: "initialize" }], {}, 400, -32600],
    ["a response", { jsonrpc: "2.0", id: 1, result: {} }, {}, 400, -32600],
    ["null as id", { ...list, id: null }, {}, 400, -32600],
    ["a broken number as id", { ...list, id: 1.5 }, {}, 400, -32600],
    ["params that are a list", { ...list, params: [1] }, {}, 400, -32600],
    ["a bare word", '"tools/list"', {}, 400, -32600],
    [
      "5 MB",
      `{"jsonrpc":"2.0","id":1,"method":"ping","params":{"x":"${"a".repeat(5_000_000)}"}}`,
      {},
      413,
      -32600,
    ],
  ])("%s", async (_, body, headers, status, code) => {
    const answer = await read(await endpoint.post(body, headers as Record<string, string>));
    expect([answer.status, answer.body.error?.code]).toEqual([status, code]);
  });

  test("a body that announces more than 1 MiB, whoever sends it; a chunked one as soon as it is seen", async () => {
    const stranger = await startEndpoint({ isSignedIn: false });
    const big = "x".repeat(1_200_000);
    const announced = await fetch(stranger.url, { method: "POST", body: big });
    expect(announced.status).toBe(413);
    const chunks = new ReadableStream({
      start(controller) {
        for (let i = 0; i < 12; i += 1) controller.enqueue(Buffer.alloc(100_000, 120));
        controller.close();
      },
    });
    const headers = { "content-type": "application/json" };
    const chunked = { method: "POST", headers, body: chunks, duplex: "half" } as RequestInit;
    expect((await fetch(endpoint.url, chunked)).status).toBe(413);
    await stranger.close();
  });

  test("an origin on loopback passes, for the server is there, too", async () => {
    const origin = "http://localhost:5173";
    expect((await endpoint.post(list, { origin })).status).toBe(200);
    expect((await endpoint.post(list, { origin: "null" })).status).toBe(403);
  });

  test("a friendly origin and a content type with parameters pass", async () => {
    const response = await endpoint.post(list, {
      origin: "https://friend.example",
      "content-type": "Application/JSON; charset=utf-8",
    });
    expect(response.status).toBe(200);
  });
});

describe("revisions up to 2025-11-25", () => {
  const initialize = (protocolVersion: string, more = {}) => ({
    jsonrpc: "2.0",
    id: "1",
    method: "initialize",
    params: {
      protocolVersion,
      capabilities: {},
      clientInfo: { name: "mcs", version: "1" },
      ...more,
    },
  });

  test.each([
    ["2024-11-05", "2024-11-05"],
    ["2025-03-26", "2025-03-26"],
    ["2025-11-25", "2025-11-25"],
    ["2099-01-01", "2025-11-25"],
  ])("initialize with %s agrees on %s, without a session", async (asked, given) => {
    const response = await endpoint.post(initialize(asked, { sessionContext: {} }));
    expect(response.headers.get("mcp-session-id")).toBeNull();
    expect((await read(response)).body.result?.protocolVersion).toBe(given);
  });

  test("a notification gets 202 and nothing else", async () => {
    const response = await endpoint.post({ jsonrpc: "2.0", method: "notifications/initialized" });
    expect([response.status, await response.text()]).toEqual([202, ""]);
  });

  test("a batch is answered by a list, one of notifications by 202", async () => {
    const answers = (await (
      await endpoint.post([say({ word: "a" }, 1), say({ word: "b" }, 2)])
    ).json()) as Answer[];
    expect(new Set(answers.map((each) => each.id))).toEqual(new Set([1, 2]));
    expect(
      (await endpoint.post([{ jsonrpc: "2.0", method: "notifications/initialized" }])).status,
    ).toBe(202);
  });

  test("ping is answered, an unknown method is an error on 200, a stale session is ignored", async () => {
    expect(
      (
        await read(
          await endpoint.post(
            { jsonrpc: "2.0", id: 1, method: "ping" },
            { "mcp-session-id": "old" },
          ),
        )
      ).body.result,
    ).toEqual({});
    const { status, body } = await read(
      await endpoint.post({ jsonrpc: "2.0", id: 4, method: "no/such" }),
    );
    expect([status, body.error?.code, body.id]).toEqual([200, -32601, 4]);
  });

  test("an unknown version header is 400 with the id of the request", async () => {
    const { status, body } = await read(
      await endpoint.post(list, { "mcp-protocol-version": "1900-01-01" }),
    );
    expect([status, body.error?.code, body.id]).toEqual([400, -32000, 7]);
  });
});

describe("revision 2026-07-28", () => {
  test("discover and a call are served, results complete", async () => {
    const discovered = await read(
      await endpoint.post(modern("server/discover"), modernHeaders("server/discover")),
    );
    expect(discovered.body.result).toMatchObject({
      supportedVersions: expect.arrayContaining(["2026-07-28"]),
      resultType: "complete",
    });
    const called = await read(
      await endpoint.post(
        modern("tools/call", { name: "say", arguments: { word: "hi", times: 2 } }),
        modernHeaders("tools/call", "say"),
      ),
    );
    expect(called.body.result).toMatchObject({
      resultType: "complete",
      structuredContent: { said: "hi hi" },
    });
  });

  test.each([
    [
      "a version header without the envelope",
      list,
      { "mcp-protocol-version": "2026-07-28", "mcp-method": "tools/list" },
      400,
      -32602,
    ],
    [
      "an envelope without the version header",
      modern("tools/list"),
      { "mcp-method": "tools/list" },
      400,
      -32020,
    ],
    [
      "an unknown version",
      modern("tools/list", {}, "2027-01-01"),
      { "mcp-protocol-version": "2027-01-01", "mcp-method": "tools/list" },
      400,
      -32022,
    ],
    ["an unknown method", modern("no/such"), modernHeaders("no/such"), 404, -32601],
    ["ping", modern("ping"), modernHeaders("ping"), 404, -32601],
    [
      "a name header that differs from the body",
      modern("tools/call", { name: "say", arguments: {} }),
      modernHeaders("tools/call", "fail"),
      400,
      -32020,
    ],
  ])("%s is refused with the id of the request", async (_, body, headers, status, code) => {
    const answer = await read(await endpoint.post(body, headers));
    expect([answer.status, answer.body.error?.code]).toEqual([status, code]);
    expect(answer.body.id).toBe((body as { id: number }).id);
  });

  test("listening ends at once instead of holding the invocation", async () => {
    const response = await endpoint.post(
      modern("subscriptions/listen", { notifications: {} }),
      modernHeaders("subscriptions/listen"),
    );
    expect(response.status).toBe(200);
    expect(await response.text()).toContain("notifications/subscriptions/acknowledged");
  });
});

describe("a tool call that goes wrong tells the model what to do", () => {
  const call = async (name: string, args: unknown) =>
    (
      await read(
        await endpoint.post({
          jsonrpc: "2.0",
          id: 1,
          method: "tools/call",
          params: { name, arguments: args },
        }),
      )
    ).body;

  test("every wrong argument at once, with the accepted values", async () => {
    const { result } = await call("say", { times: 0, tone: "shrill", Word: "x" });
    expect(result?.isError).toBe(true);
    expect(result?.content?.[0]?.text).toBe(
      [
        "The arguments of say are not right.",
        "- word is missing (string).",
        "- times: Too small: expected number to be >=1.",
        '- tone: Invalid option: expected one of "calm"|"loud".',
        "- There is no argument Word: use word.",
        "Arguments of say: word, times, tone. Mend all that is listed and call again.",
      ].join("\n"),
    );
  });

  test("our errors in full, and nothing of what came from elsewhere", async () => {
    const { result } = await call("fail", { how: "throttled" });
    expect(result?.content?.[0]?.text).toBe(
      "Too many requests.\n- one\n- two\nWait.\nTry again after 3 s.",
    );
  });

  test("a bug becomes an id, and is reported", async () => {
    const { result } = await call("fail", { how: "bug" });
    expect(result?.content?.[0]?.text).toMatch(/report this id .*[0-9a-f-]{36}$/);
    expect(JSON.stringify(result)).not.toContain("secret");
    expect(endpoint.bugs.at(-1)).toBeInstanceOf(TypeError);
  });

  test.each([
    ["legacy", say({ word: "hi" }), {}],
    [
      "modern",
      modern("tools/call", { name: "say", arguments: { word: "hi" } }),
      modernHeaders("tools/call", "say"),
    ],
  ])("what fails around a %s call becomes an id, too", async (_, body, headers) => {
    const broken = await startEndpoint({ contextFails: true });
    const response = await fetch(broken.url, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    expect(text).toMatch(/report this id/);
    expect(text).not.toContain("secret");
    expect(broken.bugs).toHaveLength(1);
    await broken.close();
  });

  test.each(["hang", "wait"])(
    "a tool that never ends (%s) is given up at its deadline",
    async (how) => {
      endpoint.calls.length = 0;
      expect((await call("fail", { how })).result?.content?.[0]?.text).toMatch(/took too long/);
      expect(endpoint.calls.map(({ outcome }) => outcome)).toEqual(["timeout"]);
    },
  );

  test("a tool whose time is over has the last word on what it did", async () => {
    expect((await call("fail", { how: "last words" })).result?.content?.[0]?.text).toBe(
      "It is not known whether the row 17 was made.",
    );
  });

  test("an answer that is too long is refused with advice", async () => {
    expect(
      (await call("say", { word: "word", times: 100_000 })).result?.content?.[0]?.text,
    ).toMatch(/too long .*Ask for fewer/s);
  });

  test("every call is told once, with its outcome and without what it was about", async () => {
    endpoint.calls.length = 0;
    await call("say", { word: "private" });
    await call("fail", { how: "bug" });
    await call("say", {});
    expect(endpoint.calls.map(({ tool, era, outcome }) => [tool, era, outcome])).toEqual([
      ["say", "legacy", "ok"],
      ["fail", "legacy", "bug"],
      ["say", "legacy", "invalid"],
    ]);
    expect(endpoint.calls.map(logLine).join()).not.toContain("private");
  });

  test("an unknown tool is a protocol error that names the tools", async () => {
    expect((await call("sya", {})).error).toMatchObject({
      code: -32602,
      message: expect.stringContaining("say, fail"),
    });
  });
});

test("the official client of the older revisions connects, lists and calls", async () => {
  const client = new LegacyClient({ name: "test", version: "1" });
  await client.connect(new StreamableHTTPClientTransport(new URL(endpoint.url)) as never);
  expect((await client.listTools()).tools).toHaveLength(2);
  expect(await client.callTool({ name: "say", arguments: { word: "hi" } })).toMatchObject({
    structuredContent: { said: "hi" },
  });
  await client.close();
});
