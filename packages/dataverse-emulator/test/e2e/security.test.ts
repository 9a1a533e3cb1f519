import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { applicationUser } from "../../src/sample/identities";
import { accessBits, setShare } from "../../src/security";
import {
  type Call,
  type Dataverse,
  type Json,
  outcome,
  personaOf,
  startDataverse,
} from "../support/dataverse";

/** Point 12: who calls, who may, and the words of each refusal. */

let clock = new Date("2026-11-24T10:00:00Z");
let dataverse: Dataverse;
beforeAll(async () => {
  dataverse = await startDataverse({ cases: 60, now: () => clock, faults: true });
});
afterAll(() => dataverse.close());

const nobody = "11111111-1111-4111-8111-111111111111";
const representative = personaOf("representative");
const manager = personaOf("manager");
const send = (
  method: string,
  path: string,
  body?: unknown,
  as: Call["as"] = "administrator",
  headers = {},
) => dataverse.send(method, path, body, { as, headers });
const rows = async (path: string, as: Call["as"] = "administrator") =>
  (await send("GET", path, undefined, as)).json.value as Json[];
const idOf = async (path: string, column: string) => String((await rows(path))[0]?.[column]);

/** Takes the representative's roles and gives him one of our own, with these depths by privilege name. */
async function onlyRole(depths: Record<string, number>): Promise<void> {
  const { db } = dataverse.emulator.world;
  // Nor may a team of his give him another.
  db.exec("DELETE FROM teamroles");
  const role = await send("POST", "roles", {
    name: `Role ${crypto.randomUUID()}`,
    "businessunitid@odata.bind": "/businessunits(0d000000-0000-4000-8000-000000000001)",
  });
  for (const [name, mask] of Object.entries(depths)) {
    const id = await idOf(
      `privileges?$filter=name eq '${name}'&$select=privilegeid`,
      "privilegeid",
    );
    db.prepare(
      "INSERT INTO roleprivileges (roleprivilegeid, roleid, privilegeid, privilegedepthmask, versionnumber) VALUES (?, ?, ?, ?, 1)",
    ).run(crypto.randomUUID(), role.id, id, mask);
  }
  const path = `systemusers(${representative.systemUserId})/systemuserroles_association`;
  for (const { roleid } of await rows(`${path}?$select=roleid`))
    await send("DELETE", `${path}(${roleid})/$ref`);
  expect((await send("POST", `${path}/$ref`, { "@odata.id": `roles(${role.id})` })).status).toBe(
    204,
  );
}

const newCase = async (title: string, owner: string) =>
  (
    await send("POST", "incidents", {
      title,
      customerid_account: { name: title },
      "ownerid@odata.bind": owner,
    })
  ).id;
/** A case of somebody who could not be given one through the Web API, for want of a role. */
async function givenCase(title: string, owner: string): Promise<string> {
  const id = await newCase(title, userBind(manager.systemUserId));
  const { records } = dataverse.emulator.world;
  const { systemUserId } = manager;
  const principal = { systemUserId, businessUnitId: "", onBehalfOf: undefined };
  records.update("incident", id, { "ownerid@odata.bind": owner }, principal, { internal: true });
  return id;
}
const userBind = (id: string) => `/systemusers(${id})`;

describe("point 12: the token", () => {
  const withToken = (value: string | undefined) =>
    fetch(`${dataverse.root}WhoAmI`, {
      headers: value === undefined ? {} : { Authorization: value },
    });
  const issued = async (resource: string, clientId: string = applicationUser.applicationId) =>
    (
      (await (
        await fetch(
          `${dataverse.url}/msi/token?api-version=2019-08-01&resource=${resource}&client_id=${clientId}`,
          { headers: { "X-IDENTITY-HEADER": "x" } },
        )
      ).json()) as { access_token: string }
    ).access_token;

  test.each<[string, () => Promise<string | undefined>]>([
    ["is missing", async () => undefined],
    ["is of another kind", async () => "Basic eDp4"],
    ["is none", async () => "Bearer hello"],
    [
      "is for another environment",
      async () => `Bearer ${await issued("https://other.crm.dynamics.com")}`,
    ],
    [
      "is signed by another",
      async () => `Bearer ${(await issued(dataverse.url)).slice(0, -6)}AAAAAA`,
    ],
    ["is not signed", async () => `Bearer ${(await issued(dataverse.url)).replace(/[^.]+$/, "")}`],
    [
      "claims to be signed by nothing",
      async () =>
        `Bearer ${Buffer.from('{"alg":"none"}').toString("base64url")}.${(await issued(dataverse.url)).split(".")[1]}.`,
    ],
    [
      "speaks for another than was signed",
      async () => {
        const [head, , sign] = (await issued(dataverse.url)).split(".");
        return `Bearer ${head}.${Buffer.from(JSON.stringify({ aud: dataverse.url, oid: personaOf("administrator").objectId, exp: 9_999_999_999 })).toString("base64url")}.${sign}`;
      },
    ],
  ])("that %s is 401 with a challenge", async (_, token) => {
    const answer = await withToken(await token());
    expect(answer.status).toBe(401);
    expect(answer.headers.get("www-authenticate")).toMatch(/^Bearer authorization_uri=/);
    expect(((await answer.json()) as { error: { code: string } }).error.code).toMatch(/^0x/);
  });

  test("ends after a day", async () => {
    const token = `Bearer ${await issued(dataverse.url)}`;
    expect((await withToken(token)).status).toBe(200);
    const before = clock;
    clock = new Date(before.getTime() + 86_400_000);
    expect((await withToken(token)).status).toBe(401);
    clock = before;
  });

  test("of an identity without an application user is 403 in the service's words", async () => {
    const answer = await withToken(`Bearer ${await issued(dataverse.url, nobody)}`);
    expect(answer.status).toBe(403);
    expect(await answer.json()).toEqual({
      error: { code: "0x80072560", message: "The user is not a member of the organization." },
    });
  });
});

describe("point 12: the person named by a header", () => {
  test("is who did it, on whose behalf the application acted", async () => {
    const made = await send("POST", "contacts", { lastname: "Made" }, "representative");
    const changed = await send(
      "PATCH",
      `contacts(${made.id})`,
      { firstname: "x" },
      "administrator",
    );
    expect(changed.status).toBe(204);
    const read = await send("GET", `contacts(${made.id})`);
    expect(read.json).toMatchObject({
      _createdby_value: representative.systemUserId,
      _createdonbehalfby_value: applicationUser.systemUserId,
      _modifiedby_value: personaOf("administrator").systemUserId,
      _modifiedonbehalfby_value: applicationUser.systemUserId,
      _ownerid_value: representative.systemUserId,
    });
    const own = await send("POST", "contacts", { lastname: "Own" }, "application");
    expect((await send("GET", `contacts(${own.id})`)).json).toMatchObject({
      _createdby_value: applicationUser.systemUserId,
      _createdonbehalfby_value: null,
    });
  });

  test("may be named by the legacy header, too", async () => {
    const answer = await send("GET", "WhoAmI", undefined, "application", {
      MSCRMCallerID: representative.systemUserId,
    });
    expect(answer.json.UserId).toBe(representative.systemUserId);
  });

  test.each<[string, Call["as"], Record<string, string>, string, RegExp]>([
    [
      "nobody",
      "application",
      { CallerObjectId: nobody },
      "403 0x80072560",
      /^The user is not a member of the organization\.$/,
    ],
    [
      "an id that is none",
      "application",
      { MSCRMCallerID: "hello" },
      "403 0x80072560",
      /not a member/,
    ],
    ["a disabled user", "disabled", {}, "403 0x80040225", /disabled/],
    [
      "a user without roles",
      "without-roles",
      {},
      "403 0x80042f09",
      /^The user has not been assigned any roles\.$/,
    ],
  ])("is refused when it is %s", async (_, as, headers, expected, words) => {
    const answer = await send("GET", "accounts?$top=1&$select=name", undefined, as, headers);
    expect(outcome(answer)).toBe(expected);
    expect(answer.message).toMatch(words);
  });

  test("is told who it is without any role", async () => {
    expect(outcome(await send("GET", "WhoAmI", undefined, "without-roles"))).toBe("200");
  });

  test("is refused to an application that may not act for others", async () => {
    const { db } = dataverse.emulator.world;
    const link = db
      .prepare(
        "SELECT * FROM systemuserroles WHERE systemuserid = ? AND roleid IN (SELECT roleid FROM role WHERE name = 'Delegate')",
      )
      .get(applicationUser.systemUserId);
    const path = `systemusers(${applicationUser.systemUserId})/systemuserroles_association`;
    expect((await send("DELETE", `${path}(${link?.roleid})/$ref`)).status).toBe(204);
    const answer = await send("GET", "WhoAmI", undefined, "representative");
    expect([outcome(answer), answer.message]).toEqual([
      "403 0x8004a110",
      "User does not have the privilege to act on behalf another user.",
    ]);
    db.prepare(
      "INSERT INTO systemuserroles (systemuserroleid, systemuserid, roleid, versionnumber) VALUES (?, ?, ?, 1)",
    ).run(crypto.randomUUID(), applicationUser.systemUserId, link?.roleid ?? null);
    expect((await send("GET", "WhoAmI", undefined, "representative")).status).toBe(200);
  });
});

describe("point 12: privileges", () => {
  test("that are missing are named with id, type code and table", async () => {
    const answer = await send("DELETE", `accounts(${nobody})`, undefined, "representative");
    const there = await send(
      "DELETE",
      `accounts(${await idOf("accounts?$top=1", "accountid")})`,
      undefined,
      "representative",
    );
    expect(outcome(answer)).toBe("403 0x80040220");
    expect(outcome(there)).toBe("403 0x80040220");
    expect(there.message).toMatch(
      /^Principal user \(Id=0a000000-0000-4000-8000-000000000001, type=8, roleCount=1, privilegeCount=\d+, accessMode='0 Read-Write', AADObjectId=0b000000-0000-4000-8000-000000000001, MetadataCachePrivilegesCount=\d+, businessUnitId=[0-9a-f-]{36}\), is missing prvDeleteAccount privilege \(Id=[0-9a-f-]{36}\) on OTC=1 for entity 'account' \(LocalizedName='Account'\)\. context\.Caller=0a000000-0000-4000-8000-000000000001\. Consider adding missed privilege to one of the principal \(user\/team\) roles\.$/,
    );
  });

  test("of a new table belong to administrators and customizers until a role is changed", async () => {
    const table = await send("POST", "EntityDefinitions", {
      "@odata.type": "Microsoft.Dynamics.CRM.EntityMetadata",
      SchemaName: "cr8e3_Ledger",
      DisplayName: { LocalizedLabels: [{ Label: "Ledger", LanguageCode: 1033 }] },
      DisplayCollectionName: { LocalizedLabels: [{ Label: "Ledgers", LanguageCode: 1033 }] },
      OwnershipType: "UserOwned",
      Attributes: [
        {
          "@odata.type": "Microsoft.Dynamics.CRM.StringAttributeMetadata",
          SchemaName: "cr8e3_Name",
          IsPrimaryName: true,
          MaxLength: 100,
          DisplayName: { LocalizedLabels: [{ Label: "Name", LanguageCode: 1033 }] },
        },
      ],
    });
    expect(table.status).toBe(204);
    const own = await send("POST", "cr8e3_ledgers", { cr8e3_name: "x" });
    expect(own.status).toBe(204);
    expect(
      (await rows("privileges?$filter=endswith(name,'cr8e3_Ledger')&$select=name")).length,
    ).toBe(8);
    for (const [method, path, body, privilege] of [
      ["GET", "cr8e3_ledgers", undefined, "prvReadcr8e3_Ledger"],
      ["POST", "cr8e3_ledgers", {}, "prvCreatecr8e3_Ledger"],
      ["PATCH", `cr8e3_ledgers(${own.id})`, {}, "prvWritecr8e3_Ledger"],
    ] as const) {
      const answer = await send(method, path, body, "representative");
      expect(outcome(answer)).toBe("403 0x80040220");
      expect(answer.message).toContain(`is missing ${privilege} privilege`);
    }
  });
});

describe("point 12: depth", () => {
  const basic = 1;
  const local = 2;
  const deep = 4;
  const global = 8;
  const europe = "0d000000-0000-4000-8000-000000000002";
  const cases: Record<string, string> = {};
  const titles = async () => {
    const list = await rows(
      "incidents?$select=title&$filter=startswith(title,'Depth ')&$orderby=title",
      "representative",
    );
    return list.map((row) => String(row.title).slice(6));
  };
  beforeAll(async () => {
    const team = await send("POST", "teams", {
      name: "Depth team",
      "businessunitid@odata.bind": "/businessunits(0d000000-0000-4000-8000-000000000003)",
      "administratorid@odata.bind": userBind(manager.systemUserId),
      "teammembership_association@odata.bind": [userBind(representative.systemUserId)],
    });
    const below = await send("POST", "businessunits", {
      name: "Below",
      "parentbusinessunitid@odata.bind": `/businessunits(${europe})`,
    });
    const other = await send("POST", "systemusers", {
      firstname: "Be",
      lastname: "Low",
      "businessunitid@odata.bind": `/businessunits(${below.id})`,
    });
    const american = await idOf(
      "systemusers?$filter=_businessunitid_value eq 0d000000-0000-4000-8000-000000000003&$top=1",
      "systemuserid",
    );
    cases.own = await newCase("Depth own", userBind(representative.systemUserId));
    cases.team = await givenCase("Depth team", `/teams(${team.id})`);
    cases.unit = await newCase("Depth unit", userBind(manager.systemUserId));
    cases.below = await givenCase("Depth below", userBind(other.id));
    cases.other = await newCase("Depth other", userBind(american));
  });

  test.each<[string, number, string[]]>([
    ["Basic", basic, ["own", "team"]],
    ["Local", local, ["own", "team", "unit"]],
    ["Deep", deep, ["below", "own", "team", "unit"]],
    ["Global", global, ["below", "other", "own", "team", "unit"]],
  ])(
    "%s reaches its rows, in lists, single reads, counts and expands alike",
    async (_, mask, expected) => {
      await onlyRole({ prvReadIncident: mask, prvReadAccount: global });
      expect(await titles()).toEqual(expected);
      const count = await send(
        "GET",
        "incidents/$count?$filter=startswith(title,'Depth ')",
        undefined,
        "representative",
      );
      expect(Number(count.text.replace(/^\uFEFF/, ""))).toBe(expected.length);
      for (const [name, id] of Object.entries(cases)) {
        const single = await send("GET", `incidents(${id})`, undefined, "representative");
        expect([name, outcome(single)]).toEqual([
          name,
          expected.includes(name) ? "200" : "403 0x80048306",
        ]);
      }
      const account = await rows(
        "accounts?$filter=name eq 'Depth other'&$expand=incident_customer_accounts($select=title)",
        "representative",
      );
      expect((account[0]?.incident_customer_accounts as Json[] | undefined)?.length).toBe(
        mask === global ? 1 : 0,
      );
      const fetch = `<fetch aggregate="true"><entity name="incident"><attribute name="incidentid" alias="n" aggregate="count"/><filter><condition attribute="title" operator="like" value="Depth %"/></filter></entity></fetch>`;
      expect(
        (await rows(`incidents?fetchXml=${encodeURIComponent(fetch)}`, "representative"))[0]?.n,
      ).toBe(expected.length);
    },
  );

  test("bounds writing, deleting and assigning each by itself", async () => {
    await onlyRole({
      prvReadIncident: global,
      prvWriteIncident: local,
      prvDeleteIncident: basic,
      prvAssignIncident: basic,
    });
    const as = "representative";
    const patch = async (id: string | undefined, body: object = { description: "x" }) =>
      outcome(await send("PATCH", `incidents(${id})`, body, as));
    expect(await patch(cases.unit)).toBe("204");
    expect(await patch(cases.below)).toBe("403 0x80048306");
    const refused = await send("DELETE", `incidents(${cases.unit})`, undefined, as);
    expect([outcome(refused), refused.message]).toEqual([
      "403 0x80048306",
      "Not enough privilege to access the Microsoft Dynamics 365 object or perform the requested operation.",
    ]);
    const away = { "ownerid@odata.bind": userBind(manager.systemUserId) };
    expect(
      await patch(cases.unit, { "ownerid@odata.bind": userBind(representative.systemUserId) }),
    ).toBe("403 0x80048306");
    expect(await patch(cases.own, away)).toBe("204");
    expect(
      await patch(cases.own, { "ownerid@odata.bind": userBind(representative.systemUserId) }),
    ).toBe("403 0x80048306");
    await send("PATCH", `incidents(${cases.own})`, {
      "ownerid@odata.bind": userBind(representative.systemUserId),
    });
    expect(
      outcome(
        await send("PATCH", `incidents(${cases.own})`, {
          "ownerid@odata.bind": userBind(personaOf("disabled").systemUserId),
        }),
      ),
    ).toBe("400 0x80040225");
  });

  test("is the narrower one of person and application", async () => {
    await onlyRole({ prvReadIncident: global });
    const { db } = dataverse.emulator.world;
    const mask = (value: number) =>
      db
        .prepare(
          "UPDATE roleprivileges SET privilegedepthmask = ?, versionnumber = versionnumber + 1000000 WHERE roleid IN (SELECT roleid FROM role WHERE name = 'Customer Service MCP') AND privilegeid IN (SELECT privilegeid FROM privilege WHERE name = 'prvReadIncident')",
        )
        .run(value);
    mask(basic);
    expect(await titles()).toEqual([]);
    mask(global);
    expect(await titles()).toHaveLength(5);
  });
});

describe("point 12: sharing", () => {
  test("opens one row for one right, to a user or to his team, and never more than the privilege", async () => {
    const { db, now } = dataverse.emulator.world;
    const american = await idOf(
      "systemusers?$filter=_businessunitid_value eq 0d000000-0000-4000-8000-000000000003&$top=1",
      "systemuserid",
    );
    const id = await newCase("Shared", userBind(american));
    await onlyRole({ prvReadIncident: 1, prvWriteIncident: 1 });
    const row = { table: "incident", id };
    const can = async () => [
      outcome(await send("GET", `incidents(${id})`, undefined, "representative")),
      outcome(await send("PATCH", `incidents(${id})`, { description: "x" }, "representative")),
    ];
    const no = "403 0x80048306";
    expect(await can()).toEqual([no, no]);
    const user = { type: "systemuser", id: representative.systemUserId } as const;
    setShare(db, row, user, { mask: accessBits.Read }, now());
    expect(await can()).toEqual(["200", no]);
    setShare(db, row, user, { mask: accessBits.Read | accessBits.Write }, now());
    expect(await can()).toEqual(["200", "204"]);
    setShare(db, row, user, { mask: 0 }, now());
    expect(await can()).toEqual([no, no]);
    const teamId = await idOf("teams?$filter=name eq 'Depth team'", "teamid");
    setShare(db, row, { type: "team", id: teamId }, { mask: accessBits.Read }, now());
    expect(await can()).toEqual(["200", no]);
    await onlyRole({ prvWriteIncident: 1 });
    expect((await can())[0]).toBe("403 0x80040220");
  });
});

describe("point 12: linking rows", () => {
  test("takes Append on the one and AppendTo on the other, each within its depth", async () => {
    const account = await idOf("accounts?$top=1", "accountid");
    const made = (body: object) =>
      send("POST", "incidents", { title: "Link", ...body }, "representative");
    const bind = { "customerid_account@odata.bind": `/accounts(${account})` };
    const rights = { prvCreateIncident: 1, prvReadIncident: 1, prvReadAccount: 8 };
    await onlyRole(rights);
    const first = await made(bind);
    expect([outcome(first), /prv\w+ privilege/.exec(first.message)?.[0]]).toEqual([
      "403 0x80040220",
      "prvAppendIncident privilege",
    ]);
    await onlyRole({ ...rights, prvAppendIncident: 1 });
    expect(/prv\w+ privilege/.exec((await made(bind)).message)?.[0]).toBe(
      "prvAppendToAccount privilege",
    );
    await onlyRole({ ...rights, prvAppendIncident: 1, prvAppendToAccount: 1 });
    expect(outcome(await made(bind))).toBe("403 0x80048306");
    await onlyRole({ ...rights, prvAppendIncident: 1, prvAppendToAccount: 8 });
    expect(outcome(await made(bind))).toBe("204");
  });
});

describe("point 12: secured columns", () => {
  const profile = async (permissions: object) => {
    const made = await send("POST", "fieldsecurityprofiles", {
      name: `Profile ${crypto.randomUUID()}`,
      "systemuserprofiles_association@odata.bind": [userBind(representative.systemUserId)],
    });
    expect(made.status).toBe(204);
    const permission = await send("POST", "fieldpermissions", {
      entityname: "contact",
      attributelogicalname: "cr8e3_secret",
      ...permissions,
      "fieldsecurityprofileid@odata.bind": `/fieldsecurityprofiles(${made.id})`,
    });
    expect(permission.status).toBe(204);
  };
  test("are left out for those whom no profile lets read, and refused to those whom none lets write", async () => {
    await onlyRole({ prvReadContact: 8, prvWriteContact: 8, prvCreateContact: 8 });
    const column = await send("POST", "EntityDefinitions(LogicalName='contact')/Attributes", {
      "@odata.type": "Microsoft.Dynamics.CRM.StringAttributeMetadata",
      SchemaName: "cr8e3_Secret",
      MaxLength: 50,
      IsSecured: true,
      DisplayName: { LocalizedLabels: [{ Label: "Secret", LanguageCode: 1033 }] },
    });
    expect(column.status).toBe(204);
    const made = await send("POST", "contacts", { lastname: "S", cr8e3_secret: "42" });
    const path = `contacts(${made.id})`;
    const see = async (as: Call["as"]) =>
      (await send("GET", `${path}?$select=lastname,cr8e3_secret`, undefined, as)).json;
    expect(await see("administrator")).toMatchObject({ cr8e3_secret: "42" });
    const seen = await see("representative");
    expect(seen).toMatchObject({ lastname: "S" });
    expect(seen).not.toHaveProperty("cr8e3_secret");
    expect(outcome(await send("PATCH", path, { cr8e3_secret: "x" }, "representative"))).toBe(
      "403 0x8004f507",
    );
    expect(
      outcome(
        await send("POST", "contacts", { lastname: "S", cr8e3_secret: "x" }, "representative"),
      ),
    ).toBe("403 0x8004f502");
    expect((await send("PATCH", path, { firstname: "x" }, "representative")).status).toBe(204);
    await profile({ canread: 4 });
    expect(await see("representative")).toMatchObject({ cr8e3_secret: "42" });
    expect(outcome(await send("PATCH", path, { cr8e3_secret: "x" }, "representative"))).toBe(
      "403 0x8004f507",
    );
    await profile({ canread: 4, canupdate: 4, cancreate: 4 });
    expect((await send("PATCH", path, { cr8e3_secret: "43" }, "representative")).status).toBe(204);
    expect(
      (await send("POST", "contacts", { lastname: "S", cr8e3_secret: "x" }, "representative"))
        .status,
    ).toBe(204);
  });
});

describe("point 12: service protection", () => {
  test.each([
    [
      "requests",
      "0x80072322",
      /^Number of requests exceeded the limit of 6000 over time window of 300 seconds\.$/,
    ],
    [
      "time",
      "0x80072321",
      /^Combined execution time of incoming requests exceeded limit of 1,200,000 milliseconds over time window of 300 seconds\./,
    ],
    ["concurrency", "0x80072326", /^Number of concurrent requests exceeded the limit of 52\.$/],
  ])("of %s answers 429 with Retry-After, once ordered", async (limit, code, words) => {
    const ordered = await fetch(`${dataverse.url}/_emulator/fault`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ kind: "throttle", limit, retryAfter: 7 }),
    });
    expect(ordered.status).toBe(204);
    const answer = await send("GET", "WhoAmI");
    expect([outcome(answer), answer.headers.get("retry-after")]).toEqual([`429 ${code}`, "7"]);
    expect(answer.message).toMatch(words);
    expect((await send("GET", "WhoAmI")).status).toBe(200);
  });
});
