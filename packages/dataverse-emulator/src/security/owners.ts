import type { Database, EntityDefinition, Principal } from "../model";
import { depthOf, grantsOf, privilegeId } from "./grants";
import { missingPrivilege, privilegeCount } from "./missing-privilege";
import { privilegeName } from "./nouns";

/** Roles of a team itself; its members' own do not count. */
const teamRoles =
  "SELECT rp.privilegeid FROM teamroles t JOIN roleprivileges rp ON rp.roleid = t.roleid WHERE t.teamid = ?";

interface TeamRights {
  readonly count: number;
  readonly isAdministrator: boolean;
  readonly has: (privilege: string | undefined) => boolean;
}

function rightsOfTeam(db: Database, teamId: string): TeamRights {
  const ids = new Set(
    db
      .prepare(teamRoles)
      .all(teamId)
      .map((row) => String(row.privilegeid)),
  );
  const administrator = db
    .prepare(
      "SELECT 1 AS there FROM teamroles t JOIN role r ON r.roleid = t.roleid WHERE t.teamid = ? AND r.name = 'System Administrator'",
    )
    .get(teamId);
  return {
    count: ids.size,
    isAdministrator: administrator !== undefined,
    has: (privilege) => privilege !== undefined && ids.has(privilege),
  };
}

/**
 * A row goes to nobody who may not read rows of its kind.
 *
 * @throws DataverseError 403 0x80040299
 */
export function demandReadingOwner(
  db: Database,
  entity: EntityDefinition,
  owner: { readonly id: string; readonly isTeam: boolean },
  principal: Principal,
): void {
  const privilege = privilegeName("Read", entity);
  const id = privilegeId(db, privilege);
  // A table that came without privileges is read by all.
  if (id === undefined) return;
  const who = owner.isTeam ? teamWithout(db, owner.id, id) : userWithout(db, owner.id, privilege);
  if (who === undefined) return;
  const words = `Read Privilege Check For Owner failed. ${who}`;
  throw missingPrivilege(db, "0x80040299", words, "Read", entity, principal);
}

function userWithout(db: Database, userId: string, privilege: string): string | undefined {
  const grants = grantsOf(db, userId);
  if (grants === undefined || depthOf(grants, privilege) > 0) return undefined;
  return `Principal user (Id=${userId}, type=8, roleCount=${grants.roleCount}, privilegeCount=${grants.depths.size}, MetadataCachePrivilegesCount=${privilegeCount(db)}, businessUnitId=${grants.businessUnitId})`;
}

function teamWithout(db: Database, teamId: string, privilegeId: string): string | undefined {
  const team = db.prepare("SELECT businessunitid, teamtype FROM team WHERE teamid = ?").get(teamId);
  const rights = rightsOfTeam(db, teamId);
  if (team === undefined || rights.isAdministrator || rights.has(privilegeId)) return undefined;
  return `Principal team (Id=${teamId}, type=9, teamType=${team.teamtype ?? 0}, privilegeCount=${rights.count}, MetadataCachePrivilegesCount=${privilegeCount(db)}, businessUnitId=${team.businessunitid ?? ""})`;
}
