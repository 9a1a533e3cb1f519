import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { demoCases, personas } from "../../packages/dataverse-emulator/src/sample/identities";
import { type ServiceDesk, startServiceDesk } from "../support/service-desk";

let desk: ServiceDesk;
const [first, demo, third] = demoCases;
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
  test("logs a call of the customer as over, in one call that nobody is asked about", async () => {
    const { text, structured } = await desk.ask("create_activity", {
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
    const crowd = await desk.call("create_activity", {
      type: "phonecall",
      subject: "x",
      caseNumber: demo.ticketNumber,
      isIncoming: true,
      with: ["a@x.example", "b@x.example"],
    });
    expect(crowd.text).toMatch(/- with: 2 parties; an activity has one sender/);
    expect([nowhere.isError, never.isError, crowd.isError]).toEqual([true, true, true]);
    expect(never.text).toMatch(/- end: "soonish" is no date/);
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

  test("finds the draft by the number of its case, and asks which of two", async () => {
    const attach = () =>
      desk.call("attach_file", {
        emailId: demo.ticketNumber,
        fileName: "devices.csv",
        content: text,
      });
    const [draft] = await rows(
      `emails?$select=activityid&$filter=_regardingobjectid_value eq ${demo.id} and statecode eq 0 and directioncode eq true`,
    );
    expect((await attach()).structured.attachedTo).toEqual({
      table: "email",
      id: draft?.activityid,
    });
    const second = crypto.randomUUID();
    await desk.write("PATCH", `emails(${second})`, {
      subject: "The second of them",
      "ownerid@odata.bind": `/systemusers(${me})`,
      "regardingobjectid_incident@odata.bind": `/incidents(${demo.id})`,
    });
    const refused = await attach();
    expect([refused.isError, refused.text]).toEqual([
      true,
      expect.stringMatching(/^2 drafts wait on case CAS-\S+\. Nothing was done/),
    ]);
    expect(refused.text).toContain(`${second} | "The second of them"`);
    const send = () => desk.call("send_email", { emailId: third?.ticketNumber ?? "" });
    expect((await send()).text).toMatch(/^Email sent successfully/);
    expect((await send()).text).toMatch(/^No mail draft waits on case CAS-/);
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

describe("create_record for several", () => {
  const create = (tablename: string, items: readonly Row[]) =>
    desk.call("create_record", { tablename, items });
  const tasksNamed = (subject: string) =>
    rows(`tasks?$select=activityid,statecode&$filter=subject eq '${subject}'`);

  test("makes each of them, also two alike, and says how many first", async () => {
    const one = { subject: "Ask the carrier", regardingobjectid: first.ticketNumber };
    const { text, structured } = await create("task", [one, one, { ...one, statecode: 1 }]);
    expect(text).toMatch(/^3 of 3 records of task created:\n- /);
    const made = await tasksNamed("Ask the carrier");
    expect(made.map(({ activityid }) => activityid).sort()).toEqual(
      structured.records.map((each: Row) => each.recordId).sort(),
    );
    expect(made.map(({ statecode }) => statecode).sort()).toEqual([0, 0, 1]);
  });

  test("names the numbers of the cases", async () => {
    const [account] = await rows("accounts?$select=accountid&$top=1");
    const item = (title: string) => ({ title, customerid: account?.accountid });
    const { text, structured } = await create("incident", [item("One"), item("Other")]);
    expect(text.match(/CAS-\S+/g)).toHaveLength(2);
    for (const { recordId, caseNumber } of structured.records)
      expect((await desk.read(`incidents(${recordId})?$select=ticketnumber`)).ticketnumber).toBe(
        caseNumber,
      );
  });

  test("makes none where one is wrong, and says which", async () => {
    const { text, isError } = await create("task", [
      { subject: "Never made" },
      { subject: "Never made", prioritycode: "Soon" },
    ]);
    expect([isError, text]).toEqual([
      true,
      expect.stringMatching(/^Nothing was written: not every item is right\.\n- items\[1\]: /),
    ]);
    expect(await tasksNamed("Never made")).toEqual([]);
  });

  test("says first which was not made, and keeps the others", async () => {
    const id = crypto.randomUUID();
    await desk.write("PATCH", `tasks(${id})`, { subject: "There before" });
    const items = [{ activityid: id, subject: "Another" }, { subject: "The one that is made" }];
    const { text, structured } = await create("task", items);
    expect(text).toMatch(/^1 of 2 records were NOT made:\n- items\[0\]: not done; Another record/);
    expect(structured.records[1].outcome).toBe("done");
    expect(await tasksNamed("The one that is made")).toHaveLength(1);
    expect(await tasksNamed("There before")).toHaveLength(1);
    // The same call for the sake of the other one.
    const again = await create("task", items);
    expect(again.text).toContain(`- ${structured.records[1].recordId}, made by an earlier call`);
    expect(await tasksNamed("The one that is made")).toHaveLength(1);
    const none = await create("task", items.slice(0, 1));
    expect([none.isError, none.text]).toEqual([
      true,
      expect.stringMatching(
        /^None of 1 records was made\.\n- items\[0\]: not done; Another record/,
      ),
    ]);
  });

  test("asks once for several that need a yes, before the first is made", async () => {
    const [account] = await rows("accounts?$select=accountid&$top=1");
    const items = [1, 2].map((nth) => ({
      title: `Closed at once ${nth}`,
      customerid: account?.accountid,
      statecode: "Cancelled",
    }));
    const made = () =>
      rows("incidents?$select=statecode&$filter=startswith(title,'Closed at once')");
    const args = { tablename: "incident", items };
    const asked = await desk.ask("create_record", args);
    expect(asked.structured.approval).toMatchObject({ state: "needed", grade: "model" });
    expect(asked.text.match(/Closed at once \d/g)?.length).toBeGreaterThanOrEqual(2);
    expect(await made()).toEqual([]);
    const { approvalId } = asked.structured.approval;
    expect((await desk.ask("create_record", { ...args, approvalId })).text).toMatch(/^2 of 2/);
    expect((await made()).map(({ statecode }) => statecode)).toEqual([2, 2]);
  });

  test("refuses one beside several, and neither", async () => {
    const both = { tablename: "task", item: { subject: "A" }, items: [{ subject: "A" }] };
    for (const args of [both, { tablename: "task" }])
      expect((await desk.call("create_record", args)).text).toMatch(
        /^Nothing was written: give item/,
      );
    expect((await create("queueitem", [{}])).text).toMatch(/one by one/);
  });
});
