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

/** SQL expression of the name of the file whose id a column holds. */
export const fileNameSql = (column: string): string =>
  `(SELECT f.name FROM "__file" f WHERE f.id = ${column})`;

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

/**
 * Keeps a block of a file under its id, in the place of one that was sent under it before.
 *
 * @returns false when the ids of the upload have another length
 */
export function addBlock(
  db: Database,
  { token }: Upload,
  id: string,
  content: Uint8Array,
): boolean {
  const other = db.prepare('SELECT id FROM "__upload_block" WHERE token = ? LIMIT 1').get(token);
  if (other !== undefined && String(other.id).length !== id.length) return false;
  db.prepare('INSERT OR REPLACE INTO "__upload_block" (token, id, content) VALUES (?, ?, ?)').run(
    token,
    id,
    content,
  );
  return true;
}

/** The blocks in the order of the ids, or undefined when one of them was not sent. */
export function joinBlocks(
  db: Database,
  token: string,
  ids: readonly string[],
): Buffer | undefined {
  const read = db.prepare('SELECT content FROM "__upload_block" WHERE token = ? AND id = ?');
  const blocks: Uint8Array[] = [];
  for (const id of ids) {
    const row = read.get(token, id);
    if (row === undefined) return undefined;
    blocks.push(row.content as Uint8Array);
  }
  return Buffer.concat(blocks);
}

/** The row and the column that a file belongs to. */
export function fileById(
  db: Database,
  id: string,
): Pick<FilePlace, "rowId" | "column"> | undefined {
  const row = db.prepare('SELECT owner FROM "__file" WHERE id = ?').get(id);
  const [rowId, column] = row === undefined ? [] : String(row.owner).split("/");
  return rowId === undefined || column === undefined ? undefined : { rowId, column };
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
  db.prepare('DELETE FROM "__upload_block" WHERE token = ?').run(token);
  db.prepare('DELETE FROM "__upload" WHERE token = ?').run(token);
}
