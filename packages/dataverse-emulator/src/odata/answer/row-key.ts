import type { EntityDefinition, World } from "../../model";
import { noSuchKey, readKey } from "../../row-key";

/** The id of the row that a path names; a key that names none is 404. */
export function readRowKey(text: string, entity: EntityDefinition, world: World): string {
  const key = readKey(text, entity, world);
  if (key.id !== undefined) return key.id;
  throw noSuchKey(entity);
}
