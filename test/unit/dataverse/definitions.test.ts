import type { ServerResponse } from "node:http";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { createMetadataCache } from "../../../shared/dataverse/metadata/cache";
import { readMetadataChanges } from "../../../shared/dataverse/metadata/changes";
import { metadataWithin } from "../../../shared/dataverse/metadata/within";
import { createGate, type Gate } from "../../../shared/dataverse/transport/gate";
import { createSender } from "../../../shared/dataverse/transport/sender";
import { AppError } from "../../../shared/errors";
import { createTrace } from "../../../shared/trace";
import { json, type Received, startWebApi, type WebApi } from "../../support/web-api";

/** Definitions are read once for everybody, so a fault of theirs must be nobody's for long. */

const label = (text: string) => ({ UserLocalizedLabel: { Label: text }, LocalizedLabels: [] });
const table = (name: string, columns = [`${name}id`]) => ({
  LogicalName: name,
  SchemaName: name,
  EntitySetName: `${name}s`,
  DisplayName: label(name),
  DisplayCollectionName: label(`${name}s`),
  PrimaryIdAttribute: `${name}id`,
  Attributes: columns.map((each) => ({ LogicalName: each, AttributeType: "String" })),
});

let api: WebApi;
/** What Dataverse has, and how it stands. */
let tables: ReturnType<typeof table>[];
let stamp: number;
let changed: string[];
/** Asked before each answer; what it does in its place, if anything. */
let fault: (what: string, response: ServerResponse) => boolean;

/** `names`, `changes`, or the name of the one table that is asked for. */
function askedFor({ url }: Received): string {
  const query = new URL(url, "http://localhost").searchParams;
  if (query.has("@p2")) return "changes";
  const { Criteria } = JSON.parse(query.get("@p1") ?? "{}");
  return Criteria?.Conditions[0].Value.Value ?? "names";
}
const asked = () =>
  api.received
    .filter(({ url }) => url.includes("RetrieveMetadataChanges"))
    .map((each) => askedFor(each))
    .join(" ");

/** What stalls until the test is over. */
const held: ServerResponse[] = [];

beforeAll(async () => {
  api = await startWebApi();
});
afterAll(() => api.close());
beforeEach(() => {
  api.received.length = 0;
  tables = ["account", "incident", "task", "email", "letter", "queue"].map((name) => table(name));
  stamp = 1;
  changed = [];
  fault = () => false;
  api.script = [
    (request, response) => {
      const what = request.url.includes("RetrieveMetadataChanges") ? askedFor(request) : "rows";
      if (fault(what, response)) {
        if (!response.headersSent) held.push(response);
        return;
      }
      if (what === "rows") {
        json({ value: [] })(request, response);
        return;
      }
      const isWanted = ({ LogicalName: name }: { LogicalName: string }) =>
        what === "names" || (what === "changes" ? changed.includes(name) : name === what);
      json({ EntityMetadata: tables.filter(isWanted), ServerVersionStamp: String(stamp) })(
        request,
        response,
      );
    },
  ];
});

function release(): void {
  fault = () => false;
  const whole = json({ EntityMetadata: tables, ServerVersionStamp: "1" });
  for (const response of held.splice(0)) if (!response.headersSent) whole({} as Received, response);
}
afterEach(release);

const patienceMs = 400;
function environment(
  gate: Gate = createGate({ places: 8 }),
  times = { first: 30_000, longest: 60_000 },
) {
  let clock = 0;
  const send = createSender({
    url: api.url,
    tokens: { getToken: async () => ({ token: "t" }), renew: async () => undefined },
    gate,
    retryWaitSeconds: 1,
  });
  const reading = { secondAfterMs: times.first, longestMs: times.longest };
  const cache = createMetadataCache(readMetadataChanges(send, reading), {
    now: () => clock,
    patienceMs,
  });
  const person = (n: number) => ({ objectId: `0b000000-0000-4000-8000-00000000000${n}` });
  return {
    cache,
    send,
    person,
    wait: (ms: number) => {
      clock += ms;
    },
    as: (n: number, signal = AbortSignal.timeout(20_000)) =>
      metadataWithin(cache, person(n), signal),
  };
}
async function until(isSo: () => boolean): Promise<void> {
  const end = Date.now() + 60_000;
  while (!isSo() && Date.now() < end) await new Promise((done) => setTimeout(done, 5));
  expect(isSo()).toBe(true);
}
const stall = (what: string) => (asking: string) => asking === what;

describe("an answer that cannot be right", () => {
  const says =
    (what: string, body: unknown) =>
    (asking: string, response: ServerResponse): boolean => {
      if (asking !== what) return false;
      json(body)({} as Received, response);
      return true;
    };

  test.each<[string, unknown]>([
    ["nothing", {}],
    ["no tables at all", { EntityMetadata: [], ServerVersionStamp: "1" }],
    ["no list", { EntityMetadata: null, ServerVersionStamp: "1" }],
    ["tables without a stamp", { EntityMetadata: [table("account")] }],
    ["tables without names", { EntityMetadata: [{}], ServerVersionStamp: "1" }],
  ])("for names (%s) is told, and not kept", async (_, body) => {
    const { as } = environment();
    fault = says("names", body);
    await expect(as(1).find("incident")).rejects.toMatchObject({ kind: "upstream" });
    fault = () => false;
    expect((await as(2).find("incident")).table?.logicalName).toBe("incident");
  });

  test.each<[string, unknown]>([
    ["nothing", {}],
    ["no table", { EntityMetadata: [], ServerVersionStamp: "1" }],
    ["another table", { EntityMetadata: [table("account")], ServerVersionStamp: "1" }],
    ["a table without columns", { EntityMetadata: [table("task", [])], ServerVersionStamp: "1" }],
  ])("for a table (%s) is told, and not kept", async (_, body) => {
    const { as } = environment();
    fault = says("task", body);
    await expect(as(1).table("task")).rejects.toMatchObject({ kind: "upstream" });
    expect((await as(1).table("account"))?.logicalName).toBe("account");
    fault = () => false;
    expect((await as(1).table("task"))?.columns).toHaveLength(1);
  });

  test("for what has changed leaves what is known", async () => {
    const { as, cache } = environment();
    await as(1).table("task");
    fault = says("changes", []);
    cache.sawVersion("1");
    cache.sawVersion("2");
    expect((await as(1).table("task"))?.logicalName).toBe("task");
    await expect(as(1).refresh()).rejects.toMatchObject({ kind: "upstream" });
  });
});

describe("a reading that stalls", () => {
  test("is asked for a second time, and everybody has the second answer", async () => {
    const { as } = environment(undefined, { first: 50, longest: 60_000 });
    let first = true;
    fault = (what) => {
      const isFirst = what === "names" && first;
      if (isFirst) first = false;
      return isFirst;
    };
    const people = await Promise.all([1, 2, 3].map((n) => as(n).tables()));
    expect(people.map((names) => names.length)).toEqual([6, 6, 6]);
    expect(asked()).toBe("names names");
  });

  test("leaves who has older definitions with those, the next person without any wait", async () => {
    const { as, cache, wait } = environment();
    await as(1).table("incident");
    fault = stall("changes");
    cache.sawVersion("1");
    cache.sawVersion("2");
    expect((await as(1).table("incident"))?.logicalName).toBe("incident");
    wait(patienceMs);
    expect((await as(2).table("incident"))?.logicalName).toBe("incident");
  });

  test("of one table leaves who has its older definition with that", async () => {
    const { as } = environment(undefined, { first: 20, longest: 800 });
    await as(1).table("task");
    changed = ["task"];
    stamp = 2;
    tables = tables.map((each) => (each.LogicalName === "task" ? table("task", ["a", "b"]) : each));
    fault = stall("task");
    await as(1).refresh();
    expect((await as(1).table("task"))?.columns).toHaveLength(1);
    fault = () => false;
    let columns = 0;
    await until(() => {
      void as(2)
        .table("task")
        .then((now) => {
          columns = now?.columns.length ?? 0;
        });
      return columns === 2;
    });
  });

  test("is never made up for by an older one where somebody looks what became of a change", async () => {
    const { as } = environment(undefined, { first: 20, longest: 800 });
    await as(1).table("task");
    changed = ["task"];
    fault = stall("task");
    await expect(as(1).fresh("task")).rejects.toMatchObject({ kind: "timeout" });
    fault = stall("changes");
    await expect(as(1).fresh("task")).rejects.toMatchObject({ kind: "timeout" });
  });

  test("ends for a call with the call, by the call's own words, and goes on for the next", async () => {
    const { as } = environment(undefined, { first: 10_000, longest: 20_000 });
    let answer = () => {};
    fault = (what, response) => {
      if (what !== "names") return false;
      answer = () =>
        json({ EntityMetadata: tables, ServerVersionStamp: "1" })({} as Received, response);
      return true;
    };
    const call = new AbortController();
    const waiting = as(1, call.signal).tables();
    await until(() => api.received.length > 0);
    call.abort(new AppError("timeout", "The call took too long."));
    await expect(waiting).rejects.toThrow("The call took too long.");
    const next = as(2).tables();
    answer();
    expect(await next).toHaveLength(6);
    expect(asked()).toBe("names");
  });

  test("fails at its own limit, and the next one who asks begins anew", async () => {
    const { as } = environment(undefined, { first: 20, longest: 600 });
    fault = stall("names");
    await expect(as(1).tables()).rejects.toMatchObject({
      kind: "timeout",
      request: { effect: "read", outcome: "notDone" },
    });
    fault = () => false;
    expect(await as(1).tables()).toHaveLength(6);
  });

  test("waits in the line of who makes it necessary: others' definitions and rows go by", async () => {
    const { as, send, person } = environment(createGate({ places: 4 }), {
      first: 10_000,
      longest: 15_000,
    });
    const rows = () =>
      send(
        { method: "GET", path: "incidents", expects: "page" },
        {
          identity: person(2),
          signal: AbortSignal.timeout(15_000),
          trace: createTrace(),
          budget: undefined,
        },
      );
    await as(2).tables();
    await rows();
    const stalled = ["account", "incident", "task", "email", "letter"];
    fault = (what) => stalled.includes(what);
    const call = new AbortController();
    const waiting = stalled.map((name) => as(1, call.signal).table(name).catch(String));
    await until(() => asked().includes("account"));
    expect((await as(2).table("queue"))?.logicalName).toBe("queue");
    expect((await rows()).status).toBe(200);
    call.abort(new AppError("cancelled", "given up"));
    await Promise.all(waiting);
    release();
    await Promise.all(stalled.map((name) => as(3).table(name)));
  });
});

test("after a check that failed the next one waits, and so does nobody", async () => {
  const { as, wait } = environment();
  await as(1).tables();
  wait(400_000);
  fault = (what, response) => {
    if (what === "changes") json({}, 500)({} as Received, response);
    return what === "changes";
  };
  for (let n = 0; n < 3; n++) expect(await as(1).tables()).toHaveLength(6);
  // A try and its second.
  expect(asked()).toBe("names changes changes");
  wait(6_000);
  expect(await as(1).tables()).toHaveLength(6);
  expect(asked()).toBe("names changes changes changes changes");
});

describe("a look at definitions before a name is refused", () => {
  test("says whether they are others than the call was given", async () => {
    const { as } = environment();
    const [first, second] = [as(1), as(1)];
    expect(await first.lookAgain()).toBe(false);
    expect(api.received).toHaveLength(0);
    for (const call of [first, second]) await call.table("task");
    expect(await first.lookAgain()).toBe(false);
    changed = ["task"];
    stamp = 2;
    expect(await second.lookAgain()).toBe(true);
    expect(asked()).toBe("names task changes changes names");
    expect(api.received.slice(2).map(({ headers }) => headers.consistency)).toEqual(
      Array(3).fill("Strong"),
    );
  });

  test("costs nothing when somebody else has looked", async () => {
    const { as, cache } = environment();
    const call = as(1);
    await call.table("task");
    changed = ["task"];
    await cache.refresh();
    const before = api.received.length;
    expect(await call.lookAgain()).toBe(true);
    expect(api.received).toHaveLength(before);
  });

  test("counts for all that ask while it waits, and begins after they asked", async () => {
    const { as } = environment();
    const calls = [1, 2, 3, 4].map((n) => as(n));
    for (const call of calls) await call.tables();
    await Promise.all(calls.map((call) => call.lookAgain()));
    // One was under way when the others asked.
    expect(asked()).toBe("names changes changes");
  });

  test("is had twenty times in a row, then once in two seconds, by each person", async () => {
    const { as, wait } = environment();
    const looks = async (n: number, times: number) => {
      const before = api.received.length;
      for (let at = 0; at < times; at++) {
        const call = as(n);
        await call.tables();
        await call.lookAgain();
      }
      return api.received.length - before;
    };
    await as(1).tables();
    expect([await looks(1, 40), await looks(1, 5), await looks(2, 3)]).toEqual([20, 0, 3]);
    wait(4_000);
    expect(await looks(1, 5)).toBe(2);
  });
});
