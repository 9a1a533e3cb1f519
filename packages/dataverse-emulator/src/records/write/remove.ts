import {
  DataverseError,
  type EntityDefinition,
  type OneToManyDefinition,
  type Principal,
} from "../../model";
import { runPlugIns } from "../../plug-ins";
import { forgetShares } from "../../security";
import { dropFilesOf, hasTypeColumn, quote } from "../../store";
import { audit } from "../derived/audit";
import { pointing } from "../derived/cascades";
import { recount } from "../derived/computed";
import { doesNotExist } from "../rows/refusals";
import { demandRow } from "../rows/row-access";
import { deleteRow, readRow, updateRow } from "../rows/rows";
import { demandOwnRows, entityOf, type Place } from "./write";

/** Deletes a row and, by the rules of its relationships, what hangs on it; or nothing at all. */
export function remove(place: Place, table: string, id: string, principal: Principal): void {
  const entity = entityOf(place, table);
  place.security.demand(principal, "Delete", table);
  demandOwnRows(entity, "Delete", false);
  if (readRow(place.db, entity, id) === undefined) throw doesNotExist(table, id);
  demandRow(place, principal, "Delete", entity, id);
  place.db.transaction(() => removeTree({ ...place, principal }, entity, id, new Set()));
}

interface Removal extends Place {
  readonly principal: Principal;
}

function removeTree(place: Removal, entity: EntityDefinition, id: string, seen: Set<string>): void {
  const key = `${entity.logicalName}:${id}`;
  if (seen.has(key)) return;
  seen.add(key);
  const before = readRow(place.db, entity, id);
  if (before !== undefined) runPlugIns(place, "Delete", entity, before);
  const relationships = place.catalog.oneToMany(entity.logicalName);
  for (const relationship of relationships) {
    if (relationship.deleteCascade === "Restrict") restrict(place, entity, relationship, id);
  }
  for (const relationship of relationships) follow(place, entity, relationship, id, seen);
  for (const {
    entity1,
    intersectEntity,
    entity1Attribute,
    entity2Attribute,
  } of place.catalog.manyToMany(entity.logicalName)) {
    const column = entity1 === entity.logicalName ? entity1Attribute : entity2Attribute;
    place.db.prepare(`DELETE FROM ${quote(intersectEntity)} WHERE ${quote(column)} = ?`).run(id);
  }
  forgetShares(place.db, id);
  dropFilesOf(place.db, id);
  deleteRow(place.db, entity, id);
  if (before !== undefined) audit(place, entity, id, before, undefined, place.principal);
  recount(place.db, entity.logicalName, before, undefined);
}

function restrict(
  place: Place,
  entity: EntityDefinition,
  relationship: OneToManyDefinition,
  id: string,
): void {
  const found = pointing(place, entity, relationship, id);
  if (found === undefined || found.ids.length === 0) return;
  throw new DataverseError(
    405,
    "0x80040227",
    "The object you tried to delete is associated with another object and cannot be deleted.",
  );
}

function follow(
  place: Removal,
  entity: EntityDefinition,
  relationship: OneToManyDefinition,
  id: string,
  seen: Set<string>,
): void {
  if (relationship.deleteCascade === "NoCascade" || relationship.deleteCascade === "Restrict")
    return;
  const found = pointing(place, entity, relationship, id);
  for (const otherId of found?.ids ?? []) {
    if (found === undefined || seen.has(`${found.other.logicalName}:${otherId}`)) continue;
    if (relationship.deleteCascade === "Cascade") removeTree(place, found.other, otherId, seen);
    else unlink(place, found.other, otherId, relationship.referencingAttribute);
  }
}

function unlink(place: Place, other: EntityDefinition, id: string, column: string): void {
  const attribute = other.attribute(column);
  const type = attribute && hasTypeColumn(attribute) ? { [`${column}__type`]: null } : {};
  updateRow(place.db, other, id, { [column]: null, ...type });
}
