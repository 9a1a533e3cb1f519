import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import {
  type Dataverse,
  defineKey,
  type Json,
  outcome,
  startDataverse,
} from "../support/dataverse";

let dataverse: Dataverse;
beforeAll(async () => {
  dataverse = await startDataverse();
  defineKey(dataverse, "account", ["accountnumber"]);
});
afterAll(() => dataverse.close());

const send = (method: string, path: string, body?: unknown, headers = {}) =>
  dataverse.send(method, path, body, { headers });
const make = async (set: string, body: object) => (await send("POST", set, body)).id;
const rows = async (path: string) => (await send("GET", path)).json.value as Json[];
const count = async (table: string, filter: string) =>
  Number((await send("GET", `${table}?$filter=${filter}&$count=true&$top=1`)).json["@odata.count"]);

describe("deep insert", () => {
  test("makes rows above and below, at any depth, and links existing ones", async () => {
    const contact = await make("contacts", { lastname: "Bound" });
    const answer = await send("POST", "incidents", {
      title: "Deep",
      customerid_account: {
        name: "Deep customer",
        primarycontactid: { lastname: "Deep primary" },
        contact_customer_accounts: [{ lastname: "Deep first" }, { lastname: "Deep second" }],
        "contact_customer_accounts@odata.bind": [`/contacts(${contact})`],
      },
      Incident_Tasks: [{ subject: "Deep task" }],
      Incident_Annotation: [{ subject: "Deep note", notetext: "x" }],
      Incident_Emails: [
        {
          subject: "Deep mail",
          email_activity_parties: [{ addressused: "a@b.example", participationtypemask: 2 }],
        },
      ],
    });
    expect(answer.status).toBe(204);
    const read = await send(
      "GET",
      `incidents(${answer.id})?$select=title&$expand=customerid_account($select=name;$expand=primarycontactid($select=lastname),contact_customer_accounts($select=lastname)),Incident_Tasks($select=subject),Incident_Annotation($select=subject),Incident_Emails($select=subject)`,
    );
    expect(read.json).toMatchObject({
      customerid_account: {
        name: "Deep customer",
        primarycontactid: { lastname: "Deep primary" },
        // The service sorts no collection of a nested $expand.
        contact_customer_accounts: expect.arrayContaining([
          expect.objectContaining({ lastname: "Bound" }),
          expect.objectContaining({ lastname: "Deep first" }),
          expect.objectContaining({ lastname: "Deep second" }),
        ]),
      },
      Incident_Tasks: [{ subject: "Deep task" }],
      Incident_Annotation: [{ subject: "Deep note" }],
      Incident_Emails: [{ subject: "Deep mail" }],
    });
  });

  test("makes and links rows of a many-to-many property", async () => {
    const user = await make("systemusers", {
      firstname: "Deep",
      lastname: "User",
      "businessunitid@odata.bind": "/businessunits(0d000000-0000-4000-8000-000000000001)",
      systemuserroles_association: [
        {
          name: "Deep role",
          "businessunitid@odata.bind": "/businessunits(0d000000-0000-4000-8000-000000000001)",
        },
      ],
    });
    expect(
      await rows(`systemusers(${user})/systemuserroles_association?$select=name`),
    ).toMatchObject([{ name: "Deep role" }]);
  });

  test.each([
    [
      "below",
      { name: "Nothing", contact_customer_accounts: [{ lastname: "Nothing" }, { nonsense: 1 }] },
    ],
    ["above", { name: "Nothing", primarycontactid: { lastname: "x".repeat(51) } }],
    [
      "at the side",
      {
        name: "Nothing",
        primarycontactid: { lastname: "Nothing" },
        Account_Tasks: [{ subject: "y".repeat(201) }],
      },
    ],
  ])("makes nothing at all when a row %s is wrong", async (_, body) => {
    expect((await send("POST", "accounts", body)).status).toBe(400);
    expect(await count("accounts", "name eq 'Nothing'")).toBe(0);
    expect(await count("contacts", "lastname eq 'Nothing'")).toBe(0);
  });

  test("is refused on a change, save for the parties of an activity, which are replaced", async () => {
    const account = await make("accounts", { name: "Not deep" });
    for (const body of [
      { contact_customer_accounts: [{ lastname: "x" }] },
      { primarycontactid: { lastname: "x" } },
    ])
      expect(outcome(await send("PATCH", `accounts(${account})`, body))).toBe("400 0x80048d19");
    const mail = await make("emails", {
      subject: "Parties",
      email_activity_parties: [{ addressused: "a@b.example", participationtypemask: 2 }],
    });
    const parties = async () =>
      (
        await rows(
          `emails(${mail})/email_activity_parties?$select=addressused&$orderby=addressused`,
        )
      ).map((party) => party.addressused);
    const replaced = (names: string[]) =>
      names.map((name) => ({ addressused: `${name}@b.example`, participationtypemask: 3 }));
    await send("PATCH", `emails(${mail})`, { email_activity_parties: replaced(["c", "d"]) });
    expect(await parties()).toEqual(["c@b.example", "d@b.example"]);
    await send("PUT", `emails(${mail})/email_activity_parties`, { value: replaced(["e"]) });
    expect(await parties()).toEqual(["e@b.example"]);
  });

  test("makes a row in the collection to which it is posted", async () => {
    const account = await make("accounts", { name: "Collection" });
    const answer = await send("POST", `accounts(${account})/contact_customer_accounts`, {
      lastname: "Posted",
    });
    expect(answer.status).toBe(204);
    const read = await send("GET", `contacts(${answer.id})?$select=_parentcustomerid_value`);
    expect(read.json._parentcustomerid_value).toBe(account);
  });
});

describe("$ref", () => {
  test("links and unlinks the rows of a collection in every form", async () => {
    const account = await make("accounts", { name: "Ref" });
    const [one, two, three] = await Promise.all(
      ["1", "2", "3"].map((lastname) => make("contacts", { lastname })),
    );
    const path = `accounts(${account})/contact_customer_accounts`;
    const names = async () =>
      (await rows(`${path}?$select=lastname&$orderby=lastname`)).map((row) => row.lastname);
    for (const [method, address] of [
      ["POST", `${dataverse.root}contacts(${one})`],
      ["PUT", `contacts(${two})`],
      ["POST", `/api/data/v9.2/contacts(${three})`],
    ] as const)
      expect((await send(method, `${path}/$ref`, { "@odata.id": address })).status).toBe(204);
    expect(await names()).toEqual(["1", "2", "3"]);
    expect((await rows(`${path}/$ref`)).length).toBe(3);
    expect(
      (await send("DELETE", `${path}/$ref?$id=${dataverse.root}contacts(${one})`)).status,
    ).toBe(204);
    expect((await send("DELETE", `${path}(${two})/$ref`)).status).toBe(204);
    expect(
      (await send("DELETE", `${path}/$ref?$id=${encodeURIComponent(`contacts(${three})`)}`)).status,
    ).toBe(204);
    expect(await names()).toEqual([]);
  });

  test("takes nothing from another row's collection", async () => {
    const [mine, other] = [
      await make("accounts", { name: "Mine" }),
      await make("accounts", { name: "Other" }),
    ];
    const contact = await make("contacts", {
      lastname: "x",
      "parentcustomerid_account@odata.bind": `/accounts(${other})`,
    });
    await send("DELETE", `accounts(${mine})/contact_customer_accounts(${contact})/$ref`);
    expect((await send("GET", `contacts(${contact})`)).json._parentcustomerid_value).toBe(other);
  });

  test("changes and clears a single-valued property", async () => {
    const [account, contact] = [
      await make("accounts", { name: "Single" }),
      await make("contacts", { lastname: "x" }),
    ];
    const path = `accounts(${account})/primarycontactid/$ref`;
    const value = async () =>
      (await send("GET", `accounts(${account})`)).json._primarycontactid_value;
    expect((await send("PUT", path, { "@odata.id": `contacts(${contact})` })).status).toBe(204);
    expect(await value()).toBe(contact);
    expect((await send("GET", path)).json["@odata.id"]).toBe(
      `${dataverse.root}contacts(${contact})`,
    );
    expect((await send("DELETE", path)).status).toBe(204);
    expect(await value()).toBeNull();
  });

  test("of a many-to-many property is there once", async () => {
    const role = (await rows("roles?$filter=name eq 'Knowledge Manager'&$select=roleid"))[0]
      ?.roleid;
    const user = (
      await rows("systemusers?$filter=startswith(fullname,'Noor')&$select=systemuserid")
    )[0]?.systemuserid;
    const path = `systemusers(${user})/systemuserroles_association`;
    const body = { "@odata.id": `${dataverse.root}roles(${role})` };
    expect((await send("POST", `${path}/$ref`, body)).status).toBe(204);
    expect(outcome(await send("POST", `${path}/$ref`, body))).toBe("412 0x80040237");
    expect((await send("DELETE", `${path}(${role})/$ref`)).status).toBe(204);
    expect((await rows(`${path}?$filter=roleid eq ${role}`)).length).toBe(0);
  });

  test.each<[string, string, unknown, string]>([
    ["without a row", "POST", {}, "400 0x80048d19"],
    [
      "to a row of another table",
      "POST",
      { "@odata.id": "accounts(11111111-1111-4111-8111-111111111111)" },
      "400 0x80048d19",
    ],
    [
      "to a row that is not there",
      "POST",
      { "@odata.id": "contacts(11111111-1111-4111-8111-111111111111)" },
      "404 0x80040217",
    ],
    [
      "to a place outside",
      "POST",
      { "@odata.id": "https://x.example/contacts(1)" },
      "400 0x80048d19",
    ],
    ["of a removal that names no row", "DELETE", undefined, "400 0x80048d19"],
    ["by another verb", "PATCH", {}, "405 0x80060888"],
  ])("%s is refused", async (_, method, body, expected) => {
    const account = await make("accounts", { name: "Refused" });
    expect(
      outcome(await send(method, `accounts(${account})/contact_customer_accounts/$ref`, body)),
    ).toBe(expected);
  });

  test("never takes the customer from a case", async () => {
    const account = await make("accounts", { name: "Customer" });
    const id = await make("incidents", {
      title: "x",
      "customerid_account@odata.bind": `/accounts(${account})`,
    });
    for (const path of [
      `accounts(${account})/incident_customer_accounts(${id})/$ref`,
      `incidents(${id})/customerid_account/$ref`,
    ]) {
      const answer = await send("DELETE", path);
      expect([outcome(answer), answer.message]).toEqual([
        "400 0x80044410",
        "You should specify a parent contact or account.",
      ]);
    }
  });
});

describe("one column", () => {
  test("is written, read bare and cleared", async () => {
    const account = await make("accounts", { name: "Column", telephone1: "1" });
    expect((await send("PUT", `accounts(${account})/telephone1`, { value: "2 & 3" })).status).toBe(
      204,
    );
    const bare = await send("GET", `accounts(${account})/telephone1/$value`);
    expect([bare.text, bare.headers.get("content-type")]).toEqual(["2 & 3", "text/plain"]);
    expect((await send("GET", `accounts(${account})/telephone1`)).json).toMatchObject({
      value: "2 & 3",
    });
    expect((await send("DELETE", `accounts(${account})/telephone1`)).status).toBe(204);
    expect((await send("GET", `accounts(${account})/telephone1`)).status).toBe(204);
    expect(outcome(await send("PUT", `accounts(${account})/telephone1`, {}))).toBe(
      "400 0x80048d19",
    );
    expect(outcome(await send("PUT", `accounts(${account})/nothing`, { value: 1 }))).toBe(
      "404 0x80060888",
    );
  });
});

describe("rows in bulk", () => {
  const account = (more: object) => ({ "@odata.type": "Microsoft.Dynamics.CRM.account", ...more });
  const bulk = (message: string, targets: unknown) =>
    send("POST", `accounts/${message}`, { Targets: targets });

  test.each(["CreateMultiple", "Microsoft.Dynamics.CRM.CreateMultiple"])(
    "%s answers the ids in order",
    async (message) => {
      const answer = await bulk(message, [
        account({ name: `${message} 1` }),
        account({ name: `${message} 2`, primarycontactid: { lastname: "Of bulk" } }),
      ]);
      expect(answer.status).toBe(200);
      const ids = answer.json.Ids as string[];
      expect(ids).toHaveLength(2);
      expect((await send("GET", `accounts(${ids[1]})?$select=name`)).json.name).toBe(
        `${message} 2`,
      );
    },
  );

  test("UpdateMultiple changes each, by id or by key", async () => {
    const one = await make("accounts", { name: "u1" });
    await make("accounts", { name: "u2", accountnumber: "U-2" });
    const answer = await bulk("Microsoft.Dynamics.CRM.UpdateMultiple", [
      account({ accountid: one, telephone1: "7" }),
      account({ "@odata.id": "accounts(accountnumber='U-2')", telephone1: "7" }),
    ]);
    expect(answer.status).toBe(204);
    expect(await count("accounts", "telephone1 eq '7' and startswith(name,'u')")).toBe(2);
  });

  test("UpsertMultiple makes what is missing", async () => {
    const own = crypto.randomUUID();
    const targets = [
      account({ "@odata.id": "accounts(accountnumber='S-1')", name: "s1" }),
      account({ accountid: own, name: "s2" }),
      account({ name: "s3" }),
    ];
    expect((await bulk("UpsertMultiple", targets)).status).toBe(204);
    expect((await bulk("UpsertMultiple", targets.slice(0, 2))).status).toBe(204);
    expect(await count("accounts", "name eq 's1' and accountnumber eq 'S-1'")).toBe(1);
    expect((await send("GET", `accounts(${own})`)).json.name).toBe("s2");
    expect(await count("accounts", "name eq 's3'")).toBe(1);
  });

  test.each<[string, string, unknown]>([
    [
      "CreateMultiple",
      "one of them is wrong",
      [account({ name: "Bulk none" }), account({ name: "x".repeat(161) })],
    ],
    [
      "CreateMultiple",
      "one is of another table",
      [account({ name: "Bulk none" }), { "@odata.type": "Microsoft.Dynamics.CRM.contact" }],
    ],
    ["CreateMultiple", "there are none", []],
    ["CreateMultiple", "it is no list", { name: "Bulk none" }],
    ["UpdateMultiple", "one has no id", [account({ name: "Bulk none" })]],
    [
      "UpdateMultiple",
      "one is not there",
      [account({ accountid: "11111111-1111-4111-8111-111111111111", name: "Bulk none" })],
    ],
    [
      "UpsertMultiple",
      "a key column stands in the body too",
      [
        account({ name: "Bulk none" }),
        account({ "@odata.id": "accounts(accountnumber='B')", accountnumber: "B" }),
      ],
    ],
  ])("%s does nothing when %s", async (message, _, targets) => {
    const answer = await bulk(message, targets);
    expect([400, 404]).toContain(answer.status);
    expect(answer.code).toMatch(/^0x/);
    expect(await count("accounts", "name eq 'Bulk none'")).toBe(0);
  });
});

describe("duplicate detection", () => {
  const on = { "MSCRM.SuppressDuplicateDetection": "false" };
  test("refuses a duplicate only when the header turns it on", async () => {
    const lead = { firstname: "Monte", lastname: "O", emailaddress1: "Monte@Dup.example" };
    await make("leads", lead);
    const twin = { ...lead, emailaddress1: "monte@dup.example" };
    const refused = await send("POST", "leads", twin, on);
    expect([outcome(refused), refused.message]).toEqual([
      "412 0x80040333",
      "A record was not created or updated because a duplicate of the current record already exists.",
    ]);
    expect(await count("leads", "emailaddress1 eq 'monte@dup.example'")).toBe(1);
    for (const headers of [{}, { "MSCRM.SuppressDuplicateDetection": "true" }])
      expect((await send("POST", "leads", twin, headers)).status).toBe(204);
  });

  test("looks at a change, too, and at blank columns never", async () => {
    await make("accounts", { name: "Dup A" });
    const other = await make("accounts", { name: "Dup B" });
    expect(
      outcome(
        await send("PATCH", `accounts(${other})`, { name: "dup a" }, { ...on, "If-Match": "*" }),
      ),
    ).toBe("412 0x80040333");
    expect((await send("GET", `accounts(${other})`)).json.name).toBe("Dup B");
    for (const name of ["Blank 1", "Blank 2"])
      expect((await send("POST", "accounts", { name, emailaddress1: "" }, on)).status).toBe(204);
  });

  test("follows rules that somebody made, while they are published", async () => {
    const rule = await make("duplicaterules", {
      name: "Cities",
      baseentityname: "account",
      matchingentityname: "account",
    });
    expect(
      outcome(
        await send(
          "POST",
          `duplicaterules(${rule})/Microsoft.Dynamics.CRM.PublishDuplicateRule`,
          {},
        ),
      ),
    ).toBe("400 0x80040203");
    await make("duplicateruleconditions", {
      baseattributename: "address1_city",
      matchingattributename: "address1_city",
      operatorcode: 1,
      operatorparam: 3,
      "regardingobjectid@odata.bind": `/duplicaterules(${rule})`,
    });
    await make("accounts", { name: "City 1", address1_city: "Krakow" });
    const twin = async (city: string) =>
      outcome(
        await send(
          "POST",
          "accounts",
          { name: `City ${crypto.randomUUID()}`, address1_city: city },
          on,
        ),
      );
    expect(await twin("Kraków West")).toBe("204");
    expect(
      (
        await send(
          "POST",
          `duplicaterules(${rule})/Microsoft.Dynamics.CRM.PublishDuplicateRule`,
          {},
        )
      ).status,
    ).toBe(204);
    expect(await twin("Kraftwerk")).toBe("412 0x80040333");
    expect(await twin("Kielce")).toBe("204");
    expect((await send("POST", "UnpublishDuplicateRule", { DuplicateRuleId: rule })).status).toBe(
      204,
    );
    expect(await twin("Kraftwerk")).toBe("204");
  });
});
