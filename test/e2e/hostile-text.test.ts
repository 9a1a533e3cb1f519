import { type ChildProcess, fork } from "node:child_process";
import { resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import {
  applicationUser,
  personas,
  tenantId,
} from "../../packages/dataverse-emulator/src/sample/identities";
import { type RunningHost, startHost } from "../support/host";
import { hostileShapes, ordinaryText } from "../support/hostile-texts";

/**
 * Texts of strangers through every tool that reads text, over HTTP, with the app and the embedded Dataverse in processes of
 * their own. `npm run hostile-text` tries every shape at every length; without it a share of them is tried.
 */
const isWhole = process.env.HOSTILE_TEXT === "all";
/** `/health` has 250 ms on a machine of one's own; a busy one lengthens what a clock on the wall measures. */
const wide = 5;
/** Of CPU: 50 ms, and what the collector of garbage and the compiler take on the same account. */
const longestHoldMs = 125;
const longestHealthMs = 250 * wide;
const mostCpuMs = 1_000;
const longest = 1_048_576;
const lengths = isWhole ? [58, 20_000, 100_000, longest] : [58, longest];
const shapes = Object.entries(hostileShapes).filter((_, at) => isWhole || at % 4 === 0);

const ids = {
  case: "6a000000-0000-4000-8000-000000000001",
  mail: "6a000000-0000-4000-8000-000000000002",
};
const [persona] = personas;

describe("texts of strangers", () => {
  let emulator: ChildProcess;
  let dataverse = "";
  let host: RunningHost;

  beforeAll(async () => {
    emulator = fork(
      resolve("packages/dataverse-emulator/dist/main.mjs"),
      ["--port", "0", "--data", ":memory:", "--cases", "60", "--as-of", "2026-11-24"],
      {
        execArgv: ["--disable-warning=ExperimentalWarning"],
        stdio: ["ignore", "ignore", "inherit", "ipc"],
      },
    );
    dataverse = await new Promise((done, fail) => {
      emulator.on("message", (message: { kind: string; url?: string; message?: string }) => {
        if (message.kind === "ready" && message.url) done(message.url);
        if (message.kind === "failed") fail(new Error(message.message));
      });
      emulator.once("exit", (code) => fail(new Error(`It ended with ${code}.`)));
    });
    host = await startHost({
      DATAVERSE_URL: dataverse,
      MCP_AUTH_MODE: "dev",
      MCP_TENANT_ID: tenantId,
      MCP_DEV_USER_OBJECT_ID: persona?.objectId ?? "",
      AZURE_CLIENT_ID: applicationUser.applicationId,
      IDENTITY_ENDPOINT: `${dataverse}/msi/token`,
      IDENTITY_HEADER: "local-development-only",
    });
    await write("POST", "incidents", { incidentid: ids.case, title: "x", ...(await customer()) });
    await write("POST", "emails", {
      activityid: ids.mail,
      subject: "x",
      description: "x",
      directioncode: false,
      "regardingobjectid_incident@odata.bind": `/incidents(${ids.case})`,
      "ownerid@odata.bind": `/systemusers(${persona?.systemUserId})`,
    });
    await place(ordinaryText(2_000));
    // The first calls read definitions and train; what is measured is a process that has begun its work.
    for (const [tool, args] of calls(ordinaryText(200))) {
      const answer = await call(tool, args);
      if (answer.includes('"isError":true')) throw new Error(`${tool}: ${answer.slice(0, 400)}`);
    }
    await host.usage();
  }, 240_000);
  afterAll(async () => {
    await host?.close();
    emulator?.kill("SIGTERM");
  });

  async function write(method: string, path: string, body: unknown): Promise<void> {
    const answer = await fetch(`${dataverse}/api/data/v9.2/${path}`, {
      method,
      headers: await headers(),
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${await answer.text()}`);
  }
  async function headers(): Promise<Record<string, string>> {
    const answer = await fetch(
      `${dataverse}/msi/token?api-version=2019-08-01&resource=${dataverse}&client_id=${applicationUser.applicationId}`,
      { headers: { "X-IDENTITY-HEADER": "x" } },
    );
    const { access_token } = (await answer.json()) as { access_token: string };
    return {
      Authorization: `Bearer ${access_token}`,
      CallerObjectId: personas.find(({ key }) => key === "administrator")?.objectId ?? "",
      "Content-Type": "application/json",
    };
  }
  async function customer(): Promise<Record<string, string>> {
    const answer = await fetch(
      `${dataverse}/api/data/v9.2/contacts?$select=contactid&$filter=emailaddress1 ne null&$top=1`,
      { headers: await headers() },
    );
    const { value } = (await answer.json()) as { value: { contactid: string }[] };
    return {
      "customerid_contact@odata.bind": `/contacts(${value[0]?.contactid})`,
      "ownerid@odata.bind": `/systemusers(${persona?.systemUserId})`,
    };
  }
  /** As a stranger's mail brings it: into the mail and into the case that is made of it. */
  async function place(text: string): Promise<void> {
    await write("PATCH", `emails(${ids.mail})`, {
      subject: text.slice(0, 200),
      description: text,
    });
    await write("PATCH", `incidents(${ids.case})`, {
      title: text.slice(0, 200),
      description: text.slice(0, 2_000),
    });
  }

  async function call(name: string, args: Record<string, unknown>): Promise<string> {
    const answer = await fetch(`${host.url}/mcp`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        accept: "application/json, text/event-stream",
        "mcp-protocol-version": "2025-11-25",
      },
      body: JSON.stringify({
        jsonrpc: "2.0",
        id: 1,
        method: "tools/call",
        params: { name, arguments: args },
      }),
    });
    const text = await answer.text();
    if (answer.status !== 200) throw new Error(`${name}: ${answer.status} ${text.slice(0, 300)}`);
    return text;
  }
  /** Reads what lies in records, and writes texts of a length that the service takes and one that it refuses. */
  const calls = (text: string): readonly (readonly [string, Record<string, unknown>])[] => [
    ["get_next_suggestion_on_case", { incidentId: ids.case }],
    [
      "draft_email_with_suggested_response",
      { incidentId: ids.case, sourceContextEntityId: ids.mail },
    ],
    ["enrich_case", { incidentId: ids.case, dryRun: true }],
    ["retrieve_knowledge", { question: `Red ${text.slice(0, 1_900)}` }],
    [
      "read_query",
      {
        querytext: `SELECT subject, description FROM email WHERE activityid = '${ids.mail}' AND description LIKE '%red%light%'`,
      },
    ],
    [
      "create_record",
      {
        tablename: "annotation",
        item: {
          subject: "Note",
          notetext: text.slice(0, 100_000),
          "objectid_incident@odata.bind": `/incidents(${ids.case})`,
        },
      },
    ],
    [
      "update_record",
      { tablename: "incident", recordId: ids.case, item: { description: text.slice(0, 2_000) } },
    ],
  ];

  /** The longest that `/health` took while the work ran. */
  async function whileHealthIsWatched(work: Promise<unknown>): Promise<number> {
    let slowest = 0;
    let isOver = false;
    const ended = work.finally(() => {
      isOver = true;
    });
    while (!isOver) {
      const began = performance.now();
      const answer = await fetch(`${host.url}/health`);
      await answer.text();
      expect(answer.status).toBe(200);
      slowest = Math.max(slowest, performance.now() - began);
      await new Promise((done) => setTimeout(done, 10));
    }
    await ended;
    return slowest;
  }

  test(`cost a call little, and hold nobody else, at ${lengths.join(", ")} characters`, async () => {
    const usual = new Map<string, number>();
    const measured: Record<string, unknown>[] = [];
    const wrong: string[] = [];
    const texts = [
      ["ordinary", ordinaryText(2_000)] as const,
      ...shapes.flatMap(([name, make]) =>
        lengths.map((length) => [`${name}, ${length}`, make(length)] as const),
      ),
    ];
    for (const [name, text] of texts) {
      await place(text);
      for (const [tool, args] of calls(text)) {
        await host.usage();
        const health = await whileHealthIsWatched(call(tool, args));
        const { cpuMs, longestHoldMs: hold } = await host.usage();
        const base = usual.get(tool) ?? cpuMs;
        usual.set(tool, base);
        measured.push({
          name,
          tool,
          cpu: Math.round(cpuMs),
          hold: Math.round(hold),
          health: Math.round(health),
        });
        if (cpuMs > base + mostCpuMs || hold > longestHoldMs || health > longestHealthMs)
          wrong.push(
            `${tool}, ${name}: ${Math.round(cpuMs)} ms of CPU (${Math.round(base)} usual), held ${Math.round(hold)} ms, /health ${Math.round(health)} ms`,
          );
      }
    }
    if (isWhole) console.table(measured);
    expect(wrong).toEqual([]);
    expect(measured.length).toBe(texts.length * calls("").length);
  }, 900_000);
});
