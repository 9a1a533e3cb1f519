import type { EntityDefinition, WebRequest, WebResponse, World } from "../../model";
import { associate, disassociate } from "../../records";
import { readKey } from "../../row-key";
import { targetOf } from "../request";
import { badPayload, existing, noSegment, notAllowed, objectOf } from "./refusals";
import { type Segment, segmentsOf } from "./row-path";

/**
 * `set(id)/property/$ref`: POST and PUT link, DELETE takes the link away, for a collection by `$id=` or by the key behind
 * the property.
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/associate-disassociate-entities-using-web-api
 */
export function linkHandler(
  request: WebRequest,
  world: World,
  entity: EntityDefinition,
  id: string,
  { name, key }: Segment,
): WebResponse {
  const end = world.catalog.navigation(entity.logicalName, name);
  if (end === undefined) throw noSegment(name);
  const isRemoval = request.method === "DELETE";
  if (!isRemoval && request.method !== "POST" && request.method !== "PUT")
    throw notAllowed(request);
  if (end.kind === "one") {
    const reference = isRemoval ? null : `/${referenceOf(request, entity)}`;
    world.records.update(
      entity.logicalName,
      id,
      { [`${name}@odata.bind`]: reference },
      request.principal,
    );
    return { status: 204 };
  }
  const table = end.kind === "manyToMany" ? end.other : end.relationship.referencingEntity;
  const address = isRemoval
    ? removedAddress(request, world, entity, table, key)
    : referenceOf(request, entity);
  const target = rowAt(world, entity, table, address);
  const change = isRemoval ? disassociate : associate;
  world.db.transaction(() =>
    change(world, entity.logicalName, id, name, target, request.principal),
  );
  return { status: 204 };
}

function removedAddress(
  request: WebRequest,
  world: World,
  entity: EntityDefinition,
  table: string,
  key: string | undefined,
): string {
  if (key !== undefined) return `${world.catalog.byName(table)?.entitySetName}(${key})`;
  const named = request.query.get("$id");
  const address = named === undefined ? undefined : targetOf(named);
  if (address === undefined)
    throw badPayload(
      entity,
      "The row to be taken out of a collection must be named: $id=<address> or <collection>(<key>)/$ref.",
    );
  return address;
}

function rowAt(
  world: World,
  entity: EntityDefinition,
  table: string,
  address: string,
): { table: string; id: string } {
  const [segment, ...more] = segmentsOf(address.replace(/^\//, "")) ?? [];
  const target = world.catalog.bySet(segment?.name ?? "");
  const isPointer = table === "activitypointer" && target?.isActivity;
  if (segment?.key === undefined || more.length > 0 || target === undefined) {
    throw badPayload(entity, `'${address.slice(0, 200)}' is not the address of a row.`);
  }
  if (target.logicalName !== table && !isPointer) {
    const set = world.catalog.byName(table)?.entitySetName ?? table;
    throw badPayload(entity, `'${address.slice(0, 200)}' is not a row of '${set}'.`);
  }
  return {
    table: target.logicalName,
    id: existing(target, readKey(segment.key, target, world), world),
  };
}

function referenceOf(request: WebRequest, entity: EntityDefinition): string {
  const reference = objectOf(request, entity)["@odata.id"];
  const target = typeof reference === "string" ? targetOf(reference) : undefined;
  if (target === undefined)
    throw badPayload(entity, "The property '@odata.id' must be the address of a row.");
  return target.replace(/^\//, "");
}
