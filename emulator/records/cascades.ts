import type { EntityDefinition, OneToManyDefinition, SqlValue, World } from "../model";
import { hasTypeColumn, quote } from "../store";

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
 * Rows that follow their parent in who owns them and whom they are shared with: those of parental relationships, which are
 * the ones that are deleted with it. Relationships that somebody made cascade nothing but deleting.
 */
export function followers(
  place: Place,
  entity: EntityDefinition,
  id: string,
): { entity: EntityDefinition; id: string }[] {
  const found: { entity: EntityDefinition; id: string }[] = [];
  const seen = new Set([id]);
  const walk = (parent: EntityDefinition, parentId: string): void => {
    for (const relationship of place.catalog.oneToMany(parent.logicalName)) {
      if (relationship.deleteCascade !== "Cascade") continue;
      const child = place.catalog.byName(relationship.referencingEntity);
      if (child?.ownership !== "UserOwned" || child.isCustom || parent.isCustom) continue;
      for (const childId of pointing(place, parent, relationship, parentId)?.ids ?? []) {
        if (seen.has(childId)) continue;
        seen.add(childId);
        found.push({ entity: child, id: childId });
        walk(child, childId);
      }
    }
  };
  walk(entity, id);
  return found;
}
