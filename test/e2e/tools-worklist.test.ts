import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { demoCases, personas } from "../../packages/dataverse-emulator/src/sample/identities";
import { type ServiceDesk, startServiceDesk, type ToolAnswer } from "../support/service-desk";
import { tokensOf } from "../support/tokens";

let desk: ServiceDesk;
const [first, demo] = demoCases;
const me = personas[0]?.systemUserId ?? "";

type Row = Record<string, unknown>;
const rows = async (path: string) => (await desk.read(path)).value as Row[];
const numbers = ({ structured }: ToolAnswer): string[] =>
  structured.cases.map((each: { caseNumber: string }) => each.caseNumber);
/** Numbers of the cases that Dataverse itself gives. */
const stored = async (filter: string): Promise<string[]> =>
  (await rows(`incidents?$select=ticketnumber&$filter=${filter}`)).map((row) =>
    String(row.ticketnumber),
  );
const list = (args: Row) => desk.call("list_cases", args);
/** By who may see all rows, as `stored` does. */
const listAll = (args: Row) => desk.call("list_cases", { top: 100, ...args }, "administrator");

beforeAll(async () => {
  desk = await startServiceDesk({ cases: 400 });
}, 60_000);
afterAll(() => desk?.close());

describe("list_cases", () => {
  test("shows twenty of one's open cases in 1,500 tokens, with numbers, ids and how many there are", async () => {
    const answer = await list({});
    const mine = await stored(`_ownerid_value eq ${me} and statecode eq 0`);
    expect(mine.length).toBeGreaterThan(20);
    expect(answer.structured.total).toBe(mine.length);
    expect(numbers(answer)).toHaveLength(20);
    expect(mine).toEqual(expect.arrayContaining(numbers(answer)));
    expect(answer.text).toContain(`20 of ${mine.length} cases: yours, open`);
    for (const { incidentId, caseNumber } of answer.structured.cases)
      expect(answer.text).toContain(`${caseNumber},${incidentId},`);
    expect(tokensOf(answer.text)).toBeLessThanOrEqual(1_500);
    expect(answer.text).toContain("Next: get_case");
  });

  test("puts high priority first, then normal, then low, the oldest first in each", async () => {
    const { structured } = await list({ top: 100, owner: "anyone" });
    const words = structured.cases.map((each: { priority: string }) => each.priority);
    const order = ["High", "Normal", "Low"];
    expect(words).toEqual(
      [...words].sort((left, right) => order.indexOf(left) - order.indexOf(right)),
    );
    expect(new Set(words).size).toBe(3);
  });

  test("knows a team's cases, a queue's, a colleague's, a customer's", async () => {
    const teams = (await rows(`systemusers(${me})/teammembership_association?$select=teamid`)).map(
      (row) => `_ownerid_value eq ${row.teamid}`,
    );
    const ofTeams = await stored(`statecode eq 0 and (${teams.join(" or ")})`);
    expect(ofTeams.length).toBeGreaterThan(0);
    expect(numbers(await list({ owner: "my team", top: 100 })).sort()).toEqual(ofTeams.sort());

    const [queue] = await rows("queues?$select=queueid&$filter=name eq 'Billing'");
    const inQueue = await stored(
      `statecode eq 0 and Incident_QueueItem/any(q:q/_queueid_value eq ${queue?.queueid} and q/statecode eq 0)`,
    );
    expect(inQueue.length).toBeGreaterThan(0);
    expect(numbers(await listAll({ queue: "billing" })).sort()).toEqual(inQueue.sort());

    const [account] = await rows(
      "accounts?$select=accountid,name&$filter=name eq 'Harrowgate Foods Ltd'",
    );
    const ofCustomer = await stored(
      `statecode eq 1 and _customerid_value eq ${account?.accountid}`,
    );
    const answer = await listAll({ customer: String(account?.name), status: "resolved" });
    expect(numbers(answer).sort()).toEqual(ofCustomer.sort());

    const [colleague] = await rows(
      "systemusers?$select=systemuserid&$filter=fullname eq 'Ulla Hernández'",
    );
    const ofColleague = await stored(
      `statuscode eq 2 and _ownerid_value eq ${colleague?.systemuserid}`,
    );
    expect(
      numbers(await listAll({ owner: "ulla.hernandez@halvren.example", status: "On Hold" })).sort(),
    ).toEqual(ofColleague.sort());
  });

  test("says what nears and what is late by the time that was promised", async () => {
    const near = await list({ sla: "nearing", owner: "anyone" });
    expect(numbers(near)).toContain(first.ticketNumber);
    expect(near.structured.cases.every((each: Row) => each.isLate === false)).toBe(true);
    const late = await list({ sla: "breached", owner: "anyone", top: 3 });
    expect(late.structured.cases.every((each: Row) => each.isLate === true)).toBe(true);
    const dues = late.structured.cases.map((each: Row) => String(each.due));
    expect(dues).toEqual([...dues].sort());
    expect(late.structured.total).toBeGreaterThan(3);
  });

  test("finds a closed case by its number, and says what it did not understand", async () => {
    const [closed] = await rows("incidents?$select=ticketnumber&$filter=statecode eq 1&$top=1");
    expect(numbers(await list({ search: String(closed?.ticketnumber) }))).toEqual([
      closed?.ticketnumber,
    ]);
    const wrong = await list({ status: "nonsense", priority: "urgent", queue: "Nowhere" });
    expect(wrong.isError).toBe(true);
    expect(wrong.text).toMatch(/status "nonsense" is none of .*"On Hold" \(2\)/);
    expect(wrong.text).toMatch(/priority "urgent" is none of .*"High" \(1\)/);
    expect(wrong.text).toMatch(/queue: there is no queue named "Nowhere"/);
  });

  test("finds words of a title in any order, and a part of a number", async () => {
    const [row] = await rows(
      `incidents?$select=title,ticketnumber&$filter=incidentid eq ${first.id}`,
    );
    const [one = "", , , other = ""] = String(row?.title).split(/[ ,]+/);
    expect(numbers(await listAll({ search: `${other} ${one}` }))).toContain(first.ticketNumber);
    expect(numbers(await listAll({ search: "CAS-01001" }))).toEqual([first.ticketNumber]);
  });

  test("lists what waits in a queue and nobody works on", async () => {
    const waiting = (
      await rows(
        "queueitems?$select=_objectid_value,_queueid_value&$filter=statecode eq 0 and _workerid_value eq null and objecttypecode eq 112",
      )
    ).map((item) => ({ id: String(item._objectid_value), queueId: item._queueid_value }));
    expect(waiting.length).toBeGreaterThan(0);
    const { structured, text } = await listAll({ owner: "nobody", status: "all" });
    expect(structured.total).toBe(waiting.length);
    expect(text).toContain("waiting in a queue for somebody");
    for (const { incidentId } of structured.cases)
      expect(waiting.map(({ id }) => id)).toContain(incidentId);
    const queueId = waiting[0]?.queueId;
    const inQueue = await listAll({ owner: "nobody", queue: String(queueId), status: "all" });
    expect(inQueue.structured.total).toBe(
      waiting.filter((each) => each.queueId === queueId).length,
    );
  });

  test("lists the cases of a case's customer", async () => {
    const { _customerid_value: customer } = await desk.read(
      `incidents(${first.id})?$select=_customerid_value`,
    );
    const theirs = await stored(`_customerid_value eq ${customer} and statecode eq 0`);
    expect(numbers(await listAll({ customer: first.ticketNumber })).sort()).toEqual(theirs.sort());
    const none = await list({ customer: "CAS-00000-XXXXXX" });
    expect([none.isError, none.text]).toEqual([true, expect.stringContaining("no account or")]);
  });

  test("tells two people of one name apart by firm, town and mail", async () => {
    const { text, isError } = await list({ customer: "Katya Schäfer" });
    expect(isError).toBe(true);
    expect(text).toMatch(/2 records are named "Katya Schäfer": contact \S+ \(.*Sligo.*@harrowgate/);
  });
});

describe("get_case", () => {
  test("shows all of a case by its number, in a thousand tokens", async () => {
    const { text, structured } = await desk.call("get_case", { incidentId: demo.ticketNumber });
    expect(structured).toMatchObject({
      incidentId: demo.id,
      caseNumber: demo.ticketNumber,
      isOpen: true,
      customer: { name: "Kaito Grünwald", table: "contact" },
      queue: { name: "Billing" },
    });
    for (const part of [
      /^Case \S+ \(1c000000-\S+\)\. SLA due 2026-11-27 19:00 UTC\. A draft waits, not sent: email \S+\./,
      /customer \| "Kaito Grünwald" \| contact \| \S+ \| "kaito\.\S+@postbox\.example" \| "\+33 [\d ]+" \| Nantes/,
      /status \| "In Progress" \| priority \| Low \| owner \| "Avery Lindholm"/,
      /queue \| Billing \| since/,
      /intent \| "The value added tax number/,
      /"other case" \| CAS-/,
      /"mail in" \| "kaito/,
      /\| draft \|/,
      /\| "task open" \| .*\| [0-9a-f-]{36}\n/,
      /\| note \|/,
      /Other cases of the customer: \d+, \d+ of them open/,
      /Next: show the draft/,
    ])
      expect(text).toMatch(part);
    expect(tokensOf(text)).toBeLessThanOrEqual(1_000);
  });

  test("shows how a case was resolved, and a change where the audit log may be read", async () => {
    await desk.write("PATCH", "organizations(0e000000-0000-4000-8000-000000000001)", {
      isauditenabled: true,
    });
    await desk.write("PATCH", "EntityDefinitions(LogicalName='incident')", {
      IsAuditEnabled: { Value: true },
    });
    await desk.write("PATCH", `incidents(${first.id})`, { prioritycode: 1 });
    const name = { caseNumber: first.ticketNumber };
    const seen = await desk.call("get_case", name, "administrator");
    expect(seen.text).toMatch(/\| change \| "[^"]+" \| "Update – prioritycode 2 → 1"/);
    expect((await desk.call("get_case", name)).text).not.toContain("| change |");

    const [closed] = await rows(
      "incidents?$select=incidentid&$filter=statecode eq 1 and merged eq false&$top=1",
    );
    const resolved = await desk.call("get_case", { incidentId: String(closed?.incidentid) });
    expect(resolved.text).toMatch(/resolved \| "\d{4}-/);
    expect(resolved.text).toContain("reopens it");
  });

  test("says what is wrong with a name that names nothing", async () => {
    const { text, isError } = await desk.call("get_case", { caseNumber: "CAS-99999-ABCDEF" });
    expect([isError, text]).toEqual([true, expect.stringContaining("There is no case")]);
    expect((await desk.call("get_case", {})).text).toContain("Name the case");
    const part = await desk.call("get_case", { caseNumber: "CAS-1001" });
    expect(part.text).toMatch(
      /There is no case "CAS-1001".*\n- It may be incident \S+ \(.*CAS-01001/,
    );
  });
});
