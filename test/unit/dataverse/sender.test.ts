import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { DataverseRequest } from "../../../shared/dataverse";
import { createGate } from "../../../shared/dataverse/transport/gate";
import { RequestBudget } from "../../../shared/dataverse/transport/request-budget";
import { createSender } from "../../../shared/dataverse/transport/sender";
import { createTrace } from "../../../shared/trace";
import { json, multipart, noContent, startWebApi, type WebApi } from "../../support/web-api";

let api: WebApi;
let issued: number;
beforeAll(async () => {
  api = await startWebApi();
});
afterAll(() => api.close());
beforeEach(() => {
  api.received.length = 0;
  api.script = [json({ value: [] })];
  issued = 0;
});

/** A token that changes only when the one in hand is called invalid. */
function tokens() {
  let current: string | undefined;
  return {
    async getToken() {
      current ??= `token-${++issued}`;
      return { token: current };
    },
    async renew() {
      current = `token-${++issued}`;
      return { token: current };
    },
  };
}

function sender(longestUrl?: number) {
  return createSender({
    url: api.url,
    tokens: tokens(),
    gate: createGate({ places: 4 }),
    retryWaitSeconds: 2,
    ...(longestUrl === undefined ? {} : { longestUrl }),
  });
}

const context = (ms = 60_000) => ({
  identity: { objectId: "0b000000-0000-4000-8000-000000000001" },
  signal: AbortSignal.timeout(ms),
  trace: createTrace(),
  budget: undefined,
});
const get: DataverseRequest = {
  method: "GET",
  path: "incidents",
  query: { $select: "title", $filter: "title eq 'a&b'", $top: undefined },
  expects: "page",
};
const close: DataverseRequest = {
  method: "POST",
  path: "CloseIncident",
  body: {},
  expects: "noContent",
};
const anyResult = { result: {} } as const;

describe("a request", () => {
  test("names the person, the protocol and the token, and encodes what it asks", async () => {
    api.script = [json({ value: [{ n: 1 }] }, 200, { "x-ms-version": "1" })];
    const answer = await sender()(get, context());
    expect(answer.body).toMatchObject({ value: [{ n: 1 }] });
    expect(answer.headers.get("X-Ms-Version")).toBe("1");
    const [request] = api.received;
    expect(request?.url).toBe(
      "/api/data/v9.2/incidents?$select=title&$filter=title%20eq%20%27a%26b%27",
    );
    expect(request?.headers).toMatchObject({
      authorization: "Bearer token-1",
      callerobjectid: "0b000000-0000-4000-8000-000000000001",
      "odata-version": "4.0",
      accept: "application/json",
    });
  });

  test("of definitions names nobody", async () => {
    await sender()(get, { ...context(), identity: "app" });
    expect(api.received[0]?.headers).not.toHaveProperty("callerobjectid");
  });

  test("goes out once more with a new token after 401, and not a third time", async () => {
    api.script = [json({}, 401), json({ ok: true })];
    const post = { method: "POST", path: "x", body: {}, expects: anyResult } as const;
    expect((await sender()(post, context())).body).toMatchObject({ ok: true });
    expect(api.received.map((each) => each.headers.authorization)).toEqual([
      "Bearer token-1",
      "Bearer token-2",
    ]);
    api.script = [json({}, 401)];
    await expect(sender()(get, context())).rejects.toMatchObject({ kind: "upstream" });
    expect(api.received).toHaveLength(4);
  });

  test("that is refused twice, or gets no token, says that the identity failed", async () => {
    api.script = [json({}, 401)];
    const refused = context();
    await expect(sender()(get, refused)).rejects.toThrow();
    expect([refused.trace.identityFailed, refused.trace.statuses]).toEqual([true, [401, 401]]);
    const poor = context();
    const noToken = {
      getToken: () => Promise.reject(new Error("no identity")),
      renew: () => Promise.reject(new Error("no identity")),
    };
    const send = createSender({
      url: api.url,
      tokens: noToken,
      gate: createGate({ places: 1 }),
      retryWaitSeconds: 0,
    });
    await expect(send(get, poor)).rejects.toThrow("no identity");
    expect([poor.trace.identityFailed, poor.trace.requests]).toEqual([true, 0]);
    const renewed = context();
    api.script = [json({}, 401), json({ value: [] })];
    await sender()(get, renewed);
    expect(renewed.trace.identityFailed).toBe(false);
  });

  test("counts the wait that Dataverse asked for when it was waited, and only then", async () => {
    api.script = [json({}, 429, { "Retry-After": "0" }), json({ value: [] })];
    const waited = context();
    await sender()(get, waited);
    expect(waited.trace.throttledMs).toBeGreaterThan(0);
    api.script = [json({}, 429, { "Retry-After": "60" })];
    const passedOn = context();
    await expect(sender()(get, passedOn)).rejects.toMatchObject({ retryAfterSeconds: 60 });
    expect(passedOn.trace).toMatchObject({ throttledMs: 0, statuses: [429] });
  });

  test("with a long URL travels in a batch, and its answer comes out of it", async () => {
    const part = (body: string, status = "200 OK") =>
      `HTTP/1.1 ${status}\r\nContent-Type: application/json\r\nOData-Version: 4.0\r\n\r\n${body}`;
    const page = '{"@odata.context":"x#rows","value":[{"name":"héllo"}]}';
    api.script = [
      multipart(part(page)),
      multipart(part('{"error":{"code":"0x80040217","message":"x"}}', "404 Not Found")),
      (_, response) =>
        void response
          .writeHead(200, { "content-type": "multipart/mixed; boundary=b", "odata-version": "4.0" })
          .end(`--b\r\nContent-Type: application/http\r\n\r\n${part(page).slice(0, -20)}`),
    ];
    const send = sender(200);
    const long = {
      ...get,
      query: { fetchXml: "x".repeat(300) },
      headers: { Prefer: "odata.maxpagesize=5" },
    };
    expect((await send(long, context())).body).toMatchObject({ value: [{ name: "héllo" }] });
    expect(api.received[0]).toMatchObject({ method: "POST", url: "/api/data/v9.2/$batch" });
    expect(api.received[0]?.body).toContain(`GET ${api.url}/api/data/v9.2/incidents?fetchXml=xxx`);
    expect(api.received[0]?.body).toContain("Prefer: odata.maxpagesize=5");
    await expect(send(long, context())).rejects.toMatchObject({ kind: "not_found" });
    await expect(send(long, context())).rejects.toMatchObject({
      kind: "upstream",
      message: expect.stringContaining("cut off"),
    });
  });

  test("does not follow a link out of the environment", async () => {
    await expect(
      sender()({ ...get, path: "https://evil.example/api/data/v9.2/x" }, context()),
    ).rejects.toThrow("another host");
    expect(api.received).toHaveLength(0);
    expect(issued).toBe(0);
  });
});

describe("for whom a request is made", () => {
  const write = {
    method: "PATCH",
    path: "incidents(1)",
    body: {},
    expects: "noContent",
  } as const;
  const changeSet = {
    expects: "noContent",
    method: "POST",
    path: "$batch",
    changeSet: [
      { ...write, headers: { CallerObjectId: "0b000000-0000-4000-8000-00000000000f" } },
      write,
    ],
  } as const;
  const person = context().identity.objectId;

  test.each<[string, unknown]>([
    ["an empty id", { objectId: "" }],
    ["no id", {}],
    ["an id that is no text", { objectId: [person] }],
    ["an id of nobody", { objectId: "00000000-0000-0000-0000-000000000000" }],
    ["a name", { objectId: "admin" }],
    ["an id with something behind it", { objectId: `${person}\r\nX-Evil: 1` }],
    ["nothing", undefined],
    ["null", null],
    ["another word", "App"],
  ])("%s is refused before anything is sent, and no token is asked for", async (_, identity) => {
    for (const request of [get, changeSet]) {
      const asked = { ...context(), identity: identity as "app" };
      await expect(sender()(request, asked)).rejects.toMatchObject({
        kind: "forbidden",
        message: expect.stringContaining("nothing was sent"),
      });
    }
    expect([api.received.length, issued]).toEqual([0, 0]);
  });

  test("each part of a change set and the batch around it name the person, whatever else a header says", async () => {
    const done = "HTTP/1.1 204 No Content\r\nOData-Version: 4.0\r\n\r\n";
    api.script = [multipart(done, done)];
    await sender()(changeSet, context());
    const [batch] = api.received;
    expect(batch?.headers.callerobjectid).toBe(person);
    expect(batch?.body.match(/^CallerObjectId: .*$/gm)).toEqual([
      `CallerObjectId: ${person}`,
      `CallerObjectId: ${person}`,
    ]);
    api.script = [json({ value: [] })];
    await sender()({ ...get, headers: { CallerObjectId: "other" } }, context());
    expect(api.received[1]?.headers.callerobjectid).toBe(person);
  });
});

describe("a place at the gate", () => {
  const gate = createGate({ places: 1 });
  const sharing = () => createSender({ url: api.url, tokens: tokens(), gate, retryWaitSeconds: 2 });

  test("is free while a request waits for its Retry-After", async () => {
    const order: string[] = [];
    let lift = () => {};
    const isLifted = new Promise<void>((done) => {
      lift = done;
    });
    api.script = [
      json({ error: { code: "0x80072322" } }, 503, { "Retry-After": "0.2" }),
      (request, response) => {
        order.push(request.url.slice(-5));
        json({ value: [] })(request, response);
        if (order.length === 2) lift();
      },
    ];
    const first = sharing()({ ...get, path: "first", query: {} }, context());
    while (api.received.length === 0) await new Promise(setImmediate);
    await sharing()({ ...get, path: "other", query: {} }, context());
    await Promise.all([first, isLifted]);
    expect(order).toEqual(["other", "first"]);
  });

  test("is not held by whoever waits for a token", async () => {
    const waiting = new AbortController();
    const slow = createSender({
      url: api.url,
      gate,
      retryWaitSeconds: 0,
      tokens: {
        getToken: () =>
          new Promise((_, reject) => {
            waiting.signal.addEventListener("abort", () => reject(new Error("no token")));
          }),
        renew: async () => undefined,
      },
    });
    const stuck = slow(get, context());
    expect((await sharing()(get, context())).status).toBe(200);
    waiting.abort();
    await expect(stuck).rejects.toThrow("no token");
  });

  test("given back for a Retry-After that outlasts the call says that it was not carried out", async () => {
    api.script = [json({}, 429, { "Retry-After": "2" })];
    await expect(sharing()(close, context(700))).rejects.toMatchObject({
      kind: "timeout",
      hint: expect.stringContaining("did not carry out"),
      request: { effect: "write", outcome: "notDone", lastTry: "refused" },
    });
    expect(api.received).toHaveLength(1);
  });

  test("is not withheld from all because search, which has a limit of its own, was asked too often", async () => {
    const send = createSender({
      url: api.url,
      tokens: tokens(),
      gate: createGate({ places: 4 }),
      retryWaitSeconds: 0,
    });
    api.script = [
      json({ error: { code: "0x80072322", message: "x" } }, 429, { "Retry-After": "1" }),
    ];
    const search = { method: "POST", path: "searchquery", body: {}, expects: anyResult } as const;
    await expect(send(search, context())).rejects.toMatchObject({ kind: "throttled" });
    api.received.length = 0;
    const open: (() => void)[] = [];
    api.script = [
      (request, response) => void open.push(() => json({ value: [] })(request, response)),
    ];
    const reads = [1, 2, 3, 4].map(() => send(get, context()));
    const end = Date.now() + 60_000;
    while (open.length < 4 && Date.now() < end) await new Promise(setImmediate);
    expect(open).toHaveLength(4);
    for (const answer of open) answer();
    await Promise.all(reads);
  });

  test("is had soon beside sixty loops of one other person: few of theirs come before", async () => {
    const open: { person: string; end(): void }[] = [];
    api.script = [
      (request, response) => {
        const person = request.headers.callerobjectid ?? "";
        open.push({ person, end: () => json({ value: [] })(request, response) });
      },
    ];
    const send = createSender({
      url: api.url,
      tokens: tokens(),
      gate: createGate({ places: 24 }),
      retryWaitSeconds: 0,
    });
    const as = (n: number) => ({
      ...context(),
      identity: { objectId: `0b000000-0000-4000-8000-${String(n).padStart(12, "0")}` },
    });
    let isOver = false;
    const answered = { heavy: 0 };
    const heavy = Array.from({ length: 60 }, async () => {
      while (!isOver) await send(get, as(0));
    });
    const before: number[] = [];
    const light = Array.from({ length: 20 }, async (_, at) => {
      for (let n = 0; n < 5; n++) {
        const from = answered.heavy;
        await send(get, as(1 + at));
        before.push(answered.heavy - from);
      }
    });
    const isDone = Promise.all(light).then(() => {
      isOver = true;
    });
    let isEmpty = false;
    const all = Promise.all([isDone, ...heavy]).then(() => {
      isEmpty = true;
    });
    // Dataverse serves one at a time, in the order of coming.
    while (!isEmpty) {
      const next = open.shift();
      if (next?.person.endsWith("000")) answered.heavy++;
      next?.end();
      await new Promise(setImmediate);
    }
    await all;
    before.sort((a, b) => a - b);
    // In one line for all it would be most of sixty.
    expect(before[50]).toBeLessThanOrEqual(6);
  });

  test("that never came says that nothing was carried out", async () => {
    let end = () => {};
    api.script = [
      (request, response) => {
        end = () => json({ value: [] })(request, response);
      },
    ];
    const holding = sharing()(get, context());
    while (api.received.length === 0) await new Promise(setImmediate);
    await expect(sharing()(close, context(300))).rejects.toMatchObject({
      kind: "timeout",
      hint: expect.stringContaining("did not carry out"),
      request: { outcome: "notDone", lastTry: "unsent" },
    });
    end();
    await holding;
    expect(api.received).toHaveLength(1);
  });
});

describe("the budget of a call", () => {
  const write = {
    method: "PATCH",
    path: "incidents(1)",
    body: {},
    expects: "noContent",
  } as const;

  test("stops it before its first change, in words: the figure, what used it, what to do", async () => {
    const budget = RequestBudget.ofCall(3);
    const send = sender();
    const asked = { ...context(), budget };
    for (let n = 0; n < 2; n++) await send(get, asked);
    await send({ method: "POST", path: "searchquery", body: {}, expects: anyResult }, asked);
    await expect(send(write, asked)).rejects.toMatchObject({
      kind: "invalid",
      message: expect.stringMatching(
        /more than 3 requests to Dataverse.*before anything was changed/,
      ),
      problems: [
        "Used: 3 (most of them 2 × GET incidents, 1 × POST searchquery).",
        "Needed next: 1 × PATCH incidents(*).",
      ],
      hint: expect.stringContaining("MCP_MAX_DATAVERSE_REQUESTS"),
    });
    expect(api.received).toHaveLength(3);
  });

  test("refuses nothing after the first change, so that it is ended and checked", async () => {
    const budget = RequestBudget.ofCall(1);
    const send = sender();
    const asked = { ...context(), budget };
    api.script = [noContent(), noContent(), json({ value: [] })];
    await send(write, asked);
    for (const request of [write, get, get]) await send(request, asked);
    expect(api.received).toHaveLength(4);
  });

  test("counts each operation of a batch, and no repeat", async () => {
    const budget = RequestBudget.ofCall(2);
    const send = sender();
    const asked = { ...context(), budget };
    await expect(
      send(
        { method: "POST", path: "$batch", changeSet: [write, write, write], expects: "noContent" },
        asked,
      ),
    ).rejects.toThrow("more than 2 requests");
    expect(api.received).toHaveLength(0);
    api.script = [
      json({}, 429, { "Retry-After": "0" }),
      json({}, 503, { "Retry-After": "0" }),
      json({ value: [] }),
    ];
    await send(get, asked);
    await send(get, asked);
    expect(api.received).toHaveLength(4);
  });

  test("is one with that of the other calls of a batch, five times as large", async () => {
    const batch = RequestBudget.ofBatch(2);
    const send = sender();
    const calls = Array.from({ length: 6 }, () => ({
      ...context(),
      budget: RequestBudget.ofCall(2, batch),
    }));
    for (const call of calls.slice(0, 5))
      for (const request of [get, get]) await send(request, call);
    await expect(send(get, calls[5] ?? context())).rejects.toThrow(
      "The calls of this batch together need more than 10 requests",
    );
    expect(api.received).toHaveLength(10);
  });

  test("is asked before the first of several changes", () => {
    const budget = RequestBudget.ofCall(10);
    budget.demand("POST Attributes", 10);
    expect(() => budget.demand("POST Attributes", 11)).toThrow("more than 10 requests");
  });
});

describe("a fault ends in our words, in time", () => {
  test("headers that never come", async () => {
    api.script = [() => {}];
    await expect(sender()(close, context(500))).rejects.toMatchObject({
      kind: "timeout",
      hint: expect.stringContaining("may have been carried out"),
      request: { effect: "write", outcome: "notKnown", lastTry: "lost" },
    });
  });

  test("a body that stalls", async () => {
    api.script = [
      (_, response) =>
        void response.writeHead(200, { "content-type": "application/json" }).write('{"value":['),
    ];
    await expect(sender()(get, context(500))).rejects.toMatchObject({ kind: "timeout" });
  });

  test("a body that is cut", async () => {
    api.script = [
      (_, response) => {
        response.writeHead(200, { "content-length": "100" }).write('{"value":[');
        setImmediate(() => response.destroy());
      },
    ];
    await expect(sender()(close, context())).rejects.toMatchObject({ kind: "upstream" });
    expect(api.received).toHaveLength(1);
  });

  test("a page of HTML, as an error and as a success", async () => {
    const html =
      (status: number) =>
      (_: unknown, response: { writeHead(status: number): { end(text: string): void } }) =>
        response.writeHead(status).end("<html>");
    api.script = [html(500)];
    await expect(sender()(get, context())).rejects.toMatchObject({
      kind: "upstream",
      code: undefined,
    });
    api.script = [html(200)];
    await expect(sender()(close, context())).rejects.toMatchObject({
      message: expect.stringContaining("not what the Web API sends"),
    });
  });

  test("a reset write is not sent again, a reset read is", async () => {
    api.script = [(_, __, raw) => void raw.socket.destroy()];
    await expect(sender()(close, context())).rejects.toMatchObject({ kind: "upstream" });
    expect(api.received).toHaveLength(1);
    api.script = [(_, __, raw) => void raw.socket.destroy(), json({ value: [{ ok: 1 }] })];
    const asked = context();
    expect((await sender()(get, asked)).body).toMatchObject({ value: [{ ok: 1 }] });
    expect([asked.trace.requests, asked.trace.statuses]).toEqual([2, [0, 200]]);
  });

  test("a long throttle is passed on with its seconds", async () => {
    api.script = [
      json({ error: { code: "0x80072322", message: "x" } }, 429, { "retry-after": "37" }),
    ];
    await expect(sender()(close, context())).rejects.toMatchObject({
      kind: "throttled",
      retryAfterSeconds: 37,
      code: "0x80072322",
    });
    expect(api.received).toHaveLength(1);
  });
});
