import {
  DataverseError,
  type Right,
  type WebRequest,
  type WebResponse,
  type World,
} from "../../model";
import { shareRow } from "../../records";
import { accessBits, type SharedWith, sharesOf } from "../../security";
import { covers, demandRow, doesNotExist, invalidArgument } from "../access";
import { jsonArgument } from "../arguments";
import { isObject, parametersOf, targetOf } from "../reference";

/** `ReadAccess, WriteAccess` as the rights it names. */
function rightsOf(value: unknown): Right[] {
  if (typeof value !== "string") throw invalidArgument("Required field 'AccessMask' is missing");
  const names = value.split(",").map((name) => name.trim());
  if (names.length === 1 && names[0] === "None") return [];
  return names.map((name) => {
    const right = name.replace(/Access$/, "");
    if (name.endsWith("Access") && Object.hasOwn(accessBits, right)) return right as Right;
    throw new DataverseError(
      400,
      "0x80048d19",
      `Error identified in Payload provided by the user: '${name}' is not a value of Microsoft.Dynamics.CRM.AccessRights.`,
    );
  });
}

/** Names of the rights of a mask, in the order of their bits. */
export function accessText(mask: number): string {
  const names = Object.entries(accessBits)
    .filter(([, bit]) => (mask & bit) !== 0)
    .map(([right]) => `${right}Access`);
  return names.length === 0 ? "None" : names.join(", ");
}

const maskOf = (rights: readonly Right[]) =>
  rights.reduce((mask, right) => mask | accessBits[right], 0);

/** A user or a team, who must exist. */
function principalOf(world: World, value: unknown, name: string): SharedWith {
  const { entity, id } = targetOf(world, value, name);
  const type = entity.logicalName;
  if (type !== "systemuser" && type !== "team") {
    throw invalidArgument(`'${name}' must be a systemuser or a team; it is a '${type}'.`);
  }
  if (world.records.read(type, id) === undefined) throw doesNotExist(type, id);
  return { type, id };
}

/** The row to be shared: one that has an owner, and that the caller may share. */
function sharedRow(request: WebRequest, world: World): { table: string; id: string } {
  const { entity, id } = targetOf(world, parametersOf(request.body).Target, "Target");
  const table = entity.logicalName;
  if (entity.ownership !== "UserOwned") {
    throw new DataverseError(
      400,
      "0x80040203",
      `Rows of '${table}' cannot be shared: the table is not owned by users or teams.`,
    );
  }
  demandRow(world, request.principal, "Share", table, id);
  return { table, id };
}

function readAccess(request: WebRequest, world: World): { principal: SharedWith; mask: number } {
  const access = parametersOf(request.body).PrincipalAccess;
  if (!isObject(access)) throw invalidArgument("Required field 'PrincipalAccess' is missing");
  return {
    principal: principalOf(world, access.Principal, "Principal"),
    mask: maskOf(rightsOf(access.AccessMask)),
  };
}

/** Nobody gives away what he does not have. */
function demandOwn(request: WebRequest, world: World, table: string, id: string, mask: number) {
  for (const [right, bit] of Object.entries(accessBits) as [Right, number][]) {
    if ((mask & bit) === 0 || right === "Create") continue;
    if (covers(world, request.principal, right, table, id)) continue;
    throw new DataverseError(
      403,
      "0x80048306",
      "Not enough privilege to access the Microsoft Dynamics 365 object or perform the requested operation.",
    );
  }
}

/** Shares the row and what belongs to it, all of it or nothing. */
function share(
  world: World,
  { table, id }: { table: string; id: string },
  principal: SharedWith,
  mask: number,
): void {
  const entity = world.catalog.byName(table);
  if (entity === undefined) throw doesNotExist(table, id);
  world.db.transaction(() => shareRow(world, entity, id, principal, mask));
}

/** POST GrantAccess {Target, PrincipalAccess: {Principal, AccessMask}}: adds to what is shared already. */
export function grantAccess(request: WebRequest, world: World): WebResponse {
  const row = sharedRow(request, world);
  const { principal, mask } = readAccess(request, world);
  demandOwn(request, world, row.table, row.id, mask);
  const known = sharesOf(world.db, row).find((share) => share.id === principal.id)?.mask ?? 0;
  share(world, row, principal, known | mask);
  return { status: 204 };
}

/** POST ModifyAccess {Target, PrincipalAccess}: puts the rights in the place of those shared before. */
export function modifyAccess(request: WebRequest, world: World): WebResponse {
  const row = sharedRow(request, world);
  const { principal, mask } = readAccess(request, world);
  demandOwn(request, world, row.table, row.id, mask);
  share(world, row, principal, mask);
  return { status: 204 };
}

/** POST RevokeAccess {Target, Revokee} */
export function revokeAccess(request: WebRequest, world: World): WebResponse {
  const row = sharedRow(request, world);
  const principal = principalOf(world, parametersOf(request.body).Revokee, "Revokee");
  share(world, row, principal, 0);
  return { status: 204 };
}

/** GET RetrieveSharedPrincipalsAndAccess(Target=@t)?@t={"@odata.id":"accounts(…)"} */
export function retrieveSharedPrincipals(request: WebRequest, world: World): WebResponse {
  const { entity, id } = targetOf(world, jsonArgument(request, "Target"), "Target");
  demandRow(world, request.principal, "Read", entity.logicalName, id);
  const shares = sharesOf(world.db, { table: entity.logicalName, id });
  return {
    status: 200,
    body: {
      "@odata.context": `${request.serviceRoot}$metadata#Microsoft.Dynamics.CRM.RetrieveSharedPrincipalsAndAccessResponse`,
      PrincipalAccesses: shares.map((share) => ({
        AccessMask: accessText(share.mask | share.inheritedMask),
        Principal: {
          "@odata.type": `#Microsoft.Dynamics.CRM.${share.type}`,
          [share.type === "team" ? "teamid" : "systemuserid"]: share.id,
          ownerid: share.id,
        },
      })),
    },
  };
}
