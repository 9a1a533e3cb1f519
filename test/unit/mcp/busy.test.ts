import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { z } from "zod";
import { defineTool, type Tool } from "../../../shared/tools/define";
import { startEndpoint, type TestEndpoint } from "../../support/endpoint";
import { mcpClients } from "../../support/mcp-clients";

/** A server of which one call has the only place, so that every other is refused. */
let endpoint: TestEndpoint;
let release: () => void = () => undefined;
let isHeld: Promise<void>;
let held: Promise<Response>;

const output = z.object({ said: z.string() });
const holding = (told: () => void) =>
  defineTool({
    name: "hold",
    title: "Hold",
    description: "Holds its place until it is let go.",
    effect: "read",
    needs: {},
    input: z.strictObject({ text: z.string().optional(), list: z.array(z.number()).optional() }),
    output,
    run: async () => {
      told();
      await new Promise<void>((done) => {
        release = done;
      });
      return { text: "held", structured: { said: "held" } };
    },
  }) as unknown as Tool;

const call = (args: unknown, id: unknown = 5) => ({
  jsonrpc: "2.0",
  method: "tools/call",
  params: { name: "hold", arguments: args },
  id,
});

beforeAll(async () => {
  let told: () => void = () => undefined;
  isHeld = new Promise((done) => {
    told = done;
  });
  endpoint = await startEndpoint({
    tools: [holding(told)],
    limits: { running: 1, waiting: 0, bodyBytes: 100_000, bodyMs: 30_000 },
    timeoutMs: 60_000,
  });
  held = endpoint.post(call({}), { "x-test-person": "who holds the place" });
  await isHeld;
});
afterAll(async () => {
  release();
  expect((await held).status).toBe(200);
  await endpoint.close();
});

const words =
  /^The server is busy with other calls, so this one was not begun\.\nNothing was changed: .*\nTry again after \d+ s\.$/;

describe("a server without a free place", () => {
  test.each(mcpClients)("tells %s so in a tool's answer", async (_name, protocol, connect) => {
    const client = await connect(endpoint.url);
    expect(client.protocol).toBe(protocol);
    expect(await client.tools()).toEqual(["hold"]);
    for (const args of [{}, { text: "x".repeat(300_000) }]) {
      const { text, isError } = await client.call("hold", args);
      expect(isError).toBe(true);
      expect(text).toMatch(words);
    }
    await client.close();
  });

  test("refuses each call of a batch, and answers the rest of it", async () => {
    const batch = [call({}, 1), { jsonrpc: "2.0", id: 2, method: "ping" }, call({}, "three")];
    const response = await endpoint.post(batch);
    const answers = (await response.json()) as {
      id: unknown;
      result: { isError?: boolean };
    }[];
    expect(response.status).toBe(200);
    expect(answers.map(({ id, result }) => [id, result.isError])).toEqual([
      [1, true],
      [2, undefined],
      ["three", true],
    ]);
  });

  test("says in the log that it refused", async () => {
    endpoint.calls.length = 0;
    await endpoint.post(call({}));
    expect(endpoint.calls).toMatchObject([{ tool: "hold", outcome: "throttled" }]);
  });

  test("answers 429 and Retry-After where there is no room even for the shape of a body", async () => {
    const response = await endpoint.post({ more: Array(60_000).fill(1), ...call({}) });
    expect(response.status).toBe(429);
    const seconds = Number(response.headers.get("retry-after"));
    expect(seconds).toBeGreaterThan(0);
    expect(await response.json()).toMatchObject({
      jsonrpc: "2.0",
      error: { message: expect.stringContaining(`Try again after ${seconds} s`) },
    });
  });
});
