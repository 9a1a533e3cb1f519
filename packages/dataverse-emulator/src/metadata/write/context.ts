import type {
  AttributeDefinition,
  EntityDefinition,
  WebRequest,
  WebResponse,
  World,
} from "../../model";
import { addColumn } from "../../store";
import type { Change, MutableCatalog } from "../catalog";
import { shadowsOf } from "../definitions/shadows/shadows";

/** What every metadata write needs. */
export interface WriteContext {
  request: WebRequest;
  world: World;
  catalog: MutableCatalog;
}

/** 204 with the address of what was made or changed. */
export function noContent(context: WriteContext, path: string): WebResponse {
  return { status: 204, headers: { "OData-EntityId": `${context.request.serviceRoot}${path}` } };
}

/** Stores columns of an existing table: definition, computed shadows, physical columns. */
export function addAttributes(
  context: WriteContext,
  change: Change,
  entity: EntityDefinition,
  attributes: readonly AttributeDefinition[],
): void {
  for (const attribute of attributes) {
    const all = [attribute, ...shadowsOf(entity.logicalName, attribute)];
    for (const one of all) {
      if (entity.attribute(one.logicalName) !== undefined) continue;
      change.putAttribute(entity.logicalName, one);
    }
    if (entity.logicalName !== "activitypointer") addColumn(context.world.db, entity, attribute);
  }
}
