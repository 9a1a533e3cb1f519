import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import {
  type Dataverse,
  type Json,
  outcome,
  personaOf,
  startDataverse,
} from "../support/dataverse";

/** Queries over HTTP against the sample company, as people with different rights. */

let dataverse: Dataverse;
beforeAll(async () => {
  dataverse = await startDataverse({ cases: 120 });
});
afterAll(() => dataverse.close());

type Who = "representative" | "manager" | "administrator" | "without-roles";
const get = (path: string, as: Who = "administrator", headers: Record<string, string> = {}) =>
  dataverse.send("GET", path, undefined, { as, headers });
async function rows(path: string, as?: Who): Promise<Json[]> {
  const answer = await get(path, as);
  if (answer.status !== 200) throw new Error(`${path}: ${answer.text}`);
  return answer.json.value as Json[];
}
const fetchXml = (xml: string) => encodeURIComponent(xml);

describe("saved views", () => {
  test("of the system run on the set of their table, and on what hangs on a row", async () => {
    const [view] = await rows(
      "savedqueries?$select=name,savedqueryid,returnedtypecode&$filter=name eq 'Active Cases'",
    );
    expect(view).toMatchObject({ returnedtypecode: "incident" });
    const active = await rows("incidents?$select=incidentid&$filter=statecode eq 0");
    const shown = await rows(`incidents?savedQuery=${view?.savedqueryid}`);
    expect(shown).toHaveLength(active.length);
    expect(shown[0]).toHaveProperty("ticketnumber");
    const times = shown.map((row) => String(row.createdon));
    expect(times).toEqual([...times].sort().reverse());

    const customer = shown.find((row) => row._customerid_value !== undefined);
    const [account] = await rows(
      `accounts?$select=accountid&$filter=incident_customer_accounts/any(c:c/statecode eq 0)&$top=1`,
    );
    const path = `accounts(${account?.accountid})/incident_customer_accounts`;
    const expected = await rows(`${path}?$select=incidentid&$filter=statecode eq 0`);
    const own = await rows(`${path}?savedQuery=${view?.savedqueryid}`);
    expect(own).toHaveLength(expected.length);
    expect(own.length).toBeLessThan(shown.length);
    expect(customer).toBeDefined();
  });

  test("every one of them runs", async () => {
    const views = await rows("savedqueries?$select=name,savedqueryid,returnedtypecode");
    expect(views.length).toBeGreaterThan(5);
    for (const { savedqueryid, returnedtypecode } of views) {
      const set = (
        await get(`EntityDefinitions(LogicalName='${returnedtypecode}')?$select=EntitySetName`)
      ).json.EntitySetName;
      expect(outcome(await get(`${set}?savedQuery=${savedqueryid}`))).toBe("200");
    }
  });

  test("of a person are that person's", async () => {
    const [own] = await rows("userqueries?$select=userqueryid", "representative");
    const { systemUserId } = personaOf("representative");
    const [listed] = await rows(
      `userqueries?$select=userqueryid&$filter=_ownerid_value eq ${systemUserId}`,
      "representative",
    );
    expect(listed).toEqual(own);
    const shown = await rows(`incidents?userQuery=${listed?.userqueryid}`, "representative");
    expect(shown.every((row) => typeof row.title === "string")).toBe(true);
  });

  test("are refused on another set, and when there is none", async () => {
    const id = "00000000-0000-0000-00aa-000010001002";
    expect(outcome(await get(`accounts?savedQuery=${id}`))).toBe("200");
    expect(outcome(await get(`incidents?savedQuery=${id}`))).toBe("400 0x80040203");
    const none = "00000000-0000-0000-00aa-000000000000";
    expect(outcome(await get(`accounts?savedQuery=${none}`))).toBe("404 0x80040217");
    expect(outcome(await get(`accounts?savedQuery=${id}&$select=name`))).toBe("400 0x80060888");
  });
});

describe("rights keep rows out of every kind of query", () => {
  /** Cases that a person sees, by id. */
  const seenBy = async (as: Who) =>
    new Set((await rows("incidents?$select=incidentid", as)).map((row) => row.incidentid));

  test("lists, counts, aggregates, lambdas, expands and FetchXML agree", async () => {
    const all = await seenBy("administrator");
    const seen = await seenBy("representative");
    expect(seen.size).toBeGreaterThan(0);
    expect(seen.size).toBeLessThan(all.size);
    const as = "representative";

    expect((await get("incidents/$count", as)).text.replace("\ufeff", "")).toBe(String(seen.size));
    const counted = await get("incidents?$select=incidentid&$count=true&$top=1", as);
    expect(counted.json["@odata.count"]).toBe(seen.size);
    expect(await rows("incidents?$apply=aggregate($count as n)", as)).toEqual([{ n: seen.size }]);
    const aggregate = `<fetch aggregate="true"><entity name="incident"><attribute name="incidentid" alias="n" aggregate="count"/></entity></fetch>`;
    expect(await rows(`incidents?fetchXml=${fetchXml(aggregate)}`, as)).toEqual([{ n: seen.size }]);

    const accounts = await rows(
      "accounts?$select=name&$expand=incident_customer_accounts($select=incidentid)",
      as,
    );
    const expanded = accounts.flatMap((row) => row.incident_customer_accounts as Json[]);
    expect(expanded.length).toBeGreaterThan(0);
    expect(expanded.every((row) => seen.has(row.incidentid))).toBe(true);

    const byLambda = await rows(
      "accounts?$select=accountid&$filter=incident_customer_accounts/any()",
      as,
    );
    const withCases = accounts.filter(
      (row) => (row.incident_customer_accounts as Json[]).length > 0,
    );
    expect(byLambda).toHaveLength(withCases.length);
    const exists = `<fetch><entity name="account"><attribute name="accountid"/><link-entity name="incident" from="customerid" to="accountid" link-type="exists"/></entity></fetch>`;
    expect(await rows(`accounts?fetchXml=${fetchXml(exists)}`, as)).toHaveLength(withCases.length);
    const inner = `<fetch><entity name="account"><attribute name="accountid"/><link-entity name="incident" from="customerid" to="accountid" alias="c"><attribute name="incidentid"/></link-entity></entity></fetch>`;
    expect(await rows(`accounts?fetchXml=${fetchXml(inner)}`, as)).toHaveLength(expanded.length);
  });

  test("a page holds as many rows as it should, all of them the caller's", async () => {
    const seen = await seenBy("representative");
    const found: unknown[] = [];
    for (let next: string | undefined = "incidents?$select=title&$orderby=title"; next; ) {
      const answer = await get(next, "representative", { Prefer: "odata.maxpagesize=3" });
      const page = answer.json.value as Json[];
      next = answer.json["@odata.nextLink"] as string | undefined;
      if (next !== undefined) expect(page).toHaveLength(3);
      found.push(...page.map((row) => row.incidentid));
    }
    expect(new Set(found)).toEqual(seen);
    expect(found).toHaveLength(seen.size);
  });

  test("somebody else's row is 403, one that is not there 404, and no privilege at all 403 by name", async () => {
    const seen = await seenBy("representative");
    const [hidden] = [...(await seenBy("administrator"))].filter((one) => !seen.has(one));
    for (const path of ["", "/title", "/customerid_account", "/Incident_Tasks"]) {
      const answer = await get(`incidents(${hidden})${path}`, "representative");
      expect([path, outcome(answer)]).toEqual([path, "403 0x80048306"]);
    }
    const none = "00000000-0000-4000-8000-000000000000";
    expect(outcome(await get(`incidents(${none})`, "representative"))).toBe("404 0x80040217");
    const denied = await get("incidents?$top=1", "without-roles");
    expect(denied.status).toBe(403);
  });
});

test("alternate keys name rows, with their columns and links behind them", async () => {
  const { objectId, firstName } = personaOf("manager");
  const path = `systemusers(azureactivedirectoryobjectid=${objectId})`;
  expect((await get(`${path}?$select=firstname`)).json).toMatchObject({ firstname: firstName });
  expect((await get(`${path}/firstname/$value`)).text).toBe(firstName);
  expect(outcome(await get(`${path}/systemuserroles_association?$select=name`))).toBe("200");
  const none = path.replace(/\w{4}\)$/, "0000)");
  expect(outcome(await get(none))).toBe("404 0x80060891");
});
