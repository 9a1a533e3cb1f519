import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { DataverseError } from "../../../src/model";
import { demandTurn } from "../../../src/search/limit";
import { regularPattern } from "../../../src/search/pattern";
import { setSwitches } from "../../../src/switches";
import { type Call, type Dataverse, outcome, startDataverse } from "../../support/dataverse";
import { cpuMs, pace } from "../../support/pace";

type Row = Record<string, unknown>;
interface Found {
  Id: string;
  EntityName: string;
  ObjectTypeCode: number;
  Attributes: Row;
  Highlights: Record<string, string[]>;
  Score: number;
}

let dataverse: Dataverse;
let account: string;
const cases: Record<string, string> = {};
beforeAll(async () => {
  dataverse = await startDataverse({ cases: 25, faults: true });
  setSwitches(dataverse.emulator.world, { searchesPerSecond: 0 });
  account = (await dataverse.send("POST", "accounts", { name: "Zephyr Works" })).id;
  for (const [title, description, priority] of [
    ["Quixfan hums loudly", "The blue quixfan hums; the wibble is loose.", 1],
    ["Quixfan broken", "It stopped. Replaced the wibble bracket twice.", 2],
    ["Zorblat display dark", "<p>The <b>quixfan</b> is fine.</p>", 2],
    ["Zorblat naïve café", "Serial XK-2001/B of the zorblats.", 3],
    ["東京タワーの故障", "日本語の説明", 3],
  ] as const) {
    cases[title] = (
      await dataverse.send("POST", "incidents", {
        title,
        description,
        prioritycode: priority,
        "customerid_account@odata.bind": `/accounts(${account})`,
      })
    ).id;
  }
  await dataverse.send("POST", "knowledgearticles", {
    title: "How to oil a quixfan",
    content: "<h1>Oil</h1><p>Two drops behind the wibble.</p>",
    keywords: "oil",
  });
});
afterAll(() => dataverse.close());

const ask = (body: object, call: Call = {}, path = "searchquery") =>
  dataverse.send("POST", path, body, call);
const incidents = (columns = ["title", "description"]) =>
  JSON.stringify([
    { name: "incident", selectcolumns: ["title", "prioritycode"], searchcolumns: columns },
  ]);
async function find(search: string, more: object = {}, call?: Call): Promise<Found[]> {
  const answer = await ask({ search, entities: incidents(), ...more }, call);
  expect([answer.status, answer.message]).toEqual([200, ""]);
  return (JSON.parse(String(answer.json.response)) as { Value: Found[] }).Value;
}
const titles = async (search: string, more: object = {}) =>
  (await find(search, more)).map(({ Attributes }) => Attributes.title).sort();
const lucene = (more: object = {}) => ({
  options: JSON.stringify({ querytype: "lucene", ...more }),
});
const all = { options: "{'searchmode':'all'}" };
const [HUMS, BROKEN, DARK, CAFE, TOKYO] = [
  "Quixfan hums loudly",
  "Quixfan broken",
  "Zorblat display dark",
  "Zorblat naïve café",
  "東京タワーの故障",
];

describe("searchquery", () => {
  test("answers JSON in a string, with attributes, highlights and scores", async () => {
    const answer = await ask({ search: "quixfan", entities: incidents(), count: true });
    expect(answer.json["@odata.context"]).toBe(
      `${dataverse.root}$metadata#Microsoft.Dynamics.CRM.searchqueryResponse`,
    );
    const inner = JSON.parse(String(answer.json.response));
    expect(Object.keys(inner)).toEqual(["Error", "Value", "Facets", "QueryContext", "Count"]);
    expect(inner).toMatchObject({ Error: null, Facets: {}, QueryContext: null, Count: 3 });
    const [first] = inner.Value as Found[];
    expect(first).toEqual({
      Id: cases[String(first?.Attributes.title)],
      EntityName: "incident",
      ObjectTypeCode: 112,
      Attributes: {
        "@search.objecttypecode": 112,
        title: expect.stringContaining("Quixfan"),
        prioritycode: expect.any(Number),
        "prioritycode@OData.Community.Display.V1.FormattedValue": expect.any(String),
      },
      Highlights: expect.objectContaining({
        title: [expect.stringMatching(/^\{crmhit\}Quixfan\{\/crmhit\} /)],
      }),
      Score: expect.any(Number),
    });
    const scores = (inner.Value as Found[]).map(({ Score }) => Score);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
    const third = (inner.Value as Found[]).find(({ Attributes }) => Attributes.title === DARK);
    expect(third?.Highlights).toEqual({ description: ["The {crmhit}quixfan{/crmhit} is fine."] });
  });

  test("counts only when asked, and pages by skip and top", async () => {
    const { json } = await ask({ search: "quixfan", entities: incidents() });
    expect(JSON.parse(String(json.response)).Count).toBe(-1);
    const whole = await find("quixfan");
    expect(await find("quixfan", { top: 2 })).toEqual(whole.slice(0, 2));
    expect(await find("quixfan", { top: 2, skip: 2 })).toEqual(whole.slice(2));
  });

  test("searches the primary name unless columns are named, and every table unless tables are", async () => {
    const named = await find("wibble", { entities: JSON.stringify([{ name: "incident" }]) });
    expect(named).toEqual([]);
    const anywhere = await ask({ search: "wibble" });
    const tables = (JSON.parse(String(anywhere.json.response)).Value as Found[]).map(
      ({ EntityName }) => EntityName,
    );
    expect(tables.sort()).toEqual(["incident", "incident", "knowledgearticle"]);
  });

  test.each([
    ["quixfan zorblat", {}, [BROKEN, HUMS, DARK, CAFE]],
    ["quixfan zorblat", all, [DARK]],
    ["hums | dark", all, [HUMS, DARK]],
    ["quixfan+wibble", {}, [BROKEN, HUMS]],
    ["quixfan+(twice | loudly)", {}, [BROKEN, HUMS]],
    ["quixfan -broken", {}, [HUMS, DARK]],
    ["zorb*", {}, [DARK, CAFE]],
    ['"wibble bracket"', {}, [BROKEN]],
    ['"bracket wibble"', {}, []],
    ["cafe NAIVE", all, [CAFE]],
    ["xk-2001/b", all, [CAFE]],
    ["\\+quixfan", {}, [BROKEN, HUMS, DARK]],
    ["タワー", {}, [TOKYO]],
    ["quixfan hums", lucene({ searchmode: "all" }), [HUMS]],
    ["quixfan AND wibble NOT twice", lucene(), [HUMS]],
    ["loudly OR naïve", lucene(), [HUMS, CAFE]],
    ["quixfan && !broken", lucene(), [HUMS, DARK]],
    ["+zorblat -quixfan", lucene(), [CAFE]],
    ["quiksfan~", lucene(), [BROKEN, HUMS, DARK]],
    ["hunns~1", lucene(), []],
    ["hunns~2", lucene(), [HUMS]],
    ["qu?xfan", lucene(), [BROKEN, HUMS, DARK]],
    ["*oudly", lucene(), [HUMS]],
    ["/[hd]u?[ma][mr]?[sk]/", lucene(), [HUMS, DARK]],
    ['"replaced twice"~4', lucene(), [BROKEN]],
    ['"replaced twice"~0', lucene(), []],
    ["title:quixfan", lucene(), [BROKEN, HUMS]],
    ["NOT quixfan AND zorblat", lucene(), [CAFE]],
  ])("finds by %s %j", async (search, options, expected) => {
    const found = (await titles(search, options)).filter((title) =>
      [HUMS, BROKEN, DARK, CAFE, TOKYO].includes(String(title)),
    );
    expect(found).toEqual([...expected].sort());
  });

  test("ranks a boosted term first", async () => {
    const first = async (search: string) => (await find(search, lucene()))[0]?.Attributes.title;
    expect(await first("loudly^50 bracket")).toBe(HUMS);
    expect(await first("loudly bracket^50")).toBe(BROKEN);
  });

  test("filters, in common and by table, orders and counts facets", async () => {
    expect(await titles("quixfan", { filter: "prioritycode eq 2" })).toEqual([BROKEN, DARK]);
    expect(await titles("quixfan", { filter: "incident:prioritycode ne 2" })).toEqual([HUMS]);
    const own = JSON.stringify([
      {
        Name: "incident",
        SelectColumns: ["title"],
        SearchColumns: ["title"],
        Filter: `customerid eq ${account} and prioritycode lt 3`,
      },
    ]);
    expect(await titles("quixfan zorblat", { entities: own })).toEqual([BROKEN, HUMS, DARK]);
    const ordered = await find("quixfan", { orderby: '["title desc"]' });
    expect(ordered.map(({ Attributes }) => Attributes.title)).toEqual([DARK, HUMS, BROKEN]);
    const { json } = await ask({
      search: "quixfan zorblat",
      entities: incidents(),
      top: 1,
      facets: JSON.stringify([
        "prioritycode,count:2",
        "@search.entityname,count:10",
        "customerid",
        "createdon,values:2001-01-01|2101-01-01",
      ]),
    });
    const { Facets } = JSON.parse(String(json.response));
    expect(Facets.prioritycode).toEqual([
      { Type: "Value", Value: 2, OptionalValue: "Normal", From: null, To: null, Count: 2 },
      { Type: "Value", Value: 1, OptionalValue: "High", From: null, To: null, Count: 1 },
    ]);
    expect(Facets["@search.entityname"]).toMatchObject([{ Value: "incident", Count: 4 }]);
    expect(Facets.customerid).toMatchObject([
      { Value: account, OptionalValue: "Zephyr Works", Count: 4 },
    ]);
    expect(Facets.createdon.map(({ Count }: { Count: number }) => Count)).toEqual([0, 4, 0]);
  });

  test("corrects what occurs nowhere, when best effort is asked for", async () => {
    expect(await titles("quixfna brokn")).toEqual([]);
    const { json } = await ask({
      search: "quixfna",
      entities: incidents(),
      options: JSON.stringify({ besteffortsearchenabled: "true" }),
    });
    const inner = JSON.parse(String(json.response));
    expect(inner.Value).toHaveLength(3);
    expect(inner.QueryContext).toMatchObject({
      OriginalQuery: "quixfna",
      AlteredQuery: "quixfan",
    });
  });

  test("keeps up with writes, at once", async () => {
    expect(await titles("gloomph")).toEqual([]);
    const { id } = await dataverse.send("POST", "incidents", {
      title: "Gloomph",
      "customerid_account@odata.bind": `/accounts(${account})`,
    });
    expect(await titles("gloomph")).toEqual(["Gloomph"]);
    await dataverse.send("PATCH", `incidents(${id})`, { title: "Grumph" });
    expect([await titles("gloomph"), await titles("grumph")]).toEqual([[], ["Grumph"]]);
    await dataverse.send("DELETE", `incidents(${id})`);
    expect(await titles("grumph")).toEqual([]);
    const again = await dataverse.send("POST", "incidents", {
      title: "Other",
      "customerid_account@odata.bind": `/accounts(${account})`,
    });
    expect(await titles("grumph")).toEqual([]);
    await dataverse.send("DELETE", `incidents(${again.id})`);
  });

  test("shows only rows that the caller may read", async () => {
    const rows = async (call: Call) => {
      const seen = new Set<string>();
      const common = JSON.stringify([{ name: "incident", searchcolumns: ["ticketnumber"] }]);
      for (let skip = 0; ; skip += 100) {
        const found = await find("cas*", { entities: common, top: 100, skip }, call);
        for (const { Id } of found) seen.add(Id);
        if (found.length < 100) return seen;
      }
    };
    const [mine, every] = [await rows({ as: "representative" }), await rows({})];
    const listed = (
      await dataverse.send(
        "GET",
        "incidents?$select=incidentid&$filter=startswith(ticketnumber,'CAS')",
        undefined,
        { as: "representative" },
      )
    ).json.value as { incidentid: string }[];
    expect([...mine].sort()).toEqual(listed.map((row) => row.incidentid).sort());
    expect(mine.size).toBeLessThan(every.size);
  });
});

describe("wrong shapes are refused", () => {
  test.each([
    [{ entities: incidents() }, "400 0x80040203"],
    [{ search: "" }, "400 0x80040203"],
    [{ search: "x".repeat(101) }, "400 0x800401ff"],
    [{ search: 5 }, "400 0x80048d19"],
    [{ search: "x", entities: ["incident"] }, "400 0x80048d19"],
    [{ search: "x", entities: [{ name: "incident" }] }, "400 0x80048d19"],
    [{ search: "x", facets: ["statecode"] }, "400 0x80048d19"],
    [{ search: "x", orderby: ["createdon desc"] }, "400 0x80048d19"],
    [{ search: "x", options: { querytype: "lucene" } }, "400 0x80048d19"],
    [{ search: "x", searchMode: "all" }, "400 0x80048d19"],
    [{ search: "x", searchtype: "full" }, "400 0x80048d19"],
    [{ search: "x", returntotalrecordcount: true }, "400 0x80048d19"],
    [{ search: "x", select: ["title"] }, "400 0x80048d19"],
    [{ search: "x", querytype: "lucene" }, "400 0x80048d19"],
    [{ search: "x", top: 101 }, "400 0x80040203"],
    [{ search: "x", top: "5" }, "400 0x80048d19"],
    [{ search: "x", entities: "[incident" }, "400 0x80040203"],
    [{ search: "x", entities: "[{}]" }, "400 0x80060201"],
    [{ search: "x", entities: '[{"name":"role"}]' }, "400 0x80060201"],
    [
      { search: "x", entities: '[{"name":"incident","selectcolumns":["nothing"]}]' },
      "400 0x80041103",
    ],
    [
      { search: "x", entities: '[{"name":"incident","searchcolumns":["createdon"]}]' },
      "400 0x80040203",
    ],
    [{ search: "x", filter: "nothing eq 1" }, "400 0x80040203"],
    [{ search: "x", filter: "createdon >" }, "400 0x80060888"],
    [{ search: "x", facets: '["statecode,sort:up"]' }, "400 0x80040203"],
    [{ search: "x", orderby: '["createdon upwards"]' }, "400 0x80040203"],
    [{ search: '"open' }, "400 0x80040203"],
    [{ search: "(open" }, "400 0x80040203"],
    [{ search: `${"(".repeat(60)}x`, options: '{"querytype":"lucene"}' }, "400 0x80040203"],
    [{ search: "/[/", options: '{"querytype":"lucene"}' }, "400 0x80040203"],
  ])("%j", async (body, expected) => {
    expect(outcome(await ask(body))).toBe(expected);
    const door = `${dataverse.url}/api/search/v2.0/query`;
    expect(outcome(await ask(body, {}, door))).toBe(expected);
  });

  test.each([
    "*",
    "-",
    "+ +",
    "!!",
    "~~",
    "^5",
    ":",
    "a:",
    "\\",
    "\\\\",
    "{}[]",
    "%_'\";--",
    "AND OR NOT",
    "NEAR(a b)",
    "c0:x",
    '""',
    "?*?*?*?*",
  ])("but %s is only odd", async (search) => {
    for (const options of [undefined, '{"querytype":"lucene"}']) {
      const answer = await ask({ search, ...(options ? { options } : {}) });
      expect([200, 400]).toContain(answer.status);
    }
  });
});

describe("suggestions", () => {
  const inner = async (path: string, body: object) =>
    JSON.parse(String((await dataverse.send("POST", path, body)).json.response));

  test("come from the beginnings of words", async () => {
    expect(await inner("searchsuggest", { search: "quix", entities: incidents() })).toMatchObject({
      Error: null,
      Value: expect.arrayContaining([
        {
          Text: "{crmhit}Quixfan{/crmhit} broken",
          Document: expect.objectContaining({
            "@search.objectid": cases[BROKEN],
            "@search.entityname": "incident",
            "@search.objecttypecode": 112,
            title: BROKEN,
          }),
        },
      ]),
    });
    const slip = { search: "quixfam", entities: incidents() };
    expect((await inner("searchsuggest", slip)).Value).toEqual([]);
    expect((await inner("searchsuggest", { ...slip, fuzzy: true })).Value).toHaveLength(3);
    expect(outcome(await ask({ search: "qu" }, {}, "searchsuggest"))).toBe("400 0x80040203");
  });

  test("complete the last word, with one that the caller may see", async () => {
    expect(
      (await inner("searchautocomplete", { search: "broken qui", entities: incidents() })).Value,
    ).toBe("broken {crmhit}quixfan{/crmhit}");
    expect((await inner("searchautocomplete", { search: "qqq" })).Value).toBe("");
    const { systemuserid } = (
      (await dataverse.send("GET", "systemusers?$filter=lastname eq 'Wierzba'")).json
        .value as Record<string, string>[]
    )[0]!;
    expect(systemuserid).toBeDefined();
    const hidden = await dataverse.send(
      "POST",
      "searchautocomplete",
      { search: "zorb" },
      { as: "representative" },
    );
    expect(JSON.parse(String(hidden.json.response)).Value).toBe("");
  });
});

describe("the search door", () => {
  const post = (path: string, body: object) =>
    dataverse.send("POST", `${dataverse.url}/api/search/${path}`, body);

  test("answers version 2.0 as the action does", async () => {
    const body = { search: "quixfan", entities: incidents(), count: true };
    const [door, action] = [await post("v2.0/query", body), await ask(body)];
    expect(door.json).toEqual(action.json);
  });

  test("answers version 1.0 in its own shape, by the names that clients send", async () => {
    const { status, json } = await post("v1.0/query", {
      search: "quixfan",
      entities: ["incident"],
      returnTotalRecordCount: true,
      searchMode: "all",
      orderBy: ["title asc"],
      facets: ["prioritycode"],
      top: 2,
    });
    expect(status).toBe(200);
    expect(json).toMatchObject({ totalrecordcount: 3, querycontext: null });
    const value = json.value as Row[];
    expect(value).toHaveLength(2);
    expect(value[0]).toMatchObject({
      "@search.entityname": "incident",
      "@search.objectid": cases[BROKEN],
      "@search.objecttypecode": 112,
      title: BROKEN,
    });
    expect(json.facets).toMatchObject({ prioritycode: [{ Value: 2, Count: 2 }, { Count: 1 }] });
    expect((await post("v1.0/suggest", { search: "quix", useFuzzy: false })).json.value).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ text: expect.any(String), document: expect.any(Object) }),
      ]),
    );
    expect((await post("v1.0/autocomplete", { search: "quix" })).json.value).toBe(
      "{crmhit}quixfan{/crmhit}",
    );
  });

  test("tells status and statistics, and knows no other name", async () => {
    for (const path of ["searchstatus", `${dataverse.url}/api/search/v2.0/status`]) {
      const { json } = await dataverse.send("GET", path);
      const { value } = JSON.parse(String(json.response));
      expect(value.status).toBe("provisioned");
      expect(
        value.entitystatusresults.find((each: Row) => each.entitylogicalname === "incident"),
      ).toMatchObject({
        objecttypecode: "112",
        primarynamefield: "title",
        entitystatus: "EntitySyncComplete",
        searchableindexedfieldinfomap: { description: { indexfieldname: expect.any(String) } },
      });
    }
    const statistics = await dataverse.send("POST", "searchstatistics");
    expect(JSON.parse(String(statistics.json.response)).value.documentcount).toBeGreaterThan(25);
    expect(outcome(await post("v2.0/answer", {}))).toBe("404 0x80060888");
    expect(outcome(await dataverse.send("GET", `${dataverse.url}/api/search/v2.0/query`))).toBe(
      "405 0x80060888",
    );
    const anonymous = await fetch(`${dataverse.url}/api/search/v2.0/query`, { method: "POST" });
    expect(anonymous.status).toBe(401);
  });
});

describe("limits and switches", () => {
  test("one search a second for each user", () => {
    const world = { db: {} as never };
    let now = 1_000;
    const turn = (user: string) => {
      try {
        demandTurn(world, user, () => now);
        return undefined;
      } catch (error) {
        if (!(error instanceof DataverseError)) throw error;
        return [error.status, error.code, error.headers["Retry-After"]];
      }
    };
    expect([turn("a"), turn("b"), turn("a")]).toEqual([
      undefined,
      undefined,
      [429, "0x80072322", "1"],
    ]);
    now += 999;
    expect(turn("a")).toBeDefined();
    now += 1;
    expect(turn("a")).toBeUndefined();
  });

  test("over HTTP, for all searches together, with Retry-After", async () => {
    setSwitches(dataverse.emulator.world, { searchesPerSecond: 0.001 });
    expect((await ask({ search: "quixfan" }, { as: "manager" })).status).toBe(200);
    const second = await ask({ search: "quix" }, { as: "manager" }, "searchsuggest");
    expect(outcome(second)).toBe("429 0x80072322");
    expect(Number(second.headers.get("retry-after"))).toBeGreaterThan(900);
    expect((await ask({ search: "quixfan" }, { as: "representative" })).status).toBe(200);
    setSwitches(dataverse.emulator.world, { searchesPerSecond: 0 });
  });

  test("search that is not enabled refuses, and says so in its status", async () => {
    setSwitches(dataverse.emulator.world, { search: false });
    expect(outcome(await ask({ search: "quixfan" }))).toBe("403 0x80048d0b");
    const { json } = await dataverse.send("GET", "searchstatus");
    expect(JSON.parse(String(json.response)).value.status).toBe("notprovisioned");
    setSwitches(dataverse.emulator.world, { search: true });
  });

  test("a restored snapshot is searched as it is", async () => {
    const door = (name: string) => dataverse.send("POST", `${dataverse.url}/_emulator/${name}`, {});
    await door("snapshot");
    await dataverse.send("PATCH", `incidents(${cases[HUMS]})`, { title: "Renamed florp" });
    expect(await titles("florp")).toEqual(["Renamed florp"]);
    await door("restore");
    expect(await titles("florp")).toEqual([]);
    expect(await titles("loudly")).toEqual([HUMS]);
  });
});

describe("regular expressions", () => {
  test.each([
    ["ab*c", ["ac", "abbbc"], ["abb", "xac"]],
    ["a(b|cd)+e?", ["ab", "acdb", "abcde"], ["ae", "a"]],
    ["[a-c_]{2,3}", ["ab", "a_c"], ["a", "abcd", "ad"]],
    ["[^x]{2}", ["ab"], ["ax", "abc"]],
    ["a{3}", ["aaa"], ["aa", "aaaa"]],
    ["(ab){1,}", ["ab", "ababab"], ["", "aba"]],
    ["x{0,2}y", ["y", "xxy"], ["xxxy"]],
    ["a\\.b|c.", ["a.b", "cz"], ["axb", "c"]],
    ["|a", ["", "a"], ["aa"]],
    ["日本.?", ["日本", "日本語"], ["日"]],
  ])("/%s/", (source, fitting, others) => {
    const pattern = regularPattern(source);
    expect(fitting.filter((word) => !pattern.test(word))).toEqual([]);
    expect(others.filter((word) => pattern.test(word))).toEqual([]);
  });

  test.each(["(a", "a)", "[a", "*", "a{2,1}", "a{99}", "a\\", "[]", "((((a{50}){50}){50}){50})"])(
    "/%s/ is refused",
    (source) => {
      expect(() => regularPattern(source)).toThrow(DataverseError);
    },
  );

  test("of the worst kind take no longer than others", () => {
    const before = cpuMs();
    const word = `${"a".repeat(39)}b`;
    for (const source of ["(a+)+", "(a|a)*c", "(a|aa)+", "a*a*a*a*a*a*a*a*a*a*a*a*c", "(.*)*x"])
      expect(regularPattern(source).test(word)).toBe(false);
    expect(cpuMs() - before).toBeLessThan(500 * pace());
  });
});

describe("what the definitions say is searched", () => {
  const label = (text: string) => ({ LocalizedLabels: [{ Label: text, LanguageCode: 1033 }] });
  const send = async (method: string, path: string, body?: unknown, expected = 204) => {
    const answer = await dataverse.send(method, path, body);
    expect([path, answer.status, answer.message]).toEqual([path, expected, ""]);
    return answer;
  };
  const table = "EntityDefinitions(LogicalName='cr8e3_boiler')";
  const attribute = (SchemaName: string, type: string, more: object = {}) => ({
    "@odata.type": `Microsoft.Dynamics.CRM.${type}AttributeMetadata`,
    SchemaName,
    DisplayName: label(SchemaName),
    ...more,
  });
  const found = async (search: string, more: object = {}) => {
    const answer = await ask({ search, ...more });
    expect(answer.message).toBe("");
    const { Value } = JSON.parse(String(answer.json.response)) as { Value: Found[] };
    return Value.filter(({ EntityName }) => EntityName === "cr8e3_boiler");
  };
  const make = () =>
    send("POST", "EntityDefinitions", {
      SchemaName: "cr8e3_Boiler",
      DisplayName: label("Boiler"),
      DisplayCollectionName: label("Boilers"),
      SyncToExternalSearchIndex: false,
      Attributes: [attribute("cr8e3_Name", "String", { IsPrimaryName: true, MaxLength: 100 })],
    });

  test("a table that was made here, once it is switched on, by the columns of its quick find view", async () => {
    await make();
    await send("POST", `${table}/Attributes`, attribute("cr8e3_Notes", "Memo", { MaxLength: 500 }));
    const options = ["Cast iron", "Copper"].map((text, n) => ({ Value: n, Label: label(text) }));
    await send(
      "POST",
      `${table}/Attributes`,
      attribute("cr8e3_Metal", "Picklist", { OptionSet: { Options: options } }),
    );
    await send("POST", `${table}/Attributes`, attribute("cr8e3_Rooms", "Integer"));
    await send("POST", "RelationshipDefinitions", {
      "@odata.type": "Microsoft.Dynamics.CRM.OneToManyRelationshipMetadata",
      SchemaName: "cr8e3_account_boiler",
      ReferencedEntity: "account",
      ReferencingEntity: "cr8e3_boiler",
      Lookup: attribute("cr8e3_AccountId", "Lookup"),
    });
    await send("POST", "cr8e3_boilers", {
      cr8e3_name: "Vulcanus",
      cr8e3_notes: "Rumbles at plimsoll level",
      cr8e3_metal: 1,
      cr8e3_rooms: 4711,
      "cr8e3_AccountId@odata.bind": `/accounts(${account})`,
    });
    expect(await found("vulcanus")).toEqual([]);
    const named = JSON.stringify([{ name: "cr8e3_boiler" }]);
    expect(outcome(await ask({ search: "x", entities: named }))).toBe("400 0x80060201");
    await send("PUT", table, { SyncToExternalSearchIndex: true });
    expect(await found("vulcanus")).toHaveLength(1);
    expect(await found("plimsoll")).toEqual([]);
    const views = await send(
      "GET",
      "savedqueries?$filter=returnedtypecode eq 'cr8e3_boiler' and isquickfindquery eq true",
      undefined,
      200,
    );
    const [view] = views.json.value as Row[];
    const fields = ["cr8e3_name", "cr8e3_notes", "cr8e3_metal", "cr8e3_accountid", "cr8e3_rooms"];
    const conditions = fields.map(
      (name) => `<condition attribute="${name}" operator="like" value="{0}"/>`,
    );
    await send("PATCH", `savedqueries(${view?.savedqueryid})`, {
      fetchxml: `<fetch><entity name="cr8e3_boiler"><filter type="or" isquickfindfields="1">${conditions.join("")}</filter></entity></fetch>`,
    });
    // A label and the name of what a lookup points to are found, a number is not.
    for (const word of ["plimsoll", "copper", "zephyr", "vulcanus"])
      expect([word, (await found(word)).length]).toEqual([word, 1]);
    expect(await found("4711")).toEqual([]);
    expect((await found("plimsoll"))[0]?.Highlights).toEqual({
      cr8e3_notes: ["Rumbles at {crmhit}plimsoll{/crmhit} level"],
    });
  });

  test("columns under column security are neither searched nor shown, counted or sorted by", async () => {
    await send("PUT", `${table}/Attributes(LogicalName='cr8e3_notes')`, {
      "@odata.type": "Microsoft.Dynamics.CRM.MemoAttributeMetadata",
      IsSecured: true,
    });
    expect(await found("plimsoll")).toEqual([]);
    expect(await found("plimsol~", lucene())).toEqual([]);
    const entities = JSON.stringify([
      { name: "cr8e3_boiler", selectcolumns: ["cr8e3_name", "cr8e3_notes"] },
    ]);
    const [role] = (await send("GET", "roles?$filter=name eq 'CSR Manager'", undefined, 200)).json
      .value as Row[];
    const [privilege] = (
      await send("GET", "privileges?$filter=name eq 'prvReadcr8e3_Boiler'", undefined, 200)
    ).json.value as Row[];
    await send("POST", `roles(${role?.roleid})/Microsoft.Dynamics.CRM.AddPrivilegesRole`, {
      Privileges: [{ PrivilegeId: privilege?.privilegeid, Depth: "Global" }],
    });
    const shown = async (call: Call, more: object = {}) => {
      const answer = await ask({ search: "vulcanus", entities, ...more }, call);
      return { answer, text: String(answer.json.response ?? "") };
    };
    const asManager = await shown({ as: "manager" });
    expect(asManager.text).toContain("Vulcanus");
    expect(asManager.text).not.toContain("plimsoll");
    expect((await shown({ as: "administrator" })).text).toContain("plimsoll");
    for (const more of [
      { facets: '["cr8e3_notes"]' },
      { orderby: '["cr8e3_notes"]' },
      { filter: "cr8e3_notes eq 'x'" },
    ])
      expect(outcome((await shown({ as: "manager" }, more)).answer)).toBe("403 0x8004f504");
    const completed = await ask({ search: "plims" }, {}, "searchautocomplete");
    expect(JSON.parse(String(completed.json.response))).toMatchObject({ Value: "" });
  });

  test("a table that is made anew under the name of one that went starts with nothing", async () => {
    await send("DELETE", "RelationshipDefinitions(SchemaName='cr8e3_account_boiler')");
    await send("DELETE", table);
    await make();
    await send("PUT", table, { SyncToExternalSearchIndex: true });
    await send("POST", "cr8e3_boilers", { cr8e3_name: "Prometheus" });
    expect(await found("vulcanus")).toEqual([]);
    expect(await found("prometheus")).toHaveLength(1);
    const { json } = await send(
      "GET",
      "savedqueries?$filter=returnedtypecode eq 'cr8e3_boiler'",
      undefined,
      200,
    );
    expect((json.value as Row[]).map((row) => row.querytype).sort()).toEqual([0, 0, 1, 2, 4, 64]);
  });
});
