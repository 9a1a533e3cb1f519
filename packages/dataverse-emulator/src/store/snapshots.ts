import type { Database } from "../model";
import { forgetChanges } from "./changes";
import { quote } from "./schema";

/** Copies of the whole database under names, in memory, and the way back to one. */
export interface Snapshots {
  names(): string[];
  take(name: string): void;
  /** False when there is none of that name. */
  restore(name: string): boolean;
}

/** SQLite attaches ten databases at most. */
export const mostSnapshots = 8;

interface Thing {
  readonly type: string;
  readonly name: string;
  readonly sql: string;
}

interface Copy {
  readonly schema: string;
  readonly things: readonly Thing[];
}

/** What was made by SQL, in an order in which it can be made again; SQLite's own things come along with theirs. */
function thingsOf(db: Database): Thing[] {
  return db
    .prepare(
      `SELECT type, name, sql FROM main.sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite!_%' ESCAPE '!'
       ORDER BY CASE type WHEN 'table' THEN 0 WHEN 'index' THEN 1 WHEN 'view' THEN 2 ELSE 3 END`,
    )
    .all()
    .map((row) => ({ type: String(row.type), name: String(row.name), sql: String(row.sql) }));
}

/** Drops every table and view. */
export function dropEverything(db: Database, keep: (table: string) => boolean = () => false): void {
  for (const { type, name } of thingsOf(db).reverse()) {
    if (type === "view") db.exec(`DROP VIEW ${quote(name)}`);
    if (type === "table" && !keep(name)) db.exec(`DROP TABLE ${quote(name)}`);
  }
}

const value = (db: Database, sql: string): unknown => db.prepare(sql).get()?.value;
const hasTable = (db: Database, name: string) =>
  db.prepare("SELECT 1 AS there FROM main.sqlite_master WHERE name = ?").get(name) !== undefined;

/**
 * Versions only grow: what was seen of rows and of definitions before going back must not look current afterwards. A new
 * origin makes every stamp of RetrieveMetadataChanges an expired one, and so is every delta link.
 */
export function carryVersions(db: Database, work: () => void): void {
  const before = versionsOf(db);
  work();
  const after = versionsOf(db);
  if (after.rows !== undefined) {
    const next = Math.max(before.rows ?? 0, after.rows) + 1;
    db.prepare('UPDATE "__version" SET value = ? WHERE id = 1').run(next);
    if (hasTable(db, "__deleted")) forgetChanges(db, next);
  }
  if (after.schema === undefined) return;
  const moved = new Date(Math.max(before.origin ?? 0, after.origin ?? 0) + 1_000);
  const [year, month, day] = moved.toISOString().slice(0, 10).split("-");
  const origin = `${month}/${day}/${year} ${moved.toISOString().slice(11, 19)}`;
  db.prepare('UPDATE "_metadata_state" SET version = ?, origin = ? WHERE id = 1').run(
    Math.max(before.schema ?? 0, after.schema) + 1,
    origin,
  );
}

function versionsOf(db: Database) {
  const number = (found: unknown) => (found === undefined ? undefined : Number(found));
  const isCustomizable = hasTable(db, "_metadata_state");
  const origin = isCustomizable
    ? Date.parse(`${value(db, 'SELECT origin AS value FROM "_metadata_state"')} UTC`)
    : Number.NaN;
  return {
    rows: hasTable(db, "__version")
      ? number(value(db, 'SELECT value FROM "__version"'))
      : undefined,
    schema: isCustomizable
      ? number(value(db, 'SELECT version AS value FROM "_metadata_state"'))
      : undefined,
    origin: Number.isNaN(origin) ? undefined : origin,
  };
}

export function createSnapshots(db: Database): Snapshots {
  const copies = new Map<string, Copy>();
  return {
    names: () => [...copies.keys()],
    take(name) {
      const known = copies.get(name);
      if (known !== undefined) db.exec(`DETACH DATABASE ${known.schema}`);
      const taken = new Set([...copies.values()].map((copy) => copy.schema));
      const schema =
        known?.schema ??
        Array.from({ length: mostSnapshots }, (_, index) => `snapshot_${index}`).find(
          (one) => !taken.has(one),
        );
      if (schema === undefined) throw new RangeError(`There can be ${mostSnapshots} snapshots.`);
      db.exec(`ATTACH DATABASE ':memory:' AS ${schema}`);
      const things = thingsOf(db);
      db.transaction(() => {
        for (const { type, name: table } of things) {
          if (type !== "table") continue;
          db.exec(`CREATE TABLE ${schema}.${quote(table)} AS SELECT * FROM main.${quote(table)}`);
        }
      });
      copies.set(name, { schema, things });
    },
    restore(name) {
      const copy = copies.get(name);
      if (copy === undefined) return false;
      db.transaction(() => carryVersions(db, () => putBack(db, copy)));
      return true;
    },
  };
}

function putBack(db: Database, { schema, things }: Copy): void {
  dropEverything(db);
  for (const { type, name, sql } of things) {
    if (type !== "table") continue;
    db.exec(sql);
    db.exec(`INSERT INTO main.${quote(name)} SELECT * FROM ${schema}.${quote(name)}`);
  }
  for (const { type, sql } of things) if (type !== "table") db.exec(sql);
}

/** Leaves the database as it was before its first table of rows: those of the emulator itself stay, empty. */
export function emptyDatabase(db: Database): void {
  const isOwn = (table: string) => table.startsWith("_");
  dropEverything(db, isOwn);
  for (const { type, name } of thingsOf(db)) {
    if (type === "table" && name !== "_metadata_state") db.exec(`DELETE FROM ${quote(name)}`);
  }
}
