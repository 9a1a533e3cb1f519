import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { startEndpoint, type TestEndpoint } from "../../support/endpoint";

let endpoint: TestEndpoint;
beforeAll(async () => {
  endpoint = await startEndpoint();
});
afterAll(() => endpoint.close());

test.each([
  ["finding the era out", { mode: "auto" as const }],
  ["pinned to 2026-07-28", { mode: { pin: "2026-07-28" } }],
  ["of the older revisions", { mode: "legacy" as const }],
])("the official new client, %s, connects, lists and calls", async (_, versionNegotiation) => {
  const client = new Client({ name: "test", version: "1" }, { versionNegotiation });
  await client.connect(new StreamableHTTPClientTransport(new URL(endpoint.url)));
  expect((await client.listTools()).tools.map((tool) => tool.name)).toEqual(["say", "fail"]);
  const result = await client.callTool({ name: "say", arguments: { word: "hi" } });
  expect(result).toMatchObject({ structuredContent: { said: "hi" } });
  await client.close();
});
