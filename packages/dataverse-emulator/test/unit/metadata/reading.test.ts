import { beforeAll, describe, expect, test } from "@jest/globals";
import { codeOf, type Json, openMetadata, textOf, valuesOf } from "./support";

let metadata: Awaited<ReturnType<typeof openMetadata>>;
beforeAll(async () => {
  metadata = await openMetadata();
});
const get = (address: string) => metadata.send("GET", address);
const encode = encodeURIComponent;

describe("EntityDefinitions", () => {
  test("lists names with $select and $filter", () => {
    const response = get(
      `EntityDefinitions?$select=LogicalName,EntitySetName&$filter=${encode("IsPrivate eq false and IsIntersect eq false")}`,
    );
    const rows = valuesOf(response);
    const incident = rows.find((row) => row.LogicalName === "incident");
    expect(Object.keys(incident!).sort()).toEqual(["EntitySetName", "LogicalName", "MetadataId"]);
    expect(rows.some((row) => row.LogicalName === "teammembership")).toBe(false);
  });

  test.each([
    ["OwnershipType eq Microsoft.Dynamics.CRM.OwnershipTypes'UserOwned'", "incident", "subject"],
    ["CanCreateAttributes/Value eq true", "incident", "teammembership"],
    ["LogicalName eq 'incident' or startswith(LogicalName,'cont')", "contact", "account"],
    ["not (ObjectTypeCode ne 112)", "incident", "account"],
    ["LogicalName in ('incident','account')", "account", "contact"],
  ])("filters by %s", (filter, inside, outside) => {
    const names = valuesOf(
      get(`EntityDefinitions?$select=LogicalName&$filter=${encode(filter)}`),
    ).map((row) => row.LogicalName);
    expect(names).toContain(inside);
    expect(names).not.toContain(outside);
  });

  test("finds a table by name and by id, and says so when there is none", () => {
    const named = get("EntityDefinitions(LogicalName='incident')");
    expect(named.body).toMatchObject({
      LogicalName: "incident",
      SchemaName: "Incident",
      DisplayName: { UserLocalizedLabel: { Label: "Case", LanguageCode: 1033 } },
      HasNotes: true,
    });
    expect(get(`EntityDefinitions(${named.body.MetadataId})`).body.LogicalName).toBe("incident");
    const missing = get("EntityDefinitions(LogicalName='incidnt')");
    expect([missing.status, codeOf(missing)]).toEqual([404, "0x80060888"]);
    expect(textOf(missing)).toContain("incidnt");
    expect(codeOf(get("EntityDefinitions(0a000000-0000-4000-8000-00000000ffff)"))).toBe(
      "0x80040217",
    );
  });

  test("refuses unknown properties, options and broken filters by name", () => {
    expect(textOf(get("EntityDefinitions?$select=Nam"))).toContain("'Nam'");
    expect(get("EntityDefinitions?$top=3").status).toBe(400);
    expect(textOf(get(`EntityDefinitions?$filter=${encode("LogicalName eq")}`))).toContain(
      "at the end",
    );
    expect(textOf(get(`EntityDefinitions?$filter=${encode("Foo eq 1")}`))).toContain("'Foo'");
  });

  test("expands columns, keys and relationships with their own options", () => {
    const { body } = get(
      `EntityDefinitions(LogicalName='systemuser')?$select=LogicalName&$expand=${encode("Attributes($select=LogicalName;$filter=IsPrimaryId eq true),Keys($select=KeyAttributes),ManyToManyRelationships($select=SchemaName)")}`,
    );
    expect((body.Attributes as Json[]).map((row) => row.LogicalName)).toEqual(["systemuserid"]);
    expect((body.Keys as Json[])[0]?.KeyAttributes).toEqual(["azureactivedirectoryobjectid"]);
    expect((body.ManyToManyRelationships as Json[]).map((row) => row.SchemaName)).toContain(
      "systemuserroles_association",
    );
  });
});

describe("typed columns", () => {
  const incident = "EntityDefinitions(LogicalName='incident')/Attributes";
  test("come by cast with their options", () => {
    const rows = valuesOf(
      get(
        `${incident}/Microsoft.Dynamics.CRM.StatusAttributeMetadata?$select=LogicalName&$expand=OptionSet`,
      ),
    );
    const options = (rows[0]!.OptionSet as Json).Options as Json[];
    expect(options.find((option) => option.Value === 5)).toMatchObject({
      State: 1,
      Label: { UserLocalizedLabel: { Label: "Problem Solved" } },
    });
    const states = get(
      `${incident}(LogicalName='statecode')/Microsoft.Dynamics.CRM.StateAttributeMetadata?$expand=OptionSet`,
    );
    expect((states.body.OptionSet as Json).Options).toMatchObject([
      { Value: 0, DefaultStatus: 1, InvariantName: "Active" },
      { Value: 1, DefaultStatus: 5 },
      { Value: 2, DefaultStatus: 6 },
    ]);
    const flags = valuesOf(
      get(`${incident}/Microsoft.Dynamics.CRM.BooleanAttributeMetadata?$expand=OptionSet`),
    );
    expect(flags[0]?.OptionSet).toMatchObject({
      TrueOption: { Value: 1 },
      FalseOption: { Value: 0 },
    });
  });

  test("tell lookups' targets", () => {
    const rows = valuesOf(
      get(`${incident}/Microsoft.Dynamics.CRM.LookupAttributeMetadata?$select=LogicalName,Targets`),
    );
    expect(rows.find((row) => row.LogicalName === "customerid")?.Targets).toEqual([
      "account",
      "contact",
    ]);
  });

  test("are 404 for a wrong or abstract cast and an unknown column", () => {
    for (const path of [
      `${incident}(LogicalName='title')/Microsoft.Dynamics.CRM.PicklistAttributeMetadata`,
      `${incident}/Microsoft.Dynamics.CRM.EnumAttributeMetadata`,
      `${incident}(LogicalName='nope')`,
    ]) {
      expect([path, get(path).status]).toEqual([path, 404]);
    }
  });

  test("hold back options until they are expanded, and carry the requirement level", () => {
    const { body } = get(`${incident}(LogicalName='prioritycode')`);
    expect(body.OptionSet).toBeUndefined();
    expect(body["@odata.type"]).toBe("#Microsoft.Dynamics.CRM.PicklistAttributeMetadata");
    expect(body.RequiredLevel).toEqual({
      Value: "None",
      CanBeChanged: true,
      ManagedPropertyLogicalName: "canmodifyrequirementlevelsettings",
    });
  });
});

describe("RelationshipDefinitions", () => {
  test("are read by schema name and by cast", () => {
    const { body } = get("RelationshipDefinitions(SchemaName='incident_customer_accounts')");
    expect(body).toMatchObject({
      "@odata.type": "#Microsoft.Dynamics.CRM.OneToManyRelationshipMetadata",
      ReferencingEntityNavigationPropertyName: "customerid_account",
      CascadeConfiguration: { Delete: "Cascade" },
    });
    const many = valuesOf(
      get(
        "RelationshipDefinitions/Microsoft.Dynamics.CRM.ManyToManyRelationshipMetadata?$select=SchemaName",
      ),
    );
    expect(many.map((row) => row.SchemaName)).toContain("teammembership_association");
    expect(get("RelationshipDefinitions(SchemaName='nope')").status).toBe(404);
  });
});
