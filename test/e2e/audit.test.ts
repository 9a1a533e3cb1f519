import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { setUpAuditTable } from "../../infra/hooks/dataverse/audit-table";
import { WebApi } from "../../infra/hooks/dataverse/web-api";
import { applicationUser, personas } from "../../packages/dataverse-emulator/src/sample/identities";
import type { AuditRecord } from "../../shared/policy/audit";
import { tools } from "../../shared/tools";
import { clientId, tenantId } from "../support/issuer";
import { startWholeEndpoint, type WholeEndpoint } from "../support/whole-endpoint";

/** What stands in the record of a call that acts, and what does not: every tool that acts, called so that it changes something. */
let whole: WholeEndpoint;
let api: WebApi;
const administrator = personas[2];
const claims = { oid: administrator?.objectId };
/** Stands in everything that is written: in no record. */
const secret = "Zanzibar-4711";
const table = "new_mcpact";

const records = () =>
  whole.lines.filter(({ event }) => event === "audit") as unknown as AuditRecord[];
const rowsKept = () => api.rows(`${table}s?$orderby=createdon`);

async function act(tool: string, args: Record<string, unknown>, isDone = true) {
  const before = records().length;
  const answer = await whole.call(tool, args, { claims });
  if (answer.isError === isDone) throw new Error(`${tool}: ${answer.text}`);
  const left = records().slice(before);
  // Asking for a yes, and for what became of it, leave theirs as well.
  const record = left.find(({ acts }) => acts.length > 0) ?? left.at(-1);
  if (record?.tool !== tool) throw new Error(`${tool} left no record.`);
  return { answer, record };
}

/** Every tool that acts, done once, by its name. */
async function work(): Promise<ReadonlyMap<string, AuditRecord>> {
  const done = new Map<string, AuditRecord>();
  const run = async (tool: string, args: Record<string, unknown>) => {
    const { answer, record } = await act(tool, args);
    done.set(tool, record);
    return answer.structured;
  };
  const { recordId } = await run("create_record", {
    tablename: "contact",
    item: { lastname: secret, emailaddress1: "z@example.org" },
  });
  const customerid = { relatedTable: "contact", recordId };
  const { recordId: incidentId } = await run("create_record", {
    tablename: "incident",
    item: { title: `The battery ${secret} does not charge`, customerid },
  });
  await run("update_record", {
    tablename: "incident",
    recordId: incidentId,
    item: {
      description: `The battery does not charge. ${secret}`,
      prioritycode: "High",
    },
  });
  await run("enrich_case", { incidentId });
  await run("get_next_suggestion_on_case", { incidentId, store: true });
  const { emailId } = await run("draft_email_with_suggested_response", {
    incidentId,
    subject: secret,
  });
  await run("send_email", { emailId });
  await run("create_note", { incidentId, text: secret });
  await run("create_activity", { incidentId, type: "phonecall", subject: secret, isDone: true });
  await run("attach_file", { incidentId, fileName: "a.txt", content: secret });
  await run("reassign_case", { incidentId, targetId: "Billing", reason: secret });
  await run("pick_case_from_queue", { incidentId });
  await run("resolve_incident", { incidentId, resolutionNote: secret });
  await run("create_table", {
    displayname: "Loan device",
    tablename: "loandevice",
    item: [{ name: secret.replace("-", " "), type: "string" }],
  });
  await run("update_table", { tablename: "cr8e3_loandevice", item: [], newDisplayName: secret });
  await run("delete_table", {
    tablename: "cr8e3_loandevice",
    hasUserApproved: true,
  });
  const { recordId: spare } = await run("create_record", {
    tablename: "contact",
    item: { lastname: secret },
  });
  await run("delete_record", { tablename: "contact", recordId: spare, hasUserApproved: true });
  return done;
}

let done: ReadonlyMap<string, AuditRecord>;
beforeAll(async () => {
  whole = await startWholeEndpoint({ MCP_AUDIT_TABLE: table });
  const { db } = whole.emulator.world;
  const role = db.prepare("SELECT roleid FROM role WHERE name = 'System Administrator'").get();
  const asked = await fetch(
    `${whole.emulator.url}/msi/token?api-version=2019-08-01&resource=${whole.emulator.url}&client_id=${applicationUser.applicationId}`,
    { headers: { "x-identity-header": "local" } },
  );
  const { access_token } = (await asked.json()) as { access_token: string };
  api = new WebApi(whole.emulator.url, access_token);
  await api.call(
    "POST",
    `systemusers(${applicationUser.systemUserId})/systemuserroles_association/$ref`,
    { "@odata.id": `${api.root}/roles(${role?.roleid})` },
  );
  expect(await setUpAuditTable(api, table)).toBe(true);
  expect(await setUpAuditTable(api, table)).toBe(false);
  done = await work();
}, 120_000);
afterAll(() => whole?.close());

test("every tool that acts leaves one, with who, by what, which rows and columns, and how it ended", () => {
  const acting = tools.filter(({ effect }) => effect !== "read").map(({ name }) => name);
  expect([...done.keys()].sort()).toEqual(acting.sort());
  for (const [tool, record] of done) {
    expect([tool, record]).toEqual([
      tool,
      expect.objectContaining({
        person: administrator?.objectId,
        tenant: tenantId,
        client: clientId,
        // The predictor may be sure of nothing here, and nothing is written then.
        outcome: tool === "enrich_case" && record.acts.length === 0 ? "not done" : "done",
        answer: "ok",
      }),
    ]);
    if (tool !== "enrich_case") expect([tool, record.acts.length]).not.toEqual([tool, 0]);
  }
});

test("what rests on somebody's yes names it, and so does its row", async () => {
  const rested = [...done].filter(([, { consentId }]) => consentId !== undefined);
  expect(rested.map(([tool]) => tool).sort()).toEqual([
    "create_table",
    "delete_record",
    "delete_table",
    "pick_case_from_queue",
    "reassign_case",
    "send_email",
    "update_table",
  ]);
  const rows = await rowsKept();
  for (const [tool, { id, consentId }] of rested) {
    expect([tool, consentId]).toEqual([tool, expect.stringMatching(/^[\w-]{22}$/)]);
    expect([...whole.blobs.blobs.keys()]).toContain(`approvals/${consentId}`);
    expect(rows.find((row) => row[`${table}id`] === id)?.new_consent).toBe(consentId);
  }
});

test("rows and columns are those that were sent", () => {
  const acts = (tool: string) => done.get(tool)?.acts;
  expect(acts("update_record")).toEqual([
    {
      what: "update",
      set: "incidents",
      rows: [expect.stringMatching(/^[0-9a-f-]{36}$/)],
      columns: ["description", "prioritycode"],
      outcome: "done",
    },
  ]);
  expect(acts("delete_record")).toMatchObject([{ what: "delete", set: "contacts", columns: [] }]);
  expect(acts("send_email")?.at(-1)).toMatchObject({ what: "SendEmail", set: "emails" });
  expect(acts("resolve_incident")?.at(-1)).toMatchObject({
    what: "CloseIncident",
    rows: acts("update_record")?.[0]?.rows,
    columns: expect.arrayContaining(["IncidentResolution.description", "Status"]),
  });
  expect(acts("delete_table")?.[0]).toMatchObject({ set: "cr8e3_loandevice" });
});

test("nothing of what was written stands in any, nor in the rows that are kept", async () => {
  const kept = await rowsKept();
  expect(kept.length).toBe(records().filter(({ acts }) => acts.length > 0).length);
  const said = JSON.stringify([records(), kept]);
  for (const text of [secret, "z@example.org", "battery", "Loan device"])
    expect([text, said.includes(text)]).toEqual([text, false]);
  const byId = new Map(records().map((record) => [record.id, record]));
  for (const row of kept) {
    const record = byId.get(String(row[`${table}id`]));
    expect(row).toMatchObject({
      new_person: record?.person,
      new_tool: record?.tool,
      new_outcome: record?.outcome,
      new_client: clientId,
    });
  }
});

describe("also where nothing was changed, or that is not known:", () => {
  const note = (subject: string) => ({
    tablename: "task",
    item: { subject },
  });
  test("a refusal of Dataverse", async () => {
    const { record } = await act(
      "update_record",
      { tablename: "contact", recordId: crypto.randomUUID(), item: { lastname: secret } },
      false,
    );
    expect([record.outcome, record.answer]).toEqual(["not done", "not_found"]);
  });

  test("a role that is missing", async () => {
    whole.set({ MCP_AUDIT_TABLE: table, MCP_ROLES: "csr=CSR,manager=CSR.Manager,admin=Admin" });
    const { record } = await act("create_record", note(secret), false);
    expect([record.outcome, record.answer, record.acts]).toEqual(["not done", "forbidden", []]);
    whole.set({ MCP_AUDIT_TABLE: table });
  });

  test("an answer that was lost", async () => {
    const door = (path: string, body: unknown) =>
      fetch(`${whole.emulator.url}/_emulator/${path}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      });
    await door("fault", { kind: "reset-after", match: "PATCH .*tasks", times: 50 });
    await door("fault", { kind: "unavailable", match: "GET .*tasks", times: 50 });
    const { record } = await act("create_record", note(secret), false);
    await fetch(`${whole.emulator.url}/_emulator/fault`, { method: "DELETE" });
    expect(record.outcome).toBe("not known");
    const [row] = (await rowsKept()).filter((each) => each[`${table}id`] === record.id);
    expect(row?.new_outcome).toBe("not known");
  });

  test("nothing is changed where the row of it cannot be kept, and callers write none themselves", async () => {
    const { record: own } = await act(
      "create_record",
      { tablename: table, item: { new_name: secret } },
      false,
    );
    expect(own.outcome).toBe("not done");
    whole.set({ MCP_AUDIT_TABLE: "new_nowhere" });
    const { answer, record } = await act("create_record", note("Kept nowhere"), false);
    expect(answer.text).toMatch(/Nothing was changed: the record.*\n.*MCP_AUDIT_TABLE/);
    expect(record.outcome).toBe("not done");
    const rows = await api.rows("tasks?$select=subject&$filter=subject eq 'Kept nowhere'");
    expect(rows).toEqual([]);
  });
});
