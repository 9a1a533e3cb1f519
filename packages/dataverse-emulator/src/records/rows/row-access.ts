import type { EntityDefinition, Principal, Right, World } from "../../model";
import { quote } from "../../store";
import { accessDenied } from "./refusals";

type Place = Pick<World, "db" | "security">;

/** True when depth, ownership or a share brings the row within the right. The privilege itself is checked before. */
export function covers(
  place: Place,
  principal: Principal,
  right: Right,
  entity: EntityDefinition,
  id: string,
): boolean {
  const filter = place.security.rowFilter(principal, right, entity.logicalName, "t");
  if (filter === undefined) return true;
  const row = place.db
    .prepare(
      `SELECT 1 AS there FROM ${quote(entity.logicalName)} t WHERE t.${quote(entity.primaryIdAttribute)} = ? AND (${filter.sql})`,
    )
    .get(id, ...filter.parameters);
  return row !== undefined;
}

/** Refuses a row outside the depth of the principal's right. */
export function demandRow(
  place: Place,
  principal: Principal,
  right: Right,
  entity: EntityDefinition,
  id: string,
): void {
  if (!covers(place, principal, right, entity, id)) throw accessDenied();
}
