import type {
  CascadeAction,
  CascadeType,
  EntityDefinition,
  OneToManyDefinition,
  SqlValue,
  World,
} from "../../model";
import { hasTypeColumn, quote } from "../../store";

type Place = Pick<World, "db" | "catalog">;

/** Rows that point at this one through a relationship; a view holds none of its own. */
export function pointing(
  place: Place,
  entity: EntityDefinition,
  relationship: OneToManyDefinition,
  id: string,
): { other: EntityDefinition; ids: string[] } | undefined {
  const other = place.catalog.byName(relationship.referencingEntity);
  const attribute = other?.attribute(relationship.referencingAttribute);
  if (other === undefined || attribute === undefined || other.logicalName === "activitypointer")
    return undefined;
  const parameters: SqlValue[] = [id];
  if (hasTypeColumn(attribute)) parameters.push(entity.logicalName);
  const type = hasTypeColumn(attribute)
    ? ` AND ${quote(`${attribute.logicalName}__type`)} = ?`
    : "";
  const rows = place.db
    .prepare(
      `SELECT ${quote(other.primaryIdAttribute)} AS id FROM ${quote(other.logicalName)} WHERE ${quote(attribute.logicalName)} = ?${type}`,
    )
    .all(...parameters);
  return { other, ids: rows.map((row) => String(row.id)) };
}

/**
 * Rows that follow their parent when it is assigned or shared, by the rules of the relationships between them: all of
 * them, those that are still active, or those that belonged to the parent's owner.
 */
export function followers(
  place: Place,
  entity: EntityDefinition,
  id: string,
  action: CascadeAction,
  owner?: SqlValue,
): { entity: EntityDefinition; id: string }[] {
  const found: { entity: EntityDefinition; id: string }[] = [];
  const seen = new Set([id]);
  const walk = (parent: EntityDefinition, parentId: string): void => {
    for (const relationship of place.catalog.oneToMany(parent.logicalName)) {
      const rule = relationship.cascades?.[action] ?? "NoCascade";
      if (rule === "NoCascade") continue;
      const child = place.catalog.byName(relationship.referencingEntity);
      if (child?.ownership !== "UserOwned") continue;
      for (const childId of pointing(place, parent, relationship, parentId)?.ids ?? []) {
        if (seen.has(childId) || !follows(place, child, childId, rule, owner)) continue;
        seen.add(childId);
        found.push({ entity: child, id: childId });
        walk(child, childId);
      }
    }
  };
  walk(entity, id);
  return found;
}

function follows(
  { db }: Place,
  child: EntityDefinition,
  id: string,
  rule: CascadeType,
  owner: SqlValue | undefined,
): boolean {
  if (rule === "Cascade") return true;
  const column = rule === "Active" ? "statecode" : "ownerid";
  if (child.attribute(column) === undefined) return true;
  const row = db
    .prepare(
      `SELECT ${quote(column)} AS value FROM ${quote(child.logicalName)} WHERE ${quote(child.primaryIdAttribute)} = ?`,
    )
    .get(id);
  return row?.value === (rule === "Active" ? 0 : owner);
}
