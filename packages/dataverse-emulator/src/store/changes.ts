import type { Database, EntityDefinition } from "../model";
import { nextVersion } from "./versions";

/** Bookkeeping of the platform itself, which cannot be tracked. */
const UNTRACKABLE: ReadonlySet<string> = new Set([
  "asyncoperation",
  "attribute",
  "customapi",
  "dependency",
  "entity",
  "fileattachment",
  "mailbox",
  "pluginassembly",
  "plugintracelog",
  "plugintype",
  "principalobjectaccess",
  "privilege",
  "processstage",
  "publisher",
  "roletemplate",
  "savedquery",
  "sdkmessage",
  "sdkmessagefilter",
  "sdkmessageprocessingstep",
  "solution",
  "solutioncomponent",
  "systemform",
  "teamtemplate",
  "unresolvedaddress",
  "userquery",
]);

/** `CanChangeTrackingBeEnabled`: a table whose rows are kept here, one by one, with a version each. */
export const canTrackChanges = (entity: EntityDefinition): boolean =>
  entity.tableType !== "Virtual" && !entity.isIntersect && !UNTRACKABLE.has(entity.logicalName);

/** `ChangeTrackingEnabled`: on for the service's own tables, and for custom ones when their maker says so. */
export const tracksChanges = (entity: EntityDefinition): boolean =>
  entity.changeTracking ?? (!entity.isCustom && canTrackChanges(entity));

/** A row that is there no more. */
export interface DeletedRow {
  readonly id: string;
  readonly version: number;
}

/** Remembers a deleted row for those who follow the table's changes; part of the caller's transaction. */
export function noteDeleted(db: Database, entity: EntityDefinition, id: string): void {
  if (!tracksChanges(entity)) return;
  db.prepare('INSERT OR REPLACE INTO "__deleted" (entity, id, version) VALUES (?, ?, ?)').run(
    entity.logicalName,
    id,
    nextVersion(db),
  );
}

/** The version that the last write got. */
export function currentVersion(db: Database): number {
  return Number(db.prepare('SELECT value FROM "__version" WHERE id = 1').get()?.value);
}

/** Changes before this version are not known: the database was put back, or made anew. */
export function firstKnownVersion(db: Database): number {
  const row = db.prepare(`SELECT version FROM "__deleted" WHERE entity = '' AND id = ''`).get();
  return Number(row?.version ?? 0);
}

/** Makes every version that was given out so far one whose changes are not known. */
export function forgetChanges(db: Database, version: number): void {
  db.prepare(`INSERT OR REPLACE INTO "__deleted" (entity, id, version) VALUES ('', '', ?)`).run(
    version,
  );
}
