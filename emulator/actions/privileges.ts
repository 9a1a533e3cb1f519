import {
  DataverseError,
  type Principal,
  type Right,
  type WebRequest,
  type WebResponse,
  type World,
} from "../model";
import { covers, doesNotExist, invalidArgument } from "./access";
import { argumentOf } from "./arguments";
import { targetOf } from "./reference";

/** Widest depth of each privilege over the roles a user holds directly and through teams. */
const PRIVILEGES = `
SELECT p."privilegeid" AS id, p."name" AS name, max(rp."privilegedepthmask") AS mask
FROM "roleprivileges" rp JOIN "privilege" p ON p."privilegeid" = rp."privilegeid"
WHERE rp."roleid" IN (
  SELECT "roleid" FROM "systemuserroles" WHERE "systemuserid" = ?
  UNION SELECT tr."roleid" FROM "teamroles" tr JOIN "teammembership" tm ON tm."teamid" = tr."teamid" WHERE tm."systemuserid" = ?)
GROUP BY p."privilegeid", p."name" ORDER BY p."name"`;

const DEPTHS: readonly (readonly [number, string])[] = [
  [8, "Global"],
  [4, "Deep"],
  [2, "Local"],
  [1, "Basic"],
];

function depthOf(mask: number): string {
  return DEPTHS.find(([bit]) => mask >= bit)?.[1] ?? "Basic";
}

function userOf(world: World, id: string): Principal {
  const row = world.records.read("systemuser", id);
  if (row === undefined) throw doesNotExist("systemuser", id);
  return {
    systemUserId: id,
    businessUnitId: String(row.businessunitid ?? ""),
    onBehalfOf: undefined,
  };
}

/** GET systemusers(id)/Microsoft.Dynamics.CRM.RetrieveUserPrivileges() */
export function retrieveUserPrivileges(request: WebRequest, world: World, id: string): WebResponse {
  const user = userOf(world, id);
  const rows = world.db.prepare(PRIVILEGES).all(id, id);
  return {
    status: 200,
    body: {
      "@odata.context": `${request.serviceRoot}$metadata#Microsoft.Dynamics.CRM.RetrieveUserPrivilegesResponse`,
      RolePrivileges: rows.map((row) => ({
        Depth: depthOf(Number(row.mask)),
        PrivilegeId: row.id,
        BusinessUnitId: user.businessUnitId,
        PrivilegeName: row.name,
        RecordFilterId: "00000000-0000-0000-0000-000000000000",
        RecordFilterUniqueName: "",
      })),
    },
  };
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

/** GET systemusers(id)/Microsoft.Dynamics.CRM.RetrievePrincipalAccess(Target=@t)?@t={"@odata.id":"accounts(…)"} */
export function retrievePrincipalAccess(
  request: WebRequest,
  world: World,
  id: string,
): WebResponse {
  const user = userOf(world, id);
  const text = argumentOf(request, "Target");
  let value: unknown;
  try {
    value = JSON.parse(text ?? "null");
  } catch {
    throw invalidArgument("'Target' is not valid JSON.");
  }
  const target = targetOf(world, value, "Target");
  const table = target.entity.logicalName;
  if (world.records.read(table, target.id) === undefined) throw doesNotExist(table, target.id);
  const rights = RIGHTS.filter((right) => has(world, user, right, table, target.id));
  return {
    status: 200,
    body: {
      "@odata.context": `${request.serviceRoot}$metadata#Microsoft.Dynamics.CRM.RetrievePrincipalAccessResponse`,
      AccessRights:
        rights.length === 0 ? "None" : rights.map((right) => `${right}Access`).join(", "),
    },
  };
}
