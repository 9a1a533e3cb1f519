import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { personas } from "../../packages/dataverse-emulator/src/sample/identities";
import { findCaseRecord } from "../../shared/service/case/case-record";
import { findCaseTable } from "../../shared/service/case/case-table";
import { writeEnrichment } from "../../shared/service/enrichment/enrichment-write";
import { type ServiceDesk, startServiceDesk, type ToolAnswer } from "../support/service-desk";

const self = personas[0]?.systemUserId ?? "";
const owned = { "ownerid@odata.bind": `/systemusers(${self})` };
const auto = { mode: "auto", autoAt: 0.1, selectAt: 0.05 };
const settings = {
  CASE_FIELDS: JSON.stringify({
    incident: {
      casetypecode: auto,
      subjectid: auto,
      productid: { mode: "auto", autoAt: 1, selectAt: 0.99 },
      severitycode: { mode: "off" },
      prioritycode: auto,
    },
    cr8e3_complaint: { cr8e3_kind: auto },
  }),
};

interface Note {
  readonly notetext: string;
  readonly _createdby_value: string;
  readonly _createdonbehalfby_value: string | null;
}

let desk: ServiceDesk;
let contactId = "";
let row = 0;
const call = async (args: Record<string, unknown>): Promise<ToolAnswer> => {
  const answer = await desk.call("enrich_case", args);
  expect([answer.isError ? answer.text : "", desk.bugs]).toEqual(["", []]);
  return answer;
};
/** An open case of the representative, of which nothing is said but what the customer wrote. */
async function newCase(more: Record<string, unknown> = {}): Promise<string> {
  const id = `69000000-0000-4000-8000-${String(++row).padStart(12, "0")}`;
  await desk.write("PATCH", `incidents(${id})`, {
    title: "The display shows error E4",
    description: "Our BM Barista shows error E4 on the display and makes no coffee any more.",
    "customerid_contact@odata.bind": `/contacts(${contactId})`,
    ...owned,
    ...more,
  });
  return id;
}
const fields = (id: string) =>
  desk.read(
    `incidents(${id})?$select=casetypecode,_subjectid_value,_productid_value,prioritycode,severitycode`,
  );
const notesOf = async (id: string): Promise<Note[]> =>
  (
    await desk.read(
      `annotations?$select=notetext,_createdby_value,_createdonbehalfby_value&$filter=_objectid_value eq ${id}&$orderby=createdon`,
    )
  ).value as Note[];

beforeAll(async () => {
  desk = await startServiceDesk({ cases: 300, settings });
  const { value } = (await desk.read("contacts?$select=contactid&$top=1")) as {
    value: { contactid: string }[];
  };
  contactId = value[0]?.contactid ?? "";
}, 120_000);
afterAll(() => desk.close());

describe("enrich_case", () => {
  test("writes by each field's mode and thresholds, and leaves a note of what and why", async () => {
    const id = await newCase();
    const before = await fields(id);
    const { structured, text } = await call({ incidentId: id });
    const written = structured.written.map((each: { field: string }) => each.field);
    const recommended = structured.recommended.map((each: { field: string }) => each.field);
    expect(written).toContain("casetypecode");
    // Its threshold is out of reach; and what decides who is served first is never automatic, whatever is configured.
    expect(recommended).toEqual(expect.arrayContaining(["productid", "prioritycode"]));
    expect([...written, ...recommended]).not.toContain("severitycode");
    const after = await fields(id);
    expect(after).toMatchObject({
      prioritycode: before.prioritycode,
      severitycode: before.severitycode,
      _productid_value: null,
    });
    expect(after.casetypecode).not.toBeNull();
    const [note, ...others] = await notesOf(id);
    expect(others).toEqual([]);
    // What the record of the call is made of: names of columns, no content.
    expect(desk.calls.at(-1)?.trace.acts).toMatchObject([
      { what: "update", set: "incidents", rows: [id], outcome: "done" },
      { what: "create", set: "annotations", outcome: "done" },
    ]);
    expect(note?._createdby_value).toBe(self);
    expect(note?._createdonbehalfby_value).toBeTruthy();
    expect(note?.notetext).toMatch(/^Predicted by embedded \(/);
    expect(note?.notetext).toMatch(
      /casetypecode: empty → \w+ \(confidence 0\.\d\d; evidence: incident CAS-/,
    );
    expect(text).toMatch(/undo: true takes it back/);
  }, 60_000);

  test("a dry run shows the same and writes nothing; its row stays as it was", async () => {
    const id = await newCase();
    const before = await desk.read(`incidents(${id})`);
    const { text, structured } = await call({ incidentId: id, dryRun: true });
    expect(text).toMatch(/^Dry run, nothing was written: [12] fields? would be/);
    expect(structured.written).toEqual([]);
    const [would] = structured.wouldWrite;
    expect(would).toMatchObject({
      field: "casetypecode",
      decision: "auto",
      values: expect.arrayContaining([
        {
          value: expect.any(Number),
          label: expect.any(String),
          confidence: expect.any(Number),
          calibrated: true,
        },
      ]),
      evidence: expect.arrayContaining([expect.objectContaining({ table: "incident" })]),
    });
    // Each field once: it would be written, is recommended, or left with a reason.
    const told = [...structured.wouldWrite, ...structured.recommended, ...structured.left];
    expect(told.map(({ field }: { field: string }) => field).sort()).toEqual([
      "casetypecode",
      "prioritycode",
      "productid",
      "subjectid",
    ]);
    expect(await desk.read(`incidents(${id})`)).toEqual(before);
    expect(await notesOf(id)).toEqual([]);
    const { wouldWrite, written } = (await call({ incidentId: id })).structured;
    expect([wouldWrite, written.map(({ field }: { field: string }) => field)]).toEqual([
      undefined,
      structured.wouldWrite.map(({ field }: { field: string }) => field),
    ]);
  });

  test("a person's value stays until the user says otherwise; undo puts it back, feedback is kept", async () => {
    const id = await newCase();
    const { value } = (await desk.read("subjects?$select=subjectid&$top=50")) as {
      value: { subjectid: string }[];
    };
    const first = (await call({ incidentId: id, fields: ["subjectid"] })).structured.written[0];
    const other = value.find(({ subjectid }) => subjectid !== first?.values[0].value)?.subjectid;
    await desk.write("PATCH", `incidents(${id})`, {
      "subjectid@odata.bind": `/subjects(${other})`,
    });
    const kept = await call({ incidentId: id, fields: ["subjectid"] });
    expect(kept.text).toContain("left subjectid: a person set it");
    expect((await fields(id))._subjectid_value).toBe(other);
    const replaced = await call({
      incidentId: id,
      fields: ["subjectid"],
      overwriteHumanValues: true,
    });
    expect(replaced.structured.written).toHaveLength(1);
    expect((await fields(id))._subjectid_value).not.toBe(other);
    await call({ incidentId: id, feedback: "Wrong branch" });
    const undone = await call({ incidentId: id, undo: true });
    expect(undone.text).toContain("subjectid put back");
    expect((await fields(id))._subjectid_value).toBe(other);
    const notes = await notesOf(id);
    const undoneNotes = notes.filter(({ notetext }) => /, undone\./.test(notetext));
    expect(undoneNotes.map(({ notetext }) => notetext)).toEqual([
      expect.stringMatching(/Feedback 20\d\d-.*: Wrong branch/),
    ]);
  }, 60_000);

  test("undo puts back the fields that may be written in this call, and names the others", async () => {
    const id = await newCase();
    const { structured } = await call({ incidentId: id });
    const written = structured.written.map(({ field }: { field: string }) => field);
    expect(written).toEqual(expect.arrayContaining(["casetypecode", "subjectid"]));
    const before = await fields(id);
    const { text } = await call({ incidentId: id, undo: true, fields: ["subjectid"] });
    expect(text).toMatch(/subjectid put back/);
    expect(text).toMatch(/Left as they are, because they .* may not be written: .*casetypecode/);
    const after = await fields(id);
    expect(after._subjectid_value).toBeNull();
    expect(after.casetypecode).toBe(before.casetypecode);
  }, 60_000);

  test("words of another case are not read, be they a note or a mail", async () => {
    const [mine, other] = [await newCase(), await newCase()];
    const note = "69000000-0000-4000-8000-0000000000f2";
    await desk.write("PATCH", `annotations(${note})`, {
      subject: "Called",
      notetext: "Their invoice was charged twice.",
      "objectid_incident@odata.bind": `/incidents(${other})`,
      ...owned,
    });
    const ask = (incidentId: string) =>
      desk.call("enrich_case", { incidentId, sourceContextEntityId: note, dryRun: true });
    const refused = await ask(mine);
    expect([refused.isError, refused.text]).toEqual([
      true,
      expect.stringContaining(`The activity ${note} does not belong to this case.`),
    ]);
    expect((await ask(other)).text).toContain(`source: the note ${note}`);
  });

  test("what is not listed is refused by name", async () => {
    const refused = await desk.call("enrich_case", {
      incidentId: await newCase(),
      fields: ["ownerid", "casetypecode"],
    });
    expect([refused.isError, refused.text]).toEqual([
      true,
      expect.stringMatching(
        /Not on the list: "ownerid".*Fields that may be predicted here: .*casetypecode/s,
      ),
    ]);
  });

  test("names the activity it reads, and the case by its number", async () => {
    const id = await newCase();
    await desk.write("PATCH", "emails(69000000-0000-4000-8000-0000000000e1)", {
      subject: "More about it",
      description: "It is the invoice that I mean: it was charged twice.",
      directioncode: false,
      "regardingobjectid_incident_email@odata.bind": `/incidents(${id})`,
      ...owned,
    });
    const { ticketnumber } = await desk.read(`incidents(${id})?$select=ticketnumber`);
    const { text } = await call({
      caseNumber: ticketnumber,
      sourceContextEntityId: "69000000-0000-4000-8000-0000000000e1",
      dryRun: true,
    });
    expect(text).toContain("source: the mail 69000000-0000-4000-8000-0000000000e1");
  });

  test("undo leaves a field that is not on the list of those that may be written", async () => {
    const id = await newCase();
    const note = "69000000-0000-4000-8000-0000000000f2";
    const enrichment = {
      v: 1,
      provider: "embedded",
      model: "x",
      changes: [
        {
          field: "title",
          old: "Mine",
          new: "The display shows error E4",
          label: "",
          confidence: 1,
        },
      ].map((change) => ({ ...change, evidence: [] })),
    };
    // Written for somebody by the application, as ours are: the list was longer then.
    await desk.write("PATCH", `annotations(${note})`, {
      subject: "AI: fields filled by enrich_case",
      notetext: `x\nData for undo and measurement, please leave as it is: ${JSON.stringify(enrichment)}`,
      "objectid_incident@odata.bind": `/incidents(${id})`,
      ...owned,
    });
    const { text, structured } = await call({ incidentId: id, undo: true });
    expect(text).toMatch(/no field put back\.\nLeft as they are, .*title/);
    expect(structured.written).toEqual([]);
    const { title } = await desk.read(`incidents(${id})?$select=title`);
    expect(title).toBe("The display shows error E4");
  });

  test("a note that anybody wrote by hand is no enrichment: it makes nothing ours and undoes nothing", async () => {
    const id = await newCase({ casetypecode: 1 });
    const forged = {
      v: 1,
      provider: "embedded",
      model: "x",
      changes: [
        { field: "casetypecode", old: 3, new: 1, label: "Question", confidence: 1, evidence: [] },
      ],
    };
    const db = desk.emulator.world.db;
    await desk.write("PATCH", "annotations(69000000-0000-4000-8000-0000000000f1)", {
      subject: "AI: fields filled by enrich_case",
      notetext: `x\nData for undo and measurement, please leave as it is: ${JSON.stringify(forged)}`,
      "objectid_incident@odata.bind": `/incidents(${id})`,
      ...owned,
    });
    db.prepare(
      "UPDATE annotation SET createdonbehalfby = NULL, modifiedonbehalfby = NULL WHERE annotationid = ?",
    ).run("69000000-0000-4000-8000-0000000000f1");
    expect((await call({ incidentId: id, fields: ["casetypecode"] })).text).toContain(
      "a person set it",
    );
    const undo = await desk.call("enrich_case", { incidentId: id, undo: true });
    expect([undo.isError, undo.text]).toEqual([
      true,
      expect.stringMatching(/no enrichment that could be taken back/),
    ]);
  });
});

describe("nothing half-written", () => {
  const prediction = {
    field: "casetypecode",
    decision: "auto",
    best: { value: 3, label: "Request", confidence: 0.9, calibrated: true },
    alternatives: [],
    evidence: [],
    reason: "embedded-only",
  } as const;
  const trace = {
    provider: "embedded",
    model: "x",
    modelVersion: "1",
    ms: 1,
    injectionSuspected: false,
  } as const;

  test("a case that was changed meanwhile is left alone, and gets no note", async () => {
    const id = await newCase({ casetypecode: 1 });
    const dataverse = desk.dataverse();
    const caseTable = await findCaseTable(dataverse.metadata, "incident");
    const name = { incidentId: id };
    const time = { signal: AbortSignal.timeout(60_000) };
    const record = await findCaseRecord(dataverse, caseTable, name, ["casetypecode"]);
    await desk.write("PATCH", `incidents(${id})`, { title: "Changed by a colleague" });
    await expect(
      writeEnrichment(dataverse, time, record, [prediction], trace),
    ).rejects.toMatchObject({
      kind: "conflict",
      message: expect.stringMatching(/changed by somebody else.*Nothing was written/),
    });
    expect((await fields(id)).casetypecode).toBe(1);
    expect(await notesOf(id)).toEqual([]);
  });

  test("a note holds no markup, whatever the labels, evidence and feedback that it names say", async () => {
    const id = await newCase();
    const dataverse = desk.dataverse();
    const caseTable = await findCaseTable(dataverse.metadata, "incident");
    const time = { signal: AbortSignal.timeout(60_000) };
    const record = await findCaseRecord(dataverse, caseTable, { incidentId: id }, ["casetypecode"]);
    const markup =
      '<img src=x onerror="alert(1)"><script>alert(2)</script><!-- <svg/onload=alert(3)>';
    const best = { ...prediction.best, label: markup };
    const evidence = [
      { kind: "resolved-case", ref: { table: "incident", id, number: markup }, score: 1 } as const,
    ];
    const labelled = { ...prediction, best, alternatives: [best], evidence };
    await writeEnrichment(dataverse, time, record, [labelled], trace);
    await call({ incidentId: id, feedback: `Wrong ${markup}` });
    const [note, ...others] = await notesOf(id);
    expect(others).toEqual([]);
    expect(note?.notetext).not.toMatch(/<[a-z!/?]/i);
    expect(note?.notetext).toContain("&lt;img src=x");
    // What the machine reads from it is as it was, so that it can be taken back.
    expect((await call({ incidentId: id, undo: true })).structured.written).toEqual([
      { field: "casetypecode" },
    ]);
  });

  test("a person who may write no notes changes no case either", async () => {
    const id = await newCase();
    const [role] = (
      (await desk.read(
        "roles?$select=roleid&$filter=name eq 'Customer Service Representative'",
      )) as { value: { roleid: string }[] }
    ).value;
    const [privilege] = (
      (await desk.read("privileges?$select=privilegeid&$filter=name eq 'prvCreateNote'")) as {
        value: { privilegeid: string }[];
      }
    ).value;
    await desk.write("POST", `roles(${role?.roleid})/Microsoft.Dynamics.CRM.RemovePrivilegeRole`, {
      PrivilegeId: privilege?.privilegeid,
    });
    const refused = await desk.call("enrich_case", { incidentId: id });
    await desk.write("POST", `roles(${role?.roleid})/Microsoft.Dynamics.CRM.AddPrivilegesRole`, {
      Privileges: [{ PrivilegeId: privilege?.privilegeid, Depth: "Global" }],
    });
    expect([refused.isError, refused.text]).toEqual([true, expect.stringMatching(/prvCreateNote/)]);
    expect((await fields(id)).casetypecode).toBeNull();
    expect((await call({ incidentId: id })).structured.written.length).toBeGreaterThan(0);
  }, 60_000);
});

describe("a table worked on like cases", () => {
  let open = "";
  beforeAll(async () => {
    const made = await desk.call(
      "create_table",
      {
        tablename: "complaint",
        displayname: "Complaint",
        item: [
          { name: "Title", type: "string" },
          { name: "Details", type: "multiline text" },
          { name: "Contact", type: "lookup", relatedtable: "contact" },
          {
            name: "Kind",
            type: "choice",
            choices: [{ label: "Noise" }, { label: "Smell" }, { label: "Delay" }],
          },
        ],
      },
      "administrator",
    );
    expect([made.isError, made.text]).toEqual([false, made.text]);
    const kinds = [
      ["Noise", "the fan is loud and rattles at night"],
      ["Smell", "it smells of burnt rubber and smoke"],
      ["Delay", "the parcel is late and nobody called"],
    ] as const;
    const { value } = (await desk.read(
      "EntityDefinitions(LogicalName='cr8e3_complaint')/Attributes/Microsoft.Dynamics.CRM.PicklistAttributeMetadata?$select=LogicalName&$expand=OptionSet",
    )) as { value: { LogicalName: string; OptionSet: { Options: { Value: number }[] } }[] };
    const options = value.find(({ LogicalName }) => LogicalName === "cr8e3_kind")?.OptionSet
      .Options;
    await desk.write("POST", "cr8e3_complaints/Microsoft.Dynamics.CRM.CreateMultiple", {
      Targets: Array.from({ length: 180 }, (_, at) => {
        const [, words] = kinds[at % 3] as (typeof kinds)[number];
        return {
          "@odata.type": "Microsoft.Dynamics.CRM.cr8e3_complaint",
          cr8e3_title: `${words.split(" ").slice(0, 3).join(" ")} ${at}`,
          cr8e3_details: `Since day ${at} ${words}.`,
          cr8e3_kind: options?.[at % 3]?.Value,
        };
      }),
    });
    // All of them are closed.
    desk.emulator.world.db
      .prepare("UPDATE cr8e3_complaint SET statecode = 1, statuscode = 2")
      .run();
    open = "69000000-0000-4000-8000-0000000000c1";
    await desk.write("PATCH", `cr8e3_complaints(${open})`, {
      cr8e3_title: "the fan is",
      cr8e3_details: "Since day 7 the fan is loud and rattles at night.",
      "cr8e3_Contact@odata.bind": `/contacts(${contactId})`,
    });
  }, 60_000);

  test("is enriched from its own history, by its own columns", async () => {
    const answer = await desk.call(
      "enrich_case",
      { tablename: "cr8e3_complaint", incidentId: open },
      "administrator",
    );
    expect([answer.isError ? answer.text : "", desk.bugs]).toEqual(["", []]);
    expect(answer.text).toMatch(/written cr8e3_kind: \[\[data \w+: "Noise" \(/);
    expect(answer.structured.written).toHaveLength(1);
    const after = await desk.read(`cr8e3_complaints(${open})?$select=cr8e3_kind`);
    expect(after.cr8e3_kind).toBe(answer.structured.written[0].values[0].value);
  }, 60_000);

  test("gets suggestions; what it cannot have is refused in words", async () => {
    const suggested = await desk.call(
      "get_next_suggestion_on_case",
      { tablename: "cr8e3_complaint", incidentId: open },
      "administrator",
    );
    expect([suggested.isError ? suggested.text : "", desk.bugs]).toEqual(["", []]);
    const stored = await desk.call(
      "get_next_suggestion_on_case",
      { tablename: "cr8e3_complaint", incidentId: open, store: true },
      "administrator",
    );
    expect(stored.text).toMatch(/not kept on the case|Nothing was kept/);
    const odd = await desk.call("enrich_case", { tablename: "subject", incidentId: open });
    expect([odd.isError, odd.text]).toEqual([true, expect.stringMatching(/No field of subject/)]);
  });
});
