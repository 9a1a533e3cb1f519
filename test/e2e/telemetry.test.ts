import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { applicationUser } from "../../packages/dataverse-emulator/src/sample/identities";
import {
  type RunningEmulator,
  runEmulator,
} from "../../packages/dataverse-emulator/test/support/running-emulator";
import { type RunningHost, startHost } from "../support/host";
import { type Envelope, type Ingestion, startIngestion } from "../support/ingestion";
import { audience, clientId, startIssuer, type TestIssuer, tenantId } from "../support/issuer";

const hostParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
const clientParent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00";
const literal = "Zanzibar-4711";

let ingestion: Ingestion;
let issuer: TestIssuer;
let dataverse: RunningEmulator;
let settings: Record<string, string>;
/** What the app logged, and what the embedded Dataverse answered. */
let lines: Record<string, unknown>[];
let served: { method: string; path: string; status: number }[];
let titles: string[];
let recordId: string;

beforeAll(async () => {
  [ingestion, issuer, dataverse] = await Promise.all([
    startIngestion(),
    startIssuer(),
    runEmulator({ now: () => new Date() }),
  ]);
  settings = {
    DATAVERSE_URL: dataverse.url,
    MCP_AUTH_MODE: "jwt",
    MCP_TENANT_ID: tenantId,
    MCP_AUDIENCES: audience,
    MCP_AUTHORITY: issuer.authority,
    MCP_ALLOWED_CLIENTS: clientId,
    IDENTITY_ENDPOINT: `${dataverse.url}/msi/token`,
    IDENTITY_HEADER: "local",
    AZURE_CLIENT_ID: applicationUser.applicationId,
    WEBSITE_SITE_NAME: "func-mcp",
    CONSENT: "trust-client",
  };
  const rows = await dataverse.get("incidents?$select=title");
  titles = rows.body.value.map((row: { title: string }) => row.title);
  const host = await startHost({
    ...settings,
    ...ingestion.environment,
    APPLICATIONINSIGHTS_AUTHENTICATION_STRING: `ClientId=${applicationUser.applicationId};Authorization=AAD`,
  });
  await dataverse.door("DELETE trace");
  await work(host);
  served = (await dataverse.door("GET trace")).body;
  lines = host.log
    .filter((line) => line.includes('"tool_call"'))
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  await host.close();
}, 60_000);

afterAll(async () => {
  await Promise.all([dataverse.close(), issuer.close(), ingestion.close()]);
});

async function caller(host: RunningHost) {
  const authorization = `Bearer ${await issuer.sign()}`;
  return async (name: string, args: object, meta: object = {}, headers: object = {}) => {
    const response = await fetch(`${host.url}/mcp`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization, ...headers },
      body: JSON.stringify({
        jsonrpc: "2.0",
        id: 1,
        method: "tools/call",
        params: { name, arguments: args, _meta: meta },
      }),
    });
    const { result } = (await response.json()) as {
      result: { isError?: boolean; structuredContent?: Record<string, unknown> };
    };
    return result;
  };
}

const modern = {
  "io.modelcontextprotocol/protocolVersion": "2026-07-28",
  "io.modelcontextprotocol/clientCapabilities": {},
};
const modernHeaders = (name: string) => ({
  "mcp-protocol-version": "2026-07-28",
  "mcp-method": "tools/call",
  "mcp-name": name,
});

/** Eight calls: rows, rows cut short, a refusal, consent asked and given, a 429, both sources of a trace, one that is broken. */
async function work(host: RunningHost): Promise<void> {
  const call = await caller(host);
  const sql = `SELECT TOP 3 title, description FROM incident WHERE title <> '${literal}'`;
  await call("read_query", { querytext: sql }, {}, { traceparent: hostParent });
  const wide = await call("read_query", { querytext: "SELECT * FROM incident" });
  expect(wide.structuredContent).toMatchObject({ truncated: true });
  await call("describe_table", { tablename: literal });
  const [about] = (wide.structuredContent as { rows: { incidentid: string }[] }).rows;
  const note = {
    tablename: "annotation",
    item: {
      subject: `About ${literal}`,
      objectid: { relatedTable: "incident", recordId: about?.incidentid },
    },
  };
  const created = await call("create_record", note);
  recordId = String(created.structuredContent?.recordId);
  const target = { tablename: "annotation", recordId };
  const asked = await call("delete_record", target);
  const { approvalId } = (asked.structuredContent as { approval: { approvalId: string } }).approval;
  await dataverse.door("POST fault", {
    kind: "throttle",
    retryAfter: 0,
    match: "GET .*annotations",
  });
  await call(
    "delete_record",
    { ...target, approvalId },
    { ...modern, traceparent: clientParent, tracestate: "x=1" },
    { ...modernHeaders("delete_record"), traceparent: hostParent },
  );
  await call("list_tables", { filter: "incid" }, { traceparent: clientParent });
  await call("list_tables", { filter: "incid" }, { traceparent: "nonsense" });
}

const dependencies = () =>
  ingestion.envelopes.filter(({ data }) => data.baseType === "RemoteDependencyData");
const callSpans = () =>
  dependencies()
    .filter(({ data }) => data.baseData.type === "InProc")
    .sort((a, b) => a.time.localeCompare(b.time));
const below = ({ data }: Envelope) =>
  dependencies().filter(({ tags }) => tags["ai.operation.parentId"] === data.baseData.id);
/** Dimensions of each series of a metric. */
const dimensions = (metric: string) =>
  ingestion.envelopes
    .map(({ data }) => data.baseData)
    .filter(({ metrics }) => metrics?.[0].name === metric)
    .map(({ properties }) => properties as Record<string, string>)
    .sort((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)));
type Facts = Readonly<Record<string, string>> & { readonly name: string };
const facts = ({ data: { baseData } }: Envelope): Facts => ({
  ...(baseData.properties as Record<string, string>),
  name: String(baseData.name),
  success: String(baseData.success),
});

describe("what Application Insights receives", () => {
  test("comes with a token of the app's identity for Azure Monitor, to the component's host alone", () => {
    expect(ingestion.requests.length).toBeGreaterThan(0);
    for (const { path, authorization } of ingestion.requests) {
      expect(path).toBe("/v2.1/track");
      const [, claims = ""] = authorization.replace("Bearer ", "").split(".");
      expect(JSON.parse(Buffer.from(claims, "base64url").toString())).toMatchObject({
        aud: "https://monitor.azure.com",
        appid: applicationUser.applicationId,
      });
    }
    // The library asks Microsoft for its own settings; no other name may be asked for.
    expect([...ingestion.refused].filter((name) => !name.startsWith("settings."))).toEqual([]);
  });

  test("is spans, metrics and acts only: requests, logs and exceptions are the host's to send", () => {
    const types = new Set(ingestion.envelopes.map(({ data }) => data.baseType));
    expect([...types].sort()).toEqual(["EventData", "MetricData", "RemoteDependencyData"]);
  });

  test("has one event for each call of a tool that acts, whatever became of it", () => {
    const events = ingestion.envelopes.filter(({ data }) => data.baseType === "EventData");
    expect(
      events.map(({ data: { baseData } }) => [
        baseData.name,
        baseData.properties.tool,
        baseData.properties.outcome,
        baseData.properties.columns,
      ]),
    ).toEqual([
      ["act", "create_record", "done", "subject, objectid_incident"],
      ["act", "delete_record", "not done", ""],
      ["act", "delete_record", "done", ""],
    ]);
  });

  test("has one span for each call, with its outcome and its numbers", () => {
    expect(callSpans().map(facts)).toMatchObject([
      {
        name: "tools/call read_query",
        success: "true",
        "mcp.outcome": "ok",
        "mcp.rows": "3",
        "mcp.truncated": "false",
        "mcp.era": "legacy",
      },
      { name: "tools/call read_query", success: "true", "mcp.truncated": "true" },
      {
        name: "tools/call describe_table",
        success: "false",
        "mcp.outcome": "not_found",
      },
      { name: "tools/call create_record", success: "true" },
      {
        name: "tools/call delete_record",
        success: "true",
        "mcp.consent": "asked",
        "dataverse.throttled": "0",
      },
      {
        name: "tools/call delete_record",
        success: "true",
        "mcp.consent": "given",
        "dataverse.throttled": "1",
        "mcp.era": "modern",
      },
      { name: "tools/call list_tables", success: "true" },
      { name: "tools/call list_tables", success: "true" },
    ]);
    for (const span of callSpans()) {
      expect(facts(span)).toMatchObject({
        "gen_ai.tool.name": facts(span).name.replace("tools/call ", ""),
        "mcp.caller": "0b000000-0000-4000-8000-000000000001",
      });
    }
  });

  test("has every request to Dataverse below the call that made it, without keys and query", () => {
    const written = callSpans().flatMap((span) => {
      const children = below(span);
      expect(facts(span)["dataverse.requests"]).toBe(String(children.length));
      for (const { tags } of children)
        expect(tags["ai.operation.id"]).toBe(span.tags["ai.operation.id"]);
      return children.map(({ data: { baseData } }) => `${baseData.name} ${baseData.resultCode}`);
    });
    expect(callSpans().length + written.length).toBe(dependencies().length);
    const answered = served
      .filter(({ path }) => path.startsWith("/api/"))
      .map(
        ({ method, path, status }) =>
          `${method} ${path.replace(/\(.*\)|\?.*/, (part) => (part.startsWith("(") ? "(*)" : ""))} ${status}`,
      );
    expect(written.sort()).toEqual(answered.sort());
    expect(written.filter((each) => each.endsWith(" 429"))).toHaveLength(1);
  });

  test("stands in the trace of the client that sent one, linked to the invocation, else in the invocation's", () => {
    const [, hostTrace = "", hostSpan = ""] = hostParent.split("-");
    const [, clientTrace = "", clientSpan = ""] = clientParent.split("-");
    const place = ({ tags }: Envelope) => [tags["ai.operation.id"], tags["ai.operation.parentId"]];
    const spans = callSpans();
    expect(place(spans[0]!)).toEqual([hostTrace, hostSpan]);
    expect(facts(spans[0]!)["_MS.links"]).toBeUndefined();
    expect(place(spans[5]!)).toEqual([clientTrace, clientSpan]);
    expect(JSON.parse(facts(spans[5]!)["_MS.links"] ?? "")).toEqual([
      { operation_Id: hostTrace, id: hostSpan },
    ]);
    expect(place(spans[6]!)).toEqual([clientTrace, clientSpan]);
    expect(place(spans[7]!)[0]).not.toBe(clientTrace);
  });

  test("has these metrics and no other", () => {
    const sums = new Map<string, number>();
    for (const { data } of ingestion.envelopes.filter(
      (each) => each.data.baseType === "MetricData",
    )) {
      const { metrics, properties } = data.baseData;
      expect(properties).not.toHaveProperty("mcp.caller");
      for (const { name, value } of metrics as { name: string; value: number }[])
        sums.set(name, (sums.get(name) ?? 0) + value);
    }
    const requests = callSpans().reduce((sum, span) => sum + below(span).length, 0);
    const rows = lines.reduce((sum, line) => sum + Number(line.rows ?? 0), 0);
    const { "dataverse.throttled_wait": waited, ...counted } = Object.fromEntries(sums);
    expect(counted).toEqual({
      "mcp.calls": 8,
      "mcp.errors": 1,
      "mcp.truncations": 1,
      "mcp.consent": 2,
      "mcp.rows": rows,
      "dataverse.requests": requests,
      "dataverse.throttled": 1,
    });
    expect(dimensions("mcp.errors")).toEqual([
      { "gen_ai.tool.name": "describe_table", "mcp.outcome": "not_found" },
    ]);
    expect(dimensions("mcp.consent")).toEqual([
      { "gen_ai.tool.name": "delete_record", "mcp.consent": "asked" },
      { "gen_ai.tool.name": "delete_record", "mcp.consent": "given" },
    ]);
    expect(waited).toBeGreaterThan(0);
  });

  test("holds no content: no literal of a query, no id, no text of a record, no token", () => {
    const text = ingestion.text();
    expect(titles.length).toBeGreaterThan(10);
    // Which row was changed is what an act is about; nothing else names one.
    const others = ingestion.envelopes.filter(({ data }) => data.baseType !== "EventData");
    expect(JSON.stringify(others)).not.toContain(recordId);
    for (const word of [literal, "SELECT", "fetch", "Avery", "eyJ", ...titles])
      expect(text.toLowerCase()).not.toContain(word.toLowerCase());
  });
});

test("the log has one line for each call all the same, which says the same", () => {
  expect(lines.map(({ tool, outcome, consent }) => [tool, outcome, consent])).toEqual(
    callSpans()
      .map(facts)
      .map((span) => [span["gen_ai.tool.name"], span["mcp.outcome"], span["mcp.consent"]]),
  );
  expect(lines[5]).toMatchObject({ dataverseStatuses: expect.arrayContaining([429]) });
  expect(JSON.stringify(lines)).not.toContain(literal);
});

describe("without a usable connection string", () => {
  test("calls work, and the failure is said once, in the log", async () => {
    const host = await startHost({
      ...settings,
      APPLICATIONINSIGHTS_CONNECTION_STRING: "InstrumentationKey=nonsense",
    });
    const call = await caller(host);
    expect((await call("list_tables", {})).isError).toBeUndefined();
    expect((await call("list_tables", {})).isError).toBeUndefined();
    await host.logged("Telemetry is off");
    expect((await call("list_tables", {})).isError).toBeUndefined();
    const headers = { authorization: `Bearer ${await issuer.sign()}` };
    const health = await fetch(`${host.url}/health`, { headers });
    expect(await health.json()).toMatchObject({ status: "ok", dataverse: { status: "ok" } });
    expect(host.log.filter((line) => line.startsWith("Telemetry is off"))).toHaveLength(1);
    await host.close();
  }, 30_000);
});

describe("the operator's queries", () => {
  const folder = resolve(__dirname, "../../infra/queries");
  const queries = readdirSync(folder)
    .filter((name) => name.endsWith(".kql"))
    .map((name) => [name, readFileSync(resolve(folder, name), "utf8")] as const);
  /** Columns of the tables, as far as our items or the host's fill them; `npm run referee:kql` compiles against the same. */
  const columns = JSON.parse(
    readFileSync(resolve(__dirname, "../cases/application-insights-tables.json"), "utf8"),
  ) as Record<string, Record<string, string>>;

  test("are there", () => expect(queries.length).toBeGreaterThanOrEqual(10));

  test.each(queries)(
    "%s reads only tables, columns and dimensions that are sent",
    (_name, query) => {
      const text = query.replace(/\/\/.*$/gm, "").replace(/"[^"]*"/g, '""');
      const tables = [...text.matchAll(/(?:^|\()\s*([a-z]+)\s*(?=\n?\s*\|)/gm)].map(
        ([, table = ""]) => table,
      );
      expect(tables.length).toBeGreaterThan(0);
      expect(tables.filter((table) => !(table in columns))).toEqual([]);
      const made = [...text.matchAll(/\b(\w+)\s*=(?!=)/g)].map(([, name = ""]) => name);
      const known = new Set([
        ...made,
        ...tables,
        ...tables.flatMap((table) => Object.keys(columns[table] ?? {})),
      ]);
      const words = [...text.matchAll(/(?<![.\w])[A-Za-z_]\w*\b(?!\s*\()/g)].map(([word]) => word);
      const language =
        /^(where|summarize|extend|project|order|by|asc|desc|and|or|in|startswith|union|bin|\d+[smhd])$/;
      expect(words.filter((word) => !known.has(word) && !language.test(word))).toEqual([]);

      const read = [...query.matchAll(/customDimensions\["([^"]+)"\]/g)].map(([, name]) => name);
      const sent = new Set(
        callSpans().flatMap(({ data }) => Object.keys(data.baseData.properties)),
      );
      // Nobody fails to sign in above; the unit test of spans shows it.
      sent.add("mcp.identity_failed");
      expect(read.filter((name) => !sent.has(name ?? ""))).toEqual([]);
      if (tables.includes("dependencies")) {
        expect(query).toContain('type == "InProc" and name startswith "tools/call "');
        expect(callSpans().every((span) => facts(span).name.startsWith("tools/call "))).toBe(true);
      }
    },
  );
});
