import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { type Dataverse, outcome, startDataverse } from "../../support/dataverse";

let dataverse: Dataverse;
let account: string;
let incident: string;
beforeAll(async () => {
  dataverse = await startDataverse({ cases: 3 });
  account = (await dataverse.send("POST", "accounts", { name: "Fabrikam Test" })).id;
});
afterAll(() => dataverse.close());
beforeEach(async () => {
  incident = await open();
});

const nobody = "11111111-1111-4111-8111-111111111111";
const open = async (): Promise<string> =>
  (
    await dataverse.send("POST", "incidents", {
      title: "Drops at night",
      "customerid_account@odata.bind": `/accounts(${account})`,
    })
  ).id;
const resolution = (more: object = {}) => ({
  "@odata.type": "Microsoft.Dynamics.CRM.incidentresolution",
  subject: "Replaced firmware",
  "incidentid@odata.bind": `/incidents(${incident})`,
  ...more,
});
const close = (body: object, as?: "representative") =>
  dataverse.send("POST", "CloseIncident", body, as ? { as } : {});
const row = async () =>
  (await dataverse.send("GET", `incidents(${incident})?$select=statecode,statuscode`)).json;
const resolutions = async () =>
  (
    await dataverse.send(
      "GET",
      `incidentresolutions?$filter=_incidentid_value eq ${incident}&$select=subject,description,timespent,statecode,statuscode,resolutiontypecode`,
    )
  ).json.value as Record<string, unknown>[];

describe("CloseIncident refuses, and leaves the case as it was", () => {
  test.each([
    ["no Status", () => ({ IncidentResolution: resolution() }), "400 0x80040203"],
    [
      "null as Status",
      () => ({ IncidentResolution: resolution(), Status: null }),
      "400 0x80040203",
    ],
    ["text as Status", () => ({ IncidentResolution: resolution(), Status: "5" }), "400 0x80048d19"],
    ["no IncidentResolution", () => ({ Status: 5 }), "400 0x80040203"],
    ["null as resolution", () => ({ Status: 5, IncidentResolution: null }), "400 0x80040203"],
    [
      "another table's row as resolution",
      () => ({
        Status: 5,
        IncidentResolution: resolution({ "@odata.type": "Microsoft.Dynamics.CRM.task" }),
      }),
      "400 0x80040203",
    ],
    [
      "a resolution without a case",
      () => ({ Status: 5, IncidentResolution: { subject: "x" } }),
      "400 0x80040203",
    ],
    [
      "a case that is none",
      () => ({
        Status: 5,
        IncidentResolution: resolution({ "incidentid@odata.bind": `/incidents(${nobody})` }),
      }),
      "404 0x80040217",
    ],
    [
      "an unknown status",
      () => ({ IncidentResolution: resolution(), Status: 4711 }),
      "400 0x80048408",
    ],
    [
      "a status of an open case",
      () => ({ IncidentResolution: resolution(), Status: 2 }),
      "400 0x80048408",
    ],
    [
      "a status of a cancelled case",
      () => ({ IncidentResolution: resolution(), Status: 6 }),
      "400 0x80048408",
    ],
    [
      "a resolution without subject",
      () => ({ IncidentResolution: resolution({ subject: null }), Status: 5 }),
      "400 0x80040203",
    ],
    [
      "a column that a resolution does not have",
      () => ({ IncidentResolution: resolution({ colour: "red" }), Status: 5 }),
      "400 0x80048d19",
    ],
  ])("%s", async (_, body, expected) => {
    expect(outcome(await close(body()))).toBe(expected);
    expect(await row()).toMatchObject({ statecode: 0, statuscode: 1 });
    expect(await resolutions()).toEqual([]);
  });

  test("an unknown status by its own words", async () => {
    const { message } = await close({ IncidentResolution: resolution(), Status: 4711 });
    expect(message).toBe(`4711 is not a valid status code on incident with Id ${incident}.`);
  });

  test("a case that is resolved or cancelled already", async () => {
    expect((await close({ IncidentResolution: resolution(), Status: 5 })).status).toBe(204);
    const again = await close({ IncidentResolution: resolution(), Status: 1000 });
    expect([outcome(again), again.message]).toEqual([
      "400 0x80044411",
      "Already Closed or Canceled",
    ]);
    incident = await open();
    await dataverse.send("PATCH", `incidents(${incident})`, { statecode: 2, statuscode: 6 });
    expect(outcome(await close({ IncidentResolution: resolution(), Status: 5 }))).toBe(
      "400 0x80044411",
    );
  });

  test("one who may not write the case", async () => {
    const { systemuserid } = (
      (await dataverse.send("GET", "systemusers?$filter=lastname eq 'Wierzba'")).json
        .value as Record<string, string>[]
    )[0]!;
    await dataverse.send("PATCH", `incidents(${incident})`, {
      "ownerid@odata.bind": `/systemusers(${systemuserid})`,
    });
    const answer = await close({ IncidentResolution: resolution(), Status: 5 }, "representative");
    expect(outcome(answer)).toBe("403 0x80048306");
    expect(await row()).toMatchObject({ statecode: 0 });
  });
});

describe("CloseIncident resolves", () => {
  test.each([5, 1000])("with %i, and keeps how", async (status) => {
    const answer = await close({
      IncidentResolution: resolution({ description: "Twice.", timespent: 25 }),
      Status: status,
    });
    expect([answer.status, answer.text]).toEqual([204, ""]);
    expect(await row()).toMatchObject({ statecode: 1, statuscode: status });
    expect(await resolutions()).toMatchObject([
      {
        subject: "Replaced firmware",
        description: "Twice.",
        timespent: 25,
        statecode: 1,
        statuscode: 2,
        resolutiontypecode: status,
      },
    ]);
  });

  test("with -1 by the first reason of the state", async () => {
    expect((await close({ IncidentResolution: resolution(), Status: -1 })).status).toBe(204);
    expect(await row()).toMatchObject({ statecode: 1, statuscode: 5 });
  });

  test("a case with an open task, which stays open", async () => {
    const task = await dataverse.send("POST", "tasks", {
      subject: "Call back",
      "regardingobjectid_incident_task@odata.bind": `/incidents(${incident})`,
    });
    expect((await close({ IncidentResolution: resolution(), Status: 5 })).status).toBe(204);
    const { json } = await dataverse.send("GET", `tasks(${task.id})?$select=statecode`);
    expect(json.statecode).toBe(0);
  });

  test("and a resolved case takes no ordinary change, until it is opened again", async () => {
    const resolved = await dataverse.send("PATCH", `incidents(${incident})`, {
      statecode: 1,
      statuscode: 5,
    });
    expect(outcome(resolved)).toMatch(/^400 /);
    expect(resolved.message).toContain("use the CloseIncidentRequest message instead");
    await close({ IncidentResolution: resolution(), Status: 5 });
    const change = { title: "Another" };
    expect((await dataverse.send("PATCH", `incidents(${incident})`, change)).status).toBe(400);
    const reopened = { statecode: 0, statuscode: 1 };
    expect((await dataverse.send("PATCH", `incidents(${incident})`, reopened)).status).toBe(204);
    expect(await resolutions()).toEqual([]);
    expect((await dataverse.send("PATCH", `incidents(${incident})`, change)).status).toBe(204);
    expect((await close({ IncidentResolution: resolution(), Status: 5 })).status).toBe(204);
  });
});
