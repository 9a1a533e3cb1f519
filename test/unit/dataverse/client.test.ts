import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { Dataverse, DataverseRequest, WriteDoor } from "../../../shared/dataverse";
import { createClient } from "../../../shared/dataverse/client";
import { createMetadataCache } from "../../../shared/dataverse/metadata/cache";
import { metadataWithin } from "../../../shared/dataverse/metadata/within";
import { createGate } from "../../../shared/dataverse/transport/gate";
import { createSender } from "../../../shared/dataverse/transport/sender";
import { AppError } from "../../../shared/errors";
import { createTrace } from "../../../shared/trace";
import { openDoor } from "../../support/consent";
import { json, noContent, startWebApi, type WebApi } from "../../support/web-api";

let api: WebApi;
beforeAll(async () => {
  api = await startWebApi();
});
afterAll(() => api.close());
beforeEach(() => {
  api.received.length = 0;
});

const label = (text: string) => ({
  UserLocalizedLabel: { Label: text, LanguageCode: 1033 },
  LocalizedLabels: [],
});
const entity = (name: string, set: string, display: string, more = {}) => ({
  LogicalName: name,
  SchemaName: name,
  EntitySetName: set,
  DisplayName: label(display),
  DisplayCollectionName: label(`${display}s`),
  PrimaryIdAttribute: `${name}id`,
  PrimaryNameAttribute: "title",
  Attributes: [{ LogicalName: `${name}id`, AttributeType: "Uniqueidentifier" }],
  ManyToOneRelationships: [],
  ...more,
});
const entities = [
  entity("account", "accounts", "Account"),
  entity("incident", "incidents", "Case"),
  entity("category", "categories", "Category", { DisplayCollectionName: label("Categories") }),
];

/** As the service does: only the table that the query names. */
const named = (query: object) =>
  entities.filter((each) => JSON.stringify(query).includes(`"Value":"${each.LogicalName}"`));

function optionsOf(onMetadataVersion: (version: string) => void) {
  const cache = createMetadataCache(async (query) => ({
    EntityMetadata: "Criteria" in query ? named(query) : entities,
    ServerVersionStamp: "1",
  }));
  const send = createSender({
    url: api.url,
    tokens: { getToken: async () => ({ token: "t" }), renew: async () => undefined },
    gate: createGate({ places: 8 }),
    retryWaitSeconds: 1,
  });
  const context = {
    identity: { objectId: "0b000000-0000-4000-8000-000000000001" },
    signal: AbortSignal.timeout(60_000),
    trace: createTrace(),
    budget: undefined,
  };
  const metadata = metadataWithin(cache, context.identity, context.signal);
  return { send, context, metadata, onMetadataVersion };
}
const client = (onMetadataVersion = (_: string) => {}, door: WriteDoor = openDoor) =>
  createClient({ ...optionsOf(onMetadataVersion), door });

const id = "0a000000-0000-4000-8000-00000000000f";
const queryOf = (index: number) => new URL(api.received[index]?.url ?? "", api.url).searchParams;

describe("one record", () => {
  test("is read by its set's name, with its annotations only when asked", async () => {
    api.script = [json({ title: "x", "@odata.etag": 'W/"1"' })];
    expect(
      await client().retrieve("incident", `{${id.toUpperCase()}}`, {
        select: ["title"],
        annotations: true,
      }),
    ).toMatchObject({ title: "x" });
    expect(api.received[0]?.url).toBe(`/api/data/v9.2/incidents(${id})?$select=title`);
    expect(api.received[0]?.headers.prefer).toContain("FormattedValue");
  });

  test("that is not there is nothing, but a refusal is an error", async () => {
    api.script = [json({ error: { code: "0x80040217", message: "" } }, 404)];
    expect(await client().retrieve("incident", id)).toBeUndefined();
    api.script = [json({ error: { code: "0x80040220", message: "" } }, 403)];
    await expect(client().retrieve("incident", id)).rejects.toMatchObject({ kind: "forbidden" });
  });

  test.each(["1) or (2", "", "0a000000"])(
    "with the id %j is refused before anything is sent",
    async (bad) => {
      await expect(client().delete("incident", bad)).rejects.toMatchObject({ kind: "invalid" });
      expect(api.received).toHaveLength(0);
    },
  );

  test("is created under an id of our own, so that a repeat cannot make a second one", async () => {
    api.script = [
      (_, __, raw) => void raw.socket.destroy(),
      json({ error: { code: "0x80040237", message: "" } }, 412),
    ];
    // The refusal may be about the row of the lost try: whoever asked has to look.
    await expect(client().create("incident", { title: "x" }, { id })).rejects.toMatchObject({
      kind: "conflict",
      request: { effect: "write", outcome: "notKnown", lastTry: "refused" },
    });
    expect(api.received.map((each) => [each.method, each.headers["if-none-match"]])).toEqual([
      ["PATCH", "*"],
      ["PATCH", "*"],
    ]);
    expect(api.received[0]?.url).toContain(id);
  });

  test("that exists already without any fault on the way is a conflict", async () => {
    api.script = [json({ error: { code: "0x80060892", message: "" } }, 412)];
    await expect(client().create("incident", { title: "x" }, { id })).rejects.toMatchObject({
      kind: "conflict",
      request: { outcome: "notDone" },
    });
  });

  test("is changed only if it is there, or only as it was read", async () => {
    api.script = [noContent(id)];
    await client().update("incident", id, { title: "y" });
    await client().update("incident", id, { title: "y" }, { etag: 'W/"7"' });
    expect(api.received.map((each) => each.headers["if-match"])).toEqual(["*", 'W/"7"']);
  });
});

describe("rows", () => {
  test("come with a word on whether there are more", async () => {
    api.script = [json({ value: [{ n: 1 }, { n: 2 }, { n: 3 }] })];
    expect(await client().query("incident", { top: 2 })).toEqual({
      rows: [{ n: 1 }, { n: 2 }],
      more: true,
    });
    expect(queryOf(0).get("$top")).toBe("3");
  });

  test("tell when definitions changed", async () => {
    const seen: string[] = [];
    api.script = [json({ value: [], "@Microsoft.Dynamics.CRM.globalmetadataversion": "77" })];
    await client((version) => seen.push(version)).query("incident", {});
    expect(seen).toEqual(["77"]);
  });
});

describe("pages of FetchXML", () => {
  const cookie = (text: string) =>
    `<cookie pagenumber="2" pagingcookie="${encodeURIComponent(encodeURIComponent(text))}" istracking="False" />`;
  const page = (rows: number[], more: boolean, next?: string) =>
    json({
      value: rows.map((n) => ({ n })),
      "@Microsoft.Dynamics.CRM.morerecords": more,
      ...(next === undefined
        ? {}
        : { "@Microsoft.Dynamics.CRM.fetchxmlpagingcookie": cookie(next) }),
    });
  const all = async (fetchXml: string) => {
    const rows: unknown[] = [];
    for await (const each of client().fetchXml("incident", fetchXml, { pageSize: 2 }))
      rows.push(...each.rows.map(({ n }) => n));
    return rows;
  };
  const simple = "<fetch><entity name='incident'/></fetch>";

  test("are read to the end, each with the cookie of the one before", async () => {
    const text = '<cookie page="1"><title last="A &amp; B" /></cookie>';
    api.script = [page([1, 2], true, text), page([3, 4], true, `${text}2`), page([5], false)];
    expect(await all(simple)).toEqual([1, 2, 3, 4, 5]);
    expect(queryOf(0).get("fetchXml")).toBe(
      '<fetch count="2" page="1"><entity name=\'incident\'/></fetch>',
    );
    expect(queryOf(1).get("fetchXml")).toBe(
      '<fetch count="2" page="2" paging-cookie="&lt;cookie page=&quot;1&quot;&gt;&lt;title last=&quot;A &amp;amp; B&quot; /&gt;&lt;/cookie&gt;"><entity name=\'incident\'/></fetch>',
    );
  });

  test("go on by number when there is no cookie", async () => {
    api.script = [page([1], true), page([2], false)];
    expect(await all(simple)).toEqual([1, 2]);
    expect(queryOf(1).get("fetchXml")).toContain('page="2">');
  });

  test("stop on a cookie that does not move", async () => {
    api.script = [page([1], true, "same")];
    await expect(all(simple)).rejects.toMatchObject({
      kind: "upstream",
      message: expect.stringContaining("repeats"),
    });
    expect(api.received.length).toBe(2);
  });

  test.each([
    ["<fetch top='5'><entity name='incident'/></fetch>"],
    ["<fetch aggregate=\"true\"><entity name='incident'/></fetch>"],
  ])("are not asked of %s", async (fetchXml) => {
    api.script = [page([1], true, "c")];
    expect(await all(fetchXml)).toEqual([1]);
    expect(queryOf(0).get("fetchXml")).toBe(fetchXml);
  });

  test("of an unknown table are refused by name", async () => {
    await expect(client().query("nothing", {})).rejects.toBeInstanceOf(AppError);
  });
});

describe("definitions", () => {
  test.each([
    ["incident", "incident"],
    ["Incidents", "incident"],
    ["case", "incident"],
    ["CASES", "incident"],
    ["categories", "category"],
  ])("%s is understood as %s", async (name, logicalName) => {
    expect((await client().metadata.find(name)).table?.logicalName).toBe(logicalName);
  });

  test.each([
    ["incidnet", "incident"],
    ["acount", "account"],
    ["categorys", "category"],
  ])("%s is near %s", async (name, logicalName) => {
    const { table, candidates } = await client().metadata.find(name);
    expect([table, candidates[0]?.logicalName]).toEqual([undefined, logicalName]);
  });

  test("are read once for many callers, and again only when something changed", async () => {
    const asked: string[] = [];
    let version = 1;
    let fails = false;
    const cache = createMetadataCache(async (query, stamp) => {
      asked.push(stamp === undefined ? ("Criteria" in query ? "table" : "names") : "changes");
      if (fails) throw new AppError("upstream", "down");
      const changed = stamp === undefined || stamp !== String(version);
      return {
        EntityMetadata: changed ? entities : [],
        ServerVersionStamp: String(version),
        DeletedMetadata: { Count: 0 },
      };
    });
    await Promise.all(Array.from({ length: 5 }, () => cache.table("incident")));
    expect(asked).toEqual(["names", "table"]);
    cache.sawVersion("a");
    cache.sawVersion("a");
    await cache.table("incident");
    expect(asked).toHaveLength(2);
    cache.sawVersion("b");
    await cache.table("incident");
    expect(asked).toEqual(["names", "table", "changes"]);
    version = 2;
    cache.sawVersion("c");
    await cache.table("incident");
    expect(asked.slice(3)).toEqual(["changes", "names", "table"]);
    fails = true;
    cache.sawVersion("d");
    expect(await cache.tables()).toHaveLength(3);
    await expect(cache.refresh()).rejects.toThrow("down");
  });

  test("start anew on an expired stamp", async () => {
    const asked: (string | undefined)[] = [];
    const cache = createMetadataCache(async (_, stamp) => {
      asked.push(stamp);
      if (stamp !== undefined) throw new AppError("upstream", "expired", { code: "0x80044352" });
      return { EntityMetadata: entities, ServerVersionStamp: "9" };
    });
    await cache.tables();
    await cache.refresh();
    expect(await cache.tables()).toHaveLength(3);
    expect(asked).toEqual([undefined, "9", undefined]);
  });
});

describe("the door", () => {
  const request = (method: DataverseRequest["method"], path: string): DataverseRequest => ({
    method,
    path,
    body: {},
    expects: "noContent",
  });
  const writes: Record<string, (dataverse: Dataverse) => Promise<unknown>> = {
    create: (dataverse) => dataverse.create("incident", { title: "x" }),
    update: (dataverse) => dataverse.update("incident", id, { title: "x" }),
    delete: (dataverse) => dataverse.delete("incident", id),
    together: (dataverse) =>
      dataverse.together([{ kind: "update", table: "incident", id, body: { title: "x" } }]),
    action: (dataverse) => dataverse.action("CloseIncident", {}, "noContent"),
    "a request that posts": (dataverse) => dataverse.send(request("POST", "accounts")),
    "a request that puts": (dataverse) => dataverse.send(request("PUT", `accounts(${id})/name`)),
    "a request that deletes": (dataverse) => dataverse.send(request("DELETE", `accounts(${id})`)),
    "a change set": (dataverse) =>
      dataverse.send({
        ...request("POST", "$batch"),
        changeSet: [request("DELETE", "accounts(1)")],
      }),
    "an action that only looks like one that reads": (dataverse) =>
      dataverse.action("searchquery/", {}, "noContent"),
  };

  test.each(Object.keys(writes))(
    "%s goes through it, and not out where it stays shut",
    async (name) => {
      api.script = [noContent()];
      const asked: string[] = [];
      const shut: WriteDoor = {
        async admit(_, requests) {
          asked.push(...requests.map(({ path }) => path));
          throw new AppError("forbidden", "Shut.");
        },
      };
      await expect(writes[name]?.(client(undefined, shut))).rejects.toMatchObject({
        message: "Shut.",
      });
      expect([asked.length, api.received]).toEqual([1, []]);
    },
  );

  test("is missing for whoever only reads, and nothing goes out then", async () => {
    api.script = [json({ value: [] })];
    const whoReads = createClient({ ...optionsOf(() => {}), door: undefined });
    for (const write of Object.values(writes))
      await expect(write(whoReads)).rejects.toThrow("nobody judges");
    expect(api.received).toEqual([]);
    await whoReads.query("incident", {});
    expect(api.received).toHaveLength(1);
  });
});
