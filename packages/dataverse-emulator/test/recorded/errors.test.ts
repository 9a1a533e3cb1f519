import { afterAll, beforeAll, describe, expect } from "@jest/globals";
import { personas } from "../../src";
import { batchBody, batchType, readBatchAnswers } from "../support/batch";
import { type DoorAnswer, type RunningEmulator, runEmulator } from "../support/running-emulator";
import { recorded } from "./fact";

const nobody = "11111111-1111-4111-8111-111111111111";
const details = { headers: { Prefer: 'odata.include-annotations="*"' } };

let emulator: RunningEmulator;
beforeAll(async () => {
  emulator = await runEmulator();
});
afterAll(() => emulator.close());

const outcome = ({ status, body }: DoorAnswer) => `${status} ${body?.error?.code ?? ""}`.trim();
const words = ({ body }: DoorAnswer): string => body.error.message;
const fetchXml = (text: string, set = "accounts") =>
  emulator.get(`${set}?fetchXml=${encodeURIComponent(text)}`);

describe("errors as they were recorded", () => {
  recorded("R", "errors", "a missing row is named with its table", async () => {
    const answer = await emulator.get(`accounts(${nobody})`);
    expect(outcome(answer)).toBe("404 0x80040217");
    expect(words(answer)).toBe(`Entity 'account' With Id = ${nobody} Does Not Exist`);
  });

  recorded("D", "insomniaDoc", "nine keys, the help and the words, in this order", async () => {
    const { error } = (await emulator.get(`accounts(${nobody})`, details)).body;
    expect(Object.keys(error)).toEqual([
      "code",
      "message",
      "@Microsoft.PowerApps.CDS.ErrorDetails.ApiExceptionSourceKey",
      "@Microsoft.PowerApps.CDS.ErrorDetails.ApiStepKey",
      "@Microsoft.PowerApps.CDS.ErrorDetails.ApiDepthKey",
      "@Microsoft.PowerApps.CDS.ErrorDetails.ApiActivityIdKey",
      "@Microsoft.PowerApps.CDS.ErrorDetails.ApiPluginSolutionNameKey",
      "@Microsoft.PowerApps.CDS.ErrorDetails.ApiStepSolutionNameKey",
      "@Microsoft.PowerApps.CDS.ErrorDetails.ApiExceptionCategory",
      "@Microsoft.PowerApps.CDS.ErrorDetails.ApiExceptionMessageName",
      "@Microsoft.PowerApps.CDS.ErrorDetails.ApiExceptionHttpStatusCode",
      "@Microsoft.PowerApps.CDS.HelpLink",
      "@Microsoft.PowerApps.CDS.InnerError.Message",
    ]);
    expect(error["@Microsoft.PowerApps.CDS.HelpLink"]).toContain(
      "error=Microsoft.Crm.CrmException%3a80040217&client=platform",
    );
    expect(error["@Microsoft.PowerApps.CDS.InnerError.Message"]).toBe(error.message);
  });

  recorded("R", "errors", "without annotations there are code and message alone", async () => {
    const { error } = (await emulator.get(`accounts(${nobody})`)).body;
    expect(Object.keys(error)).toEqual(["code", "message"]);
  });

  recorded("R", "errors", "who lacks a privilege is described, and told what to do", async () => {
    const [found] = (await emulator.get("accounts?$select=accountid&$top=1")).body.value;
    const answer = await emulator.send("DELETE", `accounts(${found.accountid})`, undefined, {
      as: "representative",
    });
    expect(outcome(answer)).toBe("403 0x80040220");
    const avery = personas[0]?.systemUserId;
    for (const part of [
      `Principal user (Id=${avery}, type=8, roleCount=`,
      "accessMode='0 Read-Write'",
      `AADObjectId=${personas[0]?.objectId}`,
      "MetadataCachePrivilegesCount=",
      "businessUnitId=",
      "is missing prvDeleteAccount privilege (Id=",
      "on OTC=1 for entity 'account' (LocalizedName='Account').",
      "Consider adding missed privilege to one of the principal (user/team) roles.",
    ])
      expect(words(answer)).toContain(part);
  });

  recorded("R", "errors", "codes are written in lower case", async () => {
    for (const path of ["accounts?$filter=year(createdon) eq 2026", "nothings", `tasks(${nobody})`])
      expect((await emulator.get(path)).body.error.code).toMatch(/^0x[0-9a-f]{8}$/);
  });

  recorded("N", "dataverseMcp", "WhoAmI answers who has no role", async () => {
    expect(outcome(await emulator.get("WhoAmI", { as: "without-roles" }))).toBe("200");
    expect(outcome(await emulator.get("accounts?$top=1", { as: "without-roles" }))).toMatch(
      /^403 /,
    );
  });

  recorded("R", "errors", "a value bound to a set that is none", async () => {
    const answer = await emulator.post("contacts", {
      lastname: "Unbound",
      "parentcustomerid_account@odata.bind": "account(test)",
    });
    expect(outcome(answer)).toBe("400 0x80060888");
  });

  recorded("R", "errors", "a function is not called with POST", async () => {
    const answer = await emulator.post("WhoAmI", {});
    expect([answer.status, answer.body.error.code]).toEqual([404, ""]);
  });

  recorded("R", "headers", "who brings no token hears where there are some", async () => {
    const answer = await fetch(`${emulator.url}/api/data/v9.2/WhoAmI`);
    expect(answer.status).toBe(401);
    expect(answer.headers.get("www-authenticate")).toMatch(
      /^Bearer authorization_uri=https?:\/\/[^",]+, resource_id=https?:\/\/[^",]+$/,
    );
  });

  recorded("R", "errors", "a set that is none", async () => {
    const answer = await emulator.get("nothings");
    expect(outcome(answer)).toBe("404 0x80060888");
    expect(words(answer)).toBe("Resource not found for the segment 'nothings'.");
  });

  recorded("R", "errors", "a column that is none", async () => {
    const answer = await emulator.get("accounts?$select=nothing&$top=1");
    expect(outcome(answer)).toBe("400 0x80060888");
    expect(words(answer)).toBe(
      "Could not find a property named 'nothing' on type 'Microsoft.Dynamics.CRM.account'.",
    );
  });

  recorded("R", "errors", "a property that is none, in what is written", async () => {
    const answer = await emulator.post("accounts", { name: "A", nothing: 1 });
    expect(outcome(answer)).toBe("400 0x80048d19");
    expect(words(answer)).toMatch(/^Error identified in Payload provided by the user/);
    expect(words(answer)).toContain(
      "Invalid property 'nothing' was found in entity 'Microsoft.Dynamics.CRM.account'.",
    );
  });

  recorded("R", "specflow", "an annotation named after a column is refused", async () => {
    const answer = await emulator.post("accounts", { name: "A", "@logicalName": "account" });
    expect(outcome(answer)).toBe("400 0x80048d19");
    expect(words(answer)).toContain("'logicalName' is an invalid instance annotation name.");
  });

  recorded("R", "errors", "FetchXML about a table that is none", async () => {
    const answer = await fetchXml('<fetch><entity name="nothing"/></fetch>');
    expect(outcome(answer)).toMatch(/^40[04] 0x80041102$/);
    expect(words(answer)).toContain(
      "The entity with a name = 'nothing' with namemapping = 'Logical' was not found in the MetadataCache.",
    );
  });

  recorded("R", "errors", "FetchXML about a column that is none", async () => {
    const answer = await fetchXml(
      '<fetch><entity name="account"><attribute name="nothing"/></entity></fetch>',
    );
    expect(outcome(answer)).toBe("400 0x80041103");
    expect(words(answer)).toContain(
      "'account' entity doesn't contain attribute with Name = 'nothing' and NameMapping = 'Logical'.",
    );
  });

  recorded("R", "errors", "a text that is too long", async () => {
    const answer = await emulator.post("accounts", { name: "a".repeat(161) });
    expect(outcome(answer)).toBe("400 0x80044331");
    expect(words(answer)).toContain(
      "The length of the 'name' attribute of the 'account' entity exceeded the maximum allowed length of '160'.",
    );
  });

  recorded("R", "errors", "an option that is none", async () => {
    const answer = await emulator.post("accounts", { name: "A", industrycode: 999 });
    expect(outcome(answer)).toBe("400 0x8004431a");
    expect(words(answer)).toContain("is outside the valid range");
  });

  recorded("N", "crm", "a key that another row has", async () => {
    const made = await emulator.post("EntityDefinitions(LogicalName='account')/Keys", {
      SchemaName: "new_FaxKey",
      DisplayName: { LocalizedLabels: [{ Label: "Fax", LanguageCode: 1033 }] },
      KeyAttributes: ["fax"],
    });
    expect(made.status).toBe(204);
    expect((await emulator.post("accounts", { name: "One", fax: "+1 555 0100" })).status).toBe(204);
    const answer = await emulator.post("accounts", { name: "Two", fax: "+1 555 0100" });
    expect(outcome(answer)).toBe("412 0x80060892");
  });

  recorded("R", "webApiClient", "a part of a change set that leads nowhere", async () => {
    const answer = await emulator.send(
      "POST",
      "$batch",
      batchBody([[{ method: "POST", url: "/api/data/v9.2/nothings", body: {}, contentId: "1" }]]),
      { headers: batchType },
    );
    expect(readBatchAnswers(answer.body)).toMatchObject([{ status: 404, code: "0x80060888" }]);
  });

  recorded("D", "batchDoc", "the error of a part bears its own REQ_ID", async () => {
    const answer = await emulator.send(
      "POST",
      "$batch",
      batchBody([{ method: "GET", url: `/api/data/v9.2/accounts(${nobody})` }]),
      { headers: batchType },
    );
    const [part] = readBatchAnswers(answer.body);
    expect(part?.status).toBe(404);
    expect(part?.headers.get("req_id")).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe("refusals of a company's own code, as they were recorded", () => {
  const sentence = "PRECONDITION: This batch was sent before.";

  recorded("R", "spaarke", "its sentence stands alone, with its own code", async () => {
    const rule = { message: "Create", table: "task", when: { subject: "Again" }, error: sentence };
    expect((await emulator.door("POST plug-ins", rule)).status).toBe(204);
    const answer = await emulator.post("tasks", { subject: "Again" });
    expect(outcome(answer)).toBe("400 0x80040265");
    expect(words(answer)).toBe(sentence);
  });

  recorded("R", "errors", "three keys before the nine tell of the code", async () => {
    const { error } = (await emulator.post("tasks", { subject: "Again" }, details)).body;
    expect(Object.keys(error).slice(2, 5)).toEqual([
      "@Microsoft.PowerApps.CDS.ErrorDetails.OperationStatus",
      "@Microsoft.PowerApps.CDS.ErrorDetails.SubErrorCode",
      "@Microsoft.PowerApps.CDS.ErrorDetails.Plugin.ExceptionFromPluginExecute",
    ]);
    expect(Object.values(error).slice(2, 4)).toEqual(["0", "-2146233088"]);
  });

  recorded("D", "pluginDoc", "nothing is written", async () => {
    const { body } = await emulator.get("tasks?$select=activityid&$filter=subject eq 'Again'");
    expect(body.value).toEqual([]);
    await emulator.door("DELETE plug-ins");
  });
});
