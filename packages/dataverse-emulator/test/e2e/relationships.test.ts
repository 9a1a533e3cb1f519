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
const model = async () =>
  (await dataverse.send("GET", "$metadata", undefined, { headers: { Accept: "application/xml" } }))
    .text;
const letRead = async (privilege: string, role: string) => {
  const [found] = (await get(`privileges?$select=privilegeid&$filter=name eq '${privilege}'`)).json
    .value as Json[];
  const roles = (await get(`roles?$select=roleid&$filter=name eq '${role}'`)).json.value as Json[];
  for (const { roleid } of roles) {
    const path = `roles(${roleid})/Microsoft.Dynamics.CRM.AddPrivilegesRole`;
    const Privileges = [{ PrivilegeId: found?.privilegeid, Depth: "Basic" }];
    expect(outcome(await send("POST", path, { Privileges }))).toBe("204");
  }
};
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
    // Nothing is given to whom it would be hidden from.
    await letRead("prvReadnew_Meter", "CSR Manager");
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
    ).toBe("400 0x8004f032");
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

describe("an activity table that somebody made", () => {
  const table = "EntityDefinitions(LogicalName='new_visit')";
  const body = {
    SchemaName: "new_Visit",
    DisplayName: label("Visit"),
    DisplayCollectionName: label("Visits"),
    OwnershipType: "UserOwned",
    IsActivity: true,
    HasNotes: true,
    Attributes: [
      {
        "@odata.type": "Microsoft.Dynamics.CRM.StringAttributeMetadata",
        SchemaName: "Subject",
        IsPrimaryName: true,
        MaxLength: 100,
        DisplayName: label("Subject"),
      },
      {
        "@odata.type": "Microsoft.Dynamics.CRM.IntegerAttributeMetadata",
        SchemaName: "new_Distance",
        DisplayName: label("Distance"),
      },
    ],
  };

  test.each([
    { OwnershipType: "OrganizationOwned" },
    { HasActivities: true },
    { Attributes: [{ ...body.Attributes[0], SchemaName: "new_Name" }] },
  ])("is not made as %j", async (wrong) => {
    expect(outcome(await send("POST", "EntityDefinitions", { ...body, ...wrong }))).toBe(
      "400 0x80040203",
    );
  });

  test("is an activity like the others: regarding, parties, states, timeline", async () => {
    expect(outcome(await send("POST", "EntityDefinitions", body))).toBe("204");
    const { json } = await get(
      `${table}?$select=IsActivity,PrimaryIdAttribute,PrimaryNameAttribute,HasNotes,EntitySetName`,
    );
    expect(json).toMatchObject({
      IsActivity: true,
      PrimaryIdAttribute: "activityid",
      PrimaryNameAttribute: "subject",
      HasNotes: true,
      EntitySetName: "new_visits",
    });
    const account = await create("accounts", { name: "Visited" });
    const incident = await create("incidents", {
      title: "Needs a visit",
      "customerid_account@odata.bind": `/accounts(${account})`,
    });
    const contact = await create("contacts", {
      lastname: "Host",
      emailaddress1: "host@example.com",
    });
    const visit = await create("new_visits", {
      subject: "Look at the boiler",
      new_distance: 12,
      "regardingobjectid_incident_new_visit@odata.bind": `/incidents(${incident})`,
      new_visit_activity_parties: [
        { "partyid_contact@odata.bind": `/contacts(${contact})`, participationtypemask: 5 },
      ],
    });
    const row = await get(
      `new_visits(${visit})?$expand=regardingobjectid_incident_new_visit($select=title),new_visit_activity_parties($select=participationtypemask)`,
    );
    expect(row.json).toMatchObject({
      subject: "Look at the boiler",
      activitytypecode: "new_visit",
      statecode: 0,
      regardingobjectid_incident_new_visit: { title: "Needs a visit" },
      new_visit_activity_parties: [{ participationtypemask: 5 }],
    });
    const timeline = await get(
      `activitypointers?$select=subject,activitytypecode&$filter=_regardingobjectid_value eq ${incident}`,
    );
    expect(timeline.json.value).toMatchObject([
      { subject: "Look at the boiler", activitytypecode: "new_visit" },
    ]);
    const own = await get(`incidents(${incident})/incident_new_visits?$select=subject`);
    expect(own.json.value).toHaveLength(1);
    await create("annotations", {
      notetext: "Key under the mat",
      "objectid_new_visit@odata.bind": `/new_visits(${visit})`,
    });
    await send("PATCH", `new_visits(${visit})`, { statecode: 1 });
    const done = await get(`new_visits(${visit})?$select=statecode,actualend`);
    expect(done.json).toMatchObject({ statecode: 1, actualend: expect.any(String) });
    expect(outcome(await get("new_visits?$select=subject", "representative"))).toBe("200");
    const document = await model();
    expect(document).toContain('<EntityType Name="new_visit" BaseType="mscrm.activitypointer"');
    expect(document).toContain('Name="incident_new_visits"');
    await send("DELETE", `incidents(${incident})`);
    expect(outcome(await get(`new_visits(${visit})`))).toBe("404 0x80040217");
  });

  test("goes without a trace, and leaves the other activities their privileges", async () => {
    expect(outcome(await send("DELETE", table))).toBe("204");
    expect(outcome(await get("new_visits"))).toBe("404 0x80060888");
    expect(outcome(await get("activitypointers?$top=1", "representative"))).toBe("200");
    expect((await get("privileges?$filter=name eq 'prvReadActivity'")).json.value).toHaveLength(1);
    expect(await model()).not.toContain("new_visit");
    await create("tasks", { subject: "Still possible" });
  });
});

describe("what hangs on a component", () => {
  const text = (SchemaName: string, more: Json = {}) => ({
    "@odata.type": "Microsoft.Dynamics.CRM.StringAttributeMetadata",
    SchemaName,
    MaxLength: 50,
    DisplayName: label(SchemaName),
    ...more,
  });
  const table = "EntityDefinitions(LogicalName='new_valve')";
  const column = `${table}/Attributes(LogicalName='new_code')`;
  const dependents = async (type: number, id: unknown) => {
    const answer = await get(`RetrieveDependenciesForDelete(ObjectId=${id},ComponentType=${type})`);
    expect(outcome(answer)).toBe("200");
    return (answer.json.value as Json[]).map((row) => [
      row.dependentcomponenttype,
      row.dependentcomponentobjectid,
    ]);
  };
  const idOf = async (path: string) => String((await get(path)).json.MetadataId);

  test("a column: keys and views; it goes when they are gone", async () => {
    await send("POST", "EntityDefinitions", {
      SchemaName: "new_Valve",
      DisplayName: label("Valve"),
      DisplayCollectionName: label("Valves"),
      Attributes: [text("new_Name", { IsPrimaryName: true })],
    });
    await send("POST", `${table}/Attributes`, text("new_Code"));
    await send("POST", `${table}/Keys`, { SchemaName: "new_CodeKey", KeyAttributes: ["new_code"] });
    const view = await create("savedqueries", {
      name: "By code",
      returnedtypecode: "new_valve",
      querytype: 0,
      fetchxml: '<fetch><entity name="new_valve"><attribute name="new_code"/></entity></fetch>',
    });
    const keys = (await get(`${table}/Keys?$select=MetadataId`)).json.value as Json[];
    const id = await idOf(column);
    expect(await dependents(2, id)).toEqual([
      [14, keys[0]?.MetadataId],
      [26, view],
    ]);
    const refused = await send("DELETE", column);
    expect(outcome(refused)).toBe("400 0x8004f01f");
    expect(refused.message).toContain("new_CodeKey, By code");
    await send("DELETE", `${table}/Keys(${keys[0]?.MetadataId})`);
    await send("DELETE", `savedqueries(${view})`);
    expect(await dependents(2, id)).toEqual([]);
    expect(outcome(await send("DELETE", column))).toBe("204");
  });

  test("a choice: its columns; a lookup's relationship: views; a picture: tables", async () => {
    const option = { Value: 1, Label: label("Open") };
    await send("POST", "GlobalOptionSetDefinitions", {
      "@odata.type": "Microsoft.Dynamics.CRM.OptionSetMetadata",
      Name: "new_position",
      DisplayName: label("Position"),
      OptionSetType: "Picklist",
      Options: [option],
    });
    await send("POST", `${table}/Attributes`, {
      "@odata.type": "Microsoft.Dynamics.CRM.PicklistAttributeMetadata",
      SchemaName: "new_Position",
      DisplayName: label("Position"),
      "GlobalOptionSet@odata.bind": "/GlobalOptionSetDefinitions(Name='new_position')",
    });
    const set = await idOf("GlobalOptionSetDefinitions(Name='new_position')");
    expect(await dependents(9, set)).toEqual([
      [2, await idOf(`${table}/Attributes(LogicalName='new_position')`)],
    ]);
    await send("POST", "RelationshipDefinitions", {
      "@odata.type": "Microsoft.Dynamics.CRM.OneToManyRelationshipMetadata",
      SchemaName: "new_account_new_valve",
      ReferencedEntity: "account",
      ReferencingEntity: "new_valve",
      Lookup: {
        "@odata.type": "Microsoft.Dynamics.CRM.LookupAttributeMetadata",
        SchemaName: "new_AccountId",
        DisplayName: label("Account"),
      },
    });
    const relationship = await idOf("RelationshipDefinitions(SchemaName='new_account_new_valve')");
    expect(await dependents(10, relationship)).toEqual([]);
    const view = await create("savedqueries", {
      name: "With accounts",
      returnedtypecode: "new_valve",
      querytype: 0,
      fetchxml:
        '<fetch><entity name="new_valve"><link-entity name="account" from="accountid" to="new_accountid"><attribute name="name"/></link-entity></entity></fetch>',
    });
    expect(await dependents(10, relationship)).toEqual([[26, view]]);
    const picture = await create("webresourceset", { name: "new_valve.svg", webresourcetype: 11 });
    await send("PUT", table, { IconVectorName: "new_valve.svg" });
    expect(await dependents(61, picture)).toEqual([[1, await idOf(table)]]);
    expect(await dependents(1, await idOf(table))).toEqual([]);
  });

  test.each([
    [2, "404 0x80040217"],
    [1, "404 0x80040217"],
    [9, "404 0x80040217"],
    [10, "404 0x80040217"],
    [29, "404 0x80040217"],
    [999, "400 0x80040203"],
  ])("of type %i that is not there", async (type, expected) => {
    const path = `RetrieveDependenciesForDelete(ObjectId=@o,ComponentType=@c)?@o=0f0f0f0f-0000-4000-8000-000000000001&@c=${type}`;
    expect(outcome(await get(path))).toBe(expected);
  });
});
