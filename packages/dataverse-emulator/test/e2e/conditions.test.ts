import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { type Dataverse, defineKey, outcome, startDataverse } from "../support/dataverse";

/** Point 2: upsert, etags and conditional requests. */

let dataverse: Dataverse;
let id = "";
beforeAll(async () => {
  dataverse = await startDataverse();
});
beforeEach(async () => {
  ({ id } = await dataverse.send("POST", "accounts", { name: "Point 2" }));
});
afterAll(() => dataverse.close());

const fresh = () => crypto.randomUUID();
const when = (headers: Record<string, string>) => ({ headers });
const patch = (key: string, headers: Record<string, string>, body: object = { name: "New" }) =>
  dataverse.send("PATCH", `accounts(${key})`, body, when(headers));
const etag = async () =>
  String((await dataverse.send("GET", `accounts(${id})?$select=name`)).json["@odata.etag"]);

const staleWords =
  "The version of the existing record doesn't match the RowVersion property provided.";

describe("point 2: a PATCH", () => {
  test("makes the row that is not there, under the id it was given", async () => {
    const key = fresh();
    const answer = await patch(key, {});
    expect([answer.status, answer.id]).toEqual([204, key]);
    expect((await dataverse.send("GET", `accounts(${key})`)).json.name).toBe("New");
    const shown = await patch(fresh(), { Prefer: "return=representation" });
    expect(shown.status).toBe(201);
  });

  test("with If-Match: * never makes one", async () => {
    const key = fresh();
    const answer = await patch(key, { "If-Match": "*" });
    expect(outcome(answer)).toBe("404 0x80040217");
    expect(answer.message).toBe(`Entity 'account' With Id = ${key} Does Not Exist`);
    expect((await patch(id, { "If-Match": "*" })).status).toBe(204);
  });

  test("with If-None-Match: * never changes one, so that it can be sent again", async () => {
    const key = fresh();
    expect((await patch(key, { "If-None-Match": "*" })).status).toBe(204);
    const again = await patch(key, { "If-None-Match": "*" }, { name: "Other" });
    expect(outcome(again)).toBe("412 0x80040237");
    expect(again.message).toBe("A record with matching key values already exists.");
    expect((await dataverse.send("GET", `accounts(${key})`)).json.name).toBe("New");
  });

  test("with a stale etag is 412 and changes nothing; with the right one it goes through", async () => {
    const old = await etag();
    expect((await patch(id, { "If-Match": old }, { name: "First" })).status).toBe(204);
    const late = await patch(id, { "If-Match": old }, { name: "Second" });
    expect(outcome(late)).toBe("412 0x80060882");
    expect(late.message).toBe(staleWords);
    expect((await dataverse.send("GET", `accounts(${id})`)).json.name).toBe("First");
    expect((await patch(id, { "If-Match": `${old}, ${await etag()}` })).status).toBe(204);
  });
});

describe("point 2: an etag", () => {
  test("grows with each write, of this row and of any other", async () => {
    const number = (text: string) => Number(/^W\/"(\d+)"$/.exec(text)?.[1]);
    const before = number(await etag());
    await patch(id, {});
    const after = number(await etag());
    expect(after).toBeGreaterThan(before);
    const other = await dataverse.send(
      "POST",
      "contacts?$select=lastname",
      { lastname: "x" },
      when({ Prefer: "return=representation" }),
    );
    expect(number(String(other.json["@odata.etag"]))).toBeGreaterThan(after);
    const read = await dataverse.send("GET", `accounts(${id})?$select=versionnumber`);
    expect(read.json["@odata.etag"]).toBe(`W/"${read.json.versionnumber}"`);
  });

  test("guards a removal and a single column, too", async () => {
    const old = await etag();
    await patch(id, {});
    for (const [method, path, body] of [
      ["DELETE", `accounts(${id})`, undefined],
      ["PUT", `accounts(${id})/name`, { value: "x" }],
      ["DELETE", `accounts(${id})/telephone1`, undefined],
    ] as const) {
      const answer = await dataverse.send(method, path, body, when({ "If-Match": old }));
      expect([outcome(answer), answer.message]).toEqual(["412 0x80060882", staleWords]);
    }
    const now = when({ "If-Match": await etag() });
    expect((await dataverse.send("DELETE", `accounts(${id})`, undefined, now)).status).toBe(204);
  });
});

describe("point 2: a GET with If-None-Match", () => {
  const get = async (query: string, headers: Record<string, string>) =>
    (await dataverse.send("GET", `accounts(${id})${query}`, undefined, when(headers))).status;

  test("is 304 while the row is as it was", async () => {
    const tag = await etag();
    const answer = await dataverse.send(
      "GET",
      `accounts(${id})`,
      undefined,
      when({ "If-None-Match": tag }),
    );
    expect([answer.status, answer.text]).toEqual([304, ""]);
    await patch(id, {});
    expect(await get("", { "If-None-Match": tag })).toBe(200);
  });

  test("is never 304 with $expand or annotations, whose rows may have changed, nor for null", async () => {
    const tag = { "If-None-Match": await etag() };
    expect(await get("?$expand=primarycontactid", tag)).toBe(200);
    for (const list of [
      '"*"',
      '"OData.Community.Display.V1.FormattedValue"',
      '"Microsoft.Dynamics.CRM.lookuplogicalname"',
    ])
      expect(await get("", { ...tag, Prefer: `odata.include-annotations=${list}` })).toBe(200);
    expect(await get("", { "If-None-Match": "null" })).toBe(200);
  });
});

describe("point 2: an alternate key", () => {
  beforeAll(() => defineKey(dataverse, "account", ["accountnumber"]));

  test("reads, makes, changes and removes the row it names, by PATCH and by PUT", async () => {
    for (const method of ["PATCH", "PUT"]) {
      const key = `accounts(accountnumber='A-(${method})''1')`;
      const made = await dataverse.send(
        method,
        key,
        { name: "Keyed" },
        when({ Prefer: "return=representation" }),
      );
      expect([made.status, made.json.accountnumber]).toEqual([201, `A-(${method})'1`]);
      const changed = await dataverse.send(method, key, { name: "Keyed again" });
      expect([changed.status, changed.id]).toEqual([204, made.json.accountid]);
      expect((await dataverse.send("GET", `${key}?$select=name`)).json.name).toBe("Keyed again");
      expect((await dataverse.send("DELETE", key)).status).toBe(204);
      const gone = await dataverse.send("GET", key);
      expect(outcome(gone)).toBe("404 0x80060891");
      expect(gone.message).toBe(
        "A record with the specified key values does not exist in account entity",
      );
    }
  });

  test("that is not defined is refused", async () => {
    const answer = await dataverse.send("GET", "accounts(name='x')");
    expect(outcome(answer)).toBe("400 0x80060890");
    expect(answer.message).toBe(
      "The specified key attributes are not a defined key for the account entity",
    );
  });

  test("is unique by the collation of the database", async () => {
    await dataverse.send("POST", "accounts", { name: "One", accountnumber: "Übung-1" });
    const twin = await dataverse.send("POST", "accounts", {
      name: "Two",
      accountnumber: "UBUNG-1 ",
    });
    expect(outcome(twin)).toBe("412 0x80060892");
    expect(twin.message).toMatch(
      /^Entity Key .+ violated\. A record with the same value for accountnumber already exists\./,
    );
    const other = await dataverse.send("POST", "accounts", { name: "Three" });
    const moved = await dataverse.send("PATCH", `accounts(${other.id})`, {
      accountnumber: "übung-1",
    });
    expect(outcome(moved)).toBe("412 0x80060892");
  });
});
