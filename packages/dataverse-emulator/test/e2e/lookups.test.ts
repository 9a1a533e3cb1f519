import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type Dataverse, type Json, outcome, startDataverse } from "../support/dataverse";

/** Point 3: how lookups are read and written. */

let dataverse: Dataverse;
let account = "";
let contact = "";
beforeAll(async () => {
  dataverse = await startDataverse();
  account = (await dataverse.send("POST", "accounts", { name: "Point 3" })).id;
  contact = (await dataverse.send("POST", "contacts", { lastname: "Point 3" })).id;
});
afterAll(() => dataverse.close());

const newCase = (more: object) =>
  dataverse.send("POST", "incidents", { title: "Point 3", ...more });
const read = async (id: string): Promise<Json> =>
  (
    await dataverse.send("GET", `incidents(${id})`, undefined, {
      headers: { Prefer: 'odata.include-annotations="*"' },
    })
  ).json;

describe("point 3: a lookup", () => {
  test("is read as _x_value with its annotations directly before it", async () => {
    const { id } = await newCase({ "customerid_account@odata.bind": `/accounts(${account})` });
    const row = await read(id);
    const names = Object.keys(row);
    const at = names.indexOf("_customerid_value");
    expect(names.slice(at - 3, at + 1)).toEqual([
      "_customerid_value@OData.Community.Display.V1.FormattedValue",
      "_customerid_value@Microsoft.Dynamics.CRM.associatednavigationproperty",
      "_customerid_value@Microsoft.Dynamics.CRM.lookuplogicalname",
      "_customerid_value",
    ]);
    expect(names.slice(at - 3, at + 1).map((name) => row[name])).toEqual([
      "Point 3",
      "customerid_account",
      "account",
      account,
    ]);
    expect(row).not.toHaveProperty("customerid");
  });

  test.each<[string, () => string]>([
    ["/accounts(id)", () => `/accounts(${account})`],
    ["accounts(id)", () => `accounts(${account})`],
    ["an absolute address", () => `${dataverse.root}accounts(${account})`],
    ["a root-relative address", () => `/api/data/v9.2/accounts(${account})`],
    ["an id in capitals", () => `/accounts(${account.toUpperCase()})`],
    ["the id by its name", () => `/accounts(accountid=${account})`],
  ])("is bound by %s", async (_, address) => {
    const { id } = await newCase({ "customerid_account@odata.bind": address() });
    expect((await read(id))._customerid_value).toBe(account);
  });

  test("is bound by an alternate key", async () => {
    const user = (
      await dataverse.send(
        "GET",
        "systemusers?$select=azureactivedirectoryobjectid&$filter=azureactivedirectoryobjectid ne null&$top=1",
      )
    ).json.value as Json[];
    const objectId = user[0]?.azureactivedirectoryobjectid;
    const bind = `/systemusers(azureactivedirectoryobjectid=${objectId})`;
    const { id } = await newCase({
      "customerid_account@odata.bind": `/accounts(${account})`,
      "ownerid@odata.bind": bind,
    });
    expect((await read(id))._ownerid_value).toBe(user[0]?.systemuserid);
    const missing = await newCase({
      "customerid_account@odata.bind": `/accounts(${account})`,
      "ownerid@odata.bind":
        "/systemusers(azureactivedirectoryobjectid=11111111-1111-4111-8111-111111111111)",
    });
    expect(outcome(missing)).toBe("404 0x80060891");
  });

  test("changes its target through the other property, and is cleared by null", async () => {
    const { id } = await newCase({
      "customerid_account@odata.bind": `/accounts(${account})`,
      "primarycontactid@odata.bind": `/contacts(${contact})`,
    });
    await dataverse.send("PATCH", `incidents(${id})`, {
      "customerid_account@odata.bind": null,
      "customerid_contact@odata.bind": `/contacts(${contact})`,
    });
    const moved = await read(id);
    expect(moved["_customerid_value@Microsoft.Dynamics.CRM.lookuplogicalname"]).toBe("contact");
    // Clearing the property that is not in use leaves the customer alone.
    expect(
      (await dataverse.send("PATCH", `incidents(${id})`, { customerid_account: null })).status,
    ).toBe(204);
    expect((await read(id))._customerid_value).toBe(contact);
    for (const body of [{ "primarycontactid@odata.bind": null }, { primarycontactid: null }]) {
      await dataverse.send("PATCH", `incidents(${id})`, {
        "primarycontactid@odata.bind": `/contacts(${contact})`,
      });
      await dataverse.send("PATCH", `incidents(${id})`, body);
      expect((await read(id))._primarycontactid_value).toBeNull();
    }
  });

  const undeclared = (name: string) =>
    new RegExp(
      `An undeclared property '${name}' which only has property annotations in the payload`,
    );
  test.each<[string, object, RegExp]>([
    [
      "the polymorphic column itself",
      { "customerid@odata.bind": "/accounts(x)" },
      undeclared("customerid"),
    ],
    [
      "a wrong case",
      { "PrimaryContactId@odata.bind": "/contacts(x)" },
      undeclared("PrimaryContactId"),
    ],
    ["a column instead of its property", { "slaid@odata.bind": "/slas(x)" }, undeclared("slaid")],
    [
      "a property that does not exist",
      { "new_accountid@odata.bind": "/accounts(x)" },
      undeclared("new_accountid"),
    ],
    [
      "a column that does not exist",
      { new_missing: 1 },
      /Invalid property 'new_missing' was found in entity 'Microsoft\.Dynamics\.CRM\.incident'/,
    ],
    ["a column in the wrong case", { Title: "x" }, /Invalid property 'Title'/],
    [
      "the value under which it is read",
      { _primarycontactid_value: "11111111-1111-4111-8111-111111111111" },
      /Use Navigation properties instead/,
    ],
    [
      "a bare id",
      { primarycontactid: "11111111-1111-4111-8111-111111111111" },
      /An unexpected 'PrimitiveValue' node was found/,
    ],
    [
      "an address that is none",
      { "primarycontactid@odata.bind": "hello" },
      /Resource not found for the segment 'hello'/,
    ],
    ["a number", { "primarycontactid@odata.bind": 5 }, /Resource not found/],
  ])("refuses %s with 0x80048d19", async (_, body, message) => {
    const answer = await newCase({
      "customerid_account@odata.bind": `/accounts(${account})`,
      ...body,
    });
    expect(outcome(answer)).toBe("400 0x80048d19");
    expect(answer.message).toMatch(
      /^Error identified in Payload provided by the user for Entity :'incidents', /,
    );
    expect(answer.message).toMatch(message);
  });

  test("refuses a set that is none as an address that leads nowhere", async () => {
    const answer = await newCase({
      "customerid_account@odata.bind": `/accounts(${account})`,
      "primarycontactid@odata.bind": "/contact(11111111-1111-4111-8111-111111111111)",
    });
    expect(outcome(answer)).toBe("400 0x80060888");
    expect(answer.message).toBe("Resource not found for the segment 'contact'.");
  });

  test("refuses a row of another table than the property's", async () => {
    const answer = await newCase({ "customerid_account@odata.bind": `/contacts(${contact})` });
    expect(outcome(answer)).toBe("400 0x80048d19");
  });

  test("refuses a row that is not there", async () => {
    const nobody = "11111111-1111-4111-8111-111111111111";
    const answer = await newCase({ "customerid_account@odata.bind": `/accounts(${nobody})` });
    expect(outcome(answer)).toBe("404 0x80040217");
    expect(answer.message).toBe(`Entity 'account' With Id = ${nobody} Does Not Exist`);
  });
});
