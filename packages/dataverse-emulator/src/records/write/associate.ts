import { randomUUID } from "node:crypto";
import {
  DataverseError,
  type EntityDefinition,
  type ManyToManyDefinition,
  type OneToManyDefinition,
  type Principal,
  type SqlRow,
  type World,
} from "../../model";
import { hasTypeColumn, nextVersion, quote } from "../../store";
import { stamp } from "../derived/system-columns";
import { type Reference, readReferenceRow } from "../rows/references";
import { duplicateRow, missingField } from "../rows/refusals";
import { updateRow } from "../rows/rows";
import { demandLink } from "./links";

type Place = Pick<World, "db" | "catalog" | "security" | "now">;
type Link = (
  place: Place,
  table: string,
  id: string,
  navigation: string,
  target: Reference,
  principal: Principal,
) => void;

/** Links two rows through a collection-valued navigation property. */
export const associate: Link = (place, table, id, navigation, target, principal) =>
  change(place, { table, id }, navigation, target, principal, true);

/** Takes a link away; one that is not there is left alone. */
export const disassociate: Link = (place, table, id, navigation, target, principal) =>
  change(place, { table, id }, navigation, target, principal, false);

function change(
  place: Place,
  own: Reference,
  navigation: string,
  target: Reference,
  principal: Principal,
  isLinked: boolean,
): void {
  const end = place.catalog.navigation(own.table, navigation);
  if (end === undefined || end.kind === "one")
    throw new DataverseError(
      400,
      "0x80060888",
      `'${navigation}' is no collection of '${own.table}'.`,
    );
  const entity = place.catalog.byName(own.table);
  const other = place.catalog.byName(target.table);
  if (entity === undefined || other === undefined)
    throw new DataverseError(400, "0x80060888", `'${target.table}' is no table.`);
  if (end.kind === "manyToMany") {
    demandLink(place, principal, { entity, id: own.id }, target);
    setIntersect(place, end.relationship, own, target, isLinked);
    return;
  }
  const row = readReferenceRow(place, other, target.id);
  demandLink(place, principal, { entity: other, id: target.id }, own);
  setLookup(place, end.relationship, other, row, own, principal, isLinked);
}

function setLookup(
  place: Place,
  { referencingAttribute }: OneToManyDefinition,
  entity: EntityDefinition,
  row: SqlRow,
  to: Reference,
  principal: Principal,
  isLinked: boolean,
): void {
  const attribute = entity.attribute(referencingAttribute);
  if (attribute === undefined || (!isLinked && row[referencingAttribute] !== to.id)) return;
  if (!isLinked && attribute.required === "SystemRequired")
    throw missingField(entity.logicalName, referencingAttribute);
  const columns = {
    [referencingAttribute]: isLinked ? to.id : null,
    ...(hasTypeColumn(attribute)
      ? { [`${referencingAttribute}__type`]: isLinked ? to.table : null }
      : {}),
  };
  stamp(entity, columns, principal, "modified", place.now());
  updateRow(place.db, entity, String(row[entity.primaryIdAttribute]), columns);
}

function setIntersect(
  { db, catalog }: Place,
  relationship: ManyToManyDefinition,
  own: Reference,
  target: Reference,
  isLinked: boolean,
): void {
  const table = relationship.intersectEntity;
  const isFirst = relationship.entity1 === own.table;
  const [ownColumn, otherColumn] = isFirst
    ? [relationship.entity1Attribute, relationship.entity2Attribute]
    : [relationship.entity2Attribute, relationship.entity1Attribute];
  const pair = { [ownColumn]: own.id, [otherColumn]: target.id };
  const where = Object.keys(pair)
    .map((name) => `${quote(name)} = ?`)
    .join(" AND ");
  if (!isLinked) {
    db.prepare(`DELETE FROM ${quote(table)} WHERE ${where}`).run(...Object.values(pair));
    // The deleted row leaves no version behind, so the counter tells that something changed.
    nextVersion(db);
    return;
  }
  const there = db
    .prepare(`SELECT 1 AS there FROM ${quote(table)} WHERE ${where}`)
    .get(...Object.values(pair));
  if (there !== undefined) throw duplicateRow();
  const key = catalog.byName(table)?.primaryIdAttribute ?? `${table}id`;
  const columns = { [key]: randomUUID(), ...pair, versionnumber: nextVersion(db) };
  const names = Object.keys(columns);
  db.prepare(
    `INSERT INTO ${quote(table)} (${names.map(quote).join(", ")}) VALUES (${names.map(() => "?").join(", ")})`,
  ).run(...Object.values(columns));
}
