import type { Catalog, Database, EntityDefinition, Principal } from "../model";
import { depthOf, grantsOf } from "./grants";

/** What a field security profile lets its members do with a secured column. */
export type ColumnRight = "Create" | "Read" | "Update";

const allowed = 4;
const none: ReadonlySet<string> = new Set();
const secured = new WeakMap<EntityDefinition, readonly string[]>();

function securedColumns(entity: EntityDefinition): readonly string[] {
  let known = secured.get(entity);
  if (known === undefined) {
    known = entity.attributes
      .filter((attribute) => attribute.isSecured)
      .map(({ logicalName }) => logicalName);
    secured.set(entity, known);
  }
  return known;
}

/**
 * Secured columns of a table that the principal may not use in this way. Profiles are met by a user or through a team; the
 * built-in one, which allows everything, has administrators and the applications that act for others as its members.
 * Under impersonation both must be allowed.
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/field-security-entities
 */
export function hiddenColumns(
  { db, catalog }: { readonly db: Database; readonly catalog: Catalog },
  { systemUserId, onBehalfOf }: Principal,
  entity: EntityDefinition,
  right: ColumnRight,
): ReadonlySet<string> {
  const columns = securedColumns(entity);
  if (columns.length === 0 || catalog.byName("fieldpermission") === undefined) return none;
  const hidden = new Set<string>();
  for (const userId of onBehalfOf === undefined ? [systemUserId] : [systemUserId, onBehalfOf]) {
    const open = permitted(db, userId, entity, right);
    for (const column of columns) if (open !== "all" && !open.has(column)) hidden.add(column);
  }
  return hidden;
}

function permitted(
  db: Database,
  userId: string,
  entity: EntityDefinition,
  right: ColumnRight,
): ReadonlySet<string> | "all" {
  const grants = grantsOf(db, userId);
  if (grants === undefined) return none;
  if (grants.isAdministrator || depthOf(grants, "prvActOnBehalfOfAnotherUser") > 0) return "all";
  const rows = db
    .prepare(
      `SELECT DISTINCT p.attributelogicalname AS name FROM fieldpermission p
       WHERE p.entityname = ?1 AND p.can${right.toLowerCase()} = ${allowed} AND p.fieldsecurityprofileid IN (
         SELECT fieldsecurityprofileid FROM systemuserprofiles WHERE systemuserid = ?2
         UNION SELECT t.fieldsecurityprofileid FROM teamprofiles t JOIN teammembership m ON m.teamid = t.teamid WHERE m.systemuserid = ?2)`,
    )
    .all(entity.logicalName, userId);
  return new Set(rows.map((row) => String(row.name)));
}
