import {
  type AttributeDefinition,
  DataverseError,
  type EntityDefinition,
  type Principal,
  type SqlRow,
  type World,
} from "../../model";
import { noSuchKey, type RowKey, readKey } from "../../row-key";
import { quote } from "../../store";
import { badPayload, doesNotExist } from "./refusals";
import { readRow } from "./rows";

export interface Reference {
  readonly table: string;
  readonly id: string;
}

type Place = Pick<World, "db" | "catalog" | "security">;

/** The row that a bind names: `/accounts(<guid>)`, `accounts(<guid>)`, an absolute address, or an alternate key. */
export function readReference(
  place: Place,
  entity: EntityDefinition,
  property: string,
  value: unknown,
): Reference {
  const text = typeof value === "string" ? value : "";
  const path = text.replace(/^[a-z]+:\/\/[^/]+/i, "").replace(/^\/api\/data\/v9\.\d+/, "");
  const match = /^\/?(\w+)\((.*)\)$/s.exec(path);
  const target = match === null ? undefined : place.catalog.bySet(match[1] ?? "");
  if (match !== null && target === undefined)
    throw new DataverseError(
      400,
      "0x80060888",
      `Resource not found for the segment '${match[1] ?? ""}'.`,
    );
  if (match === null || target === undefined) {
    throw badPayload(
      entity,
      `Resource not found for the segment '${text.slice(0, 100)}' of '${property}@odata.bind'.`,
    );
  }
  const key = keyOf(place, entity, target, property, match[2] ?? "");
  if (key.id === undefined) throw noSuchKey(target);
  return { table: target.logicalName, id: key.id };
}

/** A key that is none is an error of the payload here, not one of the address. */
function keyOf(
  place: Place,
  entity: EntityDefinition,
  target: EntityDefinition,
  property: string,
  text: string,
): RowKey {
  try {
    return readKey(text, target, place);
  } catch (error) {
    if (!(error instanceof DataverseError) || error.code !== "0x80060888") throw error;
    throw badPayload(
      entity,
      `'${text.slice(0, 100)}' of '${property}@odata.bind' is not a key of '${target.logicalName}'.`,
    );
  }
}

/** Refuses a row that is not there, or that the principal may not see: both look the same from outside. */
export function demandVisible(place: Place, principal: Principal, { table, id }: Reference): void {
  const target = place.catalog.byName(table);
  const key = target?.primaryIdAttribute ?? `${table}id`;
  const filter = place.security.rowFilter(principal, "Read", table, "t");
  const row = place.db
    .prepare(
      `SELECT 1 AS there FROM ${quote(table)} t WHERE t.${quote(key)} = ?${filter ? ` AND (${filter.sql})` : ""}`,
    )
    .get(id, ...(filter?.parameters ?? []));
  if (row === undefined) throw doesNotExist(table, id);
}

/** The stored row. @throws DataverseError 404 0x80040217 */
export function readReferenceRow(
  { db }: Pick<World, "db">,
  entity: EntityDefinition,
  id: string,
): SqlRow {
  const row = readRow(db, entity, id);
  if (row === undefined) throw doesNotExist(entity.logicalName, id);
  return row;
}

/** Tables that a lookup may point to; an owner is a user or a team. */
export function targetsOf(attribute: AttributeDefinition): readonly string[] {
  if (attribute.type === "Owner") return ["systemuser", "team"];
  return attribute.targets ?? [];
}
