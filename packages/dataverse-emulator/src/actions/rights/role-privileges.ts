import { randomUUID } from "node:crypto";
import { DataverseError, type WebRequest, type WebResponse, type World } from "../../model";
import { nextVersion } from "../../store";
import { demandRow, doesNotExist, invalidArgument } from "../access";
import { guidArgument } from "../arguments";
import { isObject, parametersOf } from "../reference";

const masks: Readonly<Record<string, number>> = { Basic: 1, Local: 2, Deep: 4, Global: 8 };
const names = new Map(Object.entries(masks).map(([name, mask]) => [mask, name]));
/** PrivilegeDepth as a number, which the service takes too. */
const byNumber = ["Basic", "Local", "Deep", "Global"];
const guid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The widest depth that a mask holds. */
export function depthName(mask: number): string {
  for (const bit of [8, 4, 2, 1]) if ((mask & bit) !== 0) return names.get(bit) ?? "Basic";
  return "Basic";
}

interface Grant {
  readonly privilegeId: string;
  readonly mask: number;
}

function privilegeIdOf(world: World, value: unknown): string {
  if (typeof value !== "string" || !guid.test(value)) {
    throw invalidArgument("A privilege needs its PrivilegeId, a GUID.");
  }
  const id = value.toLowerCase();
  if (world.records.read("privilege", id) === undefined) throw doesNotExist("privilege", id);
  return id;
}

function grantsOf(world: World, value: unknown): Grant[] {
  if (!Array.isArray(value)) throw invalidArgument("Required field 'Privileges' is missing");
  return value.map((each: unknown) => {
    if (!isObject(each)) throw invalidArgument("'Privileges' must hold RolePrivilege objects.");
    const depth = typeof each.Depth === "number" ? byNumber[each.Depth] : each.Depth;
    const mask =
      typeof depth === "string" && Object.hasOwn(masks, depth) ? masks[depth] : undefined;
    if (mask === undefined) {
      throw new DataverseError(
        400,
        "0x80048d19",
        `Error identified in Payload provided by the user: '${String(each.Depth)}' is not a value of Microsoft.Dynamics.CRM.PrivilegeDepth: Basic, Local, Deep, Global.`,
      );
    }
    return { privilegeId: privilegeIdOf(world, each.PrivilegeId), mask };
  });
}

function give(world: World, roleId: string, { privilegeId, mask }: Grant): void {
  const { db } = world;
  db.prepare("DELETE FROM roleprivileges WHERE roleid = ? AND privilegeid = ?").run(
    roleId,
    privilegeId,
  );
  db.prepare(
    "INSERT INTO roleprivileges (roleprivilegeid, roleid, privilegeid, privilegedepthmask, versionnumber) VALUES (?, ?, ?, ?, ?)",
  ).run(randomUUID(), roleId, privilegeId, mask, nextVersion(db));
}

/** POST roles(id)/Microsoft.Dynamics.CRM.AddPrivilegesRole {Privileges: [{PrivilegeId, Depth}]}: adds, and sets the depth anew. */
export function addPrivileges(request: WebRequest, world: World, roleId: string): WebResponse {
  demandRow(world, request.principal, "Write", "role", roleId);
  const grants = grantsOf(world, parametersOf(request.body).Privileges);
  world.db.transaction(() => {
    for (const grant of grants) give(world, roleId, grant);
  });
  return { status: 204 };
}

/** POST roles(id)/Microsoft.Dynamics.CRM.ReplacePrivilegesRole {Privileges}: these, and no others. */
export function replacePrivileges(request: WebRequest, world: World, roleId: string): WebResponse {
  demandRow(world, request.principal, "Write", "role", roleId);
  const grants = grantsOf(world, parametersOf(request.body).Privileges);
  world.db.transaction(() => {
    world.db.prepare("DELETE FROM roleprivileges WHERE roleid = ?").run(roleId);
    nextVersion(world.db);
    for (const grant of grants) give(world, roleId, grant);
  });
  return { status: 204 };
}

/** POST roles(id)/Microsoft.Dynamics.CRM.RemovePrivilegeRole {PrivilegeId} */
export function removePrivilege(request: WebRequest, world: World, roleId: string): WebResponse {
  demandRow(world, request.principal, "Write", "role", roleId);
  const id = privilegeIdOf(world, parametersOf(request.body).PrivilegeId);
  world.db.transaction(() => {
    const { changes } = world.db
      .prepare("DELETE FROM roleprivileges WHERE roleid = ? AND privilegeid = ?")
      .run(roleId, id);
    if (changes === 0) throw doesNotExist("roleprivileges", id);
    nextVersion(world.db);
  });
  return { status: 204 };
}

const ofRole = `
SELECT p."privilegeid" AS id, p."name" AS name, max(rp."privilegedepthmask") AS mask
FROM "roleprivileges" rp JOIN "privilege" p ON p."privilegeid" = rp."privilegeid"
WHERE rp."roleid" = ? GROUP BY p."privilegeid", p."name" ORDER BY p."name"`;

/** GET RetrieveRolePrivilegesRole(RoleId=…) → RolePrivileges */
export function retrieveRolePrivileges(request: WebRequest, world: World): WebResponse {
  const roleId = guidArgument(request, "RoleId");
  const role = demandRow(world, request.principal, "Read", "role", roleId);
  const rows = world.db.prepare(ofRole).all(roleId);
  return {
    status: 200,
    body: {
      "@odata.context": `${request.serviceRoot}$metadata#Microsoft.Dynamics.CRM.RetrieveRolePrivilegesRoleResponse`,
      RolePrivileges: rows.map((row) => ({
        Depth: depthName(Number(row.mask)),
        PrivilegeId: row.id,
        BusinessUnitId: role.businessunitid,
        PrivilegeName: row.name,
        RecordFilterId: "00000000-0000-0000-0000-000000000000",
        RecordFilterUniqueName: "",
      })),
    },
  };
}
