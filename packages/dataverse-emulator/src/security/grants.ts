import type { Database } from "../model";

/** Masks of `roleprivileges.privilegedepthmask`. */
export const depth = { basic: 1, local: 2, deep: 4, global: 8 } as const;

/** What one user may do, by his own roles and those of his teams. */
export interface Grants {
  readonly systemUserId: string;
  readonly businessUnitId: string;
  readonly isDisabled: boolean;
  readonly isAdministrator: boolean;
  readonly roleCount: number;
  /** Widest depth by privilege name. */
  readonly depths: ReadonlyMap<string, number>;
  readonly teamIds: readonly string[];
  /** Whether anything is shared with him or one of his teams. */
  readonly hasShares: boolean;
  /** His business unit and all below it. */
  readonly businessUnitIds: readonly string[];
}

const roles = `
  SELECT roleid FROM systemuserroles WHERE systemuserid = ?1
  UNION
  SELECT r.roleid FROM teamroles r JOIN teammembership m ON m.teamid = r.teamid WHERE m.systemuserid = ?1`;

const securityTables = [
  "systemuser",
  "systemuserroles",
  "role",
  "roleprivileges",
  "privilege",
  "teammembership",
  "teamroles",
  "businessunit",
  "principalobjectaccess",
];

interface Cache {
  writes: number;
  known: Map<string, Grants | undefined>;
  /** System user ids by `<column>=<value>`. */
  users: Map<string, string | undefined>;
  /** Ids of all privileges by lower-cased name. */
  privileges: ReadonlyMap<string, string> | undefined;
}

const caches = new WeakMap<Database, Cache>();

function cacheOf(db: Database): Cache {
  const writes = db.writes(securityTables);
  let cache = caches.get(db);
  if (cache === undefined || cache.writes !== writes) {
    cache = { writes, known: new Map(), users: new Map(), privileges: undefined };
    caches.set(db, cache);
  }
  return cache;
}

/** The grants of a user, or undefined when there is no such user; kept until a table of security changes. */
export function grantsOf(db: Database, systemUserId: string): Grants | undefined {
  const { known } = cacheOf(db);
  if (!known.has(systemUserId)) known.set(systemUserId, readGrants(db, systemUserId));
  return known.get(systemUserId);
}

/** Id of the user with this value, if there is one. */
export function findUser(
  db: Database,
  column: "applicationid" | "azureactivedirectoryobjectid" | "systemuserid",
  value: string | undefined,
): string | undefined {
  if (value === undefined || value === "" || value.length > 100) return undefined;
  const { users } = cacheOf(db);
  const key = `${column}=${value.toLowerCase()}`;
  if (!users.has(key)) {
    const row = db
      .prepare(`SELECT systemuserid FROM systemuser WHERE ${column} = ?`)
      .get(value.toLowerCase());
    // Whoever asks for users that are not there must not fill the memory.
    if (row === undefined) return undefined;
    users.set(key, String(row.systemuserid));
  }
  return users.get(key);
}

/** The id of a privilege by its name in any case, or undefined when there is none of that name. */
export function privilegeId(db: Database, name: string): string | undefined {
  const cache = cacheOf(db);
  cache.privileges ??= new Map(
    db
      .prepare("SELECT name, privilegeid FROM privilege")
      .all()
      .map((row) => [String(row.name).toLowerCase(), String(row.privilegeid)]),
  );
  return cache.privileges.get(name.toLowerCase());
}

function readGrants(db: Database, systemUserId: string): Grants | undefined {
  const user = db
    .prepare("SELECT businessunitid, isdisabled FROM systemuser WHERE systemuserid = ?")
    .get(systemUserId);
  if (user === undefined) return undefined;
  const roleRows = db
    .prepare(`SELECT r.roleid, r.name FROM role r WHERE r.roleid IN (${roles})`)
    .all(systemUserId);
  const granted = db
    .prepare(
      `SELECT p.name AS name, max(rp.privilegedepthmask) AS mask FROM roleprivileges rp
       JOIN privilege p ON p.privilegeid = rp.privilegeid WHERE rp.roleid IN (${roles}) GROUP BY p.name`,
    )
    .all(systemUserId);
  const units = db
    .prepare(
      `WITH RECURSIVE unit(id) AS (SELECT ?1 UNION SELECT b.businessunitid FROM businessunit b JOIN unit ON b.parentbusinessunitid = unit.id)
       SELECT id FROM unit`,
    )
    .all(user.businessunitid ?? null);
  const teams = db
    .prepare("SELECT teamid FROM teammembership WHERE systemuserid = ?")
    .all(systemUserId);
  return {
    systemUserId,
    businessUnitId: String(user.businessunitid),
    isDisabled: user.isdisabled === 1,
    isAdministrator: roleRows.some((row) => row.name === "System Administrator"),
    roleCount: roleRows.length,
    depths: new Map(granted.map((row) => [String(row.name).toLowerCase(), Number(row.mask)])),
    teamIds: teams.map((row) => String(row.teamid)),
    hasShares: isSharedWith(db, [systemUserId, ...teams.map((row) => String(row.teamid))]),
    businessUnitIds: units.map((row) => String(row.id)),
  };
}

const isSharedWith = (db: Database, principals: readonly string[]): boolean =>
  db
    .prepare(
      `SELECT 1 AS there FROM principalobjectaccess WHERE principalid IN (${principals.map(() => "?").join(", ")}) LIMIT 1`,
    )
    .get(...principals) !== undefined;

/** Widest depth of a privilege; 0 is none. An administrator has all of them. */
export const depthOf = (grants: Grants, privilege: string): number =>
  grants.isAdministrator ? depth.global : (grants.depths.get(privilege.toLowerCase()) ?? 0);
