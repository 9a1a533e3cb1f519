import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import {
  type Call,
  type Dataverse,
  type Json,
  outcome,
  personaOf,
  startDataverse,
} from "../support/dataverse";

/** What passes from a row to those that point to it: assigning, sharing, merging, deleting; and leads that become more. */

let dataverse: Dataverse;
beforeAll(async () => {
  dataverse = await startDataverse({ cases: 20 });
});
afterAll(() => dataverse.close());

const representative = personaOf("representative").systemUserId;
const manager = personaOf("manager").systemUserId;
const label = (text: string) => ({ LocalizedLabels: [{ Label: text, LanguageCode: 1033 }] });
const get = (path: string, as: Call["as"] = "administrator") =>
  dataverse.send("GET", path, undefined, { as });
const send = (method: string, path: string, body?: unknown) => dataverse.send(method, path, body);
const create = async (set: string, body: Json) => {
  const made = await send("POST", set, body);
  if (made.status !== 204) throw new Error(made.text);
  return made.id;
};
const owner = async (set: string, id: string) =>
  (await get(`${set}(${id})?$select=_ownerid_value`)).json._ownerid_value;
const assign = (set: string, id: string, user: string) =>
  send("PATCH", `${set}(${id})`, { "ownerid@odata.bind": `/systemusers(${user})` });
const ruleOf = async (schemaName: string) =>
  (
    await get(
      `RelationshipDefinitions(SchemaName='${schemaName}')/Microsoft.Dynamics.CRM.OneToManyRelationshipMetadata`,
    )
  ).json.CascadeConfiguration as Json;

const nothing = {
  Archive: "NoCascade",
  Assign: "NoCascade",
  Merge: "NoCascade",
  Reparent: "NoCascade",
  RollupView: "NoCascade",
  Share: "NoCascade",
  Unshare: "NoCascade",
};
const all = {
  ...nothing,
  Assign: "Cascade",
  Delete: "Cascade",
  Merge: "Cascade",
  Reparent: "Cascade",
  Share: "Cascade",
  Unshare: "Cascade",
};

test.each([
  ["incident_customer_accounts", all],
  ["contact_as_primary_contact", { ...nothing, Delete: "RemoveLink", Merge: "Cascade" }],
  ["contract_cases", { ...nothing, Delete: "Cascade" }],
  ["incident_parent_incident", { ...nothing, Delete: "Cascade", Merge: "Cascade" }],
  ["incident_master_incident", { ...nothing, Delete: "RemoveLink" }],
  ["subject_incidents", { ...nothing, Delete: "Restrict" }],
  ["KnowledgeArticle_Emails", { ...all, Merge: "NoCascade" }],
  ["lk_incidentbase_createdby", { ...nothing, Delete: "NoCascade" }],
])("%s is configured as in the service", async (schemaName, rule) => {
  expect(await ruleOf(schemaName)).toEqual(rule);
});

describe("a relationship that somebody made", () => {
  const relationship = "new_account_new_meter";
  const path = `RelationshipDefinitions(SchemaName='${relationship}')`;
  let ids = 0;
  beforeAll(async () => {
    await send("POST", "EntityDefinitions", {
      SchemaName: "new_Meter",
      DisplayName: label("Meter"),
      DisplayCollectionName: label("Meters"),
      OwnershipType: "UserOwned",
      Attributes: [
        {
          "@odata.type": "Microsoft.Dynamics.CRM.StringAttributeMetadata",
          SchemaName: "new_Name",
          IsPrimaryName: true,
          MaxLength: 100,
          DisplayName: label("Name"),
        },
      ],
    });
    const made = await send("POST", "RelationshipDefinitions", {
      "@odata.type": "Microsoft.Dynamics.CRM.OneToManyRelationshipMetadata",
      SchemaName: relationship,
      ReferencedEntity: "account",
      ReferencingEntity: "new_meter",
      Lookup: {
        "@odata.type": "Microsoft.Dynamics.CRM.LookupAttributeMetadata",
        SchemaName: "new_AccountId",
        DisplayName: label("Account"),
      },
    });
    expect(outcome(made)).toBe("204");
  });

  /** Sets the rules anew and makes an account with two meters, of which one is inactive and one another's. */
  async function family(CascadeConfiguration: Json) {
    const changed = await send("PUT", path, { SchemaName: relationship, CascadeConfiguration });
    expect(outcome(changed)).toBe("204");
    const account = await create("accounts", { name: `Parent ${++ids}` });
    const meter = (more: Json) =>
      create("new_meters", {
        new_name: "M",
        "new_AccountId@odata.bind": `/accounts(${account})`,
        ...more,
      });
    const own = await meter({});
    const others = await meter({ "ownerid@odata.bind": `/systemusers(${manager})` });
    const inactive = await meter({});
    await send("PATCH", `new_meters(${inactive})`, { statecode: 1, statuscode: 2 });
    return { account, own, others, inactive };
  }

  test.each([
    ["NoCascade", [false, false, false]],
    ["Cascade", [true, true, true]],
    ["Active", [true, true, false]],
    ["UserOwned", [true, false, true]],
  ])("passes assigning by %s", async (Assign, passed) => {
    const { account, own, others, inactive } = await family({ Assign });
    await assign("accounts", account, representative);
    const owners = await Promise.all([own, others, inactive].map((id) => owner("new_meters", id)));
    expect(owners.map((each) => each === representative)).toEqual(passed);
    expect((await ruleOf(relationship)).Assign).toBe(Assign);
  });

  test("passes sharing and its end by their own rules", async () => {
    const { account, own } = await family({
      Assign: "NoCascade",
      Share: "Cascade",
      Unshare: "NoCascade",
    });
    const target = { "@odata.type": "Microsoft.Dynamics.CRM.account", accountid: account };
    const user = {
      "@odata.type": "Microsoft.Dynamics.CRM.systemuser",
      systemuserid: representative,
    };
    const shared = async () =>
      (
        await get(
          `RetrieveSharedPrincipalsAndAccess(Target=@t)?@t={"@odata.id":"new_meters(${own})"}`,
        )
      ).json.PrincipalAccesses;
    await send("POST", "GrantAccess", {
      Target: target,
      PrincipalAccess: { Principal: user, AccessMask: "ReadAccess" },
    });
    expect(await shared()).toHaveLength(1);
    await send("POST", "RevokeAccess", { Target: target, Revokee: user });
    expect(await shared()).toHaveLength(1);
  });

  test.each([
    ["NoCascade", "lesser"],
    ["Cascade", "master"],
  ])("passes merging by %s", async (Merge, where) => {
    const { account, own } = await family({ Merge });
    const master = await create("accounts", { name: "Master" });
    const row = (accountid: string) => ({
      "@odata.type": "Microsoft.Dynamics.CRM.account",
      accountid,
    });
    const merged = await send("POST", "Merge", {
      Target: row(master),
      Subordinate: row(account),
      PerformParentingChecks: false,
    });
    expect(outcome(merged)).toBe("204");
    const { json } = await get(`new_meters(${own})?$select=_new_accountid_value`);
    expect(json._new_accountid_value).toBe(where === "master" ? master : account);
  });

  test("keeps its ends, and refuses rules that there are not", async () => {
    expect(outcome(await send("PUT", path, { SchemaName: "new_other" }))).toBe("400 0x80040203");
    for (const rule of [{ Assign: "RemoveLink" }, { Delete: "NoCascade" }, { Merge: "Active" }])
      expect(outcome(await send("PUT", path, { CascadeConfiguration: rule }))).toBe(
        "400 0x80040203",
      );
    const menu = { Behavior: "UseLabel", Group: "Service", Order: 10, Label: label("Readings") };
    await send("PUT", path, { AssociatedMenuConfiguration: menu });
    const { json } = await get(`${path}/Microsoft.Dynamics.CRM.OneToManyRelationshipMetadata`);
    expect(json.AssociatedMenuConfiguration).toMatchObject({
      Behavior: "UseLabel",
      Group: "Service",
      Order: 10,
      Label: { UserLocalizedLabel: { Label: "Readings" } },
    });
    const shipped = "RelationshipDefinitions(SchemaName='subject_incidents')";
    expect(
      outcome(await send("PUT", shipped, { CascadeConfiguration: { Delete: "Cascade" } })),
    ).toBe("400 0x8004F032");
  });
});

test("child cases go with their parent, but stay where they are when it is assigned", async () => {
  const account = await create("accounts", { name: "Family" });
  const customer = { "customerid_account@odata.bind": `/accounts(${account})` };
  const parent = await create("incidents", { title: "Parent", ...customer });
  const child = await create("incidents", {
    title: "Child",
    "parentcaseid@odata.bind": `/incidents(${parent})`,
    ...customer,
  });
  await assign("incidents", parent, representative);
  expect(await owner("incidents", child)).not.toBe(representative);
  await assign("accounts", account, manager);
  expect(await owner("incidents", child)).toBe(manager);
  await send("DELETE", `incidents(${parent})`);
  expect(outcome(await get(`incidents(${child})`))).toBe("404 0x80040217");
});

describe("a lead", () => {
  test("becomes an account, a contact and an opportunity, once", async () => {
    const lead = await create("leads", {
      firstname: "Lena",
      lastname: "Lead",
      companyname: "Lead Ltd.",
      subject: "Buys ten",
      emailaddress1: "lena@example.com",
    });
    const body = { CreateAccount: true, CreateContact: true, CreateOpportunity: true, Status: 3 };
    const path = `leads(${lead})/Microsoft.Dynamics.CRM.QualifyLead`;
    expect(outcome(await send("POST", path, { ...body, Status: 99 }))).toBe("400 0x80048408");
    const { json } = await send("POST", path, body);
    const made = json.value as Json[];
    expect(made.map((row) => row["@odata.type"])).toEqual([
      "#Microsoft.Dynamics.CRM.account",
      "#Microsoft.Dynamics.CRM.contact",
      "#Microsoft.Dynamics.CRM.opportunity",
    ]);
    const [account, contact, opportunity] = made;
    const after = await get(
      `leads(${lead})?$select=statecode,statuscode&$expand=parentaccountid($select=name),parentcontactid($select=fullname),qualifyingopportunityid($select=name,_customerid_value)`,
    );
    expect(after.json).toMatchObject({
      statecode: 1,
      statuscode: 3,
      parentaccountid: { name: "Lead Ltd.", accountid: account?.accountid },
      parentcontactid: { fullname: "Lena Lead", contactid: contact?.contactid },
      qualifyingopportunityid: {
        name: "Buys ten",
        opportunityid: opportunity?.opportunityid,
        _customerid_value: account?.accountid,
      },
    });
    expect(outcome(await send("POST", path, body))).toBe("400 0x80040227");
  });
});

describe("a team's rights on a row", () => {
  test("are those of its roles, its reach and its shares", async () => {
    const [team] = (await get("teams?$select=teamid&$filter=teamtype eq 0&$top=1")).json
      .value as Json[];
    const id = String(team?.teamid);
    const account = await create("accounts", { name: "Of a team" });
    const rights = async () =>
      String(
        (
          await get(
            `teams(${id})/Microsoft.Dynamics.CRM.RetrievePrincipalAccess(Target=@t)?@t={"@odata.id":"accounts(${account})"}`,
          )
        ).json.AccessRights,
      ).split(", ");
    const role = await create("roles", {
      name: "Reads its own",
      "businessunitid@odata.bind": "/businessunits(0d000000-0000-4000-8000-000000000001)",
    });
    const [privilege] = (await get("privileges?$filter=name eq 'prvReadAccount'")).json
      .value as Json[];
    await send("POST", `roles(${role})/Microsoft.Dynamics.CRM.ReplacePrivilegesRole`, {
      Privileges: [{ PrivilegeId: privilege?.privilegeid, Depth: "Basic" }],
    });
    const { value } = (await get(`teams(${id})/teamroles_association?$select=roleid`)).json;
    for (const { roleid } of value as Json[])
      await send("DELETE", `teams(${id})/teamroles_association(${roleid})/$ref`);
    expect(await rights()).toEqual(["None"]);
    await send("POST", `teams(${id})/teamroles_association/$ref`, {
      "@odata.id": `roles(${role})`,
    });
    expect(await rights()).toEqual(["None"]);
    await send("POST", "GrantAccess", {
      Target: { "@odata.type": "Microsoft.Dynamics.CRM.account", accountid: account },
      PrincipalAccess: {
        Principal: { "@odata.type": "Microsoft.Dynamics.CRM.team", teamid: id },
        AccessMask: "ReadAccess, WriteAccess",
      },
    });
    expect(await rights()).toEqual(["ReadAccess"]);
    await send("PATCH", `accounts(${account})`, { "ownerid@odata.bind": `/teams(${id})` });
    expect(await rights()).toEqual(["ReadAccess"]);
  });
});

test("rows of an elastic table are read by partition, those of others are not", async () => {
  const set = "msdyn_intentcontexthistories";
  for (const partitionid of ["a", "b"])
    await create(set, { msdyn_name: `In ${partitionid}`, partitionid });
  const found = await get(`${set}?partitionId='b'`);
  expect((found.json.value as Json[]).map((row) => row.partitionid)).toEqual(["b"]);
  expect(outcome(await get("accounts?partitionId='b'"))).toBe("400 0x80060888");
});
