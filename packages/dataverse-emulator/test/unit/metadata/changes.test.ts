import { beforeEach, describe, expect, test } from "@jest/globals";
import { bankAccount, codeOf, type Json, openMetadata } from "./support";

let metadata: Awaited<ReturnType<typeof openMetadata>>;
beforeEach(async () => {
  metadata = await openMetadata();
});

function changes(query: unknown, stamp?: string, deleted = "All") {
  const list =
    stamp === undefined
      ? "Query=@p1"
      : "Query=@p1,ClientVersionStamp=@p2,DeletedMetadataFilters=@p3";
  const values = new URLSearchParams({ "@p1": JSON.stringify(query) });
  if (stamp !== undefined) {
    values.set("@p2", `'${stamp}'`);
    values.set("@p3", `Microsoft.Dynamics.CRM.DeletedMetadataFilters'${deleted}'`);
  }
  return metadata.send("GET", `RetrieveMetadataChanges(${list})?${values}`);
}
const only = (...PropertyNames: string[]) => ({ AllProperties: false, PropertyNames });
const equals = (PropertyName: string, Value: string, Type = "System.String") => ({
  ConditionOperator: "Equals",
  PropertyName,
  Value: { Type, Value },
});
const tables = (response: { body: Json }) => response.body.EntityMetadata as Json[];
const list = (json: Json | undefined, name: string) => json?.[name] as Json[];

describe("RetrieveMetadataChanges", () => {
  test("gives one table with exactly the properties asked for", () => {
    const response = changes({
      Properties: only("LogicalName", "Attributes", "ManyToOneRelationships", "Keys"),
      Criteria: { FilterOperator: "Or", Conditions: [equals("LogicalName", "incident")] },
      AttributeQuery: {
        Properties: only("LogicalName", "OptionSet", "MaxLength"),
        Criteria: {
          FilterOperator: "And",
          Conditions: [
            {
              ConditionOperator: "In",
              PropertyName: "LogicalName",
              Value: { Type: "System.String[]", Value: "['title','prioritycode']" },
            },
          ],
        },
      },
      RelationshipQuery: { Properties: only("SchemaName") },
    });
    const [incident, ...others] = tables(response);
    expect(others).toEqual([]);
    expect(incident).toMatchObject({ LogicalName: "incident", HasChanged: null });
    expect(incident?.SchemaName).toBeUndefined();
    expect(list(incident, "Attributes")).toMatchObject([
      {
        "@odata.type": "#Microsoft.Dynamics.CRM.ComplexPicklistAttributeMetadata",
        OptionSet: { Options: [{ Value: 1 }, { Value: 2 }, { Value: 3 }] },
      },
      { "@odata.type": "#Microsoft.Dynamics.CRM.ComplexStringAttributeMetadata", MaxLength: 200 },
    ]);
    expect(Object.keys(list(incident, "ManyToOneRelationships")[0] ?? {}).sort()).toEqual([
      "HasChanged",
      "MetadataId",
      "SchemaName",
    ]);
    expect(response.body.ServerVersionStamp).toMatch(/^\d+!\d\d\/\d\d\/\d{4} \d\d:\d\d:\d\d$/);
  });

  test("refuses a filter operator that is neither And nor Or, also in an empty expression", () => {
    for (const FilterOperator of ["Xor", "or"])
      expect(codeOf(changes({ Criteria: { FilterOperator, Conditions: [] } }))).toBe("0x80040203");
  });

  test("understands nested criteria, NotIn, type names and booleans", () => {
    const response = changes({
      Properties: only("LogicalName"),
      Criteria: {
        FilterOperator: "And",
        Conditions: [equals("IsIntersect", "False", "System.Boolean")],
        Filters: [
          {
            FilterOperator: "Or",
            Conditions: [
              equals("LogicalName", "incident"),
              equals("LogicalName", "account"),
              equals("LogicalName", "teamroles"),
            ],
          },
          {
            FilterOperator: "And",
            Conditions: [
              {
                ConditionOperator: "NotIn",
                PropertyName: "LogicalName",
                Value: { Type: "System.String[]", Value: ["account"] },
              },
            ],
          },
        ],
      },
    });
    expect(tables(response).map((row) => row.LogicalName)).toEqual(["incident"]);
    const states = changes({
      Properties: only("Attributes"),
      Criteria: { Conditions: [equals("LogicalName", "incident")] },
      AttributeQuery: {
        Properties: only("LogicalName"),
        Criteria: {
          Conditions: [
            equals(
              "AttributeTypeName",
              "StateType",
              "Microsoft.Xrm.Sdk.Metadata.AttributeTypeDisplayName",
            ),
          ],
        },
      },
    });
    expect(list(tables(states)[0], "Attributes").map((row) => row.LogicalName)).toEqual([
      "statecode",
    ]);
  });

  test("gives only what moved since the stamp, and what was deleted", () => {
    const names = {
      Properties: only("LogicalName", "Attributes"),
      AttributeQuery: { Properties: only("LogicalName") },
    };
    const start = String(changes(names).body.ServerVersionStamp);
    const version = metadata.catalog.version();
    expect(tables(changes(names, start))).toEqual([]);

    metadata.send("POST", "EntityDefinitions", bankAccount);
    expect(metadata.catalog.version()).toBeGreaterThan(version);
    const created = changes(names, start);
    expect(tables(created)).toMatchObject([{ LogicalName: "new_bankaccount", HasChanged: true }]);
    const middle = String(created.body.ServerVersionStamp);

    metadata.send("POST", "EntityDefinitions(LogicalName='incident')/Attributes", {
      "@odata.type": "Microsoft.Dynamics.CRM.StringAttributeMetadata",
      SchemaName: "new_Shelf",
      MaxLength: 20,
    });
    const added = tables(changes(names, middle));
    expect(added).toMatchObject(
      [{ LogicalName: undefined, HasChanged: false }].map(() => ({ HasChanged: false })),
    );
    expect(list(added[0], "Attributes").map((row) => row.LogicalName)).toEqual(["new_shelf"]);

    const id = metadata.catalog.byName("new_bankaccount")!.metadataId;
    expect(metadata.send("DELETE", `EntityDefinitions(${id})`).status).toBe(204);
    const gone = changes(names, middle, "Default").body.DeletedMetadata as Json;
    expect(gone).toMatchObject({ Count: 1, Keys: ["Entity"], Values: [{ Items: [id] }] });
  });

  test("asks for a full read when the stamp is not its own", () => {
    for (const stamp of ["74812162!10/09/2022 22:10:22", "nonsense"]) {
      const response = changes({ Properties: only("LogicalName") }, stamp);
      expect([response.status, codeOf(response)]).toEqual([400, "0x80044352"]);
    }
  });

  test("refuses a query that is no JSON, an alias without a value, and an unknown criterion", () => {
    expect(metadata.send("GET", "RetrieveMetadataChanges(Query=@p1)?@p1={oops").status).toBe(400);
    expect(metadata.send("GET", "RetrieveMetadataChanges(Query=@p1)").status).toBe(400);
    expect(changes({ Criteria: { Conditions: [equals("Nope", "x")] } }).status).toBe(400);
  });
});
