import { DataverseError, type WebRequest, type World } from "../model";
import { switchesOf } from "../switches";

/** Names of tables that were changed in the last so many milliseconds. */
interface Recent {
  changedWithin(milliseconds: number): ReadonlySet<string>;
}

function isRecent(catalog: object): catalog is Recent {
  return "changedWithin" in catalog;
}

/** Set and, in definitions, table that a path begins with. */
const PATH = /^(?:EntityDefinitions\(LogicalName='([^']+)'\)|(\w+))/;

/**
 * Refuses what the caches do not know yet: rows of a table that was changed within the delay, and the definition of such a
 * table, unless the request insists (`Consistency: Strong`). Changing definitions goes past the caches.
 */
export function demandPropagated(request: WebRequest, world: World): void {
  const { metadataDelaySeconds: delay } = switchesOf(world);
  if (delay === 0 || request.headers.consistency?.toLowerCase() === "strong") return;
  const { catalog } = world;
  if (!isRecent(catalog)) return;
  const [, named, set] = PATH.exec(request.path.replaceAll("%27", "'")) ?? [];
  const table = named ?? catalog.bySet(set ?? "")?.logicalName;
  if (table === undefined || !catalog.changedWithin(delay * 1_000).has(table)) return;
  if (named === undefined) {
    throw new DataverseError(
      400,
      "0x80040216",
      `An unexpected error occurred. EntityId not found in MetadataCache: '${table}'.`,
    );
  }
  if (request.method !== "GET") return;
  throw new DataverseError(
    404,
    "0x80060888",
    `Could not find an entity with name ${table} and language code 1033.`,
  );
}

/** Refuses a change of definitions while another one holds the lock, as many times as the switch says. */
export function demandUnlocked(world: World): void {
  const switches = switchesOf(world);
  if (switches.customizationLocks <= 0) return;
  switches.customizationLocks--;
  throw new DataverseError(
    400,
    "0x80071151",
    "Cannot start the requested operation [EntityCustomization] because there is another [EntityCustomization] running at this moment. Use Solution History for more details.",
  );
}
