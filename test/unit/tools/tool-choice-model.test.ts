import { spawn } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { resolve } from "node:path";
import { expect, test } from "@jest/globals";
import { tools } from "../../../shared/tools";
import requests from "../../cases/tool-choice.json";

type Request = (typeof requests)[number];

/** Runs the check that anyone with a key runs, against a service on loopback that chooses as told. */
async function run(choose: (wanted: Request) => { name: string; arguments: unknown }) {
  const asked: { tools: number; key: string | undefined }[] = [];
  const server = createServer(async (incoming, response) => {
    const parts: Buffer[] = [];
    for await (const part of incoming) parts.push(part as Buffer);
    const body = JSON.parse(Buffer.concat(parts).toString("utf8"));
    asked.push({ tools: body.tools.length, key: incoming.headers.authorization });
    const wanted = requests.find(({ request }) => request === body.messages.at(-1).content);
    const chosen = choose(wanted as Request);
    const call = { ...chosen, arguments: JSON.stringify(chosen.arguments) };
    response
      .writeHead(200, { "content-type": "application/json" })
      .end(JSON.stringify({ choices: [{ message: { tool_calls: [{ function: call }] } }] }));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const child = spawn(process.execPath, [resolve("test/outside/tool-choice.mjs")], {
    env: {
      ...process.env,
      TOOL_CHOICE_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/`,
      TOOL_CHOICE_MODEL: "any",
      TOOL_CHOICE_KEY: "secret",
    },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (part: string) => {
      output += part;
    });
  const code = await new Promise<number | null>((done) => child.once("close", done));
  await new Promise<void>((done) => {
    server.close(() => done());
    server.closeAllConnections();
  });
  return { code, output, asked };
}

test("a model that chooses right passes, with the whole list before it", async () => {
  const { code, output, asked } = await run(({ tool, arguments: args }) => ({
    name: tool,
    arguments: args,
  }));
  expect(output).toContain(`right tool 100.0 %, with its arguments 100.0 %, of ${requests.length}`);
  expect(code).toBe(0);
  expect(asked).toHaveLength(requests.length);
  expect(asked[0]).toEqual({ tools: tools.length, key: "Bearer secret" });
});

test("a model that always takes the same tool fails, and each miss is named", async () => {
  const { code, output } = await run(() => ({ name: "read_query", arguments: {} }));
  expect(code).toBe(1);
  expect(output).toContain("wanted enrich_case, given read_query");
});
