import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { personas } from "../../packages/dataverse-emulator/src/sample/identities";
import { quicken } from "../support/fast-time";
import {
  behind,
  cutBefore,
  late,
  lost,
  type ProxiedDesk,
  pass,
  startProxiedDesk,
} from "../support/proxied-desk";

/** What a person is told of a change whose answer is lost: done, not done, or not known and how to find out. */
let desk: ProxiedDesk;
let slowDown: () => void;
const self = personas.find(({ key }) => key === "representative")?.systemUserId ?? "";
const owned = { "ownerid@odata.bind": `/systemusers(${self})` };
let contactId: string;

beforeAll(async () => {
  desk = await startProxiedDesk(40);
  contactId = await make("contacts", { lastname: "Marlow", emailaddress1: "ada@example.com" });
  await desk.call("describe_table", { tablename: "incident" });
  slowDown = quicken(10);
}, 120_000);
afterEach(() => desk.heal());
afterAll(async () => {
  slowDown?.();
  await desk?.close();
});

async function make(set: string, body: Record<string, unknown>): Promise<string> {
  const id = crypto.randomUUID();
  await desk.write("PATCH", `${set}(${id})`, { ...body, ...owned });
  return id;
}
const newCase = () =>
  make("incidents", {
    title: "The router drops",
    "customerid_contact@odata.bind": `/contacts(${contactId})`,
  });
const newMail = (description = "<p>Hello</p>") =>
  make("emails", {
    subject: "Your router",
    description,
    email_activity_parties: [
      { participationtypemask: 1, "partyid_systemuser@odata.bind": `/systemusers(${self})` },
      { participationtypemask: 2, "partyid_contact@odata.bind": `/contacts(${contactId})` },
    ],
  });
const rows = async (path: string) => (await desk.read(path)).value as Record<string, unknown>[];
const well = { isError: false };
/** What leaves nothing open leaves it open in no word. */
const certain = expect.not.stringMatching(/not known|may have/);

describe("resolve_incident", () => {
  const resolve = (incidentId: string, resolutionNote = "Replaced the fuse") =>
    desk.call("resolve_incident", { incidentId, resolutionNote });
  const notesOf = async (id: string) =>
    (await rows(`incidentresolutions?$select=description&$filter=_incidentid_value eq ${id}`)).map(
      ({ description }) => description,
    );
  const byAdministrator = (id: string) => () =>
    desk.write("POST", "CloseIncident", {
      IncidentResolution: {
        "@odata.type": "Microsoft.Dynamics.CRM.incidentresolution",
        subject: "Solved",
        description: "The administrator's note",
        "incidentid@odata.bind": `/incidents(${id})`,
      },
      Status: 5,
    });

  test.each([
    ["at once", lost],
    ["some seconds later", late(3_000)],
  ])("says done when the answer is lost and Dataverse does it %s", async (_, act) => {
    const id = await newCase();
    desk.strike(/CloseIncident/, act);
    const answer = await resolve(id);
    expect(answer).toMatchObject({
      ...well,
      text: expect.stringMatching(/^Case resolved successfully/),
      structured: { resolved: true, wasResolvedBefore: false },
    });
    await desk.heal();
    expect(await notesOf(id)).toEqual(["Replaced the fuse"]);
  });

  test("says not done when nothing came of it, and the same call then does it", async () => {
    const id = await newCase();
    desk.strike(/CloseIncident/, cutBefore);
    const first = await resolve(id);
    expect(first).toMatchObject({
      isError: true,
      text: expect.stringMatching(/^The case was not resolved\..*same call can be made again/s),
    });
    expect(first.text).toEqual(certain);
    expect((await resolve(id)).structured).toMatchObject({ wasResolvedBefore: false });
  });

  test("says not known when nobody answers any more, and with which call to find out", async () => {
    const id = await newCase();
    desk.strike(/CloseIncident/, lost, { thenDead: true });
    const { isError, text } = await resolve(id);
    expect([isError, text]).toEqual([true, expect.stringMatching(/^It is not known whether/)]);
    const querytext = `SELECT statecode, statuscode FROM incident WHERE incidentid = '${id}'`;
    expect(text).toContain(`read_query with ${JSON.stringify({ querytext })}`);
    await desk.heal();
    const { structured } = await desk.call("read_query", { querytext });
    expect(structured.rows).toMatchObject([{ statecode: 1 }]);
    const again = await resolve(id);
    expect([again.isError, again.text]).toEqual([
      false,
      expect.stringMatching(/resolved already.*Replaced the fuse/s),
    ]);
    expect(await notesOf(id)).toHaveLength(1);
  });

  test.each([
    ["refused", pass],
    ["not heard", cutBefore],
  ])("tells of a colleague who was faster, and how, when ours was %s", async (_, act) => {
    const incidentId = await newCase();
    const note = "The representative's note";
    desk.strike(
      /CloseIncident/,
      behind(() => resolve(incidentId, note), act),
    );
    const { isError, text, structured } = await desk.call(
      "resolve_incident",
      { incidentId, resolutionNote: "Mine" },
      "administrator",
    );
    expect([isError, structured?.wasResolvedBefore]).toEqual([false, true]);
    expect(structured.resolution).toMatchObject({ note, by: "Avery Lindholm" });
    expect(text).toMatch(
      /^The case was resolved already; nothing was changed, and the note of this call was not stored\./,
    );
    expect(text).toContain(note);
    expect(await notesOf(incidentId)).toEqual([note]);
  });

  test.each([
    ["refused", pass],
    ["not heard", cutBefore],
  ])("says who was faster where the note may not be read, when ours was %s", async (_, act) => {
    const id = await newCase();
    desk.strike(/CloseIncident/, behind(byAdministrator(id), act));
    const { isError, text, structured } = await resolve(id);
    expect([isError, structured?.wasResolvedBefore]).toEqual([false, true]);
    expect(text).toMatch(/you may not read\. It was last changed by .*Tomasz Wierzba/);
    expect(await notesOf(id)).toEqual(["The administrator's note"]);
  });
});

describe("send_email", () => {
  const send = (emailId: string) => desk.call("send_email", { emailId });
  const isSent = async (id: string) =>
    (await desk.read(`emails(${id})?$select=statuscode`)).statuscode === 3;
  const byColleague = (id: string) => () =>
    desk.write("POST", `emails(${id})/Microsoft.Dynamics.CRM.SendEmail`, { IssueSend: false });

  test.each([
    ["at once", lost],
    ["some seconds later", late(3_000)],
  ])("says sent when the answer is lost and Dataverse sends it %s", async (_, act) => {
    const id = await newMail();
    desk.strike(/SendEmail/, act);
    expect(await send(id)).toMatchObject({
      ...well,
      text: expect.stringMatching(/^Email sent successfully/),
      structured: { sent: true, wasSentBefore: false },
    });
    await desk.heal();
    expect(await isSent(id)).toBe(true);
  });

  test("says that the draft is kept when nothing came of it", async () => {
    const id = await newMail();
    desk.strike(/SendEmail/, cutBefore);
    const { isError, text } = await send(id);
    expect([isError, text]).toEqual([
      true,
      expect.stringMatching(/^The mail was not sent; the draft is kept\./),
    ]);
    expect(text).toEqual(certain);
    expect(await isSent(id)).toBe(false);
  });

  test("says not known when nobody answers any more; the same call sends no second one", async () => {
    const id = await newMail();
    desk.strike(/SendEmail/, lost, { thenDead: true });
    const { text } = await send(id);
    expect(text).toMatch(/^It is not known whether the mail was sent\./);
    expect(text).toContain(`SELECT statuscode FROM email WHERE activityid = '${id}'`);
    await desk.heal();
    expect((await send(id)).structured).toMatchObject({ sent: true, wasSentBefore: true });
  });

  test.each([
    ["refused", pass],
    ["not heard", cutBefore],
  ])("tells of a colleague who was faster, when ours was %s", async (_, act) => {
    const id = await newMail();
    desk.strike(/SendEmail/, behind(byColleague(id), act));
    const { text, structured } = await send(id);
    expect([text, structured?.wasSentBefore]).toEqual([
      expect.stringMatching(/^The mail was sent already, last changed by .*Tomasz Wierzba/),
      true,
    ]);
  });

  const unsafe = '<p onclick="x()">Hello</p>';
  const isSafe = async (id: string) =>
    !String((await desk.read(`emails(${id})?$select=description`)).description).includes("onclick");

  test("makes a draft safe first, also where the answer to that is lost", async () => {
    const id = await newMail(unsafe);
    desk.strike(/^PATCH emails/, lost);
    expect((await send(id)).structured).toMatchObject({ sent: true, wasSentBefore: false });
    expect(await isSafe(id)).toBe(true);
  });

  test("sends nothing when somebody changes the draft while it is made safe", async () => {
    const id = await newMail(unsafe);
    const change = () => desk.write("PATCH", `emails(${id})`, { subject: "Another subject" });
    desk.proxy.seen = [];
    desk.strike(/^PATCH emails/, behind(change, pass));
    const { isError, text } = await send(id);
    expect([isError, text]).toEqual([
      true,
      expect.stringMatching(/changed by somebody else meanwhile; the mail was not sent/),
    ]);
    expect([await isSent(id), await isSafe(id)]).toEqual([false, false]);
    expect(desk.proxy.seen.some(({ name }) => /SendEmail/.test(name))).toBe(false);
  });

  test("says sent already when somebody sends it while it is made safe", async () => {
    const id = await newMail(unsafe);
    desk.strike(/^PATCH emails/, behind(byColleague(id), pass));
    expect((await send(id)).structured).toMatchObject({ sent: true, wasSentBefore: true });
  });

  test("sends nothing that could not be made safe", async () => {
    const id = await newMail(unsafe);
    desk.strike(/^PATCH emails/, cutBefore, { thenDead: true });
    const { isError, text } = await send(id);
    expect([isError, text]).toEqual([true, expect.stringMatching(/^The mail was not sent/)]);
    expect(text).toEqual(certain);
    expect(await isSent(id)).toBe(false);
  });
});

describe("create_record", () => {
  const item = (subject: string) => ({ subject, description: "Call Ada back" });
  const create = (values: Record<string, unknown>) =>
    desk.call("create_record", { tablename: "task", item: values });
  const tasks = (subject: string) =>
    rows(`tasks?$select=activityid,subject&$filter=subject eq '${subject}'`);
  const always = { times: Number.POSITIVE_INFINITY };

  test("makes one record, however often the answer is lost", async () => {
    desk.strike(/^PATCH tasks/, lost, { times: 2 });
    const { isError, structured } = await create(item("Lost twice"));
    expect(isError).toBe(false);
    expect(await tasks("Lost twice")).toMatchObject([{ activityid: structured.recordId }]);
  });

  test("finds the record that Dataverse makes some seconds later", async () => {
    desk.strike(/^PATCH tasks/, late(4_000), always);
    const { isError, structured } = await create(item("Late"));
    await desk.heal();
    expect(isError).toBe(false);
    expect(await tasks("Late")).toMatchObject([{ activityid: structured.recordId }]);
  });

  test.each([
    ["the id that was named", true],
    ["the same arguments", false],
  ])("not known: a repeat with %s makes no second one", async (_, byId) => {
    const subject = byId ? "Unclear, by id" : "Unclear, the same";
    desk.strike(/^PATCH tasks/, lost, { thenDead: true });
    const first = await create(item(subject));
    expect(first.text).toMatch(/^It is not known whether the record was created\./);
    const id = /"activityid": "([0-9a-f-]{36})"/.exec(first.text)?.[1];
    await desk.heal();
    const again = await create({ ...item(subject), ...(byId ? { activityid: id } : {}) });
    if (byId)
      expect(again.text).toMatch(/exists already in task, and it holds what this call says/);
    else
      expect([again.structured.recordId, again.text]).toEqual([
        id,
        expect.stringMatching(/An earlier call .* had made it/),
      ]);
    expect(await tasks(subject)).toMatchObject([{ activityid: id }]);
    // What is settled binds no later call.
    expect((await create(item(subject))).structured.recordId).not.toBe(id);
    expect(await tasks(subject)).toHaveLength(2);
  });

  test("an id that another record has is a conflict, also behind a reset", async () => {
    const activityid = crypto.randomUUID();
    const theirs = () =>
      desk.write("PATCH", `tasks(${activityid})`, { subject: "Theirs", ...owned });
    desk.strike(/^PATCH tasks/, behind(theirs, cutBefore));
    const { isError, text } = await create({ ...item("Ours"), activityid });
    expect([isError, text]).toEqual([
      true,
      expect.stringMatching(/Another record with the id .* exists already/),
    ]);
    const before = await create({ ...item("Ours"), activityid });
    expect(before.text).toBe(text);
    expect(await tasks("Ours")).toEqual([]);
  });
});

describe("update_record", () => {
  const update = (recordId: string, title: string, etag?: string) =>
    desk.call("update_record", {
      tablename: "incident",
      recordId,
      item: { title },
      ...(etag === undefined ? {} : { etag }),
    });
  const read = (id: string) => desk.read(`incidents(${id})?$select=title`);
  const theirs = (id: string) => () => desk.write("PATCH", `incidents(${id})`, { title: "Theirs" });

  test.each([
    ["without etag", false],
    ["with etag", true],
  ])("says done when the answer is lost, %s", async (_, pinned) => {
    const id = await newCase();
    const etag = pinned ? String((await read(id))["@odata.etag"]) : undefined;
    desk.strike(/^PATCH incidents/, lost);
    expect(await update(id, "Ours", etag)).toMatchObject(well);
    expect((await read(id)).title).toBe("Ours");
    expect(desk.proxy.seen.length).toBeGreaterThan(0);
  });

  test("a repeat overwrites nothing that somebody else wrote in between", async () => {
    const id = await newCase();
    desk.strike(/^PATCH incidents/, behind(theirs(id), cutBefore));
    const { isError, text } = await update(id, "Ours");
    expect([isError, text]).toEqual([
      true,
      expect.stringMatching(/^Somebody else changed the record meanwhile/),
    ]);
    expect((await read(id)).title).toBe("Theirs");
  });

  test("what somebody wrote after ours is not taken for a refusal of ours, nor undone", async () => {
    const id = await newCase();
    desk.strike(/^PATCH incidents/, async (exchange) => {
      await exchange.reach();
      await theirs(id)();
      exchange.cut();
    });
    expect((await update(id, "Ours")).text).toMatch(/^Somebody else changed the record meanwhile/);
    expect((await read(id)).title).toBe("Theirs");
  });

  test.each([1, 6])(
    "whoever gives no version and is overtaken %i times still gets it made",
    async (times) => {
      const id = await newCase();
      desk.strike(/^PATCH incidents/, behind(theirs(id), pass), { times });
      expect(await update(id, "Ours")).toMatchObject(well);
      expect((await read(id)).title).toBe("Ours");
    },
  );

  test("says not known when nobody answers any more, and with which call to find out", async () => {
    const id = await newCase();
    desk.strike(/^PATCH incidents/, lost, { thenDead: true });
    const { text } = await update(id, "Ours");
    expect(text).toMatch(/^It is not known whether the record was changed\./);
    expect(text).toContain(`SELECT title FROM incident WHERE incidentid = '${id}'`);
  });
});

describe("merging and queueing", () => {
  test("says merged when the answer is lost", async () => {
    const [recordId, masterid] = [await newCase(), await newCase()];
    desk.strike(/^POST Merge/, lost);
    const args = { tablename: "incident", recordId, item: { masterid } };
    const { isError, text } = await desk.call("update_record", args, "administrator");
    expect([isError, text]).toEqual([false, text]);
    expect(await desk.read(`incidents(${recordId})?$select=merged`)).toMatchObject({
      merged: true,
    });
  });

  test("says where the record is when the answer is lost, and not known when nobody answers", async () => {
    const [queue] = await rows("queues?$select=queueid&$top=1");
    const item = async () => ({
      queueid: queue?.queueid,
      objectid: { relatedTable: "incident", recordId: await newCase() },
    });
    const put = async (values: Record<string, unknown>) =>
      desk.call("create_record", { tablename: "queueitem", item: values }, "administrator");
    desk.strike(/AddToQueue/, lost);
    const { isError, text, structured } = await put(await item());
    expect([isError, text]).toEqual([false, text]);
    expect(await desk.read(`queueitems(${structured.recordId})`)).toBeDefined();
    await desk.heal();
    desk.strike(/AddToQueue/, lost, { thenDead: true });
    expect((await put(await item())).text).toMatch(
      /^It is not known whether the record was put into/,
    );
  });
});

describe("delete_record", () => {
  const remove = (recordId: string) =>
    desk.call(
      "delete_record",
      { tablename: "task", recordId, hasUserApproved: true },
      "administrator",
    );
  const newTask = () => make("tasks", { subject: "To be deleted" });

  test("says deleted when the answer is lost", async () => {
    desk.strike(/^DELETE tasks/, lost);
    expect(await remove(await newTask())).toMatchObject({ ...well, structured: { deleted: true } });
  });

  test("says who did not delete it when somebody else was faster", async () => {
    const id = await newTask();
    desk.strike(
      /^DELETE tasks/,
      behind(() => desk.write("DELETE", `tasks(${id})`, undefined), pass),
    );
    const { isError, text } = await remove(id);
    expect([isError, text]).toEqual([
      true,
      expect.stringMatching(/somebody else deleted it a moment ago/),
    ]);
  });

  test("says not known when nobody answers any more", async () => {
    const id = await newTask();
    desk.strike(/^DELETE tasks/, lost, { thenDead: true });
    const { text } = await remove(id);
    expect(text).toMatch(/^It is not known whether the record was deleted\./);
    expect(text).toContain(`SELECT activityid FROM task WHERE activityid = '${id}'`);
  });
});

test("no call ended in a bug", () => expect(desk.bugs).toEqual([]));
