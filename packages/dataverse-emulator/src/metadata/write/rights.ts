import { DataverseError, type Principal, type Right, type World } from "../../model";
import { depthOf, grantsOf, privilegeId } from "../../security";
import { demandUnlocked } from "../propagation";

const CUSTOMIZERS = ["System Administrator", "System Customizer"];

/** Roles a user holds directly and through teams. */
const ROLES = `
SELECT r."roleid" AS id, r."name" AS name FROM "role" r WHERE r."roleid" IN (
  SELECT "roleid" FROM "systemuserroles" WHERE "systemuserid" = ?1
  UNION SELECT tr."roleid" FROM "teamroles" tr JOIN "teammembership" tm ON tm."teamid" = tr."teamid" WHERE tm."systemuserid" = ?2)`;

function mayCustomize(world: World, userId: string, privilege: string): boolean {
  const roles = world.db.prepare(ROLES).all(userId, userId);
  if (roles.some((role) => CUSTOMIZERS.includes(String(role.name)))) return true;
  const grant = world.db.prepare(
    'SELECT 1 AS found FROM "roleprivileges" rp JOIN "privilege" p ON p."privilegeid" = rp."privilegeid" WHERE rp."roleid" = ? AND p."name" = ?',
  );
  return roles.some((role) => grant.get(String(role.id), privilege) !== undefined);
}

/**
 * Definitions are changed by administrators and customizers, or with the named privilege (`prvCreateEntity`).
 * With impersonation both users need it. Throws 403 0x80040220, and 400 0x80071151 while the lock that can be switched on is held.
 */
export function demandCustomizer(
  world: World,
  principal: Principal,
  right: Right | "Publish",
  kind: "Attribute" | "Entity" | "Relationship" | "OptionSet" | "Customization",
): void {
  demandUnlocked(world);
  const privilege = `prv${right}${kind}`;
  for (const userId of [principal.systemUserId, principal.onBehalfOf]) {
    if (userId === undefined || mayCustomize(world, userId, privilege)) continue;
    throw new DataverseError(
      403,
      "0x80040220",
      `Principal user (Id=${userId}, type=8) is missing ${privilege} privilege for entity '${kind.toLowerCase()}'. context.Caller=${userId}`,
    );
  }
}

/**
 * Definitions are read with a privilege of their own (`prvReadEntity`), which every shipped role has. With impersonation
 * both users need it. Throws 403 0x80040220.
 */
export function demandDefinitions(
  { db }: Pick<World, "db">,
  principal: Principal,
  kind: "Attribute" | "Entity" | "Relationship",
): void {
  const privilege = `prvRead${kind}`;
  const id = privilegeId(db, privilege);
  if (id === undefined) return;
  for (const userId of [principal.systemUserId, principal.onBehalfOf]) {
    const grants = userId === undefined ? undefined : grantsOf(db, userId);
    if (grants === undefined || depthOf(grants, privilege) > 0) continue;
    throw new DataverseError(
      403,
      "0x80040220",
      `Principal user (Id=${userId}, type=8, roleCount=${grants.roleCount}, privilegeCount=${grants.depths.size}, accessMode=0), is missing ${privilege} privilege (Id=${id}) for entity '${kind.toLowerCase()}'. context.Caller=${principal.systemUserId}`,
    );
  }
}
