import {
  type Database,
  DataverseError,
  type EntityDefinition,
  type Principal,
  type Right,
} from "../model";
import { privilegeId } from "./grants";
import { privilegeName } from "./nouns";

export const privilegeCount = (db: Database) =>
  Number(db.prepare("SELECT count(*) AS n FROM privilege").get()?.n ?? 0);

/** 403 in the words that the service has had since 2023. */
export function missingPrivilege(
  db: Database,
  code: string,
  who: string,
  right: Right,
  entity: EntityDefinition,
  principal: Principal,
): DataverseError {
  const name = privilegeName(right, entity);
  const id = privilegeId(db, name) ?? "00000000-0000-0000-0000-000000000000";
  return new DataverseError(
    403,
    code,
    `${who}, is missing ${name} privilege (Id=${id}) on OTC=${entity.objectTypeCode} for entity '${entity.logicalName}' (LocalizedName='${entity.displayName}'). context.Caller=${principal.systemUserId}. Consider adding missed privilege to one of the principal (user/team) roles.`,
  );
}
