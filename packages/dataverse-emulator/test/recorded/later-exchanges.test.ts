import { afterAll, beforeAll, describe, expect } from "@jest/globals";
import { personas } from "../../src";
import { type DoorAnswer, type RunningEmulator, runEmulator } from "../support/running-emulator";
import { recorded } from "./fact";

const label = (Label: string) => ({ LocalizedLabels: [{ Label, LanguageCode: 1033 }] });
const crm = "Microsoft.Dynamics.CRM";

let emulator: RunningEmulator;
let account: string;
let contact: string;
beforeAll(async () => {
  emulator = await runEmulator({ cases: 1 });
  account = await make("accounts", { name: "Later" });
  contact = await make("contacts", { lastname: "Later" });
});
afterAll(() => emulator.close());

const outcome = ({ status, body }: DoorAnswer) => `${status} ${body?.error?.code ?? ""}`.trim();
const words = ({ body }: DoorAnswer): string => body.error.message;
const patch = (path: string, row: object) => emulator.send("PATCH", path, row);
async function make(set: string, row: object): Promise<string> {
  const answer = await emulator.post(set, row);
  expect(outcome(answer)).toBe("204");
  return /\(([^)]+)\)$/.exec(answer.headers.get("odata-entityid") ?? "")?.[1] ?? "";
}
const fetchXml = (set: string, xml: string) =>
  emulator.get(`${set}?fetchXml=${encodeURIComponent(xml)}`);
const base64 = Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0, 255, 10, 13]).toString("base64");

describe("what is asked in a way that is none", () => {
  recorded("R", "oDataLibrary", "a number of rows below zero, or in letters", async () => {
    for (const [top, said] of [
      ["-1", "'-1'"],
      ["x", "'x'"],
    ]) {
      const answer = await emulator.get(`accounts?$top=${top}`);
      expect(outcome(answer)).toBe("400 0x80060888");
      expect(words(answer)).toBe(
        `Invalid value ${said} for $top query option found. The $top query option requires a non-negative integer value.`,
      );
    }
  });

  recorded("R", "oDataLibrary", "rows that are to be skipped", async () => {
    const answer = await emulator.get("accounts?$skip=5");
    expect(outcome(answer)).toBe("400 0x80060888");
    expect(words(answer)).toMatch(/^Skip Clause is not supported in CRM/);
  });

  recorded("R", "oDataLibrary", "a label where a number is compared", async () => {
    expect(words(await emulator.get("incidents?$filter=statecode eq 'Active'"))).toBe(
      "A binary operator with incompatible types was detected. Found operand types 'Edm.Int32' and 'Edm.String' for operator kind 'Equal'.",
    );
  });

  recorded("R", "oDataLibrary", "a time in quotes", async () => {
    expect(words(await emulator.get("contacts?$filter=createdon gt '2020-01-01'"))).toBe(
      "A binary operator with incompatible types was detected. Found operand types 'Edm.DateTimeOffset' and 'Edm.String' for operator kind 'GreaterThan'.",
    );
  });

  recorded("R", "oDataLibrary", "a set in other letters, or in the singular", async () => {
    for (const set of ["Accounts", "account"]) {
      const answer = await emulator.get(`${set}?$top=1`);
      expect([answer.status, words(answer)]).toEqual([
        404,
        `Resource not found for the segment '${set}'.`,
      ]);
    }
  });

  recorded("R", "oDataLibrary", "a lookup by its column's name, expanded", async () => {
    expect(words(await emulator.get("incidents?$expand=customerid&$top=1"))).toBe(
      `Could not find a property named 'customerid' on type '${crm}.incident'.`,
    );
  });

  recorded("R", "reportAttachment", "FetchXML about a time that attachments have not", async () => {
    const answer = await fetchXml(
      "activitymimeattachments",
      "<fetch><entity name='activitymimeattachment'><attribute name='createdon'/></entity></fetch>",
    );
    expect(outcome(answer)).toBe("400 0x80041103");
    expect(words(answer)).toMatch(
      /'activitymimeattachment' entity doesn't contain attribute with Name = 'createdon'/i,
    );
  });
});

describe("what is written in a way that is none", () => {
  const undeclared = (name: string) =>
    `An undeclared property '${name}' which only has property annotations in the payload but no property value was found in the payload.`;

  recorded("R", "reportBindCase", "a property to bind, in other letters", async () => {
    for (const name of ["PrimaryContactId", "primarycontactID"]) {
      const answer = await patch(`accounts(${account})`, {
        [`${name}@odata.bind`]: `/contacts(${contact})`,
      });
      expect(outcome(answer)).toBe("400 0x80048d19");
      expect(words(answer)).toContain(undeclared(name));
    }
  });

  recorded("R", "reportBindNull", "the same, bound to nothing", async () => {
    const answer = await patch(`accounts(${account})`, { "PrimaryContactId@odata.bind": null });
    expect(words(answer)).toContain(undeclared("PrimaryContactId"));
  });

  recorded("R", "reportBindSchema", "a lookup that was made in small letters", async () => {
    const made = await emulator.post("RelationshipDefinitions", {
      "@odata.type": `${crm}.OneToManyRelationshipMetadata`,
      SchemaName: "new_small_account",
      ReferencedEntity: "contact",
      ReferencingEntity: "account",
      Lookup: {
        "@odata.type": `${crm}.LookupAttributeMetadata`,
        SchemaName: "new_small",
        DisplayName: label("Small"),
      },
    });
    expect(made.status).toBe(204);
    const bind = (name: string) =>
      patch(`accounts(${account})`, { [`${name}@odata.bind`]: `/contacts(${contact})` });
    expect(words(await bind("new_Small"))).toContain(undeclared("new_Small"));
    expect(outcome(await bind("new_small"))).toBe("204");
  });

  recorded("R", "oDataLibrary", "a day that no calendar has", async () => {
    const answer = await emulator.post("contacts", { lastname: "x", birthdate: "2020-13-01" });
    expect(outcome(answer)).toBe("400 0x80048d19");
    expect(words(answer)).toContain("Cannot convert the literal '2020-13-01'");
  });

  recorded("R", "reportState", "a user's state, which is no column of theirs", async () => {
    const user = personas.find(({ key }) => key === "without-roles")?.systemUserId;
    expect(outcome(await patch(`systemusers(${user})`, { statecode: 1 }))).toBe("400 0x80048d19");
    expect(outcome(await patch(`systemusers(${user})`, { isdisabled: true }))).toBe("204");
  });
});

describe("what is taken", () => {
  recorded("R", "reportUpsert", "a change of a row that is not there makes it", async () => {
    const id = "11111111-2222-4333-8444-000000000013";
    expect(outcome(await patch(`accounts(${id})`, { name: "Made" }))).toBe("204");
    expect((await emulator.get(`accounts(${id})?$select=name`)).body.name).toBe("Made");
  });

  recorded("R", "reportOwner", "an owner at birth", async () => {
    const user = personas.find(({ key }) => key === "representative")?.systemUserId;
    const id = await make("accounts", {
      name: "Owned",
      "ownerid@odata.bind": `/systemusers(${user})`,
    });
    const { body } = await emulator.get(`accounts(${id})?$select=_ownerid_value`);
    expect(body._ownerid_value).toBe(user);
  });

  recorded("R", "reportSla", "a service level is switched off and on", async () => {
    const [{ slaid }] = (await emulator.get("slas?$select=slaid&$top=1")).body.value;
    for (const row of [
      { statecode: 0, statuscode: 1 },
      { statecode: 1, statuscode: 2 },
    ]) {
      expect(outcome(await patch(`slas(${slaid})`, row))).toBe("204");
      const { body } = await emulator.get(`slas(${slaid})?$select=statecode,statuscode`);
      expect(body).toMatchObject(row);
    }
  });

  recorded("R", "reportXls", "the bytes of an attachment come back as they were", async () => {
    const email = await make("emails", { subject: "With a table" });
    const id = await make("activitymimeattachments", {
      "objectid_activitypointer@odata.bind": `/activitypointers(${email})`,
      objecttypecode: "email",
      filename: "table.xls",
      body: base64,
    });
    const { body } = await emulator.get(`activitymimeattachments(${id})?$select=body,filesize`);
    expect(body).toMatchObject({ body: base64, filesize: 8 });
  });

  recorded("R", "reportDuplicates", "a second row alike, unless it is asked about", async () => {
    const again = { name: "Alike", accountnumber: "A-13" };
    await make("accounts", again);
    await make("accounts", again);
  });

  recorded("D", "versionsDoc", "an older version's address", async () => {
    for (const version of ["v8.2", "v9.0", "v9.1", "v9.2"]) {
      const answer = await emulator.get(`/api/data/${version}/accounts(${account})?$select=name`);
      expect([answer.status, answer.body.name]).toEqual([200, "Later"]);
      expect(answer.body["@odata.context"]).toContain(`/api/data/${version}/$metadata`);
    }
  });

  recorded("D", "totalTimeDoc", "the time that a case took", async () => {
    const incident = await make("incidents", {
      title: "Timed",
      "customerid_account@odata.bind": `/accounts(${account})`,
    });
    const call = (minutes: number, more: object) =>
      make("phonecalls", {
        subject: "Call",
        actualdurationminutes: minutes,
        "regardingobjectid_incident_phonecall@odata.bind": `/incidents(${incident})`,
        ...more,
      });
    const done = [await call(20, {}), await call(10, {})];
    await call(500, {});
    for (const id of done) await patch(`phonecalls(${id})`, { statecode: 1, statuscode: 2 });
    const { body } = await emulator.get(
      `incidents(${incident})/${crm}.CalculateTotalTimeIncident()`,
    );
    expect(body).toEqual({
      "@odata.context": expect.stringMatching(
        /#Microsoft\.Dynamics\.CRM\.CalculateTotalTimeIncidentResponse$/,
      ),
      TotalTime: 30,
    });
  });
});

describe("files that an organization does not take", () => {
  const note = (filename: string, mimetype?: string) =>
    emulator.post("annotations", {
      subject: "File",
      filename,
      ...(mimetype === undefined ? {} : { mimetype }),
      documentbody: base64,
      "objectid_account@odata.bind": `/accounts(${account})`,
    });
  const settings = async (columns: object) => {
    const { body } = await emulator.get("organizations?$select=organizationid");
    const answer = await patch(`organizations(${body.value[0].organizationid})`, columns);
    expect(outcome(answer)).toBe("204");
  };

  recorded("D", "blockedDoc", "by their endings, on notes, mails and columns", async () => {
    const refused = await note("setup.EXE");
    expect(outcome(refused)).toBe("400 0x80043e09");
    expect(words(refused)).toBe(
      "The attachment is either not a valid type or is too large. It cannot be uploaded or downloaded.",
    );
    expect(outcome(await note("notes.pdf"))).toBe("204");
    const email = await make("emails", { subject: "With a script" });
    const attached = await emulator.post("activitymimeattachments", {
      "objectid_activitypointer@odata.bind": `/activitypointers(${email})`,
      objecttypecode: "email",
      filename: "run.js",
      body: base64,
    });
    expect(outcome(attached)).toBe("400 0x80043e09");
  });

  recorded("D", "blockedDoc", "and says which in a column of its own", async () => {
    const { body } = await emulator.get("organizations?$select=blockedattachments");
    expect(body.value[0].blockedattachments.split(";")).toEqual(
      expect.arrayContaining(["exe", "js", "svg", "vbs"]),
    );
    await settings({ blockedattachments: "pdf" });
    expect(outcome(await note("notes.pdf"))).toBe("400 0x80043e09");
    expect(outcome(await note("setup.exe"))).toBe("204");
  });

  recorded("D", "blockedDoc", "by their types", async () => {
    await settings({ blockedattachments: "", blockedmimetypes: "image/svg+xml" });
    const blocked = await note("a.svg", "image/svg+xml");
    expect([outcome(blocked), words(blocked)]).toEqual([
      "400 0x80072522",
      "Operation not allowed as mime type image/svg+xml is blocked.",
    ]);
    await settings({ allowedmimetypes: "text/plain" });
    const unlisted = await note("a.svg", "image/svg+xml");
    expect([outcome(unlisted), words(unlisted)]).toEqual([
      "400 0x80072521",
      "Operation not allowed as mime type image/svg+xml is not in the allow list.",
    ]);
    expect(outcome(await note("a.txt", "text/plain"))).toBe("204");
  });
});
