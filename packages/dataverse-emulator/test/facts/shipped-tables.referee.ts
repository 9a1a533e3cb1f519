import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { loadCatalog, type MutableCatalog } from "../../src/metadata";
import type { AttributeDefinition } from "../../src/model";
import { openDatabase } from "../../src/store";
import { factsFile } from "./folder";

const tablesFile = factsFile("dataverse-tables-core.json");
const aiFile = factsFile("dataverse-tables-ai.json");
const navigationFile = factsFile("dataverse-incident-navigation.json");
const indexFile = factsFile("dataverse-table-index.json");

interface Column {
  logicalName: string;
  schemaName: string;
  displayName?: string;
  type: string;
  readOnly?: boolean;
  required?: boolean;
  maxLength?: number;
  minValue?: number;
  maxValue?: number;
  format?: string;
  dateTimeBehavior?: string;
  options?: { value: number; label: string; state?: number }[];
  defaultValue?: number | boolean | null;
  targets?: string[];
  navigation?: {
    navigationProperty: string;
    devkit?: string;
    target: string;
    confirmed?: boolean;
  }[];
  docs?: string;
}
interface Relationship {
  schemaName: string;
  referencedEntity?: string;
  referencingEntity?: string;
  referencingAttribute: string;
  referencingEntityNavigationPropertyName?: string;
  referencedEntityNavigationPropertyName?: string;
}
interface Table {
  logicalName: string;
  schemaName: string;
  entitySetName: string;
  objectTypeCode: number;
  primaryIdAttribute: string;
  primaryNameAttribute: string | null;
  ownership: string | null;
  displayName: string;
  tableType: string | null;
  attributes: Column[];
  docsOnlyAttributes?: (Omit<Column, "type"> & { type?: string })[];
  manyToManyRelationships?: string[];
  manyToOneRelationships?: Relationship[];
  oneToManyRelationships?: Relationship[];
  displayCollectionName: string;
  primaryImageAttribute: string | null;
}

/** Where we differ from the facts on purpose. */
const EXPLAINED: Readonly<Record<string, string>> = {
  "knowledgearticle.msdyn_contentstore": "a file, as Microsoft's table reference has it",
  "knowledgearticle.msdyn_contentstore_name type": "the name of that file",
  "knowledgearticle.msdyn_contentstore_name schemaName": "as a recorded organization writes it",
  "activityparty.activityid targets":
    "the facts name the base table alone; parties hang on each activity table",
  "activitymimeattachment.objectid targets":
    "the facts' second source lists email and appointment too",
  "incident.caseorigincode options": "a recorded organization has Self Service, too",
  "incident.servicestage default": "recorded new cases have 0, where the facts say nothing",
  "systemuser.preferredphonecode options": "a recorded organization has no Omnichannel Phone",
  "slakpiinstance.ownerid targets": "every owner is a user or a team",
  "slakpiinstance.regarding targets": "the facts' second source lists more tables",
};
/** Navigation properties of a case that we do not have. */
const UNSHIPPED: Readonly<Record<string, string>> = {
  stageid_processstage: "stageid is a plain GUID in the facts, and deprecated",
};
/** Relationships whose end the reference calls otherwise than the environment, which we follow. */
const RENAMED: Readonly<Record<string, string>> = {
  email_acceptingentity_queue: "acceptingentityid_queue there, for it has two targets",
  email_acceptingentity_systemuser: "acceptingentityid_systemuser there",
};
/** What the reference lists as relationships, and metadata does not hold. */
function isNoRelationship(row: Relationship): boolean {
  // A solution's id is a plain GUID in the facts.
  return row.referencingAttribute === "solutionid" && row.schemaName.startsWith("solution_");
}

/** Rules that hold for every table, where the source was silent or wrong. */
function explainedByRule(column: Column, what: string): boolean {
  const { logicalName } = column;
  // The address of an image is text; the source calls it an image.
  if (logicalName === "entityimage_url")
    return what === "type" || what === "maxLength" || what === "schemaName";
  // The source lost some targets of the owner's parts.
  if (what === "targets") {
    return /^owning(businessunit|team|user)$/.test(logicalName) && column.targets?.length === 0;
  }
  // Computed columns that the facts list as columns of their own; a date that is set on create alone.
  return (
    what === "writable" &&
    (logicalName === "objecttypecode" || logicalName === "overriddencreatedon")
  );
}

function differences(table: string, column: Column, ours: AttributeDefinition): string[] {
  const found: string[] = [];
  const check = (what: string, mine: unknown, theirs: unknown) => {
    if (theirs === undefined || JSON.stringify(mine) === JSON.stringify(theirs)) return;
    const name = `${table}.${column.logicalName} ${what}`;
    if (name in EXPLAINED || explainedByRule(column, what)) return;
    found.push(`${name}: ${JSON.stringify(mine)} instead of ${JSON.stringify(theirs)}`);
  };
  check("schemaName", ours.schemaName, column.schemaName);
  check("displayName", ours.displayName, column.displayName || undefined);
  check("type", ours.type, column.type);
  check("maxLength", ours.maxLength, column.maxLength);
  check("minValue", ours.minValue, column.minValue);
  check("maxValue", ours.maxValue, column.maxValue);
  check("dateTimeBehavior", ours.dateTimeBehavior, column.dateTimeBehavior);
  check("format", ours.format, column.format);
  check("options", ours.options, column.options);
  if (column.type === "Boolean") check("default", ours.defaultValue === 1, column.defaultValue);
  if (column.type === "Picklist" && "defaultValue" in column) {
    check("default", ours.defaultValue ?? null, column.defaultValue);
  }
  check("targets", ours.targets, column.targets);
  if (column.required) check("required", ours.required !== "None", true);
  if (!ours.isPrimaryId) {
    const isWritten = ours.validForCreate || ours.validForUpdate;
    check("writable", isWritten, column.readOnly !== true);
  }
  return found;
}

describe("the shipped tables", () => {
  let catalog: MutableCatalog;
  let tables: Record<string, Table>;
  beforeAll(async () => {
    catalog = loadCatalog(await openDatabase(":memory:"));
    const read = (file: string) => JSON.parse(readFileSync(file, "utf8")).tables;
    tables = { ...read(tablesFile), ...read(aiFile) };
  });

  test("are all tables of the facts, with the same heads", () => {
    const wrong = Object.values(tables).flatMap((table) => {
      const ours = catalog.byName(table.logicalName);
      const mine = [
        ours?.schemaName,
        ours?.entitySetName,
        ours?.objectTypeCode,
        ours?.primaryIdAttribute,
        ours?.primaryNameAttribute ?? null,
        ours?.ownership,
        ours?.tableType ?? "Standard",
      ];
      const theirs = [
        table.schemaName ?? ours?.schemaName,
        table.entitySetName,
        // Tables newer than the environment that was read have no number there.
        table.objectTypeCode ?? ours?.objectTypeCode,
        table.primaryIdAttribute,
        table.primaryNameAttribute ?? null,
        table.ownership ?? "None",
        table.tableType ?? "Standard",
      ];
      return JSON.stringify(mine) === JSON.stringify(theirs) ? [] : [table.logicalName];
    });
    expect(Object.keys(tables)).toHaveLength(91);
    expect(wrong).toEqual([]);
  });

  test("have every column as the facts say, but for an explained few", () => {
    const wrong = Object.values(tables).flatMap((table) =>
      table.attributes.flatMap((column) => {
        // One of the sources writes a logical name with a capital.
        const name = column.logicalName.toLowerCase();
        const ours = catalog.byName(table.logicalName)?.attribute(name);
        return ours === undefined
          ? [`${table.logicalName}.${column.logicalName} is missing`]
          : differences(table.logicalName, column, ours);
      }),
    );
    expect(wrong).toEqual([]);
  });

  test("have the columns that the reference alone names, and who may write them", () => {
    const wrong = Object.values(tables).flatMap((table) => {
      const typed = new Set(table.attributes.map((column) => column.logicalName));
      return (table.docsOnlyAttributes ?? [])
        .filter((column) => !typed.has(column.logicalName))
        .flatMap((column) => {
          const ours = catalog.byName(table.logicalName)?.attribute(column.logicalName);
          const name = `${table.logicalName}.${column.logicalName}`;
          if (ours === undefined) return [`${name} is missing`];
          const found: string[] = [];
          if (ours.schemaName !== column.schemaName) found.push(`${name} schemaName`);
          const writable = column.docs === "writable";
          const created = ours.validForCreate || ours.validForUpdate;
          if (!ours.isPrimaryId && created !== writable) found.push(`${name} writable`);
          const isLookup = /^(Lookup|Owner|Customer)$/.test(ours.type);
          if (column.type === "Lookup" && !isLookup && !(name in EXPLAINED)) {
            found.push(`${name} is a ${ours.type}`);
          }
          return found;
        });
    });
    expect(wrong).toEqual([]);
  });

  test("lead by the navigation properties of the facts to tables that are shipped", () => {
    let confirmed = 0;
    const wrong = Object.values(tables).flatMap((table) =>
      [...table.attributes, ...(table.docsOnlyAttributes ?? [])].flatMap((column) =>
        (column.navigation ?? []).flatMap((row) => {
          const { target } = row;
          const isRenamed = row.devkit === "acceptingentityid_systemuser";
          // Recorded in a real organization as `acceptingentityid`.
          if (row.confirmed === false || column.type === "PartyList" || isRenamed) return [];
          confirmed++;
          // Read from an environment, where the two sources differ.
          const property = row.devkit ?? row.navigationProperty;
          const name = `${table.logicalName}.${property}`;
          if (name in EXPLAINED) return [];
          const found = catalog.navigation(table.logicalName, property);
          if (found?.kind !== "one") return [`${name} is missing`];
          if (found.attribute.logicalName !== column.logicalName) return [`${name} column`];
          const targets = found.attribute.targets ?? [];
          const fits = target === "owner" ? targets.includes("team") : targets.includes(target);
          const shipped = target === "owner" || catalog.byName(target) !== undefined;
          return fits && shipped ? [] : [`${name}: ${target}`];
        }),
      ),
    );
    expect(confirmed).toBeGreaterThan(900);
    expect(wrong).toEqual([]);
  });

  test("are called as the facts say, one of them and many, and have the picture that they say", () => {
    const wrong = Object.values(tables).flatMap((table) => {
      const ours = catalog.byName(table.logicalName);
      const found: string[] = [];
      // Tables between two others have no names there.
      if (table.displayName && ours?.displayName !== table.displayName) found.push("displayName");
      if (
        table.displayCollectionName &&
        ours?.displayCollectionName !== table.displayCollectionName
      )
        found.push("displayCollectionName");
      const picture = table.primaryImageAttribute;
      if (picture && ours?.attribute(picture)?.type !== "Image") found.push("picture");
      return found.map((what) => `${table.logicalName} ${what}`);
    });
    expect(wrong).toEqual([]);
  });

  test("have the relationships of the facts to and from shipped tables: name, column, both ends", () => {
    let compared = 0;
    const wrong = Object.values(tables).flatMap((table) =>
      [
        ...(table.manyToOneRelationships ?? []).map((row) => ({
          ...row,
          referencingEntity: table.logicalName,
        })),
        ...(table.oneToManyRelationships ?? []).map((row) => ({
          ...row,
          referencedEntity: table.logicalName,
        })),
      ].flatMap((row) => {
        const { schemaName, referencedEntity = "", referencingEntity = "" } = row;
        const areShipped = [referencedEntity, referencingEntity].every(
          (name) => catalog.byName(name) !== undefined,
        );
        if (!areShipped || isNoRelationship(row)) return [];
        compared++;
        const ours = catalog.relationship(schemaName);
        if (ours === undefined || !("referencingAttribute" in ours))
          return [`${schemaName} (${referencingEntity}) is missing`];
        const isRecorded = schemaName === "TransactionCurrency_knowledgearticle";
        const back = isRecorded ? undefined : row.referencedEntityNavigationPropertyName;
        const differ = [
          [ours.referencingAttribute, row.referencingAttribute],
          [
            ours.referencingNavigation,
            schemaName in RENAMED
              ? ours.referencingNavigation
              : (row.referencingEntityNavigationPropertyName ?? ours.referencingNavigation),
          ],
          [ours.referencedNavigation, back ?? ours.referencedNavigation],
        ].flatMap(([mine, theirs]) => (mine === theirs ? [] : [`${mine} instead of ${theirs}`]));
        return differ.map((what) => `${schemaName} (${referencingEntity}): ${what}`);
      }),
    );
    expect(compared).toBeGreaterThan(1_200);
    expect(wrong).toEqual([]);
  });

  test("are, with those that only lookups lead to, what the index of a whole environment says", () => {
    const index: Table[] = JSON.parse(readFileSync(indexFile, "utf8"));
    const byName = new Map(index.map((row) => [row.logicalName, row]));
    let compared = 0;
    const wrong = catalog.entities().flatMap((entity) => {
      const row = byName.get(entity.logicalName);
      if (row === undefined) return [];
      compared++;
      return (
        [
          ["schemaName", entity.schemaName, row.schemaName],
          ["entitySetName", entity.entitySetName, row.entitySetName],
          ["objectTypeCode", entity.objectTypeCode, row.objectTypeCode],
          ["primaryIdAttribute", entity.primaryIdAttribute, row.primaryIdAttribute],
          // What stands between two tables has no name to show.
          [
            "primaryNameAttribute",
            entity.primaryNameAttribute,
            entity.isIntersect ? entity.primaryNameAttribute : row.primaryNameAttribute,
          ],
        ] as const
      ).flatMap(([what, mine, theirs]) =>
        theirs === null || theirs === undefined || mine === theirs
          ? []
          : [`${entity.logicalName} ${what}: ${mine} instead of ${theirs}`],
      );
    });
    expect(compared).toBeGreaterThan(150);
    expect(wrong).toEqual([]);
  });

  test("have a case's navigation properties to and from shipped tables", () => {
    const facts: Record<string, { name: string; type: string; partner?: string }[]> = JSON.parse(
      readFileSync(navigationFile, "utf8"),
    );
    const wrong = [...(facts.singleValued ?? []), ...(facts.collectionValued ?? [])]
      .filter((row) => catalog.byName(row.type) !== undefined)
      .flatMap((row) => {
        const found = catalog.navigation("incident", row.name);
        if (row.name in UNSHIPPED) return [];
        if (found === undefined) return [`${row.name} is missing`];
        if (found.kind === "manyToMany" || !row.partner) return [];
        const { relationship } = found;
        const partner =
          found.kind === "one"
            ? relationship.referencedNavigation
            : relationship.referencingNavigation;
        return partner === row.partner ? [] : [`${row.name}: ${partner}, not ${row.partner}`];
      });
    expect(wrong).toEqual([]);
  });
});
