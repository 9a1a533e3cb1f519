import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { renewalWarning } from "../../../shared/compose";
import { templateOf } from "../../../shared/dataverse/transport/address";
import { callSpan, requestSpan } from "../../../shared/telemetry/spans";
import { type CallRecord, createTrace, logLine, readTraceParent } from "../../../shared/trace";

const callOf = (change: Partial<CallRecord> = {}): CallRecord => ({
  tool: "read_query",
  era: "modern",
  caller: "person",
  startedAt: 1_000,
  durationMs: 20.4,
  queuedMs: 3.2,
  outcome: "ok",
  trace: createTrace(),
  ...change,
});

describe("an address of Dataverse, as it is told", () => {
  const api = "https://contoso.crm.dynamics.com/api/data/v9.2/";
  test.each([
    ["incidents?$filter=title eq 'secret'", "incidents"],
    ["incidents(0a000000-0000-4000-8000-000000000001)", "incidents(*)"],
    ["accounts(name='secret)/x',k=(1))/contacts(1)/Name", "accounts(*)/Name"],
    ["RetrieveMetadataChanges(Query=@p1)?@p1={secret}", "RetrieveMetadataChanges(*)"],
    ["$batch", "$batch"],
  ])("%s is %s", (path, template) => {
    expect(templateOf(api + path)).toBe(template);
  });
});

describe("the span of a call", () => {
  test("says nothing of what is not known", () => {
    expect(Object.keys(callSpan(callOf()).attributes)).not.toEqual(
      expect.arrayContaining(["mcp.rows"]),
    );
    expect(callSpan(callOf({ consent: undefined })).attributes).not.toHaveProperty("mcp.consent");
  });

  test("marks a failure and an identity that failed", () => {
    const trace = createTrace();
    trace.identityFailed = true;
    const span = callSpan(callOf({ outcome: "upstream", trace }));
    expect(span).toMatchObject({
      hasFailed: true,
      attributes: { "mcp.identity_failed": true, "mcp.outcome": "upstream" },
    });
    expect(logLine(callOf({ trace }))).toContain('"identityFailed":true');
  });

  test("has below it a request that was still under way when the call was given up", () => {
    const each = {
      method: "GET",
      path: "incidents",
      startedAt: 1_005,
      durationMs: undefined,
      status: undefined,
    };
    expect(requestSpan(each, "http://127.0.0.1:7072", 1_020)).toEqual({
      name: "GET incidents",
      startedAt: 1_005,
      endedAt: 1_020,
      hasFailed: true,
      attributes: {
        "http.request.method": "GET",
        "url.full": "http://127.0.0.1:7072/api/data/v9.2/incidents",
        "server.address": "127.0.0.1",
        "server.port": 7072,
        "error.type": "network",
      },
    });
  });
});

describe("a trace parent from outside", () => {
  const good = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  test.each<[unknown, unknown]>([
    [good, good],
    [`${good.replace("00-4", "01-4")}-later`, good.replace("00-4", "01-4")],
    [good.replace("00-4", "ff-4"), undefined],
    [good.toUpperCase(), undefined],
    ["00-00000000000000000000000000000000-00f067aa0ba902b7-01", undefined],
    ["00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01", undefined],
    [`${good}\n`, undefined],
    [{}, undefined],
    [undefined, undefined],
  ])("%j is %j", (parent, expected) => {
    expect(readTraceParent(parent)).toEqual(expected);
  });
});

test("the alert on identities looks for the words that a failed renewal is logged with", () => {
  const file = resolve(__dirname, "../../../infra/queries/identity-failures.kql");
  const [, words = "-"] = /message startswith "([^"]+)"/.exec(readFileSync(file, "utf8")) ?? [];
  const scope = "https://contoso.crm.dynamics.com/.default";
  expect(renewalWarning(new Error("down"), scope).startsWith(words)).toBe(true);
});
