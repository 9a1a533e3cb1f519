import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { personas } from "../../packages/dataverse-emulator/src/sample/identities";
import { type ServiceDesk, startServiceDesk, type ToolAnswer } from "../support/service-desk";

const many = 20;
const people = ["representative", "administrator"] as const;
const representative = personas[0]?.systemUserId ?? "";

let desk: ServiceDesk;
let contactId = "";

beforeAll(async () => {
  desk = await startServiceDesk({
    cases: 60,
    // A busy machine takes its time, which is not what is tried.
    timeoutMs: () => 280_000,
  });
  contactId = await made("contacts", { lastname: "Marlow", emailaddress1: "ada@example.com" });
}, 120_000);
afterAll(() => desk?.close());

async function made(set: string, body: Record<string, unknown>): Promise<string> {
  const id = crypto.randomUUID();
  await desk.write("PATCH", `${set}(${id})`, body);
  return id;
}
const newCase = (more: Record<string, unknown> = {}) =>
  made("incidents", {
    title: "The router drops",
    "customerid_contact@odata.bind": `/contacts(${contactId})`,
    "ownerid@odata.bind": `/systemusers(${representative})`,
    ...more,
  });
const rows = async (path: string) =>
  (await desk.read(path)).value as readonly Record<string, unknown>[];

/** The same tool so often at once, by different people. */
const atOnce = (tool: string, argsOf: (n: number) => Record<string, unknown>) =>
  Promise.all(
    Array.from({ length: many }, (_, n) => desk.call(tool, argsOf(n), people[n % people.length])),
  );
const well = (answers: readonly ToolAnswer[]) => answers.filter(({ isError }) => !isError);
/** Index and answer of those of whom it is true. */
const those = (
  answers: readonly ToolAnswer[],
  isMeant: (answer: ToolAnswer) => boolean,
): readonly (readonly [number, ToolAnswer])[] =>
  [...answers.entries()].filter(([, answer]) => isMeant(answer));

jest.setTimeout(300_000);

describe(`${many} at once`, () => {
  test("who resolve one case with notes of their own: one did, the others are told whose note stands", async () => {
    const incidentId = await newCase();
    const note = (n: number) => `Firmware of person ${n} it was.`;
    const answers = await atOnce("resolve_incident", (n) => ({
      incidentId,
      resolutionNote: note(n),
    }));
    const resolutions = await rows(
      `incidentresolutions?$select=description&$filter=_incidentid_value eq ${incidentId}`,
    );
    expect(resolutions).toHaveLength(1);
    expect(answers.map(({ isError, text }) => (isError ? text : ""))).toEqual(
      answers.map(() => ""),
    );
    const [winner, ...others] = those(
      answers,
      ({ structured }) => structured.wasResolvedBefore === false,
    );
    expect(others).toEqual([]);
    const standing = String(resolutions[0]?.description);
    expect(standing).toContain(note(winner?.[0] ?? -1));
    // Whose resolution it is decides who may read it, here as in Dataverse itself.
    const readers = new Map<string, boolean>();
    for (const person of people) {
      const { structured } = await desk.call(
        "read_query",
        {
          querytext: `SELECT description FROM incidentresolution WHERE incidentid = '${incidentId}'`,
        },
        person,
      );
      readers.set(person, structured.rows.length === 1);
    }
    expect([...readers.values()]).toContain(true);
    for (const [n, { text }] of those(answers, ({ structured }) => structured.wasResolvedBefore)) {
      expect(text).toContain("resolved already");
      if (readers.get(people[n % people.length] ?? ""))
        expect(text).toContain(note(winner?.[0] ?? -1));
      else expect(text).toMatch(/How it was resolved you may not read\. It was last changed by/);
      expect(text).not.toContain(note(n));
    }
  });

  test("who send one draft: one did, the others are told that it was sent", async () => {
    const emailId = await made("emails", {
      subject: "Your router",
      description: "<p>Hello</p>",
      "ownerid@odata.bind": `/systemusers(${representative})`,
      email_activity_parties: [
        {
          participationtypemask: 1,
          "partyid_systemuser@odata.bind": `/systemusers(${representative})`,
        },
        { participationtypemask: 2, "partyid_contact@odata.bind": `/contacts(${contactId})` },
      ],
    });
    const answers = await Promise.all(
      Array.from({ length: many }, () => desk.call("send_email", { emailId })),
    );
    expect(those(answers, ({ structured }) => structured?.wasSentBefore === false)).toHaveLength(1);
    // Whose page showed the draft before it went out approved another thing than what there is now.
    for (const { text, structured } of answers)
      if (structured?.sent !== true) expect(text).toMatch(/what was shown has changed/i);
    const again = await desk.call("send_email", { emailId });
    expect(again.structured).toMatchObject({ sent: true, wasSentBefore: true });
  });

  test("who change one record: each change was made, and one of them stands", async () => {
    const recordId = await newCase();
    const said = (n: number) => `Seen by ${n}.`;
    const answers = await atOnce("update_record", (n) => ({
      tablename: "incident",
      recordId,
      item: { description: said(n) },
    }));
    expect(well(answers)).toHaveLength(many);
    const { description } = await desk.read(`incidents(${recordId})?$select=description`);
    expect(answers.map((_, n) => said(n))).toContain(description);
  });

  test("who change one version of a record: one did, and the others changed nothing", async () => {
    const recordId = await newCase();
    const before = await desk.read(`incidents(${recordId})?$select=title`);
    const said = (n: number) => `Seen by ${n}.`;
    const answers = await atOnce("update_record", (n) => ({
      tablename: "incident",
      recordId,
      item: { description: said(n) },
      etag: before["@odata.etag"],
    }));
    const done = those(answers, ({ isError }) => !isError);
    expect(done).toHaveLength(1);
    const { description } = await desk.read(`incidents(${recordId})?$select=description`);
    expect(description).toBe(said(done[0]?.[0] ?? -1));
    for (const [, { text }] of those(answers, ({ isError }) => isError))
      expect(text).toMatch(/was changed since version .*Nothing was written\./s);
  });

  test("who create a record with one id: one did, and the others are told that it is there", async () => {
    const annotationid = crypto.randomUUID();
    const incidentId = await newCase();
    const answers = await atOnce("create_record", (n) => ({
      tablename: "annotation",
      item: {
        annotationid,
        subject: `Called ${n}`,
        objectid: { relatedTable: "incident", recordId: incidentId },
      },
    }));
    const done = those(answers, ({ isError }) => !isError);
    expect(done).toHaveLength(1);
    const { subject } = await desk.read(`annotations(${annotationid})?$select=subject`);
    expect(subject).toBe(`Called ${done[0]?.[0]}`);
    for (const [, { text }] of those(answers, ({ isError }) => isError))
      expect(text).toMatch(/exists already/);
  });

  test("who create records without ids: each has its own, under the id that it was told", async () => {
    const answers = await atOnce("create_record", (n) => ({
      tablename: "incident",
      item: {
        title: `Twenty cases ${n}`,
        customerid: { relatedTable: "contact", recordId: contactId },
      },
    }));
    expect(well(answers)).toHaveLength(many);
    for (const [n, { structured }] of answers.entries()) {
      const row = await desk.read(`incidents(${structured.recordId})?$select=title,ticketnumber`);
      expect(row).toMatchObject({
        title: `Twenty cases ${n}`,
        ticketnumber: structured.caseNumber,
      });
    }
    expect(
      await rows("incidents?$select=title&$filter=startswith(title,'Twenty cases')"),
    ).toHaveLength(many);
  });

  test("who create the same record: nobody is taken for a repeat of another", async () => {
    const answers = await atOnce("create_record", () => ({
      tablename: "task",
      item: { subject: "The same task" },
    }));
    expect(new Set(well(answers).map(({ structured }) => structured.recordId)).size).toBe(many);
    expect(await rows("tasks?$select=subject&$filter=subject eq 'The same task'")).toHaveLength(
      many,
    );
  });
});
