import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { personas } from "../../packages/dataverse-emulator/src/sample/identities";
import { type ServiceDesk, startServiceDesk } from "../support/service-desk";

let desk: ServiceDesk;
const me = personas[0]?.systemUserId ?? "";
const manager = personas[1]?.systemUserId ?? "";

type Row = Record<string, unknown>;
const rows = async (path: string) => (await desk.read(path)).value as Row[];
const queueNamed = async (name: string) =>
  String((await rows(`queues?$select=queueid&$filter=name eq '${name}'`))[0]?.queueid);

/** A case of its own for each test. */
const newCase = async (title: string): Promise<{ id: string; number: string }> => {
  const [account] = await rows("accounts?$select=accountid&$top=1");
  const id = crypto.randomUUID();
  await desk.write("PATCH", `incidents(${id})`, {
    title,
    "customerid_account@odata.bind": `/accounts(${account?.accountid})`,
    "ownerid@odata.bind": `/systemusers(${me})`,
  });
  const { ticketnumber } = await desk.read(`incidents(${id})?$select=ticketnumber`);
  return { id, number: String(ticketnumber) };
};
const placeOf = async (id: string) => {
  const items = await rows(
    `queueitems?$select=_queueid_value,_workerid_value&$filter=_objectid_value eq ${id} and statecode eq 0`,
  );
  expect(items.length).toBeLessThan(2);
  return { queue: items[0]?._queueid_value, worker: items[0]?._workerid_value };
};
const ownerOf = async (id: string) =>
  (await desk.read(`incidents(${id})?$select=_ownerid_value`))._ownerid_value;
const notesOn = (id: string) =>
  rows(`annotations?$select=subject,notetext&$filter=_objectid_value eq ${id}`);

beforeAll(async () => {
  desk = await startServiceDesk({ cases: 60 });
}, 60_000);
afterAll(() => {
  expect(desk.bugs).toEqual([]);
  return desk?.close();
});

test("who is over the hour's number is asked, and what the yes was for is done whole", async () => {
  const cases = await rows("incidents?$select=incidentid&$filter=statecode eq 0&$top=25");
  const recordIds = cases.map(({ incidentid }) => incidentid);
  for (let done = 0; done < 200; done += recordIds.length) {
    const item = { prioritycode: done % 50 === 0 ? "High" : "Low" };
    const args = { tablename: "incident", recordIds, item };
    expect((await desk.call("update_record", args, "administrator")).isError).toBe(false);
  }
  const { id, number } = await newCase("Over the number");
  const args = { caseNumber: number, targetId: "Billing", reason: "On leave" };
  await desk.call("reassign_case", args, "administrator");
  const onward = { caseNumber: number, targetType: "user", targetId: manager, reason: "On leave" };
  const asked = await desk.ask("reassign_case", onward, "administrator");
  expect(asked.structured).toMatchObject({ approval: { state: "needed" } });
  const { text } = await desk.call("reassign_case", onward, "administrator");
  expect(text).toMatch(/^Case CAS-\S+ is with systemuser[\s\S]*\nThe handover note is on the case/);
  expect([await ownerOf(id), (await notesOn(id)).length]).toEqual([manager, 2]);
});

describe("reassign_case", () => {
  test("puts a case into a queue, moves it to another, and says so once more without moving it", async () => {
    const { id, number } = await newCase("To the queue");
    const billing = await queueNamed("Billing");
    const asked = { caseNumber: number, targetId: "Billing", reason: "It is about an invoice" };
    const first = await desk.call("reassign_case", asked);
    expect(first.text).toMatch(/^Case CAS-\S+ is with queue .*Billing.* now\.\nThe handover note/);
    expect(first.structured).toMatchObject({ incidentId: id, outcome: "moved", isNoted: true });
    expect(await placeOf(id)).toEqual({ queue: billing, worker: null });
    expect(await notesOn(id)).toMatchObject([
      { subject: "Handover", notetext: "It is about an invoice" },
    ]);

    const again = await desk.call("reassign_case", asked);
    expect(again.text).toMatch(
      /^Nothing was changed: case .* already\.\nThe handover note is on the case/,
    );
    expect(await notesOn(id)).toHaveLength(1);

    const routers = { caseNumber: number, targetType: "queue", targetId: "routers" };
    expect((await desk.call("reassign_case", routers)).text).toContain("It was in the queue");
    expect((await placeOf(id)).queue).toBe(await queueNamed("Routers"));
    expect(await ownerOf(id)).toBe(me);
  });

  test("gives a case to a colleague, with or without a queue, and to a team", async () => {
    const inQueue = await newCase("Out of the queue");
    await desk.call("reassign_case", { incidentId: inQueue.id, targetId: "Billing" });
    const alone = await newCase("In no queue");
    const { internalemailaddress } = await desk.read(
      `systemusers(${manager})?$select=internalemailaddress`,
    );
    const mail = String(internalemailaddress);
    for (const { id, number } of [inQueue, alone]) {
      const { text, isError } = await desk.call("reassign_case", {
        incidentId: number,
        targetId: mail,
        reason: "Please call back",
      });
      expect([isError, text]).toEqual([false, expect.stringContaining("is with systemuser")]);
      expect(await ownerOf(id)).toBe(manager);
      expect(await notesOn(id)).toHaveLength(1);
    }
    expect((await placeOf(alone.id)).queue).toBeUndefined();
    expect((await placeOf(inQueue.id)).worker).toBe(manager);

    const team = await newCase("For the team");
    await desk.call("reassign_case", { caseNumber: team.number, targetId: "Key accounts" });
    const [found] = await rows("teams?$select=teamid&$filter=name eq 'Key accounts'");
    expect(await ownerOf(team.id)).toBe(found?.teamid);
  });

  test("says who may be meant, and leaves a closed case alone", async () => {
    const { id, number } = await newCase("Nobody's");
    const { text, isError } = await desk.call("reassign_case", {
      caseNumber: number,
      targetId: "Iyer",
    });
    expect([isError, text]).toEqual([true, expect.stringContaining("The case was not moved")]);
    expect(text).toMatch(/systemuser \S+ \(.*@halvren\.example/);
    expect(await ownerOf(id)).toBe(me);
    const [closed] = await rows("incidents?$select=ticketnumber&$filter=statecode eq 1&$top=1");
    const refused = await desk.call("reassign_case", {
      caseNumber: String(closed?.ticketnumber),
      targetId: "me",
    });
    expect(refused.text).toMatch(/is closed\. Nothing was changed/);
  });
});

describe("reassign_case for several", () => {
  const several = (cases: readonly string[], more: Row, as?: "manager") =>
    desk.call("reassign_case", { cases, ...more }, as);

  test("hands each over with the note, by one yes for all", async () => {
    const [inQueue, alone] = [await newCase("Of two, first"), await newCase("Of two, second")];
    await desk.call("reassign_case", { incidentId: inQueue.id, targetId: "Billing" });
    const { internalemailaddress: mail } = await desk.read(
      `systemusers(${manager})?$select=internalemailaddress`,
    );
    const args = { cases: [inQueue.number, alone.id], targetId: String(mail), reason: "Please" };
    const asked = await desk.ask("reassign_case", args);
    expect(asked.structured.approval).toMatchObject({ state: "needed", grade: "model" });
    expect(asked.text).toMatch(
      /Give a record to another owner, 2 times:\n- Table: .*Case[\s\S]*- Of each: Record\n\[\[data \w+:\n.*CAS-.*\n.*CAS-/,
    );
    expect([await ownerOf(inQueue.id), await ownerOf(alone.id)]).toEqual([me, me]);
    const { approvalId } = asked.structured.approval;
    const done = await desk.ask("reassign_case", { ...args, approvalId });
    expect(done.text).toMatch(/^2 of 2 cases are with systemuser .* now: CAS-\S+, CAS-/);
    for (const { id } of [inQueue, alone]) {
      expect(await ownerOf(id)).toBe(manager);
      expect(await notesOn(id)).toHaveLength(1);
    }
    expect((await placeOf(inQueue.id)).worker).toBe(manager);
  });

  test("says first which was not moved, and moves the others", async () => {
    const [open, closed] = [await newCase("Open one"), await newCase("Closed one")];
    await desk.call("resolve_incident", { caseNumber: closed.number, resolutionNote: "Done" });
    const { text, structured } = await several([closed.number, open.number], {
      targetId: "Billing",
      targetType: "queue",
    });
    expect(text).toMatch(/^1 of 2 cases were NOT moved:\n- CAS-\S+: not done; The case is closed/);
    expect(structured.records.map((each: Row) => each.outcome)).toEqual(["not done", "moved"]);
    expect((await placeOf(open.id)).queue).toBe(await queueNamed("Billing"));
    const again = await several([open.number], { targetId: "Billing", reason: "Once more" });
    expect(again.text).toMatch(/was there before and not moved\.\nThe handover note is on each/);
    await several([open.number], { targetId: "Billing", reason: "Once more" });
    expect(await notesOn(open.id)).toHaveLength(1);
  });

  test("moves none where one is not found, or one and several are named", async () => {
    const { id, number } = await newCase("Stays");
    const unknown = await several([number, "CAS-00000-XXXXXX"], { targetId: "Billing" });
    expect([unknown.isError, unknown.text]).toEqual([
      true,
      expect.stringMatching(/Nothing was moved\.\n.*CAS-00000-XXXXXX/),
    ]);
    const both = await several([number], { targetId: "Billing", caseNumber: number });
    expect(both.text).toMatch(/side by side\. Nothing was moved/);
    expect((await placeOf(id)).queue).toBeUndefined();
  });

  test("names colleagues once where a part of a name is two people's, without their own queues", async () => {
    const { number } = await newCase("To a part of a name");
    const { text, isError } = await desk.call("reassign_case", {
      caseNumber: number,
      targetId: "Iyer",
    });
    expect(isError).toBe(true);
    expect(text.match(/systemuser \S+ \(/g)).toHaveLength(2);
    expect(text).not.toMatch(/queue/);
  });
});

describe("pick_case_from_queue", () => {
  test("picks a case by number, says when it is one's own, and refuses a colleague's", async () => {
    const { id, number } = await newCase("Pick me");
    await desk.call("reassign_case", { caseNumber: number, targetId: "Scooters" });
    const picked = await desk.call("pick_case_from_queue", { caseNumber: number }, "manager");
    expect(picked.text).toMatch(/^Picked: you work on it and own it\.\nCase CAS-/);
    expect(await placeOf(id)).toEqual({ queue: await queueNamed("Scooters"), worker: manager });
    expect(await ownerOf(id)).toBe(manager);
    const again = await desk.call("pick_case_from_queue", { incidentId: id }, "manager");
    expect(again.text).toMatch(/^Nothing was changed: you work on it already/);
    const other = await desk.call("pick_case_from_queue", { caseNumber: number }, "administrator");
    expect([other.isError, other.text]).toEqual([
      true,
      expect.stringContaining("Somebody else works on the case"),
    ]);
  });

  test("takes the next of a queue that nobody works on, and says when there is none", async () => {
    const queueid = crypto.randomUUID();
    await desk.write("PATCH", `queues(${queueid})`, { name: "Night shift", queueviewtype: 0 });
    const low = await newCase("Later");
    const high = await newCase("First");
    await desk.write("PATCH", `incidents(${high.id})`, { prioritycode: 1 });
    for (const { number } of [low, high])
      await desk.call("reassign_case", { caseNumber: number, targetId: "Night shift" });
    const next = async () =>
      (await desk.call("pick_case_from_queue", { queue: "night shift" })).structured;
    expect(await next()).toMatchObject({ incidentId: high.id, outcome: "picked" });
    expect(await next()).toMatchObject({ incidentId: low.id, outcome: "picked" });
    expect(await next()).toEqual({ outcome: "none" });
    // Given back, it waits again.
    const back = await desk.call("reassign_case", {
      caseNumber: low.number,
      targetId: "Night shift",
    });
    expect(back.structured.outcome).toBe("released");
    expect((await placeOf(low.id)).worker).toBeNull();
  });

  test("refuses a case that is in no queue, and a call that names nothing", async () => {
    const { number } = await newCase("Alone");
    const { text } = await desk.call("pick_case_from_queue", { caseNumber: number });
    expect(text).toMatch(/in no queue\. Nothing was changed\.\nreassign_case with targetId me/);
    expect((await desk.call("pick_case_from_queue", {})).text).toContain("Name a case, or a queue");
    await desk.call("reassign_case", { caseNumber: number, targetId: "Scooters" });
    const elsewhere = { caseNumber: number, queue: "Billing" };
    expect((await desk.call("pick_case_from_queue", elsewhere)).text).toMatch(
      /^The case is in another queue\. Nothing was changed\.\n(- )?It is in .*Scooters/,
    );
    const unknown = { caseNumber: number, queue: "no such" };
    expect((await desk.call("pick_case_from_queue", unknown)).text).toMatch(/^Nothing was picked/);
  });
});
