import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type Dataverse, outcome, startDataverse } from "../../support/dataverse";

let dataverse: Dataverse;
beforeAll(async () => {
  dataverse = await startDataverse({ cases: 2 });
});
afterAll(() => dataverse.close());

const make = async (set: string, body: object) => (await dataverse.send("POST", set, body)).id;
const of = (table: string, id: string, key = `${table}id`) => ({
  "@odata.type": `Microsoft.Dynamics.CRM.${table}`,
  [key]: id,
});
const read = async (path: string) => (await dataverse.send("GET", path)).json;

describe("Merge", () => {
  test("moves what hangs on an account, takes content over, and retires the subordinate", async () => {
    const [master, lesser] = [
      await make("accounts", { name: "Contoso" }),
      await make("accounts", { name: "Contoso Ltd", telephone1: "555-0100" }),
    ];
    const contact = await make("contacts", {
      lastname: "Ray",
      "parentcustomerid_account@odata.bind": `/accounts(${lesser})`,
    });
    const incident = await make("incidents", {
      title: "Hers",
      "customerid_account@odata.bind": `/accounts(${lesser})`,
    });
    const task = await make("tasks", {
      subject: "Ring",
      "regardingobjectid_account_task@odata.bind": `/accounts(${lesser})`,
    });
    const merged = await dataverse.send("POST", "Merge", {
      Target: of("account", master),
      Subordinate: of("account", lesser),
      UpdateContent: {
        "@odata.type": "Microsoft.Dynamics.CRM.account",
        telephone1: "555-0100",
      },
      PerformParentingChecks: false,
    });
    expect([merged.status, merged.text]).toEqual([204, ""]);
    expect(await read(`accounts(${master})?$select=telephone1,statecode`)).toMatchObject({
      telephone1: "555-0100",
      statecode: 0,
    });
    expect(
      await read(`accounts(${lesser})?$select=statecode,merged,_masterid_value`),
    ).toMatchObject({ statecode: 1, merged: true, _masterid_value: master });
    expect(await read(`contacts(${contact})`)).toMatchObject({ _parentcustomerid_value: master });
    expect(await read(`incidents(${incident})`)).toMatchObject({ _customerid_value: master });
    expect(await read(`tasks(${task})`)).toMatchObject({ _regardingobjectid_value: master });
    const again = await dataverse.send("POST", "Merge", {
      Target: of("account", master),
      Subordinate: of("account", lesser),
    });
    expect(outcome(again)).toBe("400 0x80040203");
  });

  test("cancels the case that is merged into another", async () => {
    const account = await make("accounts", { name: "Two cases" });
    const open = (title: string) =>
      make("incidents", { title, "customerid_account@odata.bind": `/accounts(${account})` });
    const [master, lesser] = [await open("One"), await open("Two")];
    const note = await make("annotations", {
      notetext: "Seen",
      "objectid_incident@odata.bind": `/incidents(${lesser})`,
    });
    const body = { Target: of("incident", master), Subordinate: of("incident", lesser) };
    expect((await dataverse.send("POST", "Merge", body)).status).toBe(204);
    expect(
      await read(`incidents(${lesser})?$select=statecode,statuscode,_masterid_value`),
    ).toMatchObject({ statecode: 2, statuscode: 2000, _masterid_value: master });
    expect(await read(`annotations(${note})`)).toMatchObject({ _objectid_value: master });
  });

  test("refuses what does not go together, and writes nothing", async () => {
    const [account, contact, other] = [
      await make("accounts", { name: "A" }),
      await make("contacts", { lastname: "C" }),
      await make("accounts", { name: "B" }),
    ];
    for (const [body, expected] of [
      [{ Target: of("account", account), Subordinate: of("contact", contact) }, "400 0x80045303"],
      [{ Target: of("account", account), Subordinate: of("account", account) }, "400 0x80040203"],
      [{ Target: of("account", account) }, "400 0x80040203"],
      [
        {
          Target: of("account", account),
          Subordinate: of("account", other),
          UpdateContent: { nonsense: 1 },
        },
        "400 0x80048d19",
      ],
      [
        { Target: of("account", account), Subordinate: of("account", other), Force: true },
        "400 0x80048d19",
      ],
    ] as const) {
      expect(outcome(await dataverse.send("POST", "Merge", body))).toBe(expected);
    }
    expect(await read(`accounts(${other})?$select=statecode`)).toMatchObject({ statecode: 0 });
  });
});

describe("InstantiateTemplate", () => {
  const stylesheet = (inner: string) =>
    `<?xml version="1.0" ?><xsl:stylesheet xmlns:xsl="http://www.w3.org/1999/XSL/Transform" version="1.0"><xsl:output method="text" indent="no"/><xsl:template match="/data">${inner}</xsl:template></xsl:stylesheet>`;
  let incident: string;
  beforeAll(async () => {
    const account = await make("accounts", { name: "Tailspin & Sons" });
    incident = await make("incidents", {
      title: "Router <3>",
      prioritycode: 1,
      "customerid_account@odata.bind": `/accounts(${account})`,
    });
  });
  const fill = (TemplateId: string, more: object = {}) =>
    dataverse.send("POST", "InstantiateTemplate", {
      TemplateId,
      ObjectType: "incident",
      ObjectId: incident,
      ...more,
    });

  test("fills a stylesheet with the row's values as they are shown, and writes nothing", async () => {
    const template = await make("templates", {
      title: "Received",
      templatetypecode: "incident",
      languagecode: 1033,
      subject: stylesheet(
        '<![CDATA[About: ]]><xsl:choose><xsl:when test="incident/title"><xsl:value-of select="incident/title" /></xsl:when><xsl:otherwise>your case</xsl:otherwise></xsl:choose>',
      ),
      body: stylesheet(
        '<![CDATA[<p>Dear ]]><xsl:value-of select="incident/customerid"/><![CDATA[, priority ]]><xsl:value-of select="incident/prioritycode"/><![CDATA[, ]]><xsl:choose><xsl:when test="incident/description"><xsl:value-of select="incident/description"/></xsl:when><xsl:otherwise>no words</xsl:otherwise></xsl:choose><![CDATA[</p>]]>',
      ),
    });
    const before = await read("emails/$count");
    const { status, json } = await fill(template);
    expect(status).toBe(200);
    expect(json.value).toMatchObject([
      {
        "@odata.type": "#Microsoft.Dynamics.CRM.email",
        subject: "About: Router <3>",
        description: "<p>Dear Tailspin &amp; Sons, priority High, no words</p>",
        _regardingobjectid_value: incident,
      },
    ]);
    expect(await read("emails/$count")).toEqual(before);
  });

  test("fills slugs as people write them", async () => {
    const template = await make("templates", {
      title: "Slugs",
      templatetypecode: "incident",
      languagecode: 1033,
      subject: "{!Incident:Title;none} {!Incident:Description;nothing said}",
      body: "{!User : Full Name;}",
    });
    const { json } = await fill(template);
    expect(json.value).toMatchObject([{ subject: "Router <3> nothing said" }]);
  });

  test("refuses a template for another table, and ids that are none", async () => {
    const template = await make("templates", {
      title: "Accounts only",
      templatetypecode: "account",
      languagecode: 1033,
      subject: "x",
    });
    expect(outcome(await fill(template))).toBe("400 0x80040313");
    expect(outcome(await fill("11111111-1111-4111-8111-111111111111"))).toBe("404 0x80040217");
    expect(outcome(await fill(template, { ObjectType: "starship" }))).toBe("400 0x80040203");
    expect(outcome(await fill(template, { ObjectId: "7" }))).toBe("400 0x80048d19");
  });
});
