import { DataverseError, type WebRequest, type WebResponse, type World } from "../../model";
import { demandActiveObject } from "../../records";
import { demandRow, invalidArgument } from "../access";
import { parametersOf, targetOf } from "../reference";
import { itemProperties } from "./queue-items";

/** The active item of the row, in whatever queue. */
function activeItem(world: World, id: string): { id: string; queueId: string } | undefined {
  const row = world.db
    .prepare(
      'SELECT "queueitemid", "queueid" FROM "queueitem" WHERE "objectid" = ? AND "statecode" = 0',
    )
    .get(id);
  return row && { id: String(row.queueitemid), queueId: String(row.queueid) };
}

/** The queue that the row must come from, when the caller names one. */
function demandSource(world: World, value: unknown, known: { queueId: string } | undefined): void {
  if (value === undefined || value === null) return;
  const source = targetOf(world, value, "SourceQueue");
  if (source.entity.logicalName === "queue" && known?.queueId === source.id) return;
  throw new DataverseError(
    400,
    "0x80040524",
    "Could not find any queue item associated with the Target in the specified SourceQueueId. Either the SourceQueueId or Target is invalid or the queue item does not exist.",
  );
}

/**
 * POST queues(id)/Microsoft.Dynamics.CRM.AddToQueue {Target, SourceQueue, QueueItemProperties} → {QueueItemId}. A row
 * already in another queue moves.
 */
export function addToQueue(request: WebRequest, world: World, queueId: string): WebResponse {
  const parameters = parametersOf(request.body);
  const target = targetOf(world, parameters.Target, "Target");
  const properties = itemProperties(parameters.QueueItemProperties);
  const { principal } = request;
  const queue = demandRow(world, principal, "AppendTo", "queue", queueId);
  if (queue.statecode === 1) {
    throw new DataverseError(
      400,
      "0x80040521",
      "You cannot add items to an inactive queue. Select another queue and try again.",
    );
  }
  const table = target.entity.logicalName;
  const row = demandRow(world, principal, "Read", table, target.id);
  const property = world.catalog
    .byName("queueitem")
    ?.attribute("objectid")
    ?.navigation?.find((entry) => entry.target === table)?.property;
  if (property === undefined) {
    throw invalidArgument(`The table '${table}' is not enabled for queues.`);
  }
  demandActiveObject(target.entity, row);
  const known = activeItem(world, target.id);
  demandSource(world, parameters.SourceQueue, known);
  // What is done is the making, or the moving, of an item.
  for (const right of known === undefined ? (["Create", "Append"] as const) : (["Write"] as const))
    world.security.demand(principal, right, "queueitem");
  const now = `${world.now().toISOString().slice(0, 19)}Z`;
  const id = world.db.transaction(() => {
    const place = { "queueid@odata.bind": `/queues(${queueId})`, enteredon: now };
    if (known === undefined) {
      const body = {
        ...properties,
        ...place,
        title: String(row[target.entity.primaryNameAttribute ?? ""] ?? ""),
        [`${property}@odata.bind`]: `/${target.entity.entitySetName}(${target.id})`,
      };
      return world.records.create("queueitem", body, principal, { internal: true });
    }
    if (known.queueId !== queueId) {
      const change = { ...properties, ...place };
      world.records.update("queueitem", known.id, change, principal, { internal: true });
    }
    return known.id;
  });
  const context = `${request.serviceRoot}$metadata#Microsoft.Dynamics.CRM.AddToQueueResponse`;
  return { status: 200, body: { "@odata.context": context, QueueItemId: id } };
}
