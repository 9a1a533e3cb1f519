import type { EntityDefinition, World } from "../../model";
import { demandPathSafe, noSuchKey, readKey } from "../../row-key";

/** The id of the row that a path names; a key that names none is 404. */
export function readRowKey(text: string, entity: EntityDefinition, world: World): string {
  const key = readKey(text, entity, world);
  demandPathSafe(key);
  if (key.id !== undefined) return key.id;
  throw noSuchKey(entity);
}
