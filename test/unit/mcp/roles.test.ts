import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { batchLimit } from "../../../shared/mcp/guards";
import { type Profile, permissionOf, profiles } from "../../../shared/policy/access";
import { tools } from "../../../shared/tools";
import { startEndpoint, type TestEndpoint } from "../../support/endpoint";

/** The tools over HTTP, with what the tokens of four people say of their roles. */
const access = {
  roles: { csr: "CSR", manager: "CSR.Manager", admin: "Admin" },
  noRole: "none",
  profile: "full",
  isReadOnly: false,
} as const;
const people = ["", "CSR", "CSR.Manager", "Admin", "CSR,Admin"];
let endpoint: TestEndpoint;

beforeAll(async () => {
  endpoint = await startEndpoint({ tools, access, timeoutMs: 5_000 });
});
afterAll(() => endpoint.close());

const envelope = {
  "io.modelcontextprotocol/protocolVersion": "2026-07-28",
  "io.modelcontextprotocol/clientCapabilities": {},
};
const eras = {
  "an older revision": { headers: {}, meta: {} },
  "2026-07-28": {
    headers: { "mcp-protocol-version": "2026-07-28" },
    meta: { _meta: envelope },
  },
} as const;

type Reply = {
  result?: {
    tools?: { name: string }[];
    isError?: boolean;
    content?: { text: string }[];
    instructions?: string;
    cacheScope?: string;
  };
};

describe.each(Object.entries(eras))("in %s", (_, { headers, meta }) => {
  const post = async (held: string, profile: Profile, body: Record<string, unknown>) => {
    const params = body.params as { name?: string } | undefined;
    const response = await endpoint.post(
      { jsonrpc: "2.0", id: 1, ...body, params: { ...params, ...meta } },
      {
        ...headers,
        "x-test-roles": held,
        "x-test-profile": profile,
        ...("mcp-protocol-version" in headers
          ? { "mcp-method": String(body.method), "mcp-name": params?.name }
          : {}),
      },
    );
    expect(response.status).toBe(200);
    return (await response.json()) as Reply;
  };

  test("list and calls agree for every role, profile and tool", async () => {
    for (const held of people) {
      for (const profile of profiles) {
        const { result } = await post(held, profile, { method: "tools/list" });
        const listed = (result?.tools ?? []).map(({ name }) => name);
        const permission = permissionOf(held.split(","), access, profile);
        const wanted = tools.filter((tool) => permission.refuse(tool) === undefined);
        expect(listed).toEqual(wanted.map(({ name }) => name));
        for (const tool of tools) {
          // An argument that no tool has: whoever may call it is told of that, and nothing is done.
          const args = { no_such_argument: 1 };
          const answer = await post(held, profile, {
            method: "tools/call",
            params: { name: tool.name, arguments: args },
          });
          const text = answer.result?.content?.[0]?.text ?? "";
          expect([tool.name, answer.result?.isError]).toEqual([tool.name, true]);
          expect([held, profile, tool.name, /app role|is not offered/.test(text)]).toEqual([
            held,
            profile,
            tool.name,
            !listed.includes(tool.name),
          ]);
        }
      }
    }
  });
});

test("a batch is judged call by call", async () => {
  const call = (id: number, name: string) => ({
    jsonrpc: "2.0",
    id,
    method: "tools/call",
    params: { name, arguments: { no_such_argument: 1 } },
  });
  const response = await endpoint.post([call(1, "delete_record"), call(2, "read_query")], {
    "x-test-roles": "CSR",
    "mcp-protocol-version": "2025-03-26",
  });
  const texts = ((await response.json()) as Reply[]).map((one) => one.result?.content?.[0]?.text);
  expect(texts.filter((text) => text?.includes("CSR.Manager or Admin"))).toHaveLength(1);
});

test("a batch of all tools is judged as each call is, for every role and profile", async () => {
  for (const held of people) {
    for (const profile of profiles) {
      const calls = tools.map(({ name }, id) => ({
        jsonrpc: "2.0",
        id,
        method: "tools/call",
        params: { name, arguments: { no_such_argument: 1 } },
      }));
      const replies: (Reply & { id: number })[] = [];
      for (let at = 0; at < calls.length; at += batchLimit) {
        const response = await endpoint.post(calls.slice(at, at + batchLimit), {
          "x-test-roles": held,
          "x-test-profile": profile,
          "mcp-protocol-version": "2025-03-26",
        });
        replies.push(...((await response.json()) as typeof replies));
      }
      const permission = permissionOf(held.split(","), access, profile);
      const refused = replies.flatMap(({ id, result }) =>
        /app role|is not offered/.test(result?.content?.[0]?.text ?? "") ? [tools[id]?.name] : [],
      );
      expect([held, profile, refused.sort()]).toEqual([
        held,
        profile,
        tools.flatMap((tool) => (permission.refuse(tool) ? [tool.name] : [])).sort(),
      ]);
    }
  }
});

test("whoever has no role connects, sees nothing, and reads why", async () => {
  const response = await endpoint.post({
    jsonrpc: "2.0",
    id: 1,
    method: "initialize",
    params: {
      protocolVersion: "2025-11-25",
      capabilities: {},
      clientInfo: { name: "test", version: "1" },
    },
  });
  expect(((await response.json()) as Reply).result?.instructions).toMatch(
    /^You have none of the app roles CSR, CSR.Manager, Admin, so no tool is offered to you/,
  );
});

test("a refused call is told of in the log", async () => {
  const before = endpoint.calls.length;
  await endpoint.post({
    jsonrpc: "2.0",
    id: 1,
    method: "tools/call",
    params: { name: "delete_table", arguments: {} },
  });
  expect(endpoint.calls.slice(before)).toMatchObject([
    { tool: "delete_table", outcome: "forbidden" },
  ]);
});
