import { afterAll, beforeAll, expect, test } from "@jest/globals";
import {
  type Dataverse,
  type Json,
  outcome,
  personaOf,
  startDataverse,
} from "../support/dataverse";

/** The audit log: nothing by default; once organization and table are audited, who changed what from what. */

const now = new Date("2026-11-24T10:00:00Z");
let dataverse: Dataverse;
beforeAll(async () => {
  dataverse = await startDataverse({ cases: 5, now: () => now });
});
afterAll(() => dataverse.close());

const send = (method: string, path: string, body?: unknown) => dataverse.send(method, path, body);
const administrator = personaOf("administrator").systemUserId;
const manager = personaOf("manager").systemUserId;
const log = async (id: string) =>
  (
    await send(
      "GET",
      `audits?$select=action,operation,createdon,changedata,_objectid_value,objecttypecode,_userid_value&$filter=_objectid_value eq ${id} and objecttypecode eq 'account'&$orderby=action`,
    )
  ).json.value as Json[];
const changes = (row: Json | undefined) =>
  (JSON.parse(String(row?.changedata)) as { changedAttributes: Json[] }).changedAttributes;

test("tells nothing until the organization and the table are audited", async () => {
  const first = (await send("POST", "accounts", { name: "Unheard of" })).id;
  const [organization] = (await send("GET", "organizations?$select=organizationid")).json
    .value as Json[];
  const path = `organizations(${organization?.organizationid})`;
  await send("PATCH", path, { isauditenabled: true });
  await send("PATCH", `accounts(${first})`, { fax: "1" });
  expect(await log(first)).toEqual([]);

  const table = "EntityDefinitions(LogicalName='account')";
  await send("PATCH", table, { IsAuditEnabled: { Value: true } });
  const fax = `${table}/Attributes(LogicalName='fax')`;
  const whole = await send("GET", `${fax}/Microsoft.Dynamics.CRM.StringAttributeMetadata`);
  expect(outcome(await send("PUT", fax, { ...whole.json, IsAuditEnabled: { Value: false } }))).toBe(
    "204",
  );

  const id = (await send("POST", "accounts", { name: "Watched", fax: "1" })).id;
  await send("PATCH", `accounts(${id})`, { name: "Watched closely", fax: "2" });
  await send("PATCH", `accounts(${id})`, { fax: "3" });
  await send("PATCH", `accounts(${id})`, { "ownerid@odata.bind": `/systemusers(${manager})` });
  await send("PATCH", `accounts(${id})`, { statecode: 1, statuscode: 2 });
  await send("DELETE", `accounts(${id})`);
  const rows = await log(id);
  expect(rows.map((row) => [row.action, row.operation])).toEqual([
    [1, 1],
    [2, 2],
    [3, 3],
    [5, 2],
    [13, 2],
  ]);
  expect(rows[0]).toMatchObject({
    createdon: "2026-11-24T10:00:00Z",
    _objectid_value: id,
    objecttypecode: "account",
    _userid_value: administrator,
  });
  expect(changes(rows[0])).toContainEqual({
    logicalName: "name",
    oldValue: null,
    newValue: "Watched",
  });
  expect(changes(rows[1])).toEqual([
    { logicalName: "name", oldValue: "Watched", newValue: "Watched closely" },
  ]);
  expect(changes(rows[2])).toContainEqual({
    logicalName: "name",
    oldValue: "Watched closely",
    newValue: null,
  });
  expect(changes(rows[4])).toContainEqual({
    logicalName: "ownerid",
    oldValue: `systemuser,${administrator}`,
    newValue: `systemuser,${manager}`,
  });
  const others = await dataverse.send("GET", "audits", undefined, { as: "manager" });
  expect(outcome(others)).toBe("403 0x80040220");
  expect(others.message).toContain("prvReadAuditSummary");
});
