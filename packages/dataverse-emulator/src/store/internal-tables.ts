import type { Database } from "../model";

/**
 * Tables that are no part of the definitions: sequences of autonumber columns, files and uploads in parts, rows that
 * were deleted from tables whose changes are followed, and shares of rows (with the columns of Dataverse's own table of that name).
 */
const TABLES = `
CREATE TABLE IF NOT EXISTS "__sequence" (name TEXT PRIMARY KEY, value INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS "__file" (id TEXT PRIMARY KEY, owner TEXT NOT NULL, name TEXT NOT NULL, mimetype TEXT NOT NULL, content BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS "ix___file_owner" ON "__file" (owner);
CREATE TABLE IF NOT EXISTS "__upload" (token TEXT PRIMARY KEY, owner TEXT NOT NULL, place TEXT NOT NULL, name TEXT NOT NULL, mimetype TEXT NOT NULL, received INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS "__upload_part" (token TEXT NOT NULL, part INTEGER NOT NULL, content BLOB NOT NULL, PRIMARY KEY (token, part));
CREATE TABLE IF NOT EXISTS "__upload_block" (token TEXT NOT NULL, id TEXT NOT NULL, content BLOB NOT NULL, PRIMARY KEY (token, id));
CREATE TABLE IF NOT EXISTS "__deleted" (entity TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL, PRIMARY KEY (entity, id)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS "ix___deleted_version" ON "__deleted" (entity, version);
CREATE TABLE IF NOT EXISTS "principalobjectaccess" (
  "principalobjectaccessid" TEXT NOT NULL PRIMARY KEY, "principalid" TEXT NOT NULL, "principaltypecode" TEXT NOT NULL,
  "objectid" TEXT NOT NULL, "objecttypecode" TEXT NOT NULL, "accessrightsmask" INTEGER NOT NULL,
  "inheritedaccessrightsmask" INTEGER NOT NULL, "changedon" TEXT, "versionnumber" INTEGER);
CREATE INDEX IF NOT EXISTS "ix_principalobjectaccess_objectid" ON "principalobjectaccess" ("objectid");
CREATE INDEX IF NOT EXISTS "ix_principalobjectaccess_principalid" ON "principalobjectaccess" ("principalid")`;

/** Makes what is missing of them; repeatable. Once at start, for every change of the schema costs all prepared statements. */
export const createInternalTables = (db: Database): void => db.exec(TABLES);
