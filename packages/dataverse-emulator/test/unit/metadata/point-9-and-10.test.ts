import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type Emulator, startEmulator } from "../../../src";
import { setSwitches } from "../../../src/switches";
import { label, nameColumn } from "./support";

type Json = Record<string, unknown>;

/** Behaviours 9 and 10 that an embedded Dataverse should copy, over HTTP. */
let emulator: Emulator;
let token: string;
beforeAll(async () => {
  emulator = await startEmulator({ cases: 0 });
  const url = `${emulator.url}/msi/token?api-version=2019-08-01&resource=${emulator.url}`;
  const answer = await fetch(url, { headers: { "X-IDENTITY-HEADER": "any" } });
  token = String(((await answer.json()) as Json).access_token);
});
afterAll(() => emulator.close());

async function send(
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
) {
  const response = await fetch(`${emulator.url}/api/data/v9.2/${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json", ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const json = text.startsWith("{") ? (JSON.parse(text) as Json) : {};
  const code = (json.error as Json | undefined)?.code;
  return { status: response.status, json, text, code, id: response.headers.get("odata-entityid") };
}
const ask = async (path: string, headers?: Record<string, string>) =>
  send("GET", path, undefined, headers);
const tableBody = (name: string) => ({
  "@odata.type": "Microsoft.Dynamics.CRM.EntityMetadata",
  SchemaName: `new_${name}`,
  DisplayName: label(name),
  DisplayCollectionName: label(`${name}s`),
  OwnershipType: "UserOwned",
  Attributes: [nameColumn("new_Name")],
});
const version = async () => {
  const { json } = await ask("accounts?$top=1", { prefer: 'odata.include-annotations="*"' });
  return Number(json["@Microsoft.Dynamics.CRM.globalmetadataversion"]);
};
const changes = (stamp: string) =>
  ask(
    `RetrieveMetadataChanges(Query=@p1,ClientVersionStamp=@p2)?@p1=${encodeURIComponent('{"Properties":{"AllProperties":false,"PropertyNames":["LogicalName"]}}')}&@p2='${stamp}'`,
  );

describe("point 9: definitions are read, followed by stamps, and slow to spread when asked", () => {
  test("EntityDefinitions with casts and expands", async () => {
    const path =
      "EntityDefinitions(LogicalName='incident')/Attributes/Microsoft.Dynamics.CRM.PicklistAttributeMetadata?$select=LogicalName&$expand=OptionSet($select=Options)";
    const rows = (await ask(path)).json.value as Json[];
    const priority = rows.find((row) => row.LogicalName === "prioritycode");
    const set = priority?.OptionSet as Json;
    expect((set.Options as Json[]).map((one) => one.Value)).toEqual([1, 2, 3]);
    const wrong = await ask(
      "EntityDefinitions(LogicalName='incident')/Attributes/Microsoft.Dynamics.CRM.EnumAttributeMetadata",
    );
    expect(wrong.status).toBe(404);
    const managed = await ask(
      "EntityDefinitions?$select=LogicalName&$filter=CanCreateAttributes/Value eq true and OwnershipType eq Microsoft.Dynamics.CRM.OwnershipTypes'UserOwned'",
    );
    const names = (managed.json.value as Json[]).map((row) => row.LogicalName);
    expect(names).toContain("incident");
    expect(names).not.toContain("subject");
  });

  test("RetrieveMetadataChanges with a stamp, and 0x80044352 for one that expired", async () => {
    const first = await ask(
      `RetrieveMetadataChanges(Query=@p1)?@p1=${encodeURIComponent('{"Properties":{"AllProperties":false,"PropertyNames":["LogicalName"]}}')}`,
    );
    const stamp = String(first.json.ServerVersionStamp);
    expect((await changes(stamp)).json.EntityMetadata).toEqual([]);
    await send("POST", "EntityDefinitions", tableBody("Stamped"));
    const moved = (await changes(stamp)).json.EntityMetadata as Json[];
    expect(moved.map((row) => row.LogicalName)).toEqual(["new_stamped"]);
    expect(await changes("1!01/01/2001 00:00:00")).toMatchObject({
      status: 400,
      code: "0x80044352",
    });
  });

  test("globalmetadataversion moves on each schema change", async () => {
    const before = await version();
    await send("POST", "EntityDefinitions", tableBody("Counted"));
    expect(await version()).toBeGreaterThan(before);
    const still = await version();
    expect(await version()).toBe(still);
  });

  test("the customization lock refuses as often as told, then lets go", async () => {
    setSwitches(emulator.world, { customizationLocks: 2 });
    const attempts = [];
    for (let attempt = 0; attempt < 3; attempt++) {
      const { status, code } = await send("POST", "EntityDefinitions", tableBody("Locked"));
      attempts.push(code ?? status);
    }
    expect(attempts).toEqual(["0x80071151", "0x80071151", 204]);
  });

  test("the propagation delay hides a new table, unless consistency is asked for", async () => {
    setSwitches(emulator.world, { metadataDelaySeconds: 3600 });
    try {
      expect((await send("POST", "EntityDefinitions", tableBody("Slow"))).status).toBe(204);
      const definition = "EntityDefinitions(LogicalName='new_slow')?$select=LogicalName";
      expect((await ask(definition)).status).toBe(404);
      expect((await send("POST", "new_slows", { new_name: "x" })).code).toBe("0x80040216");
      const strong = { consistency: "Strong" };
      expect((await ask(definition, strong)).status).toBe(200);
      expect((await ask("new_slows", strong)).status).toBe(200);
      expect((await ask("accounts?$top=1")).status).toBe(200);
    } finally {
      setSwitches(emulator.world, { metadataDelaySeconds: 0 });
    }
    expect((await send("POST", "new_slows", { new_name: "x" })).status).toBe(204);
  });
});

describe("point 10: what is made is there everywhere", () => {
  test("a table, a column and a lookup: definitions, $metadata, set name, navigation, rows", async () => {
    expect((await send("POST", "EntityDefinitions", tableBody("Shelf"))).status).toBe(204);
    const money = {
      "@odata.type": "Microsoft.Dynamics.CRM.MoneyAttributeMetadata",
      SchemaName: "new_Price",
      DisplayName: label("Price"),
      PrecisionSource: 2,
    };
    const attributes = "EntityDefinitions(LogicalName='new_shelf')/Attributes";
    expect((await send("POST", attributes, money)).status).toBe(204);
    const relationship = {
      "@odata.type": "Microsoft.Dynamics.CRM.OneToManyRelationshipMetadata",
      SchemaName: "new_account_shelf",
      ReferencedEntity: "account",
      ReferencingEntity: "new_shelf",
      Lookup: { SchemaName: "new_HolderId", DisplayName: label("Holder") },
    };
    expect((await send("POST", "RelationshipDefinitions", relationship)).status).toBe(204);

    const columns = (await ask(`${attributes}?$select=LogicalName`)).json.value as Json[];
    expect(columns.map((row) => row.LogicalName)).toEqual(
      expect.arrayContaining([
        "createdby",
        "createdon",
        "exchangerate",
        "importsequencenumber",
        "modifiedby",
        "modifiedon",
        "new_holderid",
        "new_price",
        "new_price_base",
        "overriddencreatedon",
        "ownerid",
        "owningbusinessunit",
        "statecode",
        "statuscode",
        "timezoneruleversionnumber",
        "transactioncurrencyid",
        "utcconversiontimezonecode",
        "versionnumber",
      ]),
    );
    const { text } = await ask("$metadata");
    expect(text).toContain('<EntitySet Name="new_shelfs" EntityType="mscrm.new_shelf">');
    expect(text).toContain(
      '<NavigationProperty Name="new_HolderId" Type="mscrm.account" Partner="new_account_shelf">',
    );
    const services = (await ask("")).json.value as Json[];
    expect(services.map((row) => row.name)).toContain("new_shelfs");

    const account = await send("POST", "accounts", { name: "Holder" });
    const id = /\(([0-9a-f-]{36})\)$/.exec(account.id ?? "")?.[1];
    const bound = await send("POST", "new_shelfs", {
      new_name: "Top",
      new_price: 12.5,
      "new_HolderId@odata.bind": `/accounts(${id})`,
    });
    expect(bound.status).toBe(204);
    const wrongCase = await send("POST", "new_shelfs", {
      new_name: "Top",
      "new_holderid@odata.bind": `/accounts(${id})`,
    });
    expect(wrongCase.code).toBe("0x80048d19");
    const expanded = await ask(
      `accounts(${id})?$select=name&$expand=new_account_shelf($select=new_name)`,
    );
    expect((expanded.json.new_account_shelf as Json[]).map((row) => row.new_name)).toEqual(["Top"]);
  });

  test("what is deleted is gone everywhere, and managed things stay", async () => {
    await send("POST", "EntityDefinitions", tableBody("Gone"));
    expect((await ask("new_gones")).status).toBe(200);
    expect((await send("DELETE", "EntityDefinitions(LogicalName='new_gone')")).status).toBe(204);
    expect((await ask("new_gones")).status).toBe(404);
    expect((await ask("$metadata")).text).not.toContain("new_gone");
    expect((await send("DELETE", "EntityDefinitions(LogicalName='incident')")).code).toBe(
      "0x8004f032",
    );
    const title = "EntityDefinitions(LogicalName='incident')/Attributes(LogicalName='title')";
    expect((await send("DELETE", title)).code).toBe("0x8004f032");
  });
});
