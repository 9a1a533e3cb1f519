import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type Difference, differences } from "../../generate/readme/differences";
import { fillIn, renderParts } from "../../generate/readme/supported";
import { loadCatalog } from "../../src/metadata";
import { applicationUser, personas } from "../../src/sample/identities";
import { openDatabase } from "../../src/store";
import { routes } from "../../src/web/routes/router";
import { type RunningEmulator, runEmulator } from "../support/running-emulator";

const readme = readFileSync(join(__dirname, "../../README.md"), "utf8");

let emulator: RunningEmulator;
let token: string;
let account: string;
beforeAll(async () => {
  emulator = await runEmulator();
  const { body } = await emulator.send(
    "GET",
    `/msi/token?api-version=2019-08-01&resource=${encodeURIComponent(emulator.url)}&client_id=${applicationUser.applicationId}`,
    undefined,
    { headers: { "X-IDENTITY-HEADER": "local" } },
  );
  token = body.access_token;
  account = (await emulator.get("accounts?$select=accountid&$top=1")).body.value[0].accountid;
}, 60_000);
afterAll(() => emulator.close());

const count = async (path: string): Promise<number> => (await emulator.get(path)).body.value.length;
const newCase = async (title: string): Promise<string> => {
  const made = await emulator.post(
    "incidents?$select=incidentid",
    { title, "customerid_account@odata.bind": `/accounts(${account})` },
    { headers: { Prefer: "return=representation" } },
  );
  expect(made.status).toBe(201);
  return made.body.incidentid;
};

/** Each difference as it shows; the service would answer otherwise. */
const shown: Readonly<Record<Difference, () => Promise<void>>> = {
  async tokens() {
    const [head = "", body = "", signature = ""] = token.split(".");
    const read = (part: string) => JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
    expect(read(head).alg).toBe("HS256");
    expect(read(body).iss).toBeUndefined();
    const forged = `${head}.${body}.${[...signature].reverse().join("")}`;
    const answer = await fetch(`${emulator.url}/api/data/v9.2/WhoAmI`, {
      headers: { Authorization: `Bearer ${forged}` },
    });
    expect(answer.status).toBe(401);
  },
  async loopback() {
    expect(emulator.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  },
  async limits() {
    const left = async () =>
      (await emulator.get("WhoAmI")).headers.get("x-ms-ratelimit-burst-remaining-xrm-requests");
    expect([await left(), await left()]).toEqual(["7999", "7999"]);
  },
  async freshSearch() {
    await newCase("Quavoxian hinge is missing");
    await emulator.door("POST switches", { searchesPerSecond: 0 });
    const { body } = await emulator.post("searchquery", {
      search: "quavoxian",
      entities: JSON.stringify([{ name: "incident" }]),
    });
    expect(JSON.parse(body.response).Value).toHaveLength(1);
  },
  async noMail() {
    const id = await newCase("To be answered");
    const [contact] = (await emulator.get("contacts?$select=contactid&$top=1")).body.value;
    const me = (await emulator.get("WhoAmI")).body.UserId;
    const mail = await emulator.post(
      "emails?$select=activityid",
      {
        subject: "Nobody gets this",
        "regardingobjectid_incident_email@odata.bind": `/incidents(${id})`,
        email_activity_parties: [
          { "partyid_systemuser@odata.bind": `/systemusers(${me})`, participationtypemask: 1 },
          {
            "partyid_contact@odata.bind": `/contacts(${contact.contactid})`,
            participationtypemask: 2,
          },
        ],
      },
      { headers: { Prefer: "return=representation" } },
    );
    const path = `emails(${mail.body.activityid})`;
    const sent = await emulator.post(`${path}/Microsoft.Dynamics.CRM.SendEmail`, {
      IssueSend: true,
    });
    expect(sent.status).toBe(200);
    // The service would say 6, pending send, until a mailbox took it.
    expect((await emulator.get(`${path}?$select=statuscode`)).body.statuscode).toBe(3);
  },
  async intelligence() {
    const text = "The kettle is cold. The kettle does not heat. Please send a new kettle.";
    const summary = async () => (await emulator.post("AISummarize", { Text: text })).body;
    const first = await summary();
    expect(await summary()).toEqual(first);
    for (const sentence of first.SummarizedText.split(/(?<=\.)\s/))
      expect(text).toContain(sentence);
  },
  async noServiceLevels() {
    const id = await newCase("Nobody times this");
    const timers = "slakpiinstances?$select=slakpiinstanceid&$filter=";
    expect(await count(`${timers}_regarding_value eq ${id}`)).toBe(0);
    const queued = "queueitems?$select=queueitemid&$filter=";
    expect(await count(`${queued}_objectid_value eq ${id}`)).toBe(0);
  },
  async noCode() {
    const made = await emulator.post("customapis", { name: "Hello", uniquename: "new_Hello" });
    expect(made.status).toBe(204);
    expect((await emulator.post("new_Hello", {})).status).toBe(404);
  },
  async tables() {
    expect((await emulator.get("msdyn_workorderservices")).status).toBe(404);
    expect((await emulator.get("campaigns?$top=1")).status).toBe(200);
  },
  async virtualTables() {
    const [definition] = (
      await emulator.get(
        "EntityDefinitions?$select=TableType&$filter=LogicalName eq 'msdyn_casesuggestion'",
      )
    ).body.value;
    expect(definition.TableType).toBe("Virtual");
    const [found] = (await emulator.get("incidents?$select=incidentid&$top=1")).body.value;
    const made = await emulator.post("msdyn_casesuggestions", {
      msdyn_name: "Kept like any row",
      "msdyn_suggestedentity@odata.bind": `/incidents(${found.incidentid})`,
    });
    expect(made.status).toBe(204);
  },
  async oneLanguage() {
    const label = (text: string, code: number) => ({ Label: text, LanguageCode: code });
    const made = await emulator.post("GlobalOptionSetDefinitions", {
      "@odata.type": "Microsoft.Dynamics.CRM.OptionSetMetadata",
      Name: "new_language_shown",
      DisplayName: { LocalizedLabels: [label("Colours", 1033), label("Farben", 1031)] },
      OptionSetType: "Picklist",
      Options: [{ Value: 1, Label: { LocalizedLabels: [label("Red", 1033), label("Rot", 1031)] } }],
    });
    expect(made.status).toBe(204);
    const { body } = await emulator.get("GlobalOptionSetDefinitions(Name='new_language_shown')");
    const languages = body.Options[0].Label.LocalizedLabels.map(
      (each: { LanguageCode: number }) => each.LanguageCode,
    );
    expect(languages).toEqual([1033]);
  },
  async shortNumbers() {
    const made = await emulator.post("accounts", { name: "Priced", revenue: 1234.5 });
    const answer = await fetch(made.headers.get("odata-entityid") ?? "", {
      headers: { Authorization: `Bearer ${token}`, CallerObjectId: personas[2]?.objectId ?? "" },
    });
    expect(await answer.text()).toContain('"revenue":1234.5,');
  },
  async namedSets() {
    const label = (Label: string) => ({ LocalizedLabels: [{ Label, LanguageCode: 1033 }] });
    const set = await emulator.post("GlobalOptionSetDefinitions", {
      "@odata.type": "Microsoft.Dynamics.CRM.OptionSetMetadata",
      Name: "new_named_shown",
      DisplayName: label("Named"),
      OptionSetType: "Picklist",
      Options: [{ Value: 1, Label: label("One") }],
    });
    expect(set.status).toBe(204);
    const made = await emulator.post("EntityDefinitions(LogicalName='account')/Attributes", {
      "@odata.type": "Microsoft.Dynamics.CRM.PicklistAttributeMetadata",
      SchemaName: "new_Named",
      DisplayName: label("Named"),
      "GlobalOptionSet@odata.bind": "/GlobalOptionSetDefinitions(Name='new_named_shown')",
    });
    expect(made.status).toBe(204);
  },
  async utc() {
    const { body } = await emulator.get("incidents?$select=createdon&$top=1&$orderby=createdon", {
      headers: { Prefer: 'odata.include-annotations="*"' },
    });
    const [row] = body.value;
    const [hour, minute] = row.createdon.split("T")[1].split(":");
    const shownTime = row["createdon@OData.Community.Display.V1.FormattedValue"];
    expect(shownTime).toContain(
      `${Number(hour) % 12 || 12}:${minute} ${Number(hour) < 12 ? "AM" : "PM"}`,
    );
  },
  async contexts() {
    const { body } = await emulator.get(
      "EntityDefinitions(LogicalName='account')/Attributes?$select=LogicalName",
    );
    expect(body["@odata.context"]).toMatch(/EntityDefinitions\([0-9a-f-]{36}\)\/Attributes/);
  },
  async publishing() {
    const path = "GlobalOptionSetDefinitions";
    const text = (Label: string) => ({ LocalizedLabels: [{ Label, LanguageCode: 1033 }] });
    const name = "new_unpublished_shown";
    const made = await emulator.post(path, {
      "@odata.type": "Microsoft.Dynamics.CRM.OptionSetMetadata",
      Name: name,
      DisplayName: text("Sizes"),
      OptionSetType: "Picklist",
      Options: [{ Value: 1, Label: text("Small") }],
    });
    expect(made.status).toBe(204);
    const changed = await emulator.post("UpdateOptionValue", {
      OptionSetName: name,
      Value: 1,
      Label: text("Tiny"),
      MergeLabels: false,
    });
    expect(changed.status).toBe(204);
    const { body } = await emulator.get(`${path}(Name='${name}')`);
    expect(body.Options[0].Label.UserLocalizedLabel.Label).toBe("Tiny");
  },
  async patchedDefinitions() {
    const path = "EntityDefinitions(LogicalName='task')";
    const { body } = await emulator.get(path);
    expect((await emulator.send("PATCH", path, body)).status).toBe(204);
  },
  async laterActions() {
    const answer = await emulator.post(
      "AISentiment",
      { Text: "Thank you!" },
      { headers: { Prefer: "respond-async" } },
    );
    expect(answer.status).toBe(202);
  },
};

describe("packages/dataverse-emulator/README.md", () => {
  test("is current: `npm run emulator:readme` would change nothing", async () => {
    const db = await openDatabase(":memory:");
    const parts = renderParts(loadCatalog(db));
    db.close();
    expect(fillIn(readme, parts)).toBe(readme);
  });

  test("fills no part that nobody makes, and leaves none without a place", () => {
    expect(() => fillIn("<!-- generated: x -->\n<!-- end -->", {})).toThrow("Nothing makes");
    expect(() => fillIn("", { x: "" })).toThrow("There is no place for: x");
  });

  const reads = routes
    .flatMap(({ forms }) => forms)
    .filter((form) => form.startsWith("GET ") && !form.includes("…"))
    .map((form) => form.slice(4));
  test.each(reads)("its request GET %s is answered", async (path) => {
    const call = path === "$metadata" ? { headers: { Accept: "application/xml" } } : {};
    const { status, body } = await emulator.get(path.replaceAll(" ", "%20"), call);
    expect([status, status === 200 ? "" : body]).toEqual([200, ""]);
  });

  test.each(Object.keys(shown) as Difference[])("its difference '%s' is still one", (name) =>
    shown[name](),
  );

  test("lists no difference that is not shown, and not many", () => {
    expect(Object.keys(shown).sort()).toEqual(Object.keys(differences).sort());
    expect(Object.keys(differences).length).toBeLessThanOrEqual(18);
  });
});
