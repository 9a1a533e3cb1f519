import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type RunningEmulator, runEmulator } from "../../support/running-emulator";

let emulator: RunningEmulator;
beforeAll(async () => {
  emulator = await runEmulator({ cases: 5 });
});
afterAll(() => emulator.close());

const count = async (set: string) => Number((await emulator.get(`${set}/$count`)).body);
const label = (text: string) => ({
  "@odata.type": "Microsoft.Dynamics.CRM.Label",
  LocalizedLabels: [
    { "@odata.type": "Microsoft.Dynamics.CRM.LocalizedLabel", Label: text, LanguageCode: 1033 },
  ],
});

/** Creates a table and returns its status. */
const createTable = async (schemaName: string) =>
  (
    await emulator.post("EntityDefinitions", {
      "@odata.type": "Microsoft.Dynamics.CRM.EntityMetadata",
      SchemaName: schemaName,
      DisplayName: label(schemaName),
      DisplayCollectionName: label(`${schemaName}s`),
      OwnershipType: "UserOwned",
      HasActivities: false,
      HasNotes: false,
      Attributes: [
        {
          "@odata.type": "Microsoft.Dynamics.CRM.StringAttributeMetadata",
          SchemaName: "new_Name",
          IsPrimaryName: true,
          MaxLength: 100,
          DisplayName: label("Name"),
        },
      ],
    })
  ).status;

const versionOf = async () =>
  (
    await emulator.get("accounts?$top=1", {
      headers: { prefer: 'odata.include-annotations="*"' },
    })
  ).body["@Microsoft.Dynamics.CRM.globalmetadataversion"];

describe("snapshots", () => {
  test("bring rows and definitions back, and never a version that was used", async () => {
    const accounts = await count("accounts");
    const queues = await count("queues");
    const version = await versionOf();
    expect((await emulator.door("POST snapshot", { name: "before" })).status).toBe(204);
    expect((await emulator.door("GET snapshot")).body).toEqual(["before"]);

    const made = await emulator.post("accounts", { name: "Short lived" });
    expect(made.status).toBe(204);
    const etag = (await emulator.get(made.headers.get("odata-entityid")?.split("v9.2/")[1] ?? ""))
      .body["@odata.etag"];
    const [queue] = (await emulator.get("queues?$select=queueid&$filter=queueviewtype eq 1&$top=1"))
      .body.value;
    expect((await emulator.send("DELETE", `queues(${queue.queueid})`)).status).toBe(204);
    expect(await createTable("new_Parcel")).toBe(204);
    expect((await emulator.post("new_parcels", { new_name: "One" })).status).toBe(204);

    expect((await emulator.door("POST restore", { name: "before" })).status).toBe(204);
    expect(await count("accounts")).toBe(accounts);
    expect(await count("queues")).toBe(queues);
    expect((await emulator.get("new_parcels")).status).toBe(404);
    expect((await emulator.get("EntityDefinitions(LogicalName='new_parcel')")).status).toBe(404);
    expect(Number(await versionOf())).toBeGreaterThan(Number(version) + 1);

    const again = await emulator.post(
      "accounts?$select=name",
      { name: "Another" },
      { headers: { prefer: "return=representation" } },
    );
    const number = (text: string) => Number(/\d+/.exec(text)?.[0]);
    expect(number(again.body["@odata.etag"])).toBeGreaterThan(number(etag));
    expect((await emulator.door("POST restore", { name: "before" })).status).toBe(204);
    expect(await count("accounts")).toBe(accounts);
    expect(await createTable("new_Parcel")).toBe(204);
  });

  test("are taken anew under the same name, and are not made up", async () => {
    const before = await count("accounts");
    await emulator.door("POST snapshot", {});
    await emulator.post("accounts", { name: "Kept" });
    await emulator.door("POST snapshot", {});
    await emulator.post("accounts", { name: "Lost" });
    await emulator.door("POST restore", {});
    expect(await count("accounts")).toBe(before + 1);
    expect((await emulator.door("POST restore", { name: "never" })).status).toBe(404);
  });
});

describe("reset", () => {
  test("makes the sample company anew, as it was", async () => {
    const cases = "incidents?$select=title,ticketnumber,createdon&$orderby=incidentid";
    await emulator.door("POST reset", {});
    const before = (await emulator.get(cases)).body.value.map(
      ({ "@odata.etag": _, ...row }: Record<string, unknown>) => row,
    );
    expect(before.length).toBeGreaterThanOrEqual(5);
    await emulator.post("accounts", { name: "Gone" });
    await createTable("new_Passing");
    const stamp = (await emulator.get("RetrieveMetadataChanges")).body.ServerVersionStamp;
    await emulator.door("POST fault", { kind: "unavailable" });
    await emulator.door("POST switches", { search: false });
    expect((await emulator.door("POST reset", {})).status).toBe(204);
    const after = (await emulator.get(cases)).body.value.map(
      ({ "@odata.etag": _, ...row }: Record<string, unknown>) => row,
    );
    expect(after).toEqual(before);
    expect((await emulator.get("accounts?$filter=name eq 'Gone'")).body.value).toEqual([]);
    expect((await emulator.get("EntityDefinitions(LogicalName='new_passing')")).status).toBe(404);
    expect((await emulator.door("GET switches")).body.search).toBe(true);
    const stale = await emulator.get(
      `RetrieveMetadataChanges(ClientVersionStamp=@p2)?@p2='${encodeURIComponent(stamp)}'`,
    );
    expect(stale.body.error.code).toBe("0x80044352");
  });
});
