import type { Catalog, Database } from "../model";
import { quote } from "./schema";

/** Well above zero, as a database of some age shows. */
const FIRST_VERSION = 1_000_000;

const TABLE =
  'CREATE TABLE IF NOT EXISTS "__version" (id INTEGER PRIMARY KEY CHECK (id = 1), value INTEGER NOT NULL)';

/**
 * Makes the counter of row versions, or moves it past the highest version that a bulk load left.
 *
 * @param known that version, when the loader knows it: looking for it reads every row
 */
export function prepareVersions(db: Database, catalog: Catalog, known?: number): void {
  db.exec(TABLE);
  let highest = Math.max(FIRST_VERSION, known ?? 0);
  for (const entity of known === undefined ? catalog.entities() : []) {
    if (entity.logicalName === "activitypointer") continue;
    const row = db
      .prepare(`SELECT max("versionnumber") AS top FROM ${quote(entity.logicalName)}`)
      .get();
    highest = Math.max(highest, Number(row?.top ?? 0));
  }
  db.prepare(
    'INSERT INTO "__version" (id, value) VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET value = max(value, excluded.value)',
  ).run(highest);
}

/** The next row version; one counter over all tables, part of the caller's transaction. */
export function nextVersion(db: Database): number {
  const row = db
    .prepare('UPDATE "__version" SET value = value + 1 WHERE id = 1 RETURNING value')
    .get();
  if (row === undefined) {
    throw new Error(
      "The version counter is missing: call prepareVersions(db, catalog) after createTables.",
    );
  }
  return Number(row.value);
}

/** `W/"1000017"` */
export function etagOf(version: unknown): string {
  return `W/"${version}"`;
}
