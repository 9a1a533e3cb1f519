import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { demoCases, personas } from "../../packages/dataverse-emulator/src/sample/identities";
import { type ServiceDesk, startServiceDesk } from "../support/service-desk";

let desk: ServiceDesk;
const [first, demo] = demoCases;
const me = personas[0]?.systemUserId ?? "";

type Row = Record<string, unknown>;
const rows = async (path: string) => (await desk.read(path)).value as Row[];

beforeAll(async () => {
  desk = await startServiceDesk({ cases: 20 });
}, 60_000);
afterAll(() => {
  expect(desk.bugs).toEqual([]);
  return desk?.close();
});

describe("create_note", () => {
  test("writes a note by the number of a case, with or without a title, made safe", async () => {
    const name = { caseNumber: demo.ticketNumber };
    const { text, structured } = await desk.call("create_note", { ...name, text: "Called back" });
    expect(text).toMatch(/^Note written on case CAS-01002-M9T3W8 \(annotation \S+\)\./);
    const note = await desk.read(`annotations(${structured.noteId})`);
    expect(note).toMatchObject({ notetext: "Called back", _objectid_value: demo.id });
    expect(note.subject).toBeNull();
    const unsafe = await desk.call("create_note", {
      ...name,
      title: "Seen",
      text: "<p>Hello</p><script>alert(1)</script>",
    });
    expect(unsafe.text).toContain("Taken out of notetext");
    const stored = await desk.read(`annotations(${unsafe.structured.noteId})`);
    expect(stored).toMatchObject({ subject: "Seen" });
    expect(String(stored.notetext)).not.toContain("script");
  });
});

describe("create_activity", () => {
  test("logs a call of the customer as over, in one call", async () => {
    const { text, structured } = await desk.call("create_activity", {
      type: "phonecall",
      caseNumber: first.ticketNumber,
      subject: "Asked when it comes",
      isDone: true,
      isIncoming: true,
      minutes: 12,
    });
    expect(text).toMatch(/^Phone call logged as completed on case CAS-01001.*With \[\[data/);
    const call = await desk.read(
      `phonecalls(${structured.activityId})?$expand=phonecall_activity_parties($select=participationtypemask,_partyid_value)`,
    );
    expect(call).toMatchObject({
      statecode: 1,
      statuscode: 4,
      directioncode: false,
      actualdurationminutes: 12,
      _regardingobjectid_value: first.id,
    });
    const parties = call.phonecall_activity_parties as Row[];
    const { _primarycontactid_value: contact } = await desk.read(
      `incidents(${first.id})?$select=_primarycontactid_value`,
    );
    const by = (mask: number) =>
      parties.find((party) => party.participationtypemask === mask)?._partyid_value;
    expect([by(1), by(2)]).toEqual([contact, me]);
  });

  test("puts a task that is due, and one that is done, on a case", async () => {
    const open = await desk.call("create_activity", {
      type: "task",
      incidentId: demo.ticketNumber,
      subject: "Ask accounts",
      end: "2026-11-26T09:00:00Z",
    });
    expect(open.text).toMatch(/created, still open .*\n.*"statecode": "Completed"/);
    expect(await desk.read(`tasks(${open.structured.activityId})`)).toMatchObject({
      statecode: 0,
      scheduledend: "2026-11-26T09:00:00Z",
      _ownerid_value: me,
    });
    const done = await desk.call("create_activity", {
      type: "task",
      incidentId: demo.id,
      subject: "Asked accounts",
      isDone: true,
    });
    expect(await desk.read(`tasks(${done.structured.activityId})`)).toMatchObject({
      statecode: 1,
      statuscode: 5,
    });
  });

  test("makes an appointment of half an hour with whom it names", async () => {
    const { structured, text } = await desk.call("create_activity", {
      type: "appointment",
      caseNumber: demo.ticketNumber,
      subject: "Visit",
      start: "2026-11-27T10:00:00Z",
      with: [
        String(
          (await rows("contacts?$select=emailaddress1&$filter=emailaddress1 ne null&$top=1"))[0]
            ?.emailaddress1,
        ),
      ],
    });
    expect(text).toContain("Appointment created");
    const meeting = await desk.read(
      `appointments(${structured.activityId})?$expand=appointment_activity_parties($select=participationtypemask,_partyid_value)`,
    );
    expect(meeting).toMatchObject({
      scheduledstart: "2026-11-27T10:00:00Z",
      scheduledend: "2026-11-27T10:30:00Z",
    });
    expect(meeting.appointment_activity_parties).toContainEqual(
      expect.objectContaining({ participationtypemask: 5 }),
    );
  });

  test("writes nothing for a case that is not there, or a time that is none", async () => {
    const before = await rows("tasks?$select=activityid");
    const wrong = { type: "task", subject: "x" };
    const nowhere = await desk.call("create_activity", {
      ...wrong,
      caseNumber: "CAS-00000-XXXXXX",
    });
    const never = await desk.call("create_activity", {
      ...wrong,
      caseNumber: demo.ticketNumber,
      end: "soonish",
    });
    expect([nowhere.isError, never.isError]).toEqual([true, true]);
    expect(never.text).toMatch(/scheduledend: "soonish" is no date/);
    expect(await rows("tasks?$select=activityid")).toEqual(before);
  });
});

describe("attach_file", () => {
  const text = "Serial number;Date\nRO1;2026-11-24";

  test("stores plain text and base64 as the same file on a case", async () => {
    const base64 = Buffer.from(text).toString("base64");
    for (const content of [text, base64, `data:text/csv;base64,${base64}`]) {
      const { structured } = await desk.call("attach_file", {
        caseNumber: demo.ticketNumber,
        fileName: "devices.csv",
        content,
        text: "As asked",
      });
      expect(structured).toMatchObject({ bytes: text.length, attachedTo: { id: demo.id } });
      expect(await desk.read(`annotations(${structured.attachmentId})`)).toMatchObject({
        documentbody: base64,
        filename: "devices.csv",
        mimetype: "text/csv",
        isdocument: true,
        notetext: "As asked",
        _objectid_value: demo.id,
      });
    }
  });

  test("refuses words in place of the bytes of a document, also in create_record", async () => {
    const { text: said, isError } = await desk.call("attach_file", {
      caseNumber: demo.ticketNumber,
      fileName: "invoice.pdf",
      content: "This is the invoice",
    });
    expect([isError, said]).toEqual([
      true,
      expect.stringContaining("is not the base64 of such a file"),
    ]);
    const objectid = { relatedTable: "incident", recordId: demo.ticketNumber };
    const record = (item: Row) =>
      desk.call("create_record", { tablename: "annotation", item: { objectid, ...item } });
    const pdf = await record({ filename: "a.pdf", documentbody: "Hello there" });
    expect(pdf.text).toMatch(/documentbody: the content of "a\.pdf" is not the base64/);
    const plain = await record({ filename: "a.txt", documentbody: "Hello there" });
    expect(plain.text).toContain("stored as a file of UTF-8 text");
    expect(await desk.read(`annotations(${plain.structured.recordId})`)).toMatchObject({
      documentbody: Buffer.from("Hello there").toString("base64"),
      mimetype: "text/plain",
    });
  });

  test("attaches to a draft, and to no mail that is sent", async () => {
    const [draft] = await rows(
      "emails?$select=activityid&$filter=statuscode eq 1 and directioncode eq true&$top=1",
    );
    const [sent] = await rows("emails?$select=activityid&$filter=statuscode eq 3&$top=1");
    const attach = (emailId: unknown) =>
      desk.call("attach_file", { emailId, fileName: "devices.csv", content: text });
    const done = await attach(draft?.activityid);
    expect(done.text).toMatch(
      /^Attached to the draft: .*devices\.csv.*, 33 bytes\. The mail is not/,
    );
    expect(
      await desk.read(`activitymimeattachments(${done.structured.attachmentId})`),
    ).toMatchObject({
      filename: "devices.csv",
      mimetype: "text/csv",
      body: Buffer.from(text).toString("base64"),
      _objectid_value: draft?.activityid,
    });
    const refused = await attach(sent?.activityid);
    expect([refused.isError, refused.text]).toEqual([true, expect.stringContaining("is no draft")]);
  });
});

describe("update_record on several", () => {
  const numbered = async () =>
    (
      await rows(
        "incidents?$select=incidentid,ticketnumber&$filter=statecode eq 0&$orderby=ticketnumber&$top=3",
      )
    ).map((row) => ({ id: String(row.incidentid), number: String(row.ticketnumber) }));

  test("changes the same of each by its number, and says how many first", async () => {
    const cases = await numbered();
    const { text, structured } = await desk.call(
      "update_record",
      {
        tablename: "incident",
        recordIds: cases.map(({ number }) => number),
        item: { prioritycode: "Low" },
      },
      "administrator",
    );
    expect(text).toMatch(/^3 of 3 records of incident updated: prioritycode\./);
    expect(structured.records).toEqual(cases.map(({ id }) => ({ recordId: id, outcome: "done" })));
    for (const { id } of cases)
      expect((await desk.read(`incidents(${id})?$select=prioritycode`)).prioritycode).toBe(3);
  });

  test("changes none where one is not there, or a value is wrong", async () => {
    const cases = await numbered();
    const change = (recordIds: string[], item: Row) =>
      desk.call("update_record", { tablename: "incident", recordIds, item }, "administrator");
    const unknown = await change(["CAS-00000-XXXXXX", ...cases.map(({ id }) => id)], {
      prioritycode: "High",
    });
    expect([unknown.isError, unknown.text]).toEqual([
      true,
      expect.stringMatching(/Nothing was written\.\n.*CAS-00000-XXXXXX/),
    ]);
    const wrong = await change(
      cases.map(({ id }) => id),
      { prioritycode: "Soon" },
    );
    expect(wrong.isError).toBe(true);
    for (const { id } of cases)
      expect((await desk.read(`incidents(${id})?$select=prioritycode`)).prioritycode).toBe(3);
  });

  test("says first which were not changed, and keeps the others", async () => {
    const [known] = await numbered();
    const [closed] = await rows("incidents?$select=incidentid&$filter=statecode eq 1&$top=1");
    const { text, structured } = await desk.call(
      "update_record",
      {
        tablename: "incident",
        recordIds: [String(closed?.incidentid), known?.number],
        item: { description: "Seen" },
      },
      "administrator",
    );
    expect(text).toMatch(/^1 of 2 records were NOT changed:\n- \S+: not done; /);
    expect(text).toContain("1 of 2 records of incident updated");
    expect(structured.records[1]).toEqual({ recordId: known?.id, outcome: "done" });
  });

  test("refuses what belongs to one record", async () => {
    const { text } = await desk.call("update_record", {
      tablename: "incident",
      recordIds: [demo.id],
      recordId: demo.id,
      item: { masterid: first.id },
    });
    expect(text).toMatch(/stand side by side/);
    expect(text).toMatch(/merged one at a time/);
    const none = await desk.call("update_record", { tablename: "incident", item: { title: "x" } });
    expect(none.text).toContain("No record is named");
  });
});
