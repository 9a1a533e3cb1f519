// What a worker meets on a bad day: a second host beside it, telemetry that cannot leave, a package that breaks.
import { equal, match, ok } from "node:assert/strict";
import { once } from "node:events";
import { readdirSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { post } from "./requests.mjs";

const oldest = "SELECT TOP 2 ticketnumber, title FROM incident ORDER BY createdon";
const ask = (querytext) => ({
  method: "tools/call",
  params: { name: "read_query", arguments: { querytext } },
});

/** As when an instance is added: two workers on one package, one of them ends, the other goes on. */
export async function shareThePackage([one, other], token) {
  try {
    const both = await Promise.all(
      [one, other, one, other].map(({ url }) => post(url, ask(oldest), { token })),
    );
    for (const { status, body } of both) {
      equal(status, 200);
      equal(body.result.structuredContent.rowCount, 2);
    }
    equal(await one.terminate(), 0, one.output());
    const after = await post(other.url, ask(oldest), { token });
    equal(after.body.result.structuredContent.rowCount, 2);
  } finally {
    equal(await other.terminate(), 0, other.output());
  }
}

/** Telemetry that cannot leave, because nothing answers where it goes, keeps neither a call nor the end of the worker. */
export async function loseTelemetry(start, token) {
  const dead = createServer();
  dead.listen(0, "127.0.0.1");
  await once(dead, "listening");
  const { port } = dead.address();
  dead.close();
  const address = `https://127.0.0.1:${port}/`;
  const host = await start({
    APPLICATIONINSIGHTS_CONNECTION_STRING: `InstrumentationKey=00000000-1111-4222-8333-444444444444;IngestionEndpoint=${address};LiveEndpoint=${address}`,
  });
  try {
    const answer = await post(host.url, ask(oldest), { token });
    equal(answer.body.result.structuredContent.rowCount, 2);
  } finally {
    equal(await host.terminate(), 0, host.output());
  }
}

/** A module that is loaded late is not there: the function throws, and the caller must not wait for ever. */
export async function breakDown(host, folder, token) {
  try {
    const before = await post(host.url, ask(oldest), { token });
    equal(before.body.result.structuredContent.rowCount, 2);
    const chunks = join(folder, "dist", "chunks");
    for (const name of readdirSync(chunks)) rmSync(join(chunks, name));
    const modern = await post(
      host.url,
      {
        method: "tools/list",
        params: {
          _meta: {
            "io.modelcontextprotocol/protocolVersion": "2026-07-28",
            "io.modelcontextprotocol/clientCapabilities": {},
          },
        },
      },
      { token, headers: { "mcp-protocol-version": "2026-07-28", "mcp-method": "tools/list" } },
    );
    equal(modern.status, 500);
    match(JSON.stringify(modern.body), /"error"/);
    ok(!JSON.stringify(modern.body).includes(folder), "the answer names a folder of the machine");
    // The next caller is served.
    const after = await post(host.url, ask(oldest), { token });
    equal(after.body.result.structuredContent.rowCount, 2);
  } finally {
    equal(await host.terminate(), 0, host.output());
  }
}
