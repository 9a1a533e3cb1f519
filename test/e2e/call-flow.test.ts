import { type ClientRequest, request as httpRequest } from "node:http";
import { connect } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { demoCases, personas } from "../../packages/dataverse-emulator/src/sample/identities";
import {
  type RunningEmulator,
  runEmulator,
} from "../../packages/dataverse-emulator/test/support/running-emulator";
import { type RunningHost, startHost } from "../support/host";
import { audience, startIssuer, type TestIssuer, tenantId } from "../support/issuer";

/** What a call does to Dataverse when its client is gone, or its process ends: the built app in a process of its own. */
let dataverse: RunningEmulator;
let issuer: TestIssuer;
let host: RunningHost;
let token: string;

const start = (settings: Record<string, string> = {}) =>
  startHost({
    DATAVERSE_URL: dataverse.url,
    IDENTITY_ENDPOINT: `${dataverse.url}/msi/token`,
    IDENTITY_HEADER: "test",
    MCP_AUTH_MODE: "jwt",
    MCP_TENANT_ID: tenantId,
    MCP_AUDIENCES: audience,
    MCP_AUTHORITY: issuer.authority,
    MCP_ALLOWED_CLIENTS: "aebc6443-996d-45c2-90f0-388ff96faa56",
    ...settings,
  });

beforeAll(async () => {
  [dataverse, issuer] = await Promise.all([runEmulator({ cases: 40 }), startIssuer()]);
  host = await start();
  token = await issuer.sign({ oid: personas[0]?.objectId });
}, 60_000);
afterAll(async () => {
  await host.close();
  await Promise.all([dataverse.close(), issuer.close()]);
});
beforeEach(async () => {
  await dataverse.door("DELETE fault");
  host.log.length = 0;
});

interface Sent {
  /** Text of the tool's answer, or what became of the request instead. */
  readonly answer: Promise<string>;
  hangUp(): void;
}

function send(name: string, args: Record<string, unknown>, id = 1, to = host): Sent {
  let request: ClientRequest | undefined;
  const answer = new Promise<string>((done) => {
    request = httpRequest(`${to.url}/mcp`, {
      method: "POST",
      agent: false,
      headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
    });
    request.on("error", (error) => done(`lost: ${error.message}`));
    request.on("response", (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (part: string) => {
        text += part;
      });
      response.on("error", (error) => done(`lost: ${error.message}`));
      response.on("end", () => {
        const { result, error } = JSON.parse(text);
        done(result?.content[0].text ?? error.message);
      });
    });
    const params = { name, arguments: args };
    request.end(JSON.stringify({ jsonrpc: "2.0", id, method: "tools/call", params }));
  });
  return { answer, hangUp: () => request?.destroy() };
}

async function until<T>(what: string, look: () => Promise<T | undefined> | T | undefined) {
  const end = Date.now() + 20_000;
  while (Date.now() < end) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((done) => setTimeout(done, 10));
  }
  throw new Error(`${what} did not happen.`);
}

interface Exchange {
  readonly method: string;
  readonly path: string;
  readonly fault?: string;
}

const trace = async () => (await dataverse.door("GET trace")).body as Exchange[];
const isWrite = ({ method, path }: Exchange) =>
  method !== "GET" && !/FullTextSearch|searchquery|InstantiateTemplate/.test(path);
const lineOf = (tool: string) =>
  until(`The line of ${tool}`, () => {
    const line = host.log.find((each) => each.includes(`"tool":"${tool}"`));
    return line === undefined ? undefined : (JSON.parse(line) as Record<string, unknown>);
  });
const faultIsTaken = () =>
  until("The request that waits", async () =>
    (await dataverse.door("GET fault")).body.length === 0 ? true : undefined,
  );

/** Definitions are read for everybody, so their reading belongs to no call and goes on. */
const rows = "/api/data/v9.2/(?!RetrieveMetadataChanges)";
const caseNumber = demoCases[0].ticketNumber;

describe("a client that is gone", () => {
  test.each([0, 2, 5, 9])(
    "after %i requests of a draft: nothing more is asked, and nothing written",
    async (after) => {
      await dataverse.door("POST fault", { kind: "stall", match: rows, after });
      await dataverse.door("DELETE trace");
      const draft = send("draft_email_with_suggested_response", { caseNumber });
      const before = await until("The stall", async () => {
        const all = await trace();
        return all.some(({ fault }) => fault === "stall") ? all.length : undefined;
      });
      draft.hangUp();
      expect(await lineOf("draft_email_with_suggested_response")).toMatchObject({
        outcome: "cancelled",
        givenUp: "hang-up",
      });
      const all = await trace();
      // What was under way beside the one that stalled may still come in.
      expect(all.length - before).toBeLessThanOrEqual(8);
      expect(all.filter(isWrite)).toEqual([]);
    },
    30_000,
  );

  test("leaves a write that was sent to its end, and no other is begun", async () => {
    await dataverse.door("POST fault", { kind: "latency", ms: 1_000, match: "^PATCH .*tasks" });
    await dataverse.door("DELETE trace");
    const item = { subject: "Hung up in the middle" };
    const create = send("create_record", { tablename: "task", item });
    await faultIsTaken();
    create.hangUp();
    expect(await lineOf("create_record")).toMatchObject({ outcome: "ok", givenUp: "hang-up" });
    expect((await trace()).filter(isWrite)).toHaveLength(1);
    const { body } = await dataverse.get("tasks?$filter=subject eq 'Hung up in the middle'");
    expect(body.value).toHaveLength(1);
  }, 30_000);
});

describe("notifications/cancelled", () => {
  const cancel = (requestId: unknown, headers: Record<string, string> = {}) =>
    fetch(`${host.url}/mcp`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "user-agent": "",
        authorization: `Bearer ${token}`,
        ...headers,
      },
      body: JSON.stringify({
        jsonrpc: "2.0",
        method: "notifications/cancelled",
        params: { requestId, reason: "test" },
      }),
    });

  test("ends the call that it names, before it writes; the answer says so", async () => {
    await dataverse.door("POST fault", { kind: "stall", match: rows, after: 3 });
    await dataverse.door("DELETE trace");
    const draft = send("draft_email_with_suggested_response", { caseNumber }, 77);
    await faultIsTaken();
    const headers = {
      authorization: `Bearer ${await issuer.sign({ oid: personas[1]?.objectId })}`,
    };
    for (const response of [
      await cancel(76),
      await cancel("77"),
      await cancel(77, headers),
      await cancel(77, { "user-agent": "another program" }),
    ])
      expect([response.status, await response.text()]).toEqual([202, ""]);
    expect(host.log.filter((line) => line.includes("tool_call"))).toEqual([]);
    await cancel(77);
    expect(await draft.answer).toMatch(/^The call was cancelled by the client\./);
    expect(await lineOf("draft_email_with_suggested_response")).toMatchObject({
      outcome: "cancelled",
      givenUp: "cancelled",
    });
    expect((await trace()).filter(isWrite)).toEqual([]);
  }, 30_000);
});

test("a tool's own time is longer or shorter than the setting's, which is for the others", async () => {
  const app = await start({ MCP_TOOL_TIMEOUT_SECONDS: "1" });
  await dataverse.door("POST fault", { kind: "stall", match: "/api/data/", times: 1_000 });
  let own: string | undefined;
  const query = send("read_query", { querytext: "SELECT TOP 1 title FROM incident" }, 1, app);
  void query.answer.then((text) => {
    own = text;
  });
  const other = send("list_knowledge_sources", {}, 2, app);
  expect(await other.answer).toMatch(/took too long and was given up\.\nNothing was changed/);
  expect(own).toBeUndefined();
  query.hangUp();
  await app.close();
}, 30_000);

describe("a body that does not come in", () => {
  const head = (length: string) =>
    [
      "POST /mcp HTTP/1.1",
      "Host: localhost",
      "Content-Type: application/json",
      `Authorization: Bearer ${token}`,
      length,
      "",
      "",
    ].join("\r\n");
  // What trickles keeps no time open: each piece comes well within the limit, the whole does not.
  const trickle = (url: string, start: string, piece: string) => {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    const timer = setInterval(() => socket.write(piece), 50);
    let text = "";
    socket.write(start);
    socket.setEncoding("utf8").on("data", (part: string) => {
      text += part;
    });
    // The server closes while pieces are on their way.
    socket.on("error", () => undefined);
    return new Promise<string>((done) => {
      socket.on("close", () => {
        clearInterval(timer);
        done(text);
      });
    });
  };

  test.each([
    ["announced", "Content-Length: 400000", "x"],
    ["in pieces", "Transfer-Encoding: chunked", "1\r\nx\r\n"],
  ])(
    "%s is refused in words when its time is over, and the connection closed",
    async (_, length, piece) => {
      const app = await start({ MCP_TOOL_TIMEOUT_SECONDS: "1" });
      try {
        const answer = await trickle(app.url, head(length), piece);
        expect(answer).toMatch(/^HTTP\/1\.1 408 /);
        expect(answer).toMatch(/\r\nconnection: close\r\n/i);
        expect(answer).toMatch(
          /not in after 1 s, so it was not waited for\. Nothing was changed\./,
        );
      } finally {
        await app.close();
      }
    },
    30_000,
  );
});

describe("a process that ends", () => {
  const item = (subject: string) => ({ tablename: "task", item: { subject } });

  test("ends its writes, and refuses new calls in words", async () => {
    const app = await start();
    await send("describe_table", { tablename: "task" }, 1, app).answer;
    await dataverse.door("POST fault", { kind: "latency", ms: 1_500, match: "^PATCH .*tasks" });
    const writing = send("create_record", item("Written while the process ended"), 2, app);
    await faultIsTaken();
    const closed = app.close();
    const refusal = await until("A refusal", async () => {
      const text = await send("describe_table", { tablename: "task" }, 3, app).answer;
      return text.includes("takes no new calls") ? text : undefined;
    });
    expect(refusal).toMatch(/Nothing was changed: make the same call again\.\nTry again after 5 s/);
    expect(await writing.answer).toMatch(/^Created record/);
    await closed;
  }, 30_000);

  test("says what it does not know, where Dataverse does not answer in time", async () => {
    const app = await start();
    await send("describe_table", { tablename: "task" }, 1, app).answer;
    await dataverse.door("POST fault", { kind: "stall", match: "^PATCH .*tasks" });
    const writing = send("create_record", item("Nobody knows"), 2, app);
    await faultIsTaken();
    await dataverse.door("POST fault", { kind: "stall", match: "^GET .*incidents" });
    const reading = send("read_query", { querytext: "SELECT TOP 1 title FROM incident" }, 3, app);
    await faultIsTaken();
    await app.close();
    expect(await writing.answer).toMatch(
      /not known whether the record was created\. The server had to stop[\s\S]*call read_query with .*activityid/,
    );
    expect(await reading.answer).toMatch(/^The server stopped .*\nNothing was changed/);
  }, 30_000);
});
