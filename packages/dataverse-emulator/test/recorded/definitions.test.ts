import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type RunningEmulator, runEmulator } from "../support/running-emulator";
import { absentColumns, cascadeFacts, definitionFacts, navigationFacts } from "./definitions.facts";
import { contactFacts } from "./definitions-2024.facts";
import { caseFacts, optionSetFacts } from "./definitions-2025.facts";
import { recorded, sources } from "./fact";

type Json = Record<string, unknown>;

let emulator: RunningEmulator;
const tables = new Map<string, Map<string, Json>>();
const named = new Set(
  [
    ...definitionFacts.flatMap(({ values }) => values.flatMap(([, columns]) => columns.split(" "))),
    ...absentColumns.split(" "),
  ].map((each) => each.split(".")[0] ?? ""),
);

beforeAll(async () => {
  emulator = await runEmulator({ cases: 0 });
  for (const table of named) {
    const { body } = await emulator.get(
      `EntityDefinitions(LogicalName='${table}')?$select=LogicalName&$expand=Attributes`,
    );
    const columns: Json[] = body.Attributes;
    tables.set(table, new Map(columns.map((each) => [String(each.LogicalName), each])));
  }
});
afterAll(() => emulator.close());

const columnOf = (name: string) => {
  const [table = "", column = ""] = name.split(".");
  return tables.get(table)?.get(column);
};
const propertyOf = (row: Json | undefined, path: string): unknown =>
  path.split(".").reduce<unknown>((value, part) => (value as Json | undefined)?.[part], row);

describe("definitions as they were recorded", () => {
  test.each(
    definitionFacts.map((facts) => [facts.property, sources[facts.source], facts] as const),
  )("%s (%s)", (_property, _source, { property, values }) => {
    const wrong = values.flatMap(([value, columns]) =>
      columns.split(" ").flatMap((name) => {
        const row = columnOf(name);
        if (row === undefined) return [`${name} is missing`];
        const ours = propertyOf(row, property) ?? null;
        return ours === value ? [] : [`${name}: ${String(ours)}, recorded ${String(value)}`];
      }),
    );
    expect(wrong).toEqual([]);
  });

  test.each(Object.entries(optionSetFacts))("%s has the options of %s", async (column, name) => {
    const [table, logicalName] = column.split(".");
    const { body } = await emulator.get(
      `EntityDefinitions(LogicalName='${table}')/Attributes(LogicalName='${logicalName}')/Microsoft.Dynamics.CRM.PicklistAttributeMetadata?$select=LogicalName&$expand=OptionSet`,
    );
    expect(body.OptionSet.Name).toBe(name);
  });

  recorded("R", "metadata2025", "the case itself", async () => {
    const { body } = await emulator.get("EntityDefinitions(LogicalName='incident')");
    expect(body).toMatchObject(caseFacts);
  });

  recorded("R", "metadata2025", "the contact itself", async () => {
    const { body } = await emulator.get("EntityDefinitions(LogicalName='contact')");
    expect(body).toMatchObject(contactFacts);
  });

  recorded("R", "metadata2025", "who is noted by the service has no list beside him", async () => {
    const { body } = await emulator.get(
      "RelationshipDefinitions(SchemaName='lk_incidentbase_createdby')",
    );
    expect(body).toMatchObject({
      SecurityTypes: "None",
      RelationshipBehavior: 0,
      IsDenormalizedLookup: null,
      AssociatedMenuConfiguration: { Behavior: "DoNotDisplay", Order: null, IsCustomizable: false },
      CascadeConfiguration: { Archive: "NoCascade", Delete: "NoCascade", RollupView: "NoCascade" },
    });
  });

  test("columns that no recorded table has", () => {
    const there = absentColumns.split(" ").filter((name) => columnOf(name) !== undefined);
    expect(there).toEqual([]);
  });

  test.each(Object.entries(navigationFacts))("%s is followed by %s", async (name, property) => {
    const { body } = await emulator.get(
      `RelationshipDefinitions(SchemaName='${name}')/Microsoft.Dynamics.CRM.OneToManyRelationshipMetadata?$select=ReferencingEntityNavigationPropertyName`,
    );
    expect(body.ReferencingEntityNavigationPropertyName).toBe(property);
  });

  test.each(Object.entries(cascadeFacts))("%s passes on %j", async (name, cascades) => {
    const { body } = await emulator.get(
      `RelationshipDefinitions(SchemaName='${name}')/Microsoft.Dynamics.CRM.OneToManyRelationshipMetadata?$select=CascadeConfiguration`,
    );
    expect(body.CascadeConfiguration).toMatchObject(cascades);
  });

  recorded("R", "classes", "the other side of an article's currency", async () => {
    const { body } = await emulator.get(
      "RelationshipDefinitions(SchemaName='TransactionCurrency_knowledgearticle')",
    );
    expect(body.ReferencedEntityNavigationPropertyName).toBe(
      "transactioncurrency_knowledgearticle",
    );
  });

  recorded("R", "classes", "names of collections that follow no English", async () => {
    const { body } = await emulator.get(
      "EntityDefinitions?$select=LogicalName,CollectionSchemaName&$filter=LogicalName eq 'savedquery' or LogicalName eq 'userquery' or LogicalName eq 'dependency'",
    );
    const names = body.value.map((each: Json) => each.CollectionSchemaName);
    expect(names.sort()).toEqual(["Dependencys", "SavedQuerys", "UserQuerys"]);
  });

  recorded("R", "classes", "options that are there, and one that is not", async () => {
    const optionsOf = async (path: string): Promise<number[]> => {
      const { body } = await emulator.get(
        `EntityDefinitions(LogicalName='${path.split(".")[0]}')/Attributes(LogicalName='${path.split(".")[1]}')/Microsoft.Dynamics.CRM.PicklistAttributeMetadata?$select=LogicalName&$expand=OptionSet($select=Options)`,
      );
      return body.OptionSet.Options.map((each: Json) => each.Value);
    };
    expect(await optionsOf("incident.caseorigincode")).toContain(626160001);
    expect(await optionsOf("systemuser.preferredphonecode")).not.toContain(192350005);
  });

  recorded("R", "classes", "limits of 64-bit numbers are exact", async () => {
    const { bytes } = await textOf(
      "EntityDefinitions(LogicalName='account')/Attributes(LogicalName='versionnumber')",
    );
    expect(bytes).toContain('"MinValue":-9223372036854775808,"MaxValue":9223372036854775807');
  });

  recorded("R", "classes", "label and description come last in an option", async () => {
    const { body } = await emulator.get(
      "EntityDefinitions(LogicalName='account')/Attributes(LogicalName='industrycode')/Microsoft.Dynamics.CRM.PicklistAttributeMetadata?$expand=OptionSet",
    );
    expect(Object.keys(body.OptionSet.Options[0]).slice(-2)).toEqual(["Label", "Description"]);
  });

  recorded(
    "R",
    "classes",
    "the context lists what was selected; options keep their set's id",
    async () => {
      const { body } = await emulator.get(
        "EntityDefinitions(LogicalName='account')/Attributes(LogicalName='industrycode')/Microsoft.Dynamics.CRM.PicklistAttributeMetadata?$select=LogicalName&$expand=OptionSet($select=Options)",
      );
      expect(body["@odata.context"]).toMatch(
        /PicklistAttributeMetadata\(LogicalName,OptionSet\(Options\)\)\/\$entity$/,
      );
      expect(body.OptionSet.MetadataId).toMatch(/^[0-9a-f-]{36}$/);
      const heads = await emulator.get("EntityDefinitions?$select=LogicalName,SchemaName");
      expect(heads.body["@odata.context"]).toMatch(/#EntityDefinitions\(LogicalName,SchemaName\)$/);
    },
  );
});

/** The answer as it was sent: numbers beyond what JavaScript counts are read as text. */
async function textOf(path: string): Promise<{ bytes: string }> {
  const { token } = await identity();
  const answer = await fetch(`${emulator.url}/api/data/v9.2/${path}`, {
    headers: { Authorization: `Bearer ${token}` },
  });
  return { bytes: await answer.text() };
}

async function identity(): Promise<{ token: string }> {
  const answer = await fetch(
    `${emulator.url}/msi/token?api-version=2019-08-01&resource=${encodeURIComponent(emulator.url)}`,
    { headers: { "X-IDENTITY-HEADER": "local" } },
  );
  return { token: ((await answer.json()) as { access_token: string }).access_token };
}
