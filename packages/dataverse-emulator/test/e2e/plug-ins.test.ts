import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { type PlugIn, startEmulator } from "../../src";
import { type RunningEmulator, runEmulator } from "../support/running-emulator";

let emulator: RunningEmulator;
beforeAll(async () => {
  emulator = await runEmulator();
});
afterAll(() => emulator.close());
afterEach(() => emulator.door("DELETE plug-ins"));

const rule = async (plugIn: PlugIn) => {
  expect((await emulator.door("POST plug-ins", plugIn)).status).toBe(204);
};
/** A case of its own, so that no test sees another's. */
async function openCase(more: object = {}): Promise<string> {
  const [account] = (await emulator.get("accounts?$select=accountid&$top=1")).body.value;
  const made = await emulator.send(
    "POST",
    "incidents?$select=incidentid",
    { title: "Ruled", "customerid_account@odata.bind": `/accounts(${account.accountid})`, ...more },
    { headers: { Prefer: "return=representation" } },
  );
  expect(made.status).toBe(201);
  return made.body.incidentid;
}
const stateOf = async (id: string) =>
  (await emulator.get(`incidents(${id})?$select=statecode,title`)).body;

describe("a company's own rule", () => {
  test("refuses a create with its own words, under the code of code that refuses", async () => {
    await rule({
      message: "Create",
      table: "account",
      when: { telephone1: null },
      error: 'Kunden brauchen eine Rufnummer: siehe "Stammdaten" (§ 4).',
    });
    const { status, body } = await emulator.post("accounts", { name: "Without a number" });
    expect([status, body]).toEqual([
      400,
      {
        error: {
          code: "0x80040265",
          message: 'Kunden brauchen eine Rufnummer: siehe "Stammdaten" (§ 4).',
        },
      },
    ]);
    const other = await emulator.post("accounts", { name: "With one", telephone1: "1" });
    expect(other.status).toBe(204);
  });

  test("tells those who ask where it comes from", async () => {
    const name = "Contoso.Rules.NoNotes";
    await rule({ message: "Create", table: "annotation", error: "No notes.", name });
    const { body } = await emulator.post(
      "annotations",
      { subject: "x" },
      { headers: { Prefer: 'odata.include-annotations="*"' } },
    );
    const details = "@Microsoft.PowerApps.CDS.ErrorDetails";
    expect(body.error).toMatchObject({
      [`${details}.ApiExceptionSourceKey`]: `Plugin/${name}`,
      [`${details}.ApiPluginSolutionNameKey`]: "Active",
      "@Microsoft.PowerApps.CDS.InnerError.Message": "No notes.",
    });
  });

  test("runs on updates of its filtering attributes alone, on the values that the row would hold", async () => {
    const id = await openCase({ prioritycode: 1 });
    await rule({
      message: "Update",
      table: "incident",
      filteringAttributes: ["title"],
      when: { prioritycode: [1, 2] },
      error: "Titles of urgent cases stay.",
    });
    const change = (body: object) => emulator.send("PATCH", `incidents(${id})`, body);
    expect((await change({ title: "Other" })).body.error.message).toBe(
      "Titles of urgent cases stay.",
    );
    expect((await stateOf(id)).title).toBe("Ruled");
    expect((await change({ description: "Other" })).status).toBe(204);
    expect((await change({ title: "Other", prioritycode: 3 })).status).toBe(204);
  });

  test("refuses a delete, that of what would go along too", async () => {
    const id = await openCase();
    await emulator.post("annotations", {
      subject: "Kept",
      "objectid_incident@odata.bind": `/incidents(${id})`,
    });
    await rule({ message: "Delete", table: "annotation", error: "Notes are kept for ten years." });
    const { status, body } = await emulator.send("DELETE", `incidents(${id})`);
    expect([status, body.error.code]).toEqual([400, "0x80040265"]);
    expect((await stateOf(id)).title).toBe("Ruled");
  });

  test.each(["CloseIncident", "Update", "Create"])(
    "refuses the closing of a case by a rule on %s, and nothing of it is done",
    async (message) => {
      const id = await openCase();
      const table = message === "Create" ? "incidentresolution" : "incident";
      await rule({ message, table, error: "Not before the survey is out." });
      const answer = await emulator.post("CloseIncident", {
        IncidentResolution: {
          "@odata.type": "Microsoft.Dynamics.CRM.incidentresolution",
          subject: "Done",
          "incidentid@odata.bind": `/incidents(${id})`,
        },
        Status: 5,
      });
      expect([answer.status, answer.body.error.message]).toEqual([
        400,
        "Not before the survey is out.",
      ]);
      expect((await stateOf(id)).statecode).toBe(0);
      const resolutions = await emulator.get(
        `incidentresolutions?$select=subject&$filter=_incidentid_value eq ${id}`,
      );
      expect(resolutions.body.value).toEqual([]);
    },
  );

  test("refuses the action that is bound to a row", async () => {
    const made = await emulator.send(
      "POST",
      "emails?$select=activityid",
      { subject: "Draft" },
      { headers: { Prefer: "return=representation" } },
    );
    await rule({ message: "SendEmail", table: "email", error: "Mails are read by two." });
    const { activityid } = made.body;
    const path = `emails(${activityid})/Microsoft.Dynamics.CRM.SendEmail`;
    const { status, body } = await emulator.post(path, { IssueSend: true });
    expect([status, body.error.message]).toEqual([400, "Mails are read by two."]);
  });

  test("is listed, and gone after a reset's or its own removal", async () => {
    const plugIn = { message: "Delete", table: "contact", error: "Never." };
    await rule(plugIn);
    expect((await emulator.door("GET plug-ins")).body).toMatchObject([plugIn]);
    await emulator.door("DELETE plug-ins");
    expect((await emulator.door("GET plug-ins")).body).toEqual([]);
    await rule(plugIn);
    await emulator.door("POST reset");
    expect((await emulator.door("GET plug-ins")).body).toEqual([]);
  });

  test.each([
    [{ message: "Create", table: "acount", error: "x" }, "There is no table 'acount'."],
    [
      { message: "Create", table: "account", error: "x", when: { nam: 1 } },
      "The table 'account' has no column 'nam'.",
    ],
    [{ message: "Create", table: "account" }, "needs 'message', 'table' and 'error'"],
    [{ message: "Create", table: "account", error: "x", if: {} }, "has no 'if'"],
    [{ message: "Create", table: "account", error: "x", when: [1] }, "'when' must hold"],
    [
      { message: "Create", table: "account", error: "x", filteringAttributes: "name" },
      "'filteringAttributes' must be",
    ],
  ])("that is wrong is not registered: %j", async (plugIn, words) => {
    const { status, body } = await emulator.door("POST plug-ins", plugIn);
    expect(status).toBe(400);
    expect(body.error.message).toContain(words);
  });

  test("is given to a program that starts the emulator itself", async () => {
    const wrong = { message: "Create", table: "nothing", error: "x" };
    await expect(startEmulator({ cases: 0, plugIns: [wrong] })).rejects.toThrow(
      "There is no table 'nothing'.",
    );
    const own = await runEmulator({
      cases: 0,
      plugIns: [{ message: "Create", table: "task", error: "No tasks." }],
    });
    const { status } = await own.post("tasks", { subject: "x" });
    await own.close();
    expect(status).toBe(400);
  });
});
