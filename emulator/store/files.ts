import { randomUUID } from "node:crypto";
import type { Database } from "../model";

export interface StoredFile {
  readonly id: string;
  readonly name: string;
  readonly mimeType: string;
  readonly content: Uint8Array;
}

/** Where a file belongs: a column of one row. */
export interface FilePlace {
  readonly table: string;
  readonly rowId: string;
  readonly column: string;
}

/** A file that arrives in parts. */
export interface Upload extends FilePlace {
  readonly token: string;
  readonly name: string;
  readonly mimeType: string;
  readonly received: number;
}

/** Keeps a file in the place of the one that was there. Part of the caller's transaction. */
export function putFile(
  db: Database,
  place: FilePlace,
  file: Omit<StoredFile, "id">,
  id: string = randomUUID(),
): string {
  dropFile(db, place);
  db.prepare(
    'INSERT INTO "__file" (id, owner, name, mimetype, content) VALUES (?, ?, ?, ?, ?)',
  ).run(id, keyOf(place), file.name, file.mimeType, file.content);
  return id;
}

const keyOf = ({ rowId, column }: FilePlace) => `${rowId}/${column}`;

export function fileOf(db: Database, place: FilePlace): StoredFile | undefined {
  const row = db
    .prepare('SELECT id, name, mimetype, content FROM "__file" WHERE owner = ?')
    .get(keyOf(place));
  if (row === undefined) return undefined;
  return {
    id: String(row.id),
    name: String(row.name),
    mimeType: String(row.mimetype),
    content: row.content as Uint8Array,
  };
}

/** Name of the file with this id. */
export function fileName(db: Database, id: string): string | undefined {
  const row = db.prepare('SELECT name FROM "__file" WHERE id = ?').get(id);
  return row === undefined ? undefined : String(row.name);
}

export function dropFile(db: Database, place: FilePlace): void {
  db.prepare('DELETE FROM "__file" WHERE owner = ?').run(keyOf(place));
}

/** Files and unfinished uploads of a row that goes. */
export function dropFilesOf(db: Database, rowId: string): void {
  const range = [`${rowId}/`, `${rowId}0`];
  db.prepare('DELETE FROM "__file" WHERE owner >= ? AND owner < ?').run(...range);
  for (const { token } of db
    .prepare('SELECT token FROM "__upload" WHERE owner >= ? AND owner < ?')
    .all(...range))
    endUpload(db, String(token));
}

/** Begins to take a file in parts; an earlier try for the same column is forgotten. */
export function beginUpload(
  db: Database,
  place: FilePlace,
  name: string,
  mimeType: string,
): string {
  const owner = keyOf(place);
  for (const { token } of db.prepare('SELECT token FROM "__upload" WHERE owner = ?').all(owner))
    endUpload(db, String(token));
  const token = randomUUID();
  db.prepare(
    'INSERT INTO "__upload" (token, owner, place, name, mimetype, received) VALUES (?, ?, ?, ?, ?, 0)',
  ).run(token, owner, JSON.stringify(place), name, mimeType);
  return token;
}

export function uploadOf(db: Database, token: string): Upload | undefined {
  const row = db
    .prepare('SELECT place, name, mimetype, received FROM "__upload" WHERE token = ?')
    .get(token);
  if (row === undefined) return undefined;
  const { table, rowId, column } = JSON.parse(String(row.place)) as FilePlace;
  return {
    table,
    rowId,
    column,
    token,
    name: String(row.name),
    mimeType: String(row.mimetype),
    received: Number(row.received),
  };
}

export function addPart(db: Database, upload: Upload, content: Uint8Array): void {
  db.prepare('INSERT INTO "__upload_part" (token, part, content) VALUES (?, ?, ?)').run(
    upload.token,
    upload.received,
    content,
  );
  db.prepare('UPDATE "__upload" SET received = ? WHERE token = ?').run(
    upload.received + content.length,
    upload.token,
  );
}

/** All parts in order. */
export function joinParts(db: Database, token: string): Buffer {
  const rows = db
    .prepare('SELECT content FROM "__upload_part" WHERE token = ? ORDER BY part')
    .all(token);
  return Buffer.concat(rows.map((row) => row.content as Uint8Array));
}

export function endUpload(db: Database, token: string): void {
  db.prepare('DELETE FROM "__upload_part" WHERE token = ?').run(token);
  db.prepare('DELETE FROM "__upload" WHERE token = ?').run(token);
}
