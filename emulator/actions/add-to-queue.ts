import { DataverseError, type WebRequest, type WebResponse, type World } from "../model";
import { demandRow, invalidArgument } from "./access";
import { parametersOf, targetOf } from "./reference";

/** The active item of the row, in whatever queue. */
function activeItem(world: World, id: string): { id: string; queueId: string } | undefined {
  const row = world.db
    .prepare(
      'SELECT "queueitemid", "queueid" FROM "queueitem" WHERE "objectid" = ? AND "statecode" = 0',
    )
    .get(id);
  return row && { id: String(row.queueitemid), queueId: String(row.queueid) };
}

/** POST queues(id)/Microsoft.Dynamics.CRM.AddToQueue {Target} → {QueueItemId}. A row already in another queue moves. */
export function addToQueue(request: WebRequest, world: World, queueId: string): WebResponse {
  const target = targetOf(world, parametersOf(request.body).Target, "Target");
  const { principal } = request;
  const queue = demandRow(world, principal, "AppendTo", "queue", queueId);
  if (queue.statecode === 1) {
    throw new DataverseError(
      400,
      "0x80040203",
      "The queue is deactivated: items cannot be added to it.",
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
  const now = `${world.now().toISOString().slice(0, 19)}Z`;
  const id = world.db.transaction(() => {
    const known = activeItem(world, target.id);
    const place = { "queueid@odata.bind": `/queues(${queueId})`, enteredon: now };
    if (known === undefined) {
      const body = {
        ...place,
        title: String(row[target.entity.primaryNameAttribute ?? ""] ?? ""),
        [`${property}@odata.bind`]: `/${target.entity.entitySetName}(${target.id})`,
      };
      return world.records.create("queueitem", body, principal, { internal: true });
    }
    if (known.queueId !== queueId) {
      world.records.update("queueitem", known.id, place, principal, { internal: true });
    }
    return known.id;
  });
  const context = `${request.serviceRoot}$metadata#Microsoft.Dynamics.CRM.AddToQueueResponse`;
  return { status: 200, body: { "@odata.context": context, QueueItemId: id } };
}
