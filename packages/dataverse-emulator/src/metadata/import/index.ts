import type { Database } from "../../model";
import { addColumn, addTable } from "../../store";
import type { Change, MutableCatalog } from "../catalog";
import { intersectTable } from "../definitions/intersects";
import { shadowsOf } from "../definitions/shadows/shadows";
import { entityOf } from "../entity";
import { readCsdl } from "./read-csdl";
import { type ImportedTables, tablesOf } from "./tables";

export { MetadataFileError } from "./read-csdl";

/** What an import did, for people. */
export interface ImportReport {
  tables: number;
  columns: number;
  relationships: number;
  /** What was left out, and why, one line each. */
  skipped: readonly string[];
}

/** First type code of the intersect tables of imported relationships. */
const FIRST_INTERSECT_CODE = 18_000;

/**
 * Takes the tables of a real environment's `$metadata` file into the catalog, and makes places for their rows. Shipped
 * tables stay as they are and get the columns that they lack. All or nothing; MetadataFileError says what is wrong.
 */
export function importMetadata(db: Database, catalog: MutableCatalog, text: string): ImportReport {
  const all = tablesOf(readCsdl(text), catalog);
  const isNew = (row: { schemaName: string }) => catalog.relationship(row.schemaName) === undefined;
  const imported = { ...all, manyToMany: all.manyToMany.filter(isNew) };
  catalog.change((change) => {
    putTables(db, imported, change);
    putAdditions(db, imported, change);
    for (const row of uniqueRelationships(catalog, imported)) change.putRelationship(row);
    putIntersects(db, catalog, imported, change);
  });
  return {
    tables: imported.entities.length,
    columns: count(imported.entities) + count(imported.additions),
    relationships: imported.oneToMany.length + imported.manyToMany.length,
    skipped: imported.skipped,
  };
}

function putTables(db: Database, { entities }: ImportedTables, change: Change): void {
  for (const entity of entities) {
    change.putEntity(entity);
    for (const attribute of entity.attributes) change.putAttribute(entity.logicalName, attribute);
    addTable(db, entity);
  }
}

function putAdditions(db: Database, { additions }: ImportedTables, change: Change): void {
  for (const { table, attributes } of additions) {
    addTable(db, table);
    for (const attribute of attributes) {
      const all = [attribute, ...shadowsOf(table.logicalName, attribute)];
      for (const one of all.filter((each) => table.attribute(each.logicalName) === undefined)) {
        change.putAttribute(table.logicalName, one);
      }
      if (table.logicalName !== "activitypointer") addColumn(db, table, attribute);
    }
  }
}

const count = (rows: readonly { attributes: readonly { attributeOf?: string }[] }[]): number =>
  rows.reduce(
    (sum, row) => sum + row.attributes.filter((one) => one.attributeOf === undefined).length,
    0,
  );

/** Relationships are known by their names; what a shipped one is called keeps its meaning. */
function uniqueRelationships(catalog: MutableCatalog, { oneToMany }: ImportedTables) {
  const taken = new Set<string>();
  return oneToMany.map((row) => {
    const isTaken = (name: string) =>
      taken.has(name.toLowerCase()) || catalog.relationship(name) !== undefined;
    const schemaName = isTaken(row.schemaName)
      ? `${row.schemaName}_${row.referencingEntity}_${row.referencingAttribute}`
      : row.schemaName;
    taken.add(schemaName.toLowerCase());
    return { ...row, schemaName };
  });
}

function putIntersects(
  db: Database,
  catalog: MutableCatalog,
  { manyToMany, entities }: ImportedTables,
  change: Change,
): void {
  const made = new Set(entities.map((entity) => entity.logicalName));
  let code = FIRST_INTERSECT_CODE;
  for (const row of manyToMany) {
    change.putRelationship(row);
    if (made.has(row.intersectEntity) || catalog.byName(row.intersectEntity)) continue;
    made.add(row.intersectEntity);
    const { head, columns } = intersectTable(row, ++code, { isCustom: true });
    const entity = entityOf(
      head,
      columns().map((column) => column.attribute),
    );
    change.putEntity(entity);
    for (const attribute of entity.attributes) {
      change.putAttribute(entity.logicalName, attribute);
    }
    addTable(db, entity);
  }
}
