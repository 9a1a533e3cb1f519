import { randomUUID } from "node:crypto";
import {
  type AttributeDefinition,
  type Database,
  DataverseError,
  type EntityDefinition,
  type Principal,
  type SqlRow,
  type SqlValue,
  type World,
} from "../../model";
import { hiddenColumns } from "../../security";
import { dropFile, fileOf, isStored, putFile } from "../../store";
import { demandAllowedFile } from "../derived/blocked-files";
import { badPayload, doesNotExist } from "../rows/refusals";
import { demandRow } from "../rows/row-access";
import { readRow } from "../rows/rows";

/** Bytes on their way into a file column; JSON cannot say them. */
export class FileContent {
  readonly name: string;
  readonly mimeType: string;
  readonly bytes: Uint8Array;

  constructor(name: string, mimeType: string, bytes: Uint8Array) {
    this.name = name;
    this.mimeType = mimeType;
    this.bytes = bytes;
  }
}

/** A file to be kept under an id once its row is written; without content it goes. */
export interface FileChange {
  readonly column: string;
  readonly id: string;
  readonly content: FileContent | undefined;
}

/** What a write of a file column stores in it: the id of the file. */
export function fileChange(
  entity: EntityDefinition,
  { logicalName }: AttributeDefinition,
  value: unknown,
): FileChange {
  if (value === null) return { column: logicalName, id: "", content: undefined };
  if (value instanceof FileContent)
    return { column: logicalName, id: randomUUID(), content: value };
  throw badPayload(
    entity,
    `The file column '${logicalName}' takes no value here: send the bytes to ${entity.entitySetName}(<id>)/${logicalName}.`,
  );
}

export function writeFiles(
  db: Database,
  entity: EntityDefinition,
  rowId: string,
  changes: readonly FileChange[],
): void {
  for (const { column, id, content } of changes) {
    const place = { table: entity.logicalName, rowId, column };
    if (content !== undefined)
      demandAllowedFile(db, { name: content.name, type: content.mimeType });
    if (content === undefined) dropFile(db, place);
    else
      putFile(
        db,
        place,
        { name: content.name, mimeType: content.mimeType, content: content.bytes },
        id,
      );
  }
}

/** Keeps an image's id and address in step with the image. */
export function completeImages(
  entity: EntityDefinition,
  id: string,
  columns: Record<string, SqlValue>,
  now: Date,
): void {
  for (const { logicalName, type } of entity.attributes) {
    if (type !== "Image" || columns[logicalName] === undefined) continue;
    const isGone = columns[logicalName] === null;
    const url = `/Image/download.aspx?Entity=${entity.logicalName}&Attribute=${logicalName}&Id=${id}&Timestamp=${now.getTime()}`;
    const companions: Readonly<Record<string, SqlValue>> = {
      [`${logicalName}id`]: randomUUID(),
      [`${logicalName}_url`]: url,
      [`${logicalName}_timestamp`]: now.getTime(),
    };
    for (const [name, value] of Object.entries(companions)) {
      const attribute = entity.attribute(name);
      if (attribute !== undefined && isStored(attribute)) columns[name] = isGone ? null : value;
    }
  }
}

type Place = Pick<World, "db" | "catalog" | "security">;

function rowFor(
  place: Place,
  principal: Principal,
  right: "Read" | "Write",
  table: string,
  id: string,
): { entity: EntityDefinition; row: SqlRow } {
  place.security.demand(principal, right, table);
  const entity = place.catalog.byName(table);
  const row = entity === undefined ? undefined : readRow(place.db, entity, id);
  if (entity === undefined || row === undefined) throw doesNotExist(table, id);
  demandRow(place, principal, right, entity, id);
  return { entity, row };
}

/** Refuses an upload that could not be kept in the end. */
export function demandUpload(place: Place, table: string, id: string, principal: Principal): void {
  rowFor(place, principal, "Write", table, id);
}

/** The bytes behind a file or image column, or undefined when there are none. */
export function readFile(
  place: Place,
  table: string,
  id: string,
  column: string,
  principal: Principal,
): FileContent | undefined {
  const { entity, row } = rowFor(place, principal, "Read", table, id);
  const attribute = entity.attribute(column);
  if (hiddenColumns(place, principal, entity, "Read").has(column))
    throw new DataverseError(
      403,
      "0x8004f504",
      "The user does not have read permissions to a secured field. The requested operation could not be completed.",
    );
  if (attribute?.type === "Image") {
    const value = row[column];
    if (typeof value !== "string") return undefined;
    return new FileContent(`${column}.png`, "image/png", Buffer.from(value, "base64"));
  }
  const file = fileOf(place.db, { table, rowId: id, column });
  return file && new FileContent(file.name, file.mimeType, file.content);
}
