import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { demoCases } from "../../packages/dataverse-emulator/src/sample/identities";
import { tools } from "../../shared/tools";
import { shareOf } from "../support/share";
import { type Person, startTools, type ToolsEndpoint } from "./tools-endpoint";

const nowhere = "5f3c1a52-0000-4000-8000-0123456789ab";
const long = "x".repeat(20_000);

/** Texts that have broken systems: SQL, XML, OData, paths, headers, templates, scripts, Unicode. */
const hostile = [
  "",
  " ",
  "'",
  "''",
  '"',
  "'; DROP TABLE incident; --",
  "' OR 1=1 --",
  "1) or (1 eq 1",
  "x' eq 'x",
  "incidents(00000000-0000-0000-0000-000000000000)",
  "incident?$expand=*",
  "incident#",
  "../../EntityDefinitions",
  "%2e%2e%2f",
  "%00",
  "a\u0000b",
  "a\r\nX-Evil: 1",
  "<fetch><entity name='systemuser'/></fetch>",
  "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>",
  "]]>",
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the text is the attack
  "${process.env}",
  "{{7*7}}",
  "<script>alert(1)</script>",
  "__proto__",
  "constructor",
  "toString",
  "NaN",
  "-1",
  "1e999",
  "\ud800",
  "👩‍👩‍👧‍👦",
  "ﷺ".repeat(100),
  "\u202Etxet",
  "İ",
  "ß",
  "null",
  "undefined",
  "[object Object]",
  "1; WAITFOR DELAY '0:0:10'",
  "(".repeat(5_000),
  'W/"1"',
  nowhere,
  `{${nowhere}}`,
  "0".repeat(36),
  long,
];
const wrongTypes: unknown[] = [null, 0, -1, 1.5, true, [], ["a"], {}, { a: { b: [1] } }, [[[]]]];
const odd: readonly unknown[] = [...hostile, ...wrongTypes];

/** Arguments that are right, so that one at a time can be made wrong. */
const right: Record<string, Record<string, unknown>> = {
  list_tables: { filter: "case", cursor: "t0", top: 5 },
  describe_table: { tablename: "incident" },
  read_query: { querytext: "SELECT TOP 1 title FROM incident", cursor: "none" },
  create_record: { tablename: "incident", item: { title: 1 } },
  update_record: { tablename: "incident", recordId: nowhere, item: { title: "x" }, etag: "1" },
  delete_record: { tablename: "incident", recordId: nowhere, hasUserApproved: true },
  send_email: { emailId: nowhere },
  resolve_incident: {
    incidentId: nowhere,
    caseNumber: "CAS-NONE",
    resolutionNote: "x",
    resolutionSubject: "x",
    status: "5",
    billableMinutes: 1,
  },
  enrich_case: {
    incidentId: nowhere,
    caseNumber: "CAS-NONE",
    tablename: "incident",
    sourceContextEntityId: nowhere,
    fields: ["casetypecode"],
    dryRun: true,
    overwriteHumanValues: true,
    undo: false,
    feedback: "x",
    engine: "built-in",
    hasUserApproved: false,
  },
  get_next_suggestion_on_case: {
    incidentId: nowhere,
    caseNumber: "CAS-NONE",
    tablename: "incident",
    sourceContextEntityId: nowhere,
    max: 1,
    store: true,
  },
  draft_email_with_suggested_response: {
    incidentId: nowhere,
    caseNumber: "CAS-NONE",
    tablename: "incident",
    sourceContextEntityId: nowhere,
    purpose: "auto",
    tone: "friendly",
    language: "en",
    subject: "x",
    template: "x",
  },
  list_cases: { owner: "me", status: "open", top: 1 },
  get_case: { incidentId: nowhere },
  reassign_case: { incidentId: nowhere, targetId: "me", reason: "x" },
  pick_case_from_queue: { incidentId: nowhere, queue: "x" },
  create_note: { incidentId: nowhere, text: "x", title: "x" },
  create_activity: { type: "task", incidentId: nowhere, subject: "x", end: "2026-11-26" },
  attach_file: { incidentId: nowhere, fileName: "a.txt", content: "x" },
  list_knowledge_sources: { filter: "x" },
  retrieve_knowledge: {
    question: "router",
    source: "nothing like it",
    audience: "internal",
    top: 1,
  },
  // Wrong in two places, so that one odd argument cannot make it right.
  create_table: { tablename: "", displayname: "x", item: [{ name: "x", type: "nope" }] },
  update_table: { tablename: "nothing_like_it", item: [] },
  delete_table: { tablename: "nothing_like_it", hasUserApproved: true },
};
const columns = ["title", "customerid", "prioritycode", "followupby", "ownerid", "statuscode"];

/** Such a body is refused as a whole, before any tool. */
const hasPrototypeKey = (args: unknown) => JSON.stringify(args).includes('"__proto__":');

/** Every argument made odd, one at a time; values of item, too. */
function* oddCalls(tool: string): Generator<Record<string, unknown>> {
  const base = right[tool] ?? {};
  const shape = tools.find(({ name }) => name === tool)?.input.shape ?? {};
  for (const name of Object.keys(shape)) {
    for (const value of odd) yield { ...base, [name]: value };
    const text = base[name];
    if (typeof text === "string" && text !== nowhere)
      for (const value of hostile) yield { ...base, [name]: text + value };
  }
  for (const value of tool === "read_query" ? hostile : []) {
    yield { querytext: `SELECT ${value} FROM incident` };
    yield { querytext: `SELECT title FROM incident WHERE title = ${value}` };
    yield { querytext: `SELECT TOP 1 title FROM incident WHERE title LIKE N'${value}'` };
    yield { querytext: `SELECT TOP 1 title AS [${value}] FROM incident ORDER BY ${value}` };
  }
  // An argument that is not known must not become one by its name.
  for (const value of odd) yield { ...base, [String(value)]: value };
  yield {};
  if (tool !== "create_record" && tool !== "update_record") return;
  for (const value of odd) {
    yield { ...base, item: Object.fromEntries(columns.map((column) => [column, value])) };
    yield { ...base, item: { [String(value)]: value, title: [] } };
    yield { ...base, item: { title: [], customerid: { relatedTable: value, name: value } } };
    yield { ...base, item: { title: [], "customerid_account@odata.bind": value } };
  }
}

let endpoint: ToolsEndpoint;
let me: Person;
let before: unknown;

const counts = async () => [
  await me.rows("SELECT COUNT(*) AS n FROM incident"),
  await me.rows("SELECT COUNT(*) AS n FROM account"),
  await me.rows("SELECT COUNT(*) AS n FROM email"),
  (await me.call("list_tables", { top: 1 })).data.total,
];

beforeAll(async () => {
  // Hundreds of calls search, and Dataverse would let one a second through.
  endpoint = await startTools(20, { searchesPerSecond: 0 });
}, 60_000);
// A client for each tool: Node's fetch warns of a leak when one signal has served 1,500 requests.
beforeEach(async () => {
  me = await endpoint.as("representative");
  before = await counts();
});
afterAll(() => endpoint?.close());

const names = tools.map((tool) => tool.name);

test("every tool has odd calls", () => {
  for (const { name, input } of tools) {
    const least = Object.keys(input.shape).length === 0 ? 50 : 100;
    expect([name, [...oddCalls(name)].length >= least]).toEqual([name, true]);
  }
});

test.each(names)(
  "%s answers odd input in words, and nothing is written",
  async (name) => {
    for (const args of shareOf([...oddCalls(name)], 9)) {
      if (hasPrototypeKey(args)) {
        await expect(me.call(name, args)).rejects.toThrow("No object may have a key __proto__");
        continue;
      }
      const { text } = await me.call(name, args);
      expect([JSON.stringify(args).slice(0, 200), text]).not.toEqual([expect.anything(), ""]);
      expect(text).not.toMatch(/\n\s+at |\.ts:\d|node_modules|SQLITE|failed inside the server/);
      expect(text.length).toBeLessThan(50_000);
    }
    expect(endpoint.bugs).toEqual([]);
    expect(endpoint.statuses.filter((status) => status >= 500)).toEqual([]);
    expect(await counts()).toEqual(before);
  },
  120_000,
);

/** A case that is there, so that odd words get as deep as they can. */
const real = demoCases[0].id;
const some = hostile.filter((_, at) => at % 4 === 1);
const deep: readonly (readonly [tool: string, calls: readonly Record<string, unknown>[]])[] = [
  ["retrieve_knowledge", hostile.map((question) => ({ question: `router ${question}`, top: 3 }))],
  ["get_next_suggestion_on_case", some.map((tablename) => ({ incidentId: real, tablename }))],
  [
    "enrich_case",
    some.flatMap((value) => [
      { incidentId: real, dryRun: true, fields: [value] },
      { incidentId: real, feedback: value },
      { incidentId: real, undo: true, engine: value },
    ]),
  ],
  [
    "draft_email_with_suggested_response",
    some.flatMap((value) => [
      { incidentId: real, subject: value, tone: value, language: value },
      { incidentId: real, template: value },
      { incidentId: real, sourceContextEntityId: value },
    ]),
  ],
];

test.each(deep)(
  "%s takes odd words on a real case: a whole answer or a whole refusal",
  async (tool, calls) => {
    const drafts = async () =>
      (await me.rows("SELECT COUNT(*) AS n FROM email WHERE statuscode = 'Draft'"))[0].n;
    const first = await drafts();
    const made = new Set<unknown>();
    for (const args of calls) {
      const { text, isError, data } = await me.call(tool, args);
      expect(text).not.toMatch(/\n\s+at |\.ts:\d|node_modules|SQLITE|failed inside the server/);
      expect(text).not.toBe("");
      if (isError || tool !== "draft_email_with_suggested_response") continue;
      // What another call had made already is no second draft, and one that is written anew neither.
      if (data.wasThereBefore !== true) made.add(data.emailId);
      const mail = await me.rows(
        `SELECT statuscode, subject, regardingobjectid FROM email WHERE activityid = '${data.emailId}'`,
      );
      expect(mail).toMatchObject([{ statuscode: 1, regardingobjectid: real }]);
    }
    expect(await drafts()).toBe(first + made.size);
    expect(endpoint.bugs).toEqual([]);
    expect(endpoint.statuses.filter((status) => status >= 500)).toEqual([]);
  },
  120_000,
);
