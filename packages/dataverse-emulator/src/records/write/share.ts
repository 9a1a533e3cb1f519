import type { EntityDefinition, SqlRow, SqlValue, World } from "../../model";
import { type SharedWith, setShare, sharesOf } from "../../security";
import { followers } from "../derived/cascades";
import { readRow } from "../rows/rows";

type Place = Pick<World, "db" | "catalog" | "now">;

/**
 * Shares a row with a user or a team, in place of what that one had on it; a mask without bits takes the share away. What
 * belongs to the row is shared along. Part of the caller's transaction.
 */
export function shareRow(
  place: Place,
  entity: EntityDefinition,
  id: string,
  principal: SharedWith,
  mask: number,
): void {
  const { db } = place;
  const now = place.now();
  setShare(db, { table: entity.logicalName, id }, principal, { mask }, now);
  const owner = readRow(db, entity, id)?.ownerid;
  // Without bits the share is taken away.
  const action = mask === 0 ? "Unshare" : "Share";
  for (const child of followers(place, entity, id, action, owner)) {
    const row = { table: child.entity.logicalName, id: child.id };
    setShare(db, row, principal, { inheritedMask: mask }, now);
  }
}

/** A row that comes under a parent is shared with those whom the parent is shared with. */
export function inheritShares(
  place: Place,
  entity: EntityDefinition,
  id: string,
  columns: Readonly<Record<string, SqlValue>>,
  before: SqlRow | undefined,
): void {
  if (entity.ownership !== "UserOwned") return;
  for (const relationship of place.catalog.manyToOne(entity.logicalName)) {
    const { referencingAttribute: lookup, referencedEntity, cascades } = relationship;
    const parentId = columns[lookup];
    const rule = cascades?.Reparent ?? "NoCascade";
    if (rule === "NoCascade" || typeof parentId !== "string") continue;
    if (before?.[lookup] === parentId) continue;
    const type = columns[`${lookup}__type`];
    if (typeof type === "string" && type !== referencedEntity) continue;
    for (const share of sharesOf(place.db, { table: referencedEntity, id: parentId })) {
      const inheritedMask = share.mask | share.inheritedMask;
      const row = { table: entity.logicalName, id };
      setShare(place.db, row, share, { inheritedMask }, place.now());
    }
  }
}
