import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type Dataverse, type Json, startDataverse } from "../support/dataverse";

/** Point 14: reset, snapshot, restore and trace, outside of `/api/data` and shut unless opened. */

let dataverse: Dataverse;
beforeAll(async () => {
  dataverse = await startDataverse({ faults: true });
});
afterAll(() => dataverse.close());

async function door(method: string, name: string, body?: object, at = dataverse.url) {
  const response = await fetch(`${at}/_emulator/${name}`, {
    method,
    headers: { "Content-Type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, json: text === "" ? undefined : (JSON.parse(text) as unknown) };
}
const { send } = {
  send: (method: string, path: string, body?: unknown) => dataverse.send(method, path, body),
};
const names = async () =>
  (
    (await send("GET", "accounts?$select=name&$filter=startswith(name,'Door')")).json
      .value as Json[]
  )
    .map((row) => row.name)
    .sort();

describe("point 14: the doors", () => {
  test("take a snapshot and go back to it: rows, files, shares and definitions", async () => {
    const { id } = await send("POST", "accounts", { name: "Door before" });
    expect((await door("POST", "snapshot", { name: "one" })).status).toBe(204);
    await send("POST", "accounts", { name: "Door after" });
    await send("PATCH", `accounts(${id})`, { name: "Door changed" });
    const etag = String((await send("GET", `accounts(${id})`)).json["@odata.etag"]);
    await send("POST", "EntityDefinitions(LogicalName='account')/Attributes", {
      "@odata.type": "Microsoft.Dynamics.CRM.StringAttributeMetadata",
      SchemaName: "cr8e3_Door",
      MaxLength: 10,
      DisplayName: { LocalizedLabels: [{ Label: "Door", LanguageCode: 1033 }] },
    });
    expect((await send("PATCH", `accounts(${id})`, { cr8e3_door: "x" })).status).toBe(204);
    expect(await names()).toEqual(["Door after", "Door changed"]);
    expect((await door("POST", "restore", { name: "one" })).status).toBe(204);
    expect(await names()).toEqual(["Door before"]);
    expect((await send("PATCH", `accounts(${id})`, { cr8e3_door: "x" })).code).toBe("0x80048d19");
    // What was seen before going back must not pass for current.
    const stale = await dataverse.send(
      "PATCH",
      `accounts(${id})`,
      { name: "x" },
      { headers: { "If-Match": etag } },
    );
    expect(stale.code).toBe("0x80060882");
    expect((await door("POST", "restore", { name: "none" })).status).toBe(404);
  });

  test("fill the database anew, and everything works as on the first day", async () => {
    await send("POST", "accounts", { name: "Door gone" });
    expect((await door("POST", "reset")).status).toBe(204);
    expect(await names()).toEqual([]);
    const made = await send("POST", "incidents", {
      title: "After",
      customerid_account: { name: "Door new" },
      Incident_Tasks: [{ subject: "t" }],
    });
    expect(made.status).toBe(204);
    expect((await send("GET", `incidents(${made.id})`)).json.ticketnumber).toMatch(/^CAS-/);
    expect((await send("DELETE", `incidents(${made.id})`)).status).toBe(204);
  });

  test("show what was asked and answered, and never what was said", async () => {
    await door("DELETE", "trace");
    await send("POST", "accounts", { name: "Door secret" });
    await send("GET", "nothings");
    const { json } = await door("GET", "trace");
    expect(json).toMatchObject([
      { method: "POST", path: "/api/data/v9.2/accounts", status: 204 },
      { method: "GET", path: "/api/data/v9.2/nothings", status: 404, code: "0x80060888" },
    ]);
    expect(JSON.stringify(json)).not.toContain("Door secret");
  });

  test("are no part of the Web API, and shut by default", async () => {
    expect((await send("GET", "_emulator/trace")).status).toBe(404);
    const shut = await startDataverse({ cases: 0 });
    for (const name of ["trace", "fault", "snapshot"])
      expect((await door("GET", name, undefined, shut.url)).status).toBe(404);
    for (const name of ["reset", "fault", "snapshot", "restore"])
      expect((await door("POST", name, {}, shut.url)).status).toBe(404);
    await shut.close();
  });
});
