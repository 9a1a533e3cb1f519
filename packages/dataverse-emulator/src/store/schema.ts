import type { AttributeDefinition, Catalog, Database, EntityDefinition } from "../model";
import { FOLDING_EDITION } from "./fold";
import { createInternalTables } from "./internal-tables";

/** SQL identifier in double quotes. */
export function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** False for shadows (`customeridname`), party lists, managed properties and virtual columns: they have no column in SQL. */
export function isStored(attribute: AttributeDefinition): boolean {
  return (
    attribute.attributeOf === undefined &&
    attribute.type !== "PartyList" &&
    attribute.type !== "ManagedProperty" &&
    attribute.type !== "Virtual"
  );
}

/** True when the column has a companion `x__type` that names the table its GUID points to. */
export function hasTypeColumn(attribute: AttributeDefinition): boolean {
  const { type, targets } = attribute;
  return (
    (type === "Lookup" || type === "Customer" || type === "Owner") &&
    targets !== undefined &&
    targets.length > 1
  );
}

/** True when the column has a stored companion `x__fold`: the primary name and e-mail addresses. */
export function hasFoldColumn(attribute: AttributeDefinition): boolean {
  return (
    attribute.type === "String" &&
    isStored(attribute) &&
    (attribute.isPrimaryName || attribute.format === "Email")
  );
}

/** `alias."column"` */
export function columnSql(attribute: string, alias: string): string {
  return `${alias}.${quote(attribute)}`;
}

/** SQL expression of a text column as it is compared: its stored shadow, or `fold(column)`. */
export function foldedSql(
  entity: EntityDefinition,
  attribute: AttributeDefinition,
  alias: string,
): string {
  // The view unites tables whose primary names are all "subject", so it has the shadow too.
  return hasFoldColumn(attribute) && entity.attribute(attribute.logicalName) !== undefined
    ? columnSql(`${attribute.logicalName}__fold`, alias)
    : `fold(${columnSql(attribute.logicalName, alias)})`;
}

const REAL_TYPES: ReadonlySet<string> = new Set(["Decimal", "Double", "Money"]);
const INTEGER_TYPES: ReadonlySet<string> = new Set([
  "BigInt",
  "Boolean",
  "Integer",
  "Picklist",
  "State",
  "Status",
]);

function sqlType(attribute: AttributeDefinition): string {
  if (INTEGER_TYPES.has(attribute.type)) return "INTEGER";
  return REAL_TYPES.has(attribute.type) ? "REAL" : "TEXT";
}

/** Physical columns of one attribute: name and SQL type. */
function physicalColumns(attribute: AttributeDefinition): { name: string; type: string }[] {
  if (!isStored(attribute)) return [];
  const name = attribute.logicalName;
  const columns = [{ name, type: sqlType(attribute) }];
  if (hasTypeColumn(attribute)) columns.push({ name: `${name}__type`, type: "TEXT" });
  if (hasFoldColumn(attribute)) columns.push({ name: `${name}__fold`, type: "TEXT" });
  return columns;
}

/** Names of the stored columns of a table, companions included, in definition order. */
export function storedColumns(entity: EntityDefinition): string[] {
  return entity.attributes.flatMap((attribute) =>
    physicalColumns(attribute).map((column) => column.name),
  );
}

function isView(entity: EntityDefinition): boolean {
  return entity.logicalName === "activitypointer";
}

/** What is read most; SQLite steps through all columns that stand before the one it wants. */
const FRONT: readonly string[] = [
  "versionnumber",
  "statecode",
  "statuscode",
  "prioritycode",
  "createdon",
  "modifiedon",
  "ownerid",
  "owningbusinessunit",
  "customerid",
  "primarycontactid",
  "ticketnumber",
];

/** The key first, then what is read most, long texts last: they spill over into pages of their own. */
function placeOf(entity: EntityDefinition, { logicalName, type }: AttributeDefinition): number {
  if (logicalName === entity.primaryIdAttribute) return 0;
  const front = FRONT.indexOf(logicalName);
  if (front >= 0) return 1 + front;
  return type === "Memo" || type === "Image"
    ? 100
    : logicalName === entity.primaryNameAttribute
      ? 50
      : 60;
}

/**
 * @param options `key: false` leaves the primary key to `createIndexes`, for a load into the empty table: ids come in no
 * order, and an index that is sorted once costs half of one that is kept row by row
 */
export function addTable(
  db: Database,
  entity: EntityDefinition,
  options: { key?: boolean } = {},
): void {
  const key = (options.key ?? true) ? " NOT NULL PRIMARY KEY" : " NOT NULL";
  const attributes = [...entity.attributes].sort(
    (one, other) => placeOf(entity, one) - placeOf(entity, other),
  );
  const columns = attributes.flatMap((attribute) =>
    physicalColumns(attribute).map(
      ({ name, type }) => `${quote(name)} ${type}${name === entity.primaryIdAttribute ? key : ""}`,
    ),
  );
  // Intersect tables and definitions without the column still take part in optimistic concurrency.
  if (entity.attribute("versionnumber") === undefined) columns.push('"versionnumber" INTEGER');
  db.exec(`CREATE TABLE IF NOT EXISTS ${quote(entity.logicalName)} (${columns.join(", ")})`);
}

export function dropTable(db: Database, logicalName: string): void {
  db.exec(`DROP TABLE IF EXISTS ${quote(logicalName)}`);
}

function existingColumns(db: Database, table: string): Set<string> {
  const rows = db.prepare(`SELECT name FROM pragma_table_info(?)`).all(table);
  return new Set(rows.map((row) => String(row.name)));
}

/** Adds what is missing of one attribute; repeatable. */
export function addColumn(
  db: Database,
  entity: EntityDefinition,
  attribute: AttributeDefinition,
): void {
  const present = existingColumns(db, entity.logicalName);
  for (const { name, type } of physicalColumns(attribute)) {
    if (!present.has(name)) {
      db.exec(`ALTER TABLE ${quote(entity.logicalName)} ADD COLUMN ${quote(name)} ${type}`);
    }
  }
}

export function dropColumn(db: Database, entity: EntityDefinition, logicalName: string): void {
  const present = existingColumns(db, entity.logicalName);
  for (const name of [logicalName, `${logicalName}__type`, `${logicalName}__fold`]) {
    if (!present.has(name)) continue;
    db.exec(`DROP INDEX IF EXISTS ${quote(indexName(entity.logicalName, name))}`);
    db.exec(`ALTER TABLE ${quote(entity.logicalName)} DROP COLUMN ${quote(name)}`);
  }
}

function indexName(table: string, column: string): string {
  return `ix_${table}_${column}`;
}

/** Lookups by which rows are found all the time, in whatever table they occur. */
const HOT_LOOKUPS: ReadonlySet<string> = new Set([
  "activityid",
  "customerid",
  "incidentid",
  "knowledgearticleid",
  "objectid",
  "ownerid",
  "parentcaseid",
  "parentcustomerid",
  "partyid",
  "primarycontactid",
  "queueid",
  "regardingobjectid",
  "roleid",
  "systemuserid",
  "teamid",
]);
const HOT_COLUMNS: ReadonlySet<string> = new Set([
  "azureactivedirectoryobjectid",
  "createdon",
  "modifiedon",
  "statecode",
  "ticketnumber",
]);

/** What stands behind a hot column in its index: the newest of a state are asked for most, open cases by priority. */
const BEHIND: Readonly<Record<string, readonly string[]>> = {
  statecode: ["createdon", "prioritycode"],
};

/** People are found by their first address; second and third ones, and those copied to cases, are too seldom asked for. */
const isLookedUp = ({ isPrimaryName, logicalName }: AttributeDefinition): boolean =>
  isPrimaryName || logicalName === "emailaddress1" || logicalName === "internalemailaddress";

function indexedColumns(entity: EntityDefinition): string[] {
  const columns = entity.attributes
    .filter(
      (attribute) =>
        isStored(attribute) &&
        attribute.logicalName !== entity.primaryIdAttribute &&
        (HOT_LOOKUPS.has(attribute.logicalName) || HOT_COLUMNS.has(attribute.logicalName)),
    )
    .map((attribute) => attribute.logicalName);
  const shadows = entity.attributes
    .filter((attribute) => hasFoldColumn(attribute) && isLookedUp(attribute))
    .map((attribute) => `${attribute.logicalName}__fold`);
  return [...columns, ...shadows];
}

/** Tables whose primary key was declared with them. */
function tablesWithKey(db: Database): Set<string> {
  const rows = db
    .prepare("SELECT tbl_name FROM sqlite_master WHERE type = 'index' AND sql IS NULL")
    .all();
  return new Set(rows.map((row) => String(row.tbl_name)));
}

/**
 * Indexes of every table, and the keys of those made without. After a load rather than before: five times cheaper. SQLite
 * sorts in pieces as large as its cache where temporary data may go to a file, and those that fit the processor's cache
 * are sorted in two thirds of the time.
 */
export function createIndexes(db: Database, catalog: Catalog): void {
  const cache = Number(db.prepare("PRAGMA cache_size").get()?.cache_size);
  db.exec("PRAGMA cache_size = -2048");
  try {
    createEachIndex(db, catalog);
  } finally {
    db.exec(`PRAGMA cache_size = ${cache}`);
  }
}

function createEachIndex(db: Database, catalog: Catalog): void {
  const withKey = tablesWithKey(db);
  for (const entity of catalog.entities()) {
    if (isView(entity)) continue;
    const { logicalName, primaryIdAttribute } = entity;
    if (!withKey.has(logicalName))
      db.exec(
        `CREATE UNIQUE INDEX IF NOT EXISTS ${quote(`key_${logicalName}`)} ON ${quote(logicalName)} (${quote(primaryIdAttribute)})`,
      );
    for (const column of indexedColumns(entity)) {
      const name = quote(indexName(entity.logicalName, column));
      const behind = (BEHIND[column] ?? []).filter((each) => entity.attribute(each));
      // Rows that point nowhere are not looked up by it, and need no place in it.
      const some = HOT_LOOKUPS.has(column) ? ` WHERE ${quote(column)} IS NOT NULL` : "";
      db.exec(
        `CREATE INDEX IF NOT EXISTS ${name} ON ${quote(entity.logicalName)} (${[column, ...behind].map(quote).join(", ")})${some}`,
      );
    }
  }
}

/** `activitypointer`: the columns of its definition over every activity table. Made anew after a schema change of one. */
export function createActivityView(db: Database, catalog: Catalog): void {
  const pointer = catalog.byName("activitypointer");
  if (pointer === undefined) return;
  const columns = [...new Set([...storedColumns(pointer), "versionnumber"])];
  const parts = catalog
    .entities()
    .filter((entity) => entity.isActivity && !isView(entity))
    .map((entity) => {
      const own = existingColumns(db, entity.logicalName);
      const list = columns.map((column) => {
        if (column === "activitytypecode") return `'${entity.logicalName}' AS "activitytypecode"`;
        const source = viewSource(entity, column, own);
        return `${source} AS ${quote(column)}`;
      });
      return `SELECT ${list.join(", ")} FROM ${quote(entity.logicalName)}`;
    });
  if (parts.length === 0) return;
  db.exec('DROP VIEW IF EXISTS "activitypointer"');
  db.exec(`CREATE VIEW "activitypointer" AS ${parts.join(" UNION ALL ")}`);
}

function viewSource(entity: EntityDefinition, column: string, own: ReadonlySet<string>): string {
  if (own.has(column)) return quote(column);
  const base = column.replace(/__(type|fold)$/, "");
  if (column.endsWith("__fold") && own.has(base)) return `fold(${quote(base)})`;
  const target = entity.attribute(base)?.targets?.[0];
  // A lookup with one target in this table and several in the view: its type is known.
  if (column.endsWith("__type") && own.has(base) && target !== undefined) {
    return `CASE WHEN ${quote(base)} IS NULL THEN NULL ELSE '${target}' END`;
  }
  return "NULL";
}

/** All tables, the activity view and, unless `indexes` is false, the indexes and primary keys. Repeatable. */
export function createTables(
  db: Database,
  catalog: Catalog,
  options: { indexes?: boolean } = {},
): void {
  const key = options.indexes ?? true;
  for (const entity of catalog.entities()) {
    if (!isView(entity)) addTable(db, entity, { key });
  }
  createInternalTables(db);
  createActivityView(db, catalog);
  if (key) createIndexes(db, catalog);
}

/**
 * Adds the columns that a file lacks which was made for other definitions, and folds anew what was folded by other rules.
 * `stamp` tells the definitions apart.
 */
export function addMissingColumns(db: Database, catalog: Catalog, stamp: number): void {
  const made = Number(db.prepare("PRAGMA user_version").get()?.user_version);
  if (made === editionOf(stamp)) return;
  for (const entity of catalog.entities()) {
    if (isView(entity)) continue;
    const present = existingColumns(db, entity.logicalName);
    for (const attribute of entity.attributes) {
      if (physicalColumns(attribute).some(({ name }) => !present.has(name)))
        addColumn(db, entity, attribute);
    }
  }
  createActivityView(db, catalog);
  foldAnew(db, catalog);
  markMade(db, stamp);
}

/** Definitions and rules of folding together. */
const editionOf = (stamp: number): number => (stamp + FOLDING_EDITION) | 0;

/** Notes which definitions the tables were made for. */
export const markMade = (db: Database, stamp: number): void =>
  db.exec(`PRAGMA user_version = ${editionOf(stamp)}`);

/** The companions, and the indexes over what is folded when it is compared. */
function foldAnew(db: Database, catalog: Catalog): void {
  for (const [table, column, shadow] of foldedColumns(catalog))
    db.exec(
      `UPDATE ${table} SET ${shadow} = fold(${column}) WHERE ${shadow} IS NOT fold(${column})`,
    );
  db.exec("REINDEX");
}

/** Makes the tables that a file of an earlier version lacks; an up-to-date file costs one query. */
export function addMissingTables(db: Database, catalog: Catalog): void {
  const rows = db.prepare("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')").all();
  const present = new Set(rows.map((row) => String(row.name)));
  const missing = catalog
    .entities()
    .filter((entity) => !present.has(entity.logicalName) && !isView(entity));
  if (missing.length === 0) return;
  for (const entity of missing) addTable(db, entity);
  if (missing.some((entity) => entity.isActivity)) createActivityView(db, catalog);
}

/** Fills the `__fold` companions that a bulk load left empty. */
export function fillFoldColumns(db: Database, catalog: Catalog): void {
  for (const [table, column, shadow] of foldedColumns(catalog))
    db.exec(
      `UPDATE ${table} SET ${shadow} = fold(${column}) WHERE ${shadow} IS NULL AND ${column} IS NOT NULL`,
    );
}

/** Quoted: a table, a column with a companion, and the companion. */
const foldedColumns = (catalog: Catalog) =>
  catalog
    .entities()
    .filter((entity) => !isView(entity))
    .flatMap((entity) =>
      entity.attributes
        .filter(hasFoldColumn)
        .map(
          ({ logicalName }) =>
            [quote(entity.logicalName), quote(logicalName), quote(`${logicalName}__fold`)] as const,
        ),
    );
