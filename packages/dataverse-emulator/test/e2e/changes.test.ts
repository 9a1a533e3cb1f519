import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import {
  type Call,
  type Dataverse,
  type Json,
  outcome,
  startDataverse,
} from "../support/dataverse";

/** Change tracking: `Prefer: odata.track-changes`, the link it gives, and what the link brings. */

const now = new Date("2026-11-24T10:00:00Z");
let dataverse: Dataverse;
beforeAll(async () => {
  dataverse = await startDataverse({ cases: 20, now: () => now, faults: true });
});
afterAll(() => dataverse.close());

const track = { Prefer: "odata.track-changes" };
const xml = { Accept: "application/xml" };
const get = (path: string, headers = {}, as: Call["as"] = "administrator") =>
  dataverse.send("GET", path, undefined, { as, headers });
const linkOf = ({ json }: { json: Json }) => String(json["@odata.deltaLink"]);
const rowsOf = ({ json }: { json: Json }) => json.value as Json[];
const start = async (path: string) => linkOf(await get(path, track));
const create = async (set: string, body: Json) => (await dataverse.send("POST", set, body)).id;

describe("following a table", () => {
  test("brings all rows and a link first, then what was made, changed and deleted since", async () => {
    const all = await get("accounts?$select=name,telephone1", track);
    expect(outcome(all)).toBe("200");
    expect(all.headers.get("preference-applied")).toBe("odata.track-changes");
    expect(all.json["@odata.context"]).toBe(`${dataverse.root}$metadata#accounts(name,telephone1)`);
    expect(rowsOf(all).length).toBe(Number((await get("accounts/$count")).text));
    expect(linkOf(all)).toMatch(
      /accounts\?\$select=name%2Ctelephone1&\$deltatoken=\d+%2111%2f24%2f2026%2010%3a00%3a00$/,
    );
    expect(all.json["@odata.nextLink"]).toBeUndefined();

    const [changed, gone] = rowsOf(all).map((row) => String(row.accountid));
    const made = await create("accounts", { name: "New here" });
    await dataverse.send("PATCH", `accounts(${changed})`, { fax: "1" });
    const brief = await create("accounts", { name: "Not for long" });
    expect((await dataverse.send("DELETE", `accounts(${brief})`)).status).toBe(204);
    await dataverse.send("PATCH", `accounts(${gone})`, { fax: "2" });

    const delta = await get(linkOf(all));
    expect(outcome(delta)).toBe("200");
    expect(delta.json["@odata.context"]).toBe(
      `${dataverse.root}$metadata#accounts(name,telephone1)/$delta`,
    );
    expect(rowsOf(delta).map((row) => row.accountid ?? row.id)).toEqual([
      made,
      changed,
      gone,
      brief,
    ]);
    expect(rowsOf(delta)[1]).toEqual({
      ...rowsOf(all)[0],
      "@odata.etag": expect.stringMatching(/^W\/"\d+"$/),
    });
    expect(rowsOf(delta).at(-1)).toEqual({
      "@odata.context": `${dataverse.root}$metadata#accounts/$deletedEntity`,
      id: brief,
      reason: "deleted",
    });
    expect(rowsOf(await get(linkOf(delta)))).toEqual([]);
    const token = new URL(linkOf(all)).searchParams.get("$deltatoken") ?? "";
    expect((await get(`accounts/$count?$deltatoken=${encodeURIComponent(token)}`)).text).toBe("4");
  });

  test("tells what a cascade deleted, what a reopened case lost, and what its own column update changed", async () => {
    const [{ incidentid } = {}] = rowsOf(
      await get("incidents?$select=incidentid&$filter=statecode eq 0&$top=1"),
    );
    await dataverse.send("POST", "CloseIncident", {
      IncidentResolution: { subject: "Done", "incidentid@odata.bind": `/incidents(${incidentid})` },
      Status: 5,
    });
    const task = await create("tasks", {
      subject: "Hangs on it",
      "regardingobjectid_incident_task@odata.bind": `/incidents(${incidentid})`,
    });
    const [cases, tasks, resolutions, activities] = await Promise.all(
      ["incidents", "tasks", "incidentresolutions", "activitypointers"].map((set) =>
        start(`${set}?$select=createdon`),
      ),
    );
    await dataverse.send("PATCH", `incidents(${incidentid})`, { statecode: 0, statuscode: 1 });
    expect(rowsOf(await get(cases ?? ""))).toHaveLength(1);
    expect(rowsOf(await get(resolutions ?? ""))).toEqual([
      expect.objectContaining({ reason: "deleted" }),
    ]);
    expect((await dataverse.send("DELETE", `incidents(${incidentid})`)).status).toBe(204);
    expect(rowsOf(await get(cases ?? ""))).toEqual([
      expect.objectContaining({ id: incidentid, reason: "deleted" }),
    ]);
    expect(rowsOf(await get(tasks ?? "")).map((row) => row.id)).toContain(task);
    expect(rowsOf(await get(activities ?? "")).map((row) => row.id)).toContain(task);
  });

  test("a row that is there again was not deleted", async () => {
    const id = await create("contacts", { lastname: "Back again" });
    const link = await start("contacts?$select=lastname");
    await dataverse.send("DELETE", `contacts(${id})`);
    await dataverse.send("PATCH", `contacts(${id})`, { lastname: "Back" });
    expect(rowsOf(await get(link)).map((row) => [row.contactid, row.lastname])).toEqual([
      [id, "Back"],
    ]);
  });
});

describe("pages", () => {
  const paged = { Prefer: "odata.track-changes,odata.maxpagesize=3" };
  /** All pages; `between` happens after the first. */
  async function pages(path: string, headers: Json, between = async () => {}) {
    const rows: Json[] = [];
    const sizes: number[] = [];
    let page = await get(path, headers as Record<string, string>);
    for (;;) {
      expect(outcome(page)).toBe("200");
      rows.push(...rowsOf(page));
      sizes.push(rowsOf(page).length);
      const next = page.json["@odata.nextLink"];
      if (next === undefined) return { rows, sizes, link: linkOf(page) };
      expect(page.json["@odata.deltaLink"]).toBeUndefined();
      if (sizes.length === 1) await between();
      page = await get(String(next), headers as Record<string, string>);
    }
  }

  test("of a first request: only the last one has the link, which knows what changed meanwhile", async () => {
    const total = Number((await get("queues/$count")).text);
    const extra = await create("queues", { name: "Changes while it is read" });
    const { rows, sizes, link } = await pages("queues?$select=name", paged, async () => {
      await dataverse.send("PATCH", `queues(${extra})`, { description: "meanwhile" });
    });
    expect(rows.length).toBe(total + 1);
    expect(Math.max(...sizes)).toBe(3);
    expect(rowsOf(await get(link)).map((row) => row.queueid)).toEqual([extra]);
  });

  test("of changes: each once, and what happens meanwhile is the next link's", async () => {
    const link = await start("subjects?$select=title");
    const made: string[] = [];
    for (let at = 0; at < 7; at++) made.push(await create("subjects", { title: `Topic ${at}` }));
    for (const id of made.slice(2, 6)) await dataverse.send("DELETE", `subjects(${id})`);
    const {
      rows,
      sizes,
      link: next,
    } = await pages(link, { Prefer: "odata.maxpagesize=3" }, () =>
      dataverse.send("PATCH", `subjects(${made[6]})`, { title: "Meanwhile" }).then(() => {}),
    );
    // The seventh moved behind what is told.
    expect(rows.map((row) => row.subjectid ?? row.id)).toEqual([
      made[0],
      made[1],
      made[6],
      ...made.slice(2, 6),
    ]);
    expect(sizes).toEqual([3, 3, 1]);
    expect(rowsOf(await get(next)).map((row) => row.title)).toEqual(["Meanwhile"]);
  });
});

describe("refusals", () => {
  test.each(["$filter=name eq 'a'", "$orderby=name", "$top=1", "$expand=primarycontactid"])(
    "of %s",
    async (option) => {
      const refused = await get(`accounts?${option}`, track);
      expect(outcome(refused)).toBe("400 0x80060888");
      expect(refused.message).toBe(
        `The "${option.split("=")[0]}" query parameter isn't supported when Change Tracking is enabled.`,
      );
    },
  );

  test.each([
    "abc",
    "1!2!3",
    "99999999999!11/24/2026 10:00:00",
    "5!13/45/2026 10:00:00",
    "",
    "x".repeat(2_000),
  ])("of the token %j", async (token) => {
    expect(outcome(await get(`accounts?$deltatoken=${encodeURIComponent(token)}`))).toBe(
      "400 0x80060888",
    );
  });

  test("of a page of something else", async () => {
    const link = await start("accounts?$select=name");
    expect(outcome(await get(`${link}&$skiptoken=abc`))).toBe("400 0x80060888");
  });

  test("of a link older than seven days, or than the organization says", async () => {
    const today = await start("accounts?$select=name");
    const dated = (text: string) => today.replace(/%21.*/, `%21${encodeURIComponent(text)}`);
    expect(outcome(await get(dated("11/17/2026 10:00:00")))).toBe("200");
    const link = dated("11/17/2026 09:59:59");
    const refused = await get(link);
    expect(outcome(refused)).toBe("400 0x80044352");
    expect(refused.message).toBe(
      "Version stamp associated with the client has expired. Please perform a full sync.",
    );
    const [{ organizationid } = {}] = rowsOf(await get("organizations?$select=organizationid"));
    await dataverse.send("PATCH", `organizations(${organizationid})`, {
      expirechangetrackingindays: 30,
    });
    expect(outcome(await get(link))).toBe("200");
  });

  test("of a link from before the database was put back", async () => {
    const door = (name: string) =>
      fetch(`${dataverse.url}/_emulator/${name}`, {
        method: "POST",
        body: JSON.stringify({ name: "tracking" }),
        headers: { "Content-Type": "application/json" },
      });
    expect((await door("snapshot")).status).toBe(204);
    const link = await start("accounts?$select=name");
    expect((await door("restore")).status).toBe(204);
    expect(outcome(await get(link))).toBe("400 0x80044352");
    const again = await start("accounts?$select=name");
    expect(rowsOf(await get(again))).toEqual([]);
  });

  test("of one who may not read the whole table", async () => {
    expect(outcome(await get("incidents?$select=title", {}, "representative"))).toBe("200");
    const refused = await get("incidents?$select=title", track, "representative");
    expect(outcome(refused)).toBe("403 0x80040220");
    expect(refused.message).toMatch(/prvReadIncident/);
    const link = await start("incidents?$select=title");
    expect(outcome(await get(link, {}, "representative"))).toBe("403 0x80040220");
    expect(outcome(await get("incidents", track, "without-roles"))).toMatch(/^403/);
  });
});

describe("which tables", () => {
  const label = (text: string) => ({ LocalizedLabels: [{ Label: text, LanguageCode: 1033 }] });

  test("those of the service are followed, its own bookkeeping and virtual ones are not", async () => {
    const { json } = await get(
      "EntityDefinitions?$select=LogicalName,EntitySetName,ChangeTrackingEnabled,CanChangeTrackingBeEnabled&$filter=LogicalName eq 'incident' or LogicalName eq 'solutioncomponent' or LogicalName eq 'msdyn_casesuggestion'",
    );
    const definitions = json.value as Json[];
    expect(definitions).toHaveLength(3);
    for (const { EntitySetName, ChangeTrackingEnabled, LogicalName, ...rest } of definitions) {
      expect(ChangeTrackingEnabled).toBe(LogicalName === "incident");
      expect(rest.CanChangeTrackingBeEnabled).toMatchObject({ Value: ChangeTrackingEnabled });
      const answer = await get(`${EntitySetName}`, track);
      expect(outcome(answer)).toBe(ChangeTrackingEnabled ? "200" : "400 0x80072491");
      if (ChangeTrackingEnabled === false)
        expect(answer.message).toBe(`Entity ${LogicalName} isn't enabled for change tracking.`);
    }
  });

  test("one that was made here once its maker says so, and then for good", async () => {
    const path = "EntityDefinitions(LogicalName='new_gauge')";
    const made = await dataverse.send("POST", "EntityDefinitions", {
      SchemaName: "new_Gauge",
      DisplayName: label("Gauge"),
      DisplayCollectionName: label("Gauges"),
      Attributes: [
        {
          "@odata.type": "Microsoft.Dynamics.CRM.StringAttributeMetadata",
          SchemaName: "new_Name",
          IsPrimaryName: true,
          MaxLength: 100,
          DisplayName: label("Name"),
        },
      ],
    });
    expect(outcome(made)).toBe("204");
    expect(outcome(await get("new_gauges", track))).toBe("400 0x80072491");
    const whole = (await get(path)).json;
    expect(whole.ChangeTrackingEnabled).toBe(false);
    await dataverse.send("PUT", path, { ...whole, ChangeTrackingEnabled: true });
    const link = await start("new_gauges?$select=new_name");
    const id = await create("new_gauges", { new_name: "Boiler" });
    expect(rowsOf(await get(link))).toMatchObject([{ new_gaugeid: id, new_name: "Boiler" }]);
    expect(outcome(await dataverse.send("PUT", path, whole))).toBe("400 0x80040203");
    const document = (await get("$metadata?annotations=true", xml)).text;
    const sets = [...document.matchAll(/<EntitySet Name="(\w+)".*?<\/EntitySet>/g)]
      .filter(([text]) => text.includes("Org.OData.Capabilities.V1.ChangeTracking"))
      .map(([, name]) => name);
    expect(sets).toEqual(expect.arrayContaining(["new_gauges", "incidents"]));
    expect(sets).not.toContain("solutioncomponents");
    expect((await get("$metadata", xml)).text).not.toContain('ChangeTracking"');
  });
});
