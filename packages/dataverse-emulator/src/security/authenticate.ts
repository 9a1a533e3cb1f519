import { DataverseError, type Principal, type World } from "../model";
import { depthOf, findUser, type Grants, grantsOf } from "./grants";

/**
 * Who a request acts as: the application user of the token, or the person whom it names by `CallerObjectId` (Entra object
 * id) or `MSCRMCallerID` (system user id).
 *
 * @throws DataverseError 403 with the code of the reason
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/impersonate-another-user-web-api
 */
export function authenticate(
  claims: { readonly oid: string; readonly appid: string | undefined },
  headers: Readonly<Record<string, string>>,
  world: Pick<World, "db">,
  /** Who one is may be asked without a role. */
  isAskingWho = false,
): Principal {
  const own =
    findUser(world.db, "applicationid", claims.appid) ??
    findUser(world.db, "azureactivedirectoryobjectid", claims.oid);
  return actingFor(demandUser(world, own, isAskingWho), headers, world, isAskingWho);
}

/**
 * Who a part of a batch acts as: the user of the token, or the person whom the part's own headers name. A person whom the batch
 * alone names holds for none of its parts: nothing says that the service hands one down, so nobody may count on it.
 *
 * @param outer of the batch itself
 * @throws DataverseError 403 with the code of the reason
 */
export function authenticatePart(
  outer: Principal,
  headers: Readonly<Record<string, string>>,
  world: Pick<World, "db">,
): Principal {
  const self = demandUser(world, outer.onBehalfOf ?? outer.systemUserId, false);
  return actingFor(self, headers, world, false);
}

function actingFor(
  self: Grants,
  headers: Readonly<Record<string, string>>,
  world: Pick<World, "db">,
  isAskingWho: boolean,
): Principal {
  const objectId = headers.callerobjectid;
  const userId = headers.mscrmcallerid;
  if (objectId === undefined && userId === undefined) {
    return {
      systemUserId: self.systemUserId,
      businessUnitId: self.businessUnitId,
      onBehalfOf: undefined,
    };
  }
  const other =
    objectId === undefined
      ? findUser(world.db, "systemuserid", userId)
      : findUser(world.db, "azureactivedirectoryobjectid", objectId);
  if (other === self.systemUserId)
    return {
      systemUserId: self.systemUserId,
      businessUnitId: self.businessUnitId,
      onBehalfOf: undefined,
    };
  if (depthOf(self, "prvActOnBehalfOfAnotherUser") === 0) {
    throw new DataverseError(
      403,
      "0x8004a110",
      "User does not have the privilege to act on behalf another user.",
    );
  }
  const person = demandUser(world, other, isAskingWho);
  return {
    systemUserId: person.systemUserId,
    businessUnitId: person.businessUnitId,
    onBehalfOf: self.systemUserId,
  };
}

function demandUser(
  { db }: Pick<World, "db">,
  id: string | undefined,
  isAskingWho: boolean,
): Grants {
  const grants = id === undefined ? undefined : grantsOf(db, id);
  if (grants === undefined)
    throw new DataverseError(403, "0x80072560", "The user is not a member of the organization.");
  if (grants.isDisabled) {
    throw new DataverseError(
      403,
      "0x80040225",
      `The specified user(Id = ${grants.systemUserId}) is disabled. Consider enabling this user.`,
    );
  }
  if (grants.roleCount === 0 && !isAskingWho)
    throw new DataverseError(403, "0x80042f09", "The user has not been assigned any roles.");
  return grants;
}
