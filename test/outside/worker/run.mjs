// `npm run worker`: the deployed package under the Node language worker on Node 22, in stream mode, started directly and as
// the specialisation of a placeholder, over the host's own protocol.
import { deepEqual, doesNotMatch, equal, match, ok } from "node:assert/strict";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmulator } from "../emulator-process.mjs";
import { demand, root } from "../started-product.mjs";
import { findWorker } from "./find-worker.mjs";
import { breakDown, loseTelemetry, shareThePackage } from "./hard-times.mjs";
import { startHost } from "./host.mjs";
import { startIssuer } from "./issuer.mjs";
import { leave, post, send } from "./requests.mjs";

const outside = join(root, "test", "outside");
const binary = process.platform === "win32" ? "node.exe" : "node";
const node = join(outside, "node_modules", "node22", "bin", binary);
demand(node, "npm ci --prefix test/outside");
demand(join(outside, "node_modules", "@grpc", "grpc-js"), "npm ci --prefix test/outside");
demand(join(root, "packages", "dataverse-emulator", "dist", "main.mjs"), "npm run build");
demand(join(root, "out", "package", "package.json"), "npm run package");

const { path: worker, isMicrosofts } = findWorker();
const title = isMicrosofts ? "Microsoft's Node language worker" : "the stand-in worker";
if (!isMicrosofts)
  console.log(
    "Microsoft's Node language worker is not here (FUNCTIONS_NODE_WORKER, or Functions Core Tools on PATH).\n" +
      "A stand-in speaks its protocol instead: library, package, process and Node are real, the worker is not.",
  );

const folder = mkdtempSync(join(tmpdir(), "worker-"));
const emptyFolder = mkdtempSync(join(tmpdir(), "placeholder-"));
// Away from the project, so that nothing of the project's can be found by accident.
cpSync(join(root, "out", "package"), folder, { recursive: true });
const [dataverse, issuer] = await Promise.all([startEmulator(), startIssuer()]);
const settings = {
  PATH: process.env.PATH,
  FUNCTIONS_WORKER_RUNTIME: "node",
  WEBSITE_SITE_NAME: "func-mcp",
  DATAVERSE_URL: dataverse.url,
  IDENTITY_ENDPOINT: `${dataverse.url}/msi/token`,
  IDENTITY_HEADER: "local",
  ...issuer.settings,
};

const start = (environment, placeholder) =>
  startHost({ worker, node, appFolder: folder, emptyFolder, environment, placeholder });
try {
  for (const placeholder of [false, true]) {
    await converse(await start(settings, placeholder));
    const how = placeholder ? "as the specialisation of a placeholder" : "started directly";
    console.log(`The package works under ${title}, ${how}.`);
  }
  await refuse(await start({ PATH: process.env.PATH }, true));
  console.log(`The package without settings refuses in words under ${title}.`);
  const { token } = issuer;
  await shareThePackage(await Promise.all([start(settings, false), start(settings, true)]), token);
  console.log(`Two hosts work on one package under ${title}.`);
  await loseTelemetry((more) => start({ ...settings, ...more }, false), token);
  console.log(`Telemetry that cannot leave keeps nobody waiting under ${title}.`);
  // Last, for it takes the package apart.
  await breakDown(await start(settings, false), folder, token);
  console.log(`A function that throws is answered under ${title}.`);
} finally {
  dataverse.stop();
  issuer.close();
  for (const each of [folder, emptyFolder]) rmSync(each, { recursive: true, force: true });
}

async function converse(host) {
  try {
    ok(host.capabilities.HttpUri, "the app streams");
    deepEqual(host.functions.map(({ name }) => name).sort(), [
      "approve",
      "health",
      "mcp",
      "protected-resource-metadata",
    ]);
    const { token } = issuer;
    const rpc = (method, params, options) =>
      post(host.url, { method, params }, { token, ...options });

    const hello = await rpc("initialize", {
      protocolVersion: "2025-11-25",
      capabilities: {},
      clientInfo: { name: "worker-check", version: "1" },
    });
    equal(hello.body.result.serverInfo.name, "customer-service-mcp");
    const { tools } = (await rpc("tools/list", {})).body.result;
    ok(tools.some(({ name }) => name === "read_query"));

    const call = async (name, args) =>
      (await rpc("tools/call", { name, arguments: args })).body.result;
    const rows = await call("read_query", {
      querytext: "SELECT TOP 2 ticketnumber FROM incident ORDER BY createdon",
    });
    equal(rows.structuredContent.rowCount, 2);

    const refused = await call("read_query", { querytext: "DELETE FROM incident" });
    ok(refused.isError, "an error thrown by a tool is an answer");
    const unknown = await rpc("tools/call", { name: "no_such_tool", arguments: {} });
    match(unknown.body.error.message, /no_such_tool/);
    equal((await send(host.url, "/mcp", { body: "{", token })).status, 400);
    equal((await post(host.url, { method: "tools/list" })).status, 401);
    equal((await send(host.url, "/mcp", { method: "GET", token })).status, 405);
    equal((await send(host.url, "/mcp", { body: "x".repeat(5_000_000), token })).status, 413);
    equal((await send(host.url, "/elsewhere", { method: "GET" })).status, 404);

    const chunked = await rpc("tools/list", {}, { chunks: 7 });
    equal(chunked.body.result.tools.length, tools.length);
    await leave(host.url, token);
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
    equal(modern.body.result.tools.length, tools.length);

    const alive = await send(host.url, "/health", { method: "GET", token: "" });
    deepEqual([alive.status, alive.text], [200, '{"status":"alive"}']);
    const health = await send(host.url, "/health", { method: "GET", token });
    const { roles, ...state } = JSON.parse(health.text);
    deepEqual(state, { status: "ok", dataverse: { status: "ok" } });
    ok(roles.startsWith("not configured"), roles);

    await host.settled();
    const lines = host.logs.filter(({ logCategory }) => logCategory === "User");
    deepEqual(
      lines.map(({ message }) => JSON.parse(message)).map(({ tool, outcome }) => [tool, outcome]),
      [
        ["read_query", "ok"],
        ["read_query", "unsupported"],
      ],
      "one line of log for each call of a tool",
    );
    ok(!host.output().includes("tool_call"), "nothing is logged twice");
  } finally {
    equal(await host.terminate(), 0, `the worker ends when it is told to\n${host.output()}`);
  }
}

/** An app without settings answers, and the log of the host says why it refuses. */
async function refuse(host) {
  try {
    const answer = await post(host.url, { method: "tools/list" }, { token: issuer.token });
    equal(answer.status, 503);
    match(answer.body.error.message, /serves nobody now/);
    doesNotMatch(answer.body.error.message, /DATAVERSE_URL|MCP_/);
    await host.settled();
    ok(
      host.logs.some(
        ({ level, message }) => level === "Error" && message.includes("DATAVERSE_URL is missing"),
      ),
    );
  } finally {
    equal(await host.terminate(), 0, host.output());
  }
}
