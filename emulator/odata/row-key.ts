import { DataverseError, type EntityDefinition, type World } from "../model";
import { readKey } from "../row-key";

/** The id of the row that a path names; a key that names none is 404. */
export function readRowKey(text: string, entity: EntityDefinition, world: World): string {
  const key = readKey(text, entity, world);
  if (key.id !== undefined) return key.id;
  throw new DataverseError(
    404,
    "0x80060891",
    `A record with the specified key values does not exist in ${entity.logicalName} entity`,
  );
}
