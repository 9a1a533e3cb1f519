import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { loadCatalog } from "../../../../emulator/metadata";
import type { AttributeDefinition, Catalog } from "../../../../emulator/model";
import { openDatabase } from "../../../../emulator/store";

const folder = join(__dirname, "..", "..", "..", "..", "..", "shared", "data");
const tablesFile = join(folder, "dataverse-tables-core.json");
const navigationFile = join(folder, "dataverse-incident-navigation.json");
const present = existsSync(tablesFile) && existsSync(navigationFile);

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
  attributes: Column[];
}

/** Where we differ from the facts on purpose. */
const EXPLAINED: Readonly<Record<string, string>> = {
  "activityparty.activityid targets":
    "the facts name the base table alone; parties hang on each activity table",
  "activitymimeattachment.objectid targets":
    "the facts' second source lists email and appointment too",
  "slakpiinstance.ownerid targets": "every owner is a user or a team",
  "slakpiinstance.regarding targets": "the facts' second source lists more tables",
};
/** Rules that hold for every table, where the source was silent or wrong. */
function explainedByRule(column: Column, what: string): boolean {
  const { logicalName } = column;
  // The address of an image is text; the source calls it an image.
  if (logicalName === "entityimage_url") return what === "type" || what === "maxLength";
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
  if (!ours.isPrimaryId) check("writable", ours.validForUpdate, column.readOnly !== true);
  return found;
}

(present ? describe : describe.skip)(
  present
    ? "the shipped tables"
    : "the shipped tables (skipped: ../shared/data with the facts is not beside this checkout)",
  () => {
    let catalog: Catalog;
    let tables: Record<string, Table>;
    beforeAll(async () => {
      catalog = loadCatalog(await openDatabase(":memory:"));
      tables = JSON.parse(readFileSync(tablesFile, "utf8")).tables;
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
        ];
        const theirs = [
          table.schemaName,
          table.entitySetName,
          table.objectTypeCode,
          table.primaryIdAttribute,
          table.primaryNameAttribute ?? null,
          table.ownership ?? "None",
        ];
        return JSON.stringify(mine) === JSON.stringify(theirs) ? [] : [table.logicalName];
      });
      expect(Object.keys(tables)).toHaveLength(45);
      expect(wrong).toEqual([]);
    });

    test("have every column as the facts say, but for an explained few", () => {
      const wrong = Object.values(tables).flatMap((table) =>
        table.attributes.flatMap((column) => {
          const ours = catalog.byName(table.logicalName)?.attribute(column.logicalName);
          return ours === undefined
            ? [`${table.logicalName}.${column.logicalName} is missing`]
            : differences(table.logicalName, column, ours);
        }),
      );
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
  },
);
