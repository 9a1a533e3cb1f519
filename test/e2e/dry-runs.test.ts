import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { demoCases, personas } from "../../packages/dataverse-emulator/src/sample/identities";
import { tools } from "../../shared/tools";
import { differing, pictureOf } from "../support/database-picture";
import { draftsAt } from "../support/mails";
import { type ServiceDesk, startServiceDesk } from "../support/service-desk";

type Args = Record<string, unknown>;

let desk: ServiceDesk;
const given = new Map<string, Args>();
let before: Readonly<Record<string, string>>;
beforeAll(async () => {
  desk = await startServiceDesk({ cases: 60 });
  for (const tool of acting) given.set(tool, (await uses[tool]?.()) ?? {});
  before = pictureOf(desk.emulator);
}, 120_000);
afterAll(async () => {
  expect(desk.bugs).toEqual([]);
  await desk.close();
});

const [{ id: incidentId }] = demoCases;
const first = async (path: string, key: string) =>
  ((await desk.read(`${path}&$top=1`)).value as Args[])[0]?.[key];
const queued = () =>
  first(
    "queueitems?$select=_objectid_value&$filter=statecode eq 0 and _workerid_value eq null and objecttypecode eq 112",
    "_objectid_value",
  );
const drafts = () => draftsAt(desk, personas[2]?.systemUserId ?? "");
const item = [{ name: "Weather", type: "string" }];
const madeTable = async () => {
  const table = { tablename: "Visit", displayname: "Visit", item };
  return (await desk.call("create_table", table, "administrator")).structured.tablename as string;
};

/** What each tool that acts would do something for. */
const uses: Readonly<Record<string, () => Promise<Args>>> = {
  create_record: async () => ({ tablename: "task", item: { subject: "New" } }),
  update_record: async () => ({
    tablename: "incident",
    recordId: incidentId,
    item: { title: "Changed" },
  }),
  delete_record: async () => ({ tablename: "incident", recordId: incidentId }),
  reassign_case: async () => ({ incidentId, targetId: "Billing", reason: "An invoice" }),
  pick_case_from_queue: async () => ({ incidentId: await queued() }),
  create_note: async () => ({ incidentId, text: "Called back" }),
  create_activity: async () => ({ incidentId, type: "phonecall", subject: "Call", isDone: true }),
  attach_file: async () => ({ incidentId, fileName: "a.txt", content: "Hello" }),
  enrich_case: async () => ({ incidentId }),
  get_next_suggestion_on_case: async () => ({ incidentId, store: true }),
  draft_email_with_suggested_response: async () => ({ incidentId }),
  send_email: async () => ({ emailId: await drafts().toStranger() }),
  resolve_incident: async () => ({ incidentId, resolutionNote: "Solved on the phone" }),
  create_table: async () => ({ tablename: "Loan", displayname: "Loan", item }),
  update_table: async () => ({ tablename: await madeTable(), item, newDisplayName: "Visits" }),
  delete_table: async () => ({ tablename: await madeTable() }),
};
const acting = tools.filter(({ effect }) => effect !== "read").map(({ name }) => name);

test("every tool that acts is tried", () => {
  expect(Object.keys(uses).sort()).toEqual([...acting].sort());
});

describe("a dry run says what would be done", () => {
  test.each(acting)("%s", async (tool) => {
    const dry = await desk.ask(tool, { ...given.get(tool), dryRun: true }, "administrator");
    expect([dry.isError, dry.text]).toEqual([
      false,
      expect.stringMatching(/nothing was (changed|written)|dry run/i),
    ]);
    expect(dry.structured?.approval?.approvalId).toBeUndefined();
  });
});

test("and none of them changed a row, nor does one with everything beside it that could make it act", async () => {
  expect(differing(before, pictureOf(desk.emulator))).toEqual([]);
  for (const tool of acting) {
    const more = { dryRun: "true", approvalId: "AAAAAAAAAAAAAAAAAAAAAA", hasUserApproved: true };
    await desk.ask(tool, { ...given.get(tool), ...more }, "administrator");
  }
  expect(differing(before, pictureOf(desk.emulator))).toEqual([]);
});

test("a change would have been seen", async () => {
  await desk.ask("create_note", { incidentId, text: "Called back" }, "administrator");
  expect(differing(before, pictureOf(desk.emulator))).toContain("annotation");
});
