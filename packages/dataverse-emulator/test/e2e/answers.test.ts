import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type Dataverse, outcome, startDataverse } from "../support/dataverse";

/** Point 1: what a write answers. */

let dataverse: Dataverse;
beforeAll(async () => {
  dataverse = await startDataverse();
});
afterAll(() => dataverse.close());

const representation = { headers: { Prefer: "return=representation" } };
const nobody = "11111111-1111-4111-8111-111111111111";

describe("point 1: the answer to a write", () => {
  test("of a new row is 204 and its address in OData-EntityId", async () => {
    const answer = await dataverse.send("POST", "accounts", { name: "Point 1" });
    expect(answer.status).toBe(204);
    expect(answer.text).toBe("");
    expect(answer.headers.get("odata-version")).toBe("4.0");
    expect(answer.headers.get("odata-entityid")).toBe(`${dataverse.root}accounts(${answer.id})`);
    const read = await dataverse.send("GET", `accounts(${answer.id})?$select=name`);
    expect(read.json).toMatchObject({ name: "Point 1", accountid: answer.id });
  });

  test("that asks for the row is 201 and the row, without OData-EntityId", async () => {
    const answer = await dataverse.send(
      "POST",
      "contacts?$select=fullname,emailaddress1&$expand=parentcustomerid_account($select=name)",
      {
        firstname: "Ada",
        lastname: "Point",
        parentcustomerid_account: { name: "Of Ada" },
      },
      representation,
    );
    expect(answer.status).toBe(201);
    expect(answer.headers.get("odata-entityid")).toBeNull();
    expect(answer.headers.get("preference-applied")).toBe("return=representation");
    expect(answer.json).toMatchObject({
      fullname: "Ada Point",
      emailaddress1: null,
      parentcustomerid_account: { name: "Of Ada" },
    });
    expect(answer.json).not.toHaveProperty("createdon");
    expect(answer.json["@odata.context"]).toMatch(/\$metadata#contacts\(.*\)\/\$entity$/);
    expect(answer.json["@odata.etag"]).toMatch(/^W\/"\d+"$/);
  });

  test("of a change is 204, or 200 and the row; of a removal 204", async () => {
    const { id } = await dataverse.send("POST", "accounts", { name: "Changed" });
    const change = await dataverse.send("PATCH", `accounts(${id})`, { name: "Changed 1" });
    expect([change.status, change.text]).toEqual([204, ""]);
    const shown = await dataverse.send(
      "PATCH",
      `accounts(${id})?$select=name`,
      { name: "Changed 2" },
      representation,
    );
    expect([shown.status, shown.json.name]).toEqual([200, "Changed 2"]);
    const removal = await dataverse.send("DELETE", `accounts(${id})`);
    expect([removal.status, removal.text]).toEqual([204, ""]);
  });

  test.each([
    ["GET", `incidents(${nobody})`, undefined],
    ["DELETE", `incidents(${nobody})`, undefined],
    ["PUT", `incidents(${nobody})/title`, { value: "x" }],
    ["POST", `incidents(${nobody})/Incident_Tasks/$ref`, { "@odata.id": `tasks(${nobody})` }],
  ])("%s of a row that is not there is 404 in the service's words", async (method, path, body) => {
    const answer = await dataverse.send(method, path, body);
    expect(outcome(answer)).toBe("404 0x80040217");
    expect(answer.message).toBe(`Entity 'incident' With Id = ${nobody} Does Not Exist`);
  });

  test("of a refusal is the code and the words alone, and the rest only when asked for", async () => {
    const plain = await dataverse.send("GET", `incidents(${nobody})`);
    expect(Object.keys(plain.json.error as object)).toEqual(["code", "message"]);
    const detailed = await dataverse.send("GET", `incidents(${nobody})`, undefined, {
      headers: { Prefer: 'odata.include-annotations="*"' },
    });
    expect(detailed.json.error).toMatchObject({
      code: "0x80040217",
      "@Microsoft.PowerApps.CDS.ErrorDetails.ApiExceptionMessageName": "ObjectDoesNotExist",
      "@Microsoft.PowerApps.CDS.ErrorDetails.ApiExceptionHttpStatusCode": "404",
      "@Microsoft.PowerApps.CDS.HelpLink": expect.stringContaining("80040217"),
    });
  });

  test("of a set that is none, or a verb that it lacks, is 404 or 405", async () => {
    expect(outcome(await dataverse.send("POST", "nothings", {}))).toBe("404 0x80060888");
    expect(outcome(await dataverse.send("DELETE", "accounts"))).toBe("405 0x80060888");
    expect(outcome(await dataverse.send("POST", `accounts(${nobody})`, {}))).toBe("405 0x80060888");
  });
});
