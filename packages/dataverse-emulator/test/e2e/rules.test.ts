import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { shareRow } from "../../src/records";
import { accessBits } from "../../src/security";
import {
  type Dataverse,
  type Json,
  outcome,
  personaOf,
  startDataverse,
} from "../support/dataverse";

/** Point 5: what a value, a state, a key and a relationship allow. */

let clock = new Date("2026-11-24T10:00:00Z");
let dataverse: Dataverse;
let account = "";
beforeAll(async () => {
  dataverse = await startDataverse({ now: () => clock });
  account = await make("accounts", { name: "Point 5" });
});
afterAll(() => dataverse.close());

const send = (method: string, path: string, body?: unknown, headers = {}) =>
  dataverse.send(method, path, body, { headers });
async function make(set: string, body: object): Promise<string> {
  const answer = await send("POST", set, body);
  expect([answer.status, answer.message]).toEqual([204, ""]);
  return answer.id;
}
const read = async (path: string): Promise<Json> => (await send("GET", path)).json;
const bind = () => ({ "customerid_account@odata.bind": `/accounts(${account})` });
const newCase = (more: object = {}) => make("incidents", { title: "Point 5", ...bind(), ...more });
const task = (caseId: string, more: object = {}) =>
  make("tasks", {
    subject: "t",
    "regardingobjectid_incident_task@odata.bind": `/incidents(${caseId})`,
    ...more,
  });

describe("point 5: a value", () => {
  test.each<[string, string, object, string, RegExp]>([
    [
      "an option that is none",
      "incidents",
      { prioritycode: 9 },
      "0x8004431a",
      /The value 9 of 'prioritycode' on record of type 'incident' is outside the valid range/,
    ],
    [
      "a text that is too long",
      "accounts",
      { name: "x".repeat(161) },
      "0x80044331",
      /The length of the 'name' attribute of the 'account' entity exceeded the maximum allowed length of '160'\.$/,
    ],
    [
      "a number that is too large",
      "accounts",
      { numberofemployees: 1_000_000_001 },
      "0x8004432f",
      /outside the valid range/,
    ],
    [
      "a number that is too small",
      "accounts",
      { numberofemployees: -1 },
      "0x8004432f",
      /outside the valid range/,
    ],
    [
      "an amount that is too large",
      "accounts",
      { revenue: 1e15 },
      "0x80044330",
      /outside the valid range/,
    ],
    ["text for a number", "accounts", { numberofemployees: "5" }, "0x80048d19", /Edm\.Int32/],
    [
      "a fraction for a whole number",
      "accounts",
      { numberofemployees: 1.5 },
      "0x80048d19",
      /Edm\.Int32/,
    ],
    ["a label for an option", "incidents", { prioritycode: "High" }, "0x80048d19", /Edm\.Int32/],
    ["a number for text", "accounts", { name: 5 }, "0x80048d19", /Edm\.String/],
    ["a number for yes or no", "accounts", { creditonhold: 1 }, "0x80048d19", /Edm\.Boolean/],
    ["a day that is none", "incidents", { followupby: "2026-02-30" }, "0x80048d19", /'2026-02-30'/],
    [
      "a day before 1753",
      "incidents",
      { followupby: "1752-12-31" },
      "0x80040239",
      /DateTime is less than/,
    ],
    ["an object for a value", "accounts", { name: { a: 1 } }, "0x80048d19", /an object/],
    ["an id that is none", "accounts", { accountid: "x" }, "0x80048d19", /Edm\.Guid|GUID/],
  ])("refuses %s", async (_, set, body, code, words) => {
    const answer = await send("POST", set, {
      ...(set === "incidents" ? { title: "x", ...bind() } : {}),
      ...body,
    });
    expect(outcome(answer)).toBe(`400 ${code}`);
    expect(answer.message).toMatch(words);
  });

  test("keeps what it can of each type", async () => {
    const id = await make("accounts", {
      name: "Ünï 😀",
      numberofemployees: 0,
      revenue: 1234.567,
      creditonhold: true,
      address1_latitude: -12.345678,
      lastonholdtime: "2026-01-05T10:00:00+02:00",
    });
    expect(await read(`accounts(${id})`)).toMatchObject({
      name: "Ünï 😀",
      numberofemployees: 0,
      revenue: 1234.57,
      creditonhold: true,
      address1_latitude: -12.34568,
      lastonholdtime: "2026-01-05T08:00:00Z",
    });
  });

  test("that is demanded must be there, now and later", async () => {
    const none = await send("POST", "incidents", { title: "x" });
    expect([outcome(none), none.message]).toEqual([
      "400 0x80044410",
      "You should specify a parent contact or account.",
    ]);
    const id = await newCase();
    expect(
      outcome(await send("PATCH", `incidents(${id})`, { "customerid_account@odata.bind": null })),
    ).toBe("400 0x80044410");
    expect(
      outcome(
        await send("POST", "teams", {
          "businessunitid@odata.bind": "/businessunits(0d000000-0000-4000-8000-000000000001)",
        }),
      ),
    ).toBe("400 0x80040203");
    expect(outcome(await send("POST", "queueitems", {}))).toBe("400 0x80040529");
  });

  test("that a caller may not write is passed over", async () => {
    const id = await make("accounts", {
      name: "Read only",
      createdon: "2020-01-01T00:00:00Z",
      versionnumber: 5,
    });
    const row = await read(`accounts(${id})`);
    expect(row.createdon).toBe("2026-11-24T10:00:00Z");
    expect(row.versionnumber).toBeGreaterThan(5);
    const old = await make("accounts", {
      name: "Imported",
      overriddencreatedon: "2020-01-01T00:00:00Z",
    });
    expect((await read(`accounts(${old})`)).createdon).toBe("2020-01-01T00:00:00Z");
  });
});

describe("point 5: a state", () => {
  test.each<[string, object, string, RegExp]>([
    [
      "a reason of another state",
      { statuscode: 5 },
      "0x80048408",
      /^5 is not a valid status code on incident with Id [0-9a-f-]{36}\.$/,
    ],
    [
      "a pair that does not belong together",
      { statecode: 2, statuscode: 1 },
      "0x80048408",
      /^1 is not a valid status code/,
    ],
    ["a reason that is none", { statuscode: 77 }, "0x80048408", /^77 is not a valid status code/],
    ["a state that is none", { statecode: 9 }, "0x8004431a", /outside the valid range/],
    [
      "to be resolved by a change",
      { statecode: 1, statuscode: 5 },
      "0x80040203",
      /^This message can not be used to set the state of incident to Resolved\./,
    ],
  ])("of a case refuses %s", async (_, body, code, words) => {
    const id = await newCase();
    const answer = await send("PATCH", `incidents(${id})`, body);
    expect(outcome(answer)).toBe(`400 ${code}`);
    expect(answer.message).toMatch(words);
    expect(await read(`incidents(${id})`)).toMatchObject({ statecode: 0, statuscode: 1 });
  });

  test("takes the default reason, and is the first one for a new row", async () => {
    const id = await newCase({ statuscode: 3 });
    expect(await read(`incidents(${id})`)).toMatchObject({ statecode: 0, statuscode: 3 });
    await send("PATCH", `incidents(${id})`, { statecode: 2 });
    expect(await read(`incidents(${id})`)).toMatchObject({ statecode: 2, statuscode: 6 });
    expect(outcome(await send("POST", "incidents", { title: "x", ...bind(), statecode: 1 }))).toBe(
      "400 0x80048408",
    );
    expect(outcome(await send("POST", "incidents", { title: "x", ...bind(), statuscode: 5 }))).toBe(
      "400 0x80048408",
    );
  });

  test("of a closed case lets nothing through but opening it again", async () => {
    const id = await newCase();
    await send("POST", "CloseIncident", {
      IncidentResolution: {
        "@odata.type": "Microsoft.Dynamics.CRM.incidentresolution",
        subject: "Done",
        "incidentid@odata.bind": `/incidents(${id})`,
      },
      Status: 5,
    });
    for (const body of [
      { title: "x" },
      { statecode: 1, statuscode: 1000 },
      { statecode: 2, statuscode: 6 },
      { prioritycode: 1 },
    ])
      expect(outcome(await send("PATCH", `incidents(${id})`, body))).toBe("400 0x80044411");
    expect(
      (await read(`incidents(${id})/Incident_IncidentResolutions/$count`)).value ??
        (await send("GET", `incidents(${id})/Incident_IncidentResolutions/$count`)).text,
    ).toContain("1");
    expect((await send("PATCH", `incidents(${id})`, { statecode: 0, statuscode: 1 })).status).toBe(
      204,
    );
    expect(
      (await send("GET", `incidents(${id})/Incident_IncidentResolutions/$count`)).text,
    ).toContain("0");
    expect((await send("PATCH", `incidents(${id})`, { title: "x" })).status).toBe(204);
  });

  test("of a case with open activities is not Cancelled", async () => {
    const id = await newCase();
    const open = await task(id);
    const refused = await send("PATCH", `incidents(${id})`, { statecode: 2, statuscode: 6 });
    expect([outcome(refused), refused.message]).toEqual([
      "400 0x8004440e",
      "The incident can not be cancelled because there are open activities for this incident.",
    ]);
    await send("PATCH", `tasks(${open})`, { statecode: 1, statuscode: 5 });
    expect((await send("PATCH", `incidents(${id})`, { statecode: 2, statuscode: 6 })).status).toBe(
      204,
    );
  });

  test("of a finished activity makes it read only, and tells when it ended", async () => {
    const id = await task(await newCase(), {
      actualstart: "2026-11-24T09:30:00Z",
      scheduledstart: "2026-11-24T08:00:00Z",
      scheduledend: "2026-11-24T08:45:00Z",
    });
    await send("PATCH", `tasks(${id})`, { statecode: 1, statuscode: 5 });
    expect(await read(`tasks(${id})`)).toMatchObject({
      actualend: "2026-11-24T10:00:00Z",
      actualdurationminutes: 30,
      scheduleddurationminutes: 45,
      percentcomplete: 100,
    });
    expect(outcome(await send("PATCH", `tasks(${id})`, { subject: "x" }))).toBe("400 0x80040203");
    expect((await send("PATCH", `tasks(${id})`, { statecode: 0, statuscode: 2 })).status).toBe(204);
  });
});

describe("point 5: what the platform works out", () => {
  test("is the time on hold and the moment of escalation", async () => {
    const id = await newCase();
    await send("PATCH", `incidents(${id})`, { statuscode: 2 });
    expect((await read(`incidents(${id})`)).lastonholdtime).toBe("2026-11-24T10:00:00Z");
    clock = new Date("2026-11-24T11:30:30Z");
    await send("PATCH", `incidents(${id})`, { statuscode: 1, isescalated: true });
    expect(await read(`incidents(${id})`)).toMatchObject({
      onholdtime: 90,
      escalatedon: "2026-11-24T11:30:30Z",
    });
    await send("PATCH", `incidents(${id})`, { statuscode: 2 });
    clock = new Date("2026-11-24T11:40:30Z");
    await send("PATCH", `incidents(${id})`, { statuscode: 3, isescalated: true });
    expect(await read(`incidents(${id})`)).toMatchObject({
      onholdtime: 100,
      escalatedon: "2026-11-24T11:30:30Z",
    });
    clock = new Date("2026-11-24T10:00:00Z");
  });

  test("is the number of child cases and of attachments", async () => {
    const parent = await newCase();
    const child = await newCase({ "parentcaseid@odata.bind": `/incidents(${parent})` });
    const other = await newCase({ "parentcaseid@odata.bind": `/incidents(${parent})` });
    const count = async () => (await read(`incidents(${parent})`)).numberofchildincidents;
    expect(await count()).toBe(2);
    await send("PATCH", `incidents(${child})`, { "parentcaseid@odata.bind": null });
    await send("DELETE", `incidents(${other})`);
    expect(await count()).toBe(0);
    const mail = await make("emails", { subject: "m" });
    await make("activitymimeattachments", {
      filename: "a.txt",
      body: "aGVsbG8=",
      objecttypecode: "email",
      "objectid_activitypointer@odata.bind": `/activitypointers(${mail})`,
    });
    expect((await read(`emails(${mail})`)).attachmentcount).toBe(1);
  });

  test("is the version of a new article", async () => {
    const article = await make("knowledgearticles", { title: "a" });
    expect(await read(`knowledgearticles(${article})`)).toMatchObject({
      islatestversion: true,
      isprimary: true,
      majorversionnumber: 1,
      minorversionnumber: 0,
    });
  });

  test("is the size of a note's document, a full name and an address as it is written", async () => {
    const note = await make("annotations", {
      subject: "n",
      filename: "a.txt",
      mimetype: "text/plain",
      documentbody: Buffer.alloc(1_000).toString("base64"),
      objecttypecode: "incident",
      "objectid_incident@odata.bind": `/incidents(${await newCase()})`,
    });
    expect(await read(`annotations(${note})`)).toMatchObject({ filesize: 1_000, isdocument: true });
    const contact = await make("contacts", {
      firstname: "Ada",
      lastname: "Byron",
      address1_line1: "1 High St",
      address1_city: "York",
      address1_postalcode: "YO1",
      address1_country: "UK",
    });
    expect(await read(`contacts(${contact})`)).toMatchObject({
      fullname: "Ada Byron",
      address1_composite: "1 High St\r\nYork, YO1\r\nUK",
    });
    await send("PATCH", `contacts(${contact})`, { firstname: null, address1_line1: null });
    expect(await read(`contacts(${contact})`)).toMatchObject({
      fullname: "Byron",
      address1_composite: "York, YO1\r\nUK",
    });
  });

  test("is the number of a case, in the form of its column, once for each", async () => {
    const ids = await Promise.all(Array.from({ length: 20 }, () => newCase()));
    const numbers = await Promise.all(
      ids.map(async (id) => String((await read(`incidents(${id})`)).ticketnumber)),
    );
    expect(numbers.every((number) => /^CAS-\d{5}-[A-Z0-9]{6}$/.test(number))).toBe(true);
    expect(new Set(numbers.map((number) => number.slice(4, 9))).size).toBe(20);
    expect(
      (await read(`incidents(${await newCase({ ticketnumber: "OWN-1" })})`)).ticketnumber,
    ).toBe("OWN-1");
    const column = await send("POST", "EntityDefinitions(LogicalName='account')/Attributes", {
      "@odata.type": "Microsoft.Dynamics.CRM.StringAttributeMetadata",
      SchemaName: "cr8e3_Number",
      MaxLength: 100,
      AutoNumberFormat: "W-{SEQNUM:4}-{RANDSTRING:3}-{DATETIMEUTC:yyMMddhhmmtt}",
      DisplayName: { LocalizedLabels: [{ Label: "N", LanguageCode: 1033 }] },
    });
    expect(column.status).toBe(204);
    clock = new Date("2026-11-24T15:04:05Z");
    expect((await read(`accounts(${await make("accounts", { name: "N" })})`)).cr8e3_number).toMatch(
      /^W-1000-[A-Z0-9]{3}-2611240304PM$/,
    );
    clock = new Date("2026-11-24T10:00:00Z");
  });

  test("is the amount in the base currency, at the rate of the moment", async () => {
    const crown = await make("transactioncurrencies", {
      currencyname: "Crown",
      isocurrencycode: "CZK",
      currencysymbol: "Kč",
      exchangerate: 25,
      currencyprecision: 2,
    });
    const id = await make("accounts", {
      name: "Money",
      revenue: 1_000,
      creditlimit: 50,
      "transactioncurrencyid@odata.bind": `/transactioncurrencies(${crown})`,
    });
    const row = async () =>
      (
        await send("GET", `accounts(${id})`, undefined, {
          Prefer: 'odata.include-annotations="OData.Community.Display.V1.FormattedValue"',
        })
      ).json;
    expect(await row()).toMatchObject({
      revenue: 1_000,
      revenue_base: 40,
      creditlimit_base: 2,
      exchangerate: 25,
      "revenue@OData.Community.Display.V1.FormattedValue": "Kč1,000.00",
      "revenue_base@OData.Community.Display.V1.FormattedValue": "€40.00",
    });
    await send("PATCH", `transactioncurrencies(${crown})`, { exchangerate: 20 });
    expect(await row()).toMatchObject({ revenue_base: 40, exchangerate: 25 });
    await send("PATCH", `accounts(${id})`, { revenue: 100 });
    expect(await row()).toMatchObject({ revenue_base: 5, creditlimit_base: 2.5, exchangerate: 20 });
    await send("PATCH", `accounts(${id})`, {
      "transactioncurrencyid@odata.bind":
        "/transactioncurrencies(0d000000-0000-4000-8000-0000000000c1)",
    });
    expect(await row()).toMatchObject({ revenue: 100, revenue_base: 100, exchangerate: 1 });
    await send("PATCH", `accounts(${id})`, { revenue: null });
    expect(await row()).toMatchObject({ revenue: null, revenue_base: null });
    const own = await make("accounts", { name: "Euro", revenue: 5 });
    expect(await read(`accounts(${own})`)).toMatchObject({
      revenue_base: 5,
      _transactioncurrencyid_value: "0d000000-0000-4000-8000-0000000000c1",
    });
  });
});

describe("point 5: a relationship", () => {
  const custom = async (name: string, cascade: string) => {
    const answer = await send("POST", "RelationshipDefinitions", {
      "@odata.type": "Microsoft.Dynamics.CRM.OneToManyRelationshipMetadata",
      SchemaName: `cr8e3_account_contact_${name}`,
      ReferencedEntity: "account",
      ReferencedAttribute: "accountid",
      ReferencingEntity: "contact",
      CascadeConfiguration: {
        Assign: "NoCascade",
        Delete: cascade,
        Merge: "NoCascade",
        Reparent: "NoCascade",
        Share: "NoCascade",
        Unshare: "NoCascade",
      },
      Lookup: {
        "@odata.type": "Microsoft.Dynamics.CRM.LookupAttributeMetadata",
        SchemaName: `cr8e3_${name}`,
        DisplayName: { LocalizedLabels: [{ Label: name, LanguageCode: 1033 }] },
      },
    });
    expect(answer.status).toBe(204);
  };

  test.each([
    ["Restrict", "405 0x80040227", "200"],
    ["RemoveLink", "204", "200"],
    ["Cascade", "204", "404 0x80040217"],
  ])("that is %s decides what deleting the parent does", async (cascade, removal, child) => {
    await custom(cascade, cascade);
    const parent = await make("accounts", { name: cascade });
    const contact = await make("contacts", {
      lastname: cascade,
      [`cr8e3_${cascade}@odata.bind`]: `/accounts(${parent})`,
    });
    const answer = await send("DELETE", `accounts(${parent})`);
    expect(outcome(answer)).toBe(removal);
    if (removal !== "204")
      expect(answer.message).toBe(
        "The object you tried to delete is associated with another object and cannot be deleted.",
      );
    const read = await send("GET", `contacts(${contact})`);
    expect(outcome(read)).toBe(child);
    if (cascade === "RemoveLink")
      expect(read.json[`_cr8e3_${cascade.toLowerCase()}_value`]).toBeNull();
  });

  test("deletes the whole tree or nothing of it", async () => {
    const parent = await make("accounts", { name: "Tree" });
    const one = await make("incidents", {
      title: "Tree",
      "customerid_account@odata.bind": `/accounts(${parent})`,
    });
    const note = await make("annotations", {
      subject: "n",
      "objectid_incident@odata.bind": `/incidents(${one})`,
    });
    const contact = await make("contacts", {
      lastname: "x",
      "parentcustomerid_account@odata.bind": `/accounts(${parent})`,
    });
    const guard = await make("accounts", { name: "Guard" });
    // A contact that cannot go keeps everything above it.
    await custom("Held", "Restrict");
    const held = await make("contacts", {
      lastname: "held",
      "cr8e3_Held@odata.bind": `/accounts(${guard})`,
    });
    await send("PATCH", `accounts(${guard})`, { "parentaccountid@odata.bind": null });
    expect(outcome(await send("DELETE", `accounts(${guard})`))).toBe("405 0x80040227");
    expect(outcome(await send("GET", `contacts(${held})`))).toBe("200");
    expect((await send("DELETE", `accounts(${parent})`)).status).toBe(204);
    for (const path of [`incidents(${one})`, `annotations(${note})`, `contacts(${contact})`])
      expect(outcome(await send("GET", path))).toBe("404 0x80040217");
  });

  test("hands what belongs to a row to its new owner, and shares it along", async () => {
    const manager = personaOf("manager").systemUserId;
    const parent = await make("accounts", { name: "Assigned" });
    const one = await make("incidents", {
      title: "Assigned",
      "customerid_account@odata.bind": `/accounts(${parent})`,
    });
    const below = await task(one);
    const owner = async (path: string) => (await read(path))._ownerid_value;
    await send("PATCH", `accounts(${parent})`, {
      "ownerid@odata.bind": `/systemusers(${manager})`,
    });
    for (const path of [`accounts(${parent})`, `incidents(${one})`, `tasks(${below})`])
      expect(await owner(path)).toBe(manager);
    expect((await read(`incidents(${one})`))._owningbusinessunit_value).toBe(
      "0d000000-0000-4000-8000-000000000002",
    );
    const { world } = dataverse.emulator;
    const entity = world.catalog.byName("account");
    if (entity === undefined) throw new Error("No account.");
    const user = { type: "systemuser", id: personaOf("representative").systemUserId } as const;
    const masks = (id: string) => {
      const row = world.db
        .prepare(
          "SELECT accessrightsmask AS own, inheritedaccessrightsmask AS inherited FROM principalobjectaccess WHERE objectid = ?",
        )
        .get(id);
      return row && [row.own, row.inherited];
    };
    world.db.transaction(() => shareRow(world, entity, parent, user, accessBits.Read));
    const later = await make("incidents", {
      title: "Later",
      "customerid_account@odata.bind": `/accounts(${parent})`,
    });
    expect([parent, one, below, later].map(masks)).toEqual([
      [1, 0],
      [0, 1],
      [0, 1],
      [0, 1],
    ]);
    world.db.transaction(() => shareRow(world, entity, parent, user, 0));
    expect([parent, one, below, later].map(masks)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });
});
