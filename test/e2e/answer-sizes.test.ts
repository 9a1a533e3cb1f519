import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import type { MutableCatalog } from "../../packages/dataverse-emulator/src/metadata/catalog";
import { longestAnswer } from "../../shared/mcp/answer-size";
import { tools } from "../../shared/tools";
import { type ServiceDesk, startServiceDesk } from "../support/service-desk";

/** However much there is to tell, every tool's answer keeps its size, and says that it is not all. */

const many = 200;
const wide = "cr8e3_wide";
const problem = "the router restarts by itself several times a day";
const long = `${problem}, "quoted" \\ and é `.repeat(90);
/** How an answer says that it is not all. */
const cutWords =
  /Truncated|[Cc]ut\b|there are more|There are more|nextCursor|cursor|and \d[\d,]* more|…|not looked at|first \d+|the rest|left out|shortened/;

let desk: ServiceDesk;
let client: Client;
const ids = { incident: "", open: "", draft: "", gone: "" };

const made = async (set: string, body: Record<string, unknown>): Promise<string> => {
  const id = randomUUID();
  await desk.write("PATCH", `${set}(${id})`, body);
  return id;
};
/** A row that was made by the service, and so many copies of it past its rules: only the keys differ. */
async function makeMany(table: string, key: string, set: string, body: Record<string, unknown>) {
  const id = await made(set, body);
  const { db } = desk.emulator.world;
  const columns = db
    .prepare(`SELECT name FROM pragma_table_info('${table}')`)
    .all()
    .map(({ name }) => `"${String(name)}"`)
    .filter((name) => name !== `"${key}"`);
  const copy = db.prepare(
    `INSERT INTO "${table}" ("${key}", ${columns}) SELECT ?, ${columns} FROM "${table}" WHERE "${key}" = ?`,
  );
  for (let n = 0; n < many; n++) copy.run(randomUUID(), id);
}

/** Past all rules of the service: every text of these rows is long. */
function lengthen(table: string, key: string, id: string): void {
  const { db, catalog } = desk.emulator.world;
  const stored = new Set(
    db
      .prepare(`SELECT name FROM pragma_table_info('${table}')`)
      .all()
      .map(({ name }) => String(name)),
  );
  const texts = (catalog.byName(table)?.attributes ?? []).filter(
    ({ logicalName, type, attributeOf }) =>
      (type === "String" || type === "Memo") &&
      attributeOf === undefined &&
      stored.has(logicalName) &&
      !/type|code|prefix|internal|address/.test(logicalName),
  );
  expect(texts.length).toBeGreaterThan(3);
  db.prepare(
    `UPDATE "${table}" SET ${texts.map((each) => `"${each.logicalName}" = ?`).join(", ")} WHERE "${key}" = ?`,
  ).run(...texts.map(() => long), id);
}

/** A thousand tables more; 1,500 columns of one table, and 5,000 options of its choice. */
function widen(): void {
  const catalog = desk.emulator.world.catalog as MutableCatalog;
  const model = catalog.byName(wide);
  const text = model?.attributes.find((each) => each.logicalName === "cr8e3_size");
  const choice = model?.attributes.find((each) => each.logicalName === "cr8e3_kind");
  if (model === undefined || text === undefined || choice === undefined)
    throw new Error(`${wide} was not made`);
  catalog.change((change) => {
    for (let n = 0; n < 1_000; n++) {
      const logicalName = `cr8e3_other${n}_${"x".repeat(40)}`;
      change.putEntity({
        ...model,
        metadataId: randomUUID(),
        logicalName,
        schemaName: logicalName,
        entitySetName: `${logicalName}s`,
        displayName: `Other ${n} ${"words ".repeat(15)}`,
      } as typeof model);
    }
    for (let n = 0; n < 1_500; n++)
      change.putAttribute(wide, {
        ...text,
        metadataId: randomUUID(),
        logicalName: `cr8e3_size${n}_${"y".repeat(40)}`,
        schemaName: `cr8e3_Size${n}_${"y".repeat(40)}`,
        displayName: `Size ${n}`,
        description: "d".repeat(300),
      } as typeof text);
    const options = Array.from({ length: 5_000 }, (_, n) => ({
      ...choice.options?.[0],
      value: 900_000_000 + n,
      label: `Option ${n} ${"o".repeat(60)}`,
    }));
    change.putAttribute(wide, { ...choice, options } as typeof choice);
  });
}

beforeAll(async () => {
  desk = await startServiceDesk({ cases: 20 });
  const account = await made("accounts", { name: "Halvren" });
  const makeCase = () =>
    made("incidents", {
      title: problem,
      description: problem,
      "customerid_account@odata.bind": `/accounts(${account})`,
    });
  ids.incident = await makeCase();
  ids.open = await makeCase();
  ids.gone = account;
  await makeMany("task", "activityid", "tasks", {
    subject: `Call back ${"s".repeat(180)}`,
    "regardingobjectid_incident_task@odata.bind": `/incidents(${ids.open})`,
  });
  await makeMany("annotation", "annotationid", "annotations", {
    subject: "Note",
    notetext: long,
    "objectid_incident@odata.bind": `/incidents(${ids.incident})`,
  });
  await makeMany("knowledgearticle", "knowledgearticleid", "knowledgearticles", {
    title: `${problem} ${"t".repeat(300)}`,
    description: problem,
    content: `<p>${long}</p>`,
    keywords: problem,
  });
  ids.draft = await made("emails", {
    subject: "Your router",
    description: `<p>${long}</p>`,
    directioncode: true,
    "regardingobjectid_incident_email@odata.bind": `/incidents(${ids.incident})`,
    email_activity_parties: [
      {
        "partyid_systemuser@odata.bind": "/systemusers(0a000000-0000-4000-8000-000000000003)",
        participationtypemask: 1,
      },
      ...Array.from({ length: 40 }, (_, n) => ({
        addressused: `${"a".repeat(60)}${n}@halvren.example`,
        participationtypemask: 2,
      })),
    ],
  });
  await makeMany("activitymimeattachment", "activitymimeattachmentid", "activitymimeattachments", {
    filename: `${"f".repeat(180)}.txt`,
    mimetype: "text/plain",
    body: Buffer.from("x").toString("base64"),
    "objectid_activitypointer@odata.bind": `/activitypointers(${ids.draft})`,
    objecttypecode: "email",
  });
  const item = [
    { name: "Size", type: "string" },
    { name: "Kind", type: "choice", choices: [{ label: "Noise" }] },
  ];
  const table = { tablename: "wide", displayname: "Wide", item };
  expect((await desk.call("create_table", table, "administrator")).isError).toBe(false);
  widen();
  for (const id of [ids.incident, ids.open]) lengthen("incident", "incidentid", id);
  lengthen("account", "accountid", account);
  desk.forget();
  client = new Client({ name: "test", version: "1" });
  const requestInit = { headers: { "x-persona": "administrator" } };
  const transport = new StreamableHTTPClientTransport(new URL(desk.url), { requestInit });
  await client.connect(transport as Parameters<Client["connect"]>[0]);
}, 120_000);
afterAll(async () => {
  await client?.close();
  await desk.close();
});

interface Seen {
  readonly tool: string;
  readonly text: number;
  readonly structured: number;
}

test("every tool's answer to the most there is has at most 40,000 characters, and tells what is missing", async () => {
  const incident = { tablename: "incident" };
  const column = { name: "Weight", type: "integer" };
  /** Calls, and whether the answer cannot be all there is. */
  const calls: readonly (readonly [string, Record<string, unknown>, boolean])[] = [
    ["list_tables", { top: 500 }, true],
    ["list_tables", { filter: "other" }, true],
    ["describe_table", { tablename: wide }, true],
    ["describe_table", incident, false],
    [
      "read_query",
      { querytext: `SELECT * FROM incident WHERE incidentid = '${ids.incident}'` },
      true,
    ],
    ["read_query", { querytext: "SELECT notetext, subject FROM annotation" }, true],
    ["create_record", { tablename: wide, item: { cr8e3_kind: "nonsense", nothing: 1 } }, false],
    ["create_record", { ...incident, item: { title: "x", customerid: "nobody" } }, false],
    ["update_record", { ...incident, recordId: ids.incident, item: { prioritycode: 1 } }, false],
    ["delete_record", { tablename: "account", recordId: ids.gone }, false],
    ["enrich_case", { incidentId: ids.incident, dryRun: true }, false],
    ["get_next_suggestion_on_case", { incidentId: ids.incident }, false],
    ["draft_email_with_suggested_response", { incidentId: ids.incident }, false],
    ["send_email", { emailId: ids.draft }, false],
    ["list_cases", { owner: "anyone", status: "all", top: 100 }, false],
    ["get_case", { incidentId: ids.incident }, false],
    ["reassign_case", { incidentId: ids.incident, targetId: "Billing" }, false],
    ["pick_case_from_queue", { incidentId: ids.incident }, false],
    ["create_note", { incidentId: ids.incident, text: long }, false],
    ["create_activity", { incidentId: ids.incident, type: "task", subject: "x" }, false],
    ["attach_file", { emailId: ids.draft, fileName: "a.txt", content: long }, false],
    ["resolve_incident", { incidentId: ids.open, resolutionNote: "x" }, false],
    ["list_knowledge_sources", {}, false],
    ["retrieve_knowledge", { question: problem, top: 20 }, false],
    ["create_table", { tablename: "wide", displayname: "Wide", item: [] }, false],
    ["update_table", { tablename: wide, item: [column] }, false],
    ["delete_table", { tablename: wide }, false],
  ];
  const seen: Seen[] = [];
  for (const [tool, args, isCut] of calls) {
    const result = await client.callTool({ name: tool, arguments: args });
    const blocks = result.content as { text: string }[];
    const said = blocks.map(({ text }) => text).join("");
    const structured = JSON.stringify(result.structuredContent ?? {});
    seen.push({
      tool,
      text: said.length,
      structured: structured.length,
    });
    if (isCut) expect([tool, said]).toEqual([tool, expect.stringMatching(cutWords)]);
  }
  expect(seen.filter(({ text }) => text > longestAnswer)).toEqual([]);
  expect(seen.filter(({ structured }) => structured > longestAnswer)).toEqual([]);
  // Every tool was tried, and the large ones did have much to tell.
  expect(new Set(seen.map(({ tool }) => tool))).toEqual(new Set(tools.map(({ name }) => name)));
  const large = new Set(seen.filter(({ text }) => text > 4_500).map(({ tool }) => tool));
  for (const tool of ["list_tables", "describe_table", "read_query", "get_case"])
    expect([...large]).toContain(tool);
  expect(desk.bugs).toEqual([]);
}, 120_000);
