import {
  DataverseError,
  type Principal,
  type Right,
  type SqlRow,
  type WebRequest,
  type WebResponse,
  type World,
} from "../../model";
import { privilegeId } from "../../security";
import { covers, doesNotExist } from "../access";
import { jsonArgument, textArgument, textsArgument } from "../arguments";
import { targetOf } from "../reference";
import { depthName } from "./role-privileges";
import { teamRights } from "./team-access";

/** Widest depth of each privilege over the roles a user holds directly and through teams. */
const PRIVILEGES = `
SELECT p."privilegeid" AS id, p."name" AS name, max(rp."privilegedepthmask") AS mask
FROM "roleprivileges" rp JOIN "privilege" p ON p."privilegeid" = rp."privilegeid"
WHERE rp."roleid" IN (
  SELECT "roleid" FROM "systemuserroles" WHERE "systemuserid" = ?
  UNION SELECT tr."roleid" FROM "teamroles" tr JOIN "teammembership" tm ON tm."teamid" = tr."teamid" WHERE tm."systemuserid" = ?)
GROUP BY p."privilegeid", p."name" ORDER BY p."name"`;

function userOf(world: World, id: string): Principal {
  const row = world.records.read("systemuser", id);
  if (row === undefined) throw doesNotExist("systemuser", id);
  return {
    systemUserId: id,
    businessUnitId: String(row.businessunitid ?? ""),
    onBehalfOf: undefined,
  };
}

function privilegesAnswer(
  { serviceRoot }: WebRequest,
  name: string,
  rows: readonly SqlRow[],
  businessUnitId: string,
): WebResponse {
  return {
    status: 200,
    body: {
      "@odata.context": `${serviceRoot}$metadata#Microsoft.Dynamics.CRM.${name}Response`,
      RolePrivileges: rows.map((row) => ({
        Depth: depthName(Number(row.mask)),
        PrivilegeId: row.id,
        BusinessUnitId: businessUnitId,
        PrivilegeName: row.name,
        RecordFilterId: "00000000-0000-0000-0000-000000000000",
        RecordFilterUniqueName: "",
      })),
    },
  };
}

/** GET systemusers(id)/Microsoft.Dynamics.CRM.RetrieveUserPrivileges() */
export function retrieveUserPrivileges(request: WebRequest, world: World, id: string): WebResponse {
  const user = userOf(world, id);
  const rows = world.db.prepare(PRIVILEGES).all(id, id);
  return privilegesAnswer(request, "RetrieveUserPrivileges", rows, user.businessUnitId);
}

/** GET systemusers(id)/Microsoft.Dynamics.CRM.RetrieveUserSetOfPrivilegesByNames(PrivilegeNames=@p)?@p=["prvReadAccount"] */
export function retrieveUserPrivilegesByNames(
  request: WebRequest,
  world: World,
  id: string,
): WebResponse {
  const user = userOf(world, id);
  const names = new Set(textsArgument(request, "PrivilegeNames").map((name) => name.toLowerCase()));
  const rows = world.db
    .prepare(PRIVILEGES)
    .all(id, id)
    .filter((row) => names.has(String(row.name).toLowerCase()));
  const name = "RetrieveUserSetOfPrivilegesByNames";
  return privilegesAnswer(request, name, rows, user.businessUnitId);
}

/** GET systemusers(id)/Microsoft.Dynamics.CRM.RetrieveUserPrivilegeByPrivilegeName(PrivilegeName='prvReadAccount') */
export function retrieveUserPrivilegeByName(
  request: WebRequest,
  world: World,
  id: string,
): WebResponse {
  const user = userOf(world, id);
  const name = textArgument(request, "PrivilegeName");
  if (privilegeId(world.db, name) === undefined) throw doesNotExist("privilege", name);
  const rows = world.db
    .prepare(PRIVILEGES)
    .all(id, id)
    .filter((row) => String(row.name).toLowerCase() === name.toLowerCase());
  const operation = "RetrieveUserPrivilegeByPrivilegeName";
  return privilegesAnswer(request, operation, rows, user.businessUnitId);
}

const OF_TEAM = `
SELECT p."privilegeid" AS id, p."name" AS name, max(rp."privilegedepthmask") AS mask
FROM "roleprivileges" rp JOIN "privilege" p ON p."privilegeid" = rp."privilegeid"
WHERE rp."roleid" IN (SELECT "roleid" FROM "teamroles" WHERE "teamid" = ?)
GROUP BY p."privilegeid", p."name" ORDER BY p."name"`;

/** GET teams(id)/Microsoft.Dynamics.CRM.RetrieveTeamPrivileges() */
export function retrieveTeamPrivileges(request: WebRequest, world: World, id: string): WebResponse {
  const team = world.records.read("team", id);
  if (team === undefined) throw doesNotExist("team", id);
  const rows = world.db.prepare(OF_TEAM).all(id);
  return privilegesAnswer(
    request,
    "RetrieveTeamPrivileges",
    rows,
    String(team.businessunitid ?? ""),
  );
}

const RIGHTS: readonly Right[] = [
  "Read",
  "Write",
  "Append",
  "AppendTo",
  "Create",
  "Delete",
  "Share",
  "Assign",
];

function has(world: World, user: Principal, right: Right, table: string, id: string): boolean {
  try {
    world.security.demand(user, right, table);
  } catch (error) {
    if (error instanceof DataverseError && error.status === 403) return false;
    throw error;
  }
  return covers(world, user, right, table, id);
}

const userRights = (world: World, user: Principal, table: string, id: string): Right[] =>
  RIGHTS.filter((right) => has(world, user, right, table, id));

/** GET systemusers(id)/Microsoft.Dynamics.CRM.RetrievePrincipalAccess(Target=@t)?@t={"@odata.id":"accounts(…)"}, or of a team */
export function retrievePrincipalAccess(
  request: WebRequest,
  world: World,
  id: string,
): WebResponse {
  const target = targetOf(world, jsonArgument(request, "Target"), "Target");
  const table = target.entity.logicalName;
  if (world.records.read(table, target.id) === undefined) throw doesNotExist(table, target.id);
  const rights = request.path.startsWith("teams(")
    ? teamRights(world, id, table, target.id, RIGHTS)
    : userRights(world, userOf(world, id), table, target.id);
  return {
    status: 200,
    body: {
      "@odata.context": `${request.serviceRoot}$metadata#Microsoft.Dynamics.CRM.RetrievePrincipalAccessResponse`,
      AccessRights:
        rights.length === 0 ? "None" : rights.map((right) => `${right}Access`).join(", "),
    },
  };
}
