import type { EntityDefinition, Principal, SqlRow, World } from "../../model";
import { demandVisible, type Reference } from "../rows/references";
import { accessDenied } from "../rows/refusals";
import { covers } from "../rows/row-access";
import type { Payload } from "./payload";

type Place = Pick<World, "db" | "catalog" | "security">;

/** Who owns and who touched a row is no link in the sense of Append: Assign guards the first, nobody writes the second. */
const unguarded: ReadonlySet<string> = new Set(["ownerid", "owningbusinessunit"]);

/**
 * Linking two rows takes Append on the one that points and AppendTo on the one pointed to, each within its depth.
 * @see https://learn.microsoft.com/power-platform/admin/security-roles-privileges
 */
export function demandLinks(
  place: Place,
  principal: Principal,
  entity: EntityDefinition,
  bound: Payload["bound"],
  before: SqlRow | undefined,
): void {
  for (const { attribute, reference } of bound) {
    demandVisible(place, principal, reference);
    if (before?.[attribute.logicalName] === reference.id || unguarded.has(attribute.logicalName))
      continue;
    demandLink(place, principal, { entity, id: idOf(entity, before) }, reference);
  }
}

const idOf = (entity: EntityDefinition, row: SqlRow | undefined) =>
  row === undefined ? undefined : String(row[entity.primaryIdAttribute]);

/** @param from the row that points; without an id while it is still being made */
export function demandLink(
  place: Place,
  principal: Principal,
  from: { readonly entity: EntityDefinition; readonly id: string | undefined },
  to: Reference,
): void {
  const { security } = place;
  const target = place.catalog.byName(to.table);
  security.demand(principal, "Append", from.entity.logicalName);
  security.demand(principal, "AppendTo", to.table);
  const isWithin =
    target !== undefined &&
    covers(place, principal, "AppendTo", target, to.id) &&
    (from.id === undefined || covers(place, principal, "Append", from.entity, from.id));
  if (!isWithin) throw accessDenied();
}
