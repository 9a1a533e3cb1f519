import {
  DataverseError,
  type Principal,
  type SqlRow,
  type WebRequest,
  type WebResponse,
  type World,
} from "../../model";
import { demandRow, doesNotExist, invalidArgument } from "../access";
import { isObject, parametersOf, targetOf } from "../reference";

const at = (world: World) => `${world.now().toISOString().slice(0, 19)}Z`;

/** An item that is still in its queue, and that the caller may change. */
function activeItem(request: WebRequest, world: World, id: string, code: string): SqlRow {
  const item = demandRow(world, request.principal, "Write", "queueitem", id);
  if (item.statecode === 0) return item;
  throw new DataverseError(
    400,
    code,
    code === "0x80040527"
      ? "You can't route a queue item that has been deactivated."
      : "This item is deactivated. To work with this item, reactivate it and then try again.",
  );
}

const inactive = "0x8004051d";

/** Gives the row behind an item to a user or team, when its table has owners. */
function assign(
  world: World,
  item: SqlRow,
  owner: { set: "systemusers" | "teams"; id: string },
  principal: Principal,
): void {
  const table = String(item.objectid__type ?? "");
  const entity = world.catalog.byName(table);
  if (entity?.ownership !== "UserOwned" || typeof item.objectid !== "string") return;
  if (world.records.read(table, item.objectid) === undefined) return;
  const change = { "ownerid@odata.bind": `/${owner.set}(${owner.id})` };
  world.records.update(table, item.objectid, change, principal, { internal: true });
}

function workedBy(worker: { table: string; id: string } | null, now: string) {
  if (worker === null) return { "workerid_systemuser@odata.bind": null, workeridmodifiedon: now };
  const set = worker.table === "team" ? "teams" : "systemusers";
  return {
    [`workerid_${worker.table}@odata.bind`]: `/${set}(${worker.id})`,
    workeridmodifiedon: now,
  };
}

/**
 * POST queueitems(id)/Microsoft.Dynamics.CRM.PickFromQueue {SystemUser, RemoveQueueItem} → 204: the user works on the item
 * from now on and owns the row behind it; the item stays in the queue or leaves it.
 */
export function pickFromQueue(request: WebRequest, world: World, id: string): WebResponse {
  const parameters = parametersOf(request.body);
  if (typeof parameters.RemoveQueueItem !== "boolean") {
    throw invalidArgument("Required field 'RemoveQueueItem' is missing");
  }
  const { entity, id: userId } = targetOf(world, parameters.SystemUser, "SystemUser");
  if (entity.logicalName !== "systemuser") throw invalidArgument("'SystemUser' must be a user.");
  if (world.records.read("systemuser", userId) === undefined)
    throw doesNotExist("systemuser", userId);
  const item = activeItem(request, world, id, inactive);
  const { principal } = request;
  world.db.transaction(() => {
    const change = {
      ...workedBy({ table: "systemuser", id: userId }, at(world)),
      ...(parameters.RemoveQueueItem ? { statecode: 1, statuscode: 2 } : {}),
    };
    world.records.update("queueitem", id, change, principal, { internal: true });
    assign(world, item, { set: "systemusers", id: userId }, principal);
  });
  return { status: 204 };
}

/** POST queueitems(id)/Microsoft.Dynamics.CRM.ReleaseToQueue → 204: nobody works on it, and the queue's owner has the row. */
export function releaseToQueue(request: WebRequest, world: World, id: string): WebResponse {
  const item = activeItem(request, world, id, inactive);
  const { principal } = request;
  const queue = world.records.read("queue", String(item.queueid));
  world.db.transaction(() => {
    world.records.update("queueitem", id, workedBy(null, at(world)), principal, { internal: true });
    if (typeof queue?.ownerid !== "string") return;
    const set = queue.ownerid__type === "team" ? "teams" : "systemusers";
    assign(world, item, { set, id: queue.ownerid }, principal);
  });
  return { status: 204 };
}

/** POST queueitems(id)/Microsoft.Dynamics.CRM.RouteTo {Target: queue, user or team} → 204 */
export function routeTo(request: WebRequest, world: World, id: string): WebResponse {
  const { entity, id: targetId } = targetOf(world, parametersOf(request.body).Target, "Target");
  const table = entity.logicalName;
  if (table !== "queue" && table !== "systemuser" && table !== "team") {
    throw invalidArgument(`An item is routed to a queue, a user or a team, not to a '${table}'.`);
  }
  const target = world.records.read(table, targetId);
  if (target === undefined) throw doesNotExist(table, targetId);
  const item = activeItem(request, world, id, "0x80040527");
  const { principal } = request;
  if (table === "queue" && item.queueid === targetId) {
    throw new DataverseError(
      400,
      "0x8004051b",
      "The queue item cannot be routed to the same queue",
    );
  }
  const queueId = table === "queue" ? targetId : target.queueid;
  const now = at(world);
  world.db.transaction(() => {
    const place =
      typeof queueId === "string"
        ? { "queueid@odata.bind": `/queues(${queueId})`, enteredon: now }
        : {};
    const worker = table === "queue" ? null : { table, id: targetId };
    const change = { ...place, ...workedBy(worker, now) };
    world.records.update("queueitem", id, change, principal, { internal: true });
    if (table !== "queue") {
      const set = table === "team" ? "teams" : "systemusers";
      assign(world, item, { set, id: targetId }, principal);
    }
  });
  return { status: 204 };
}

/** POST queueitems(id)/Microsoft.Dynamics.CRM.RemoveFromQueue → 204 */
export function removeFromQueue(request: WebRequest, world: World, id: string): WebResponse {
  activeItem(request, world, id, inactive);
  const change = { statecode: 1, statuscode: 2 };
  world.db.transaction(() =>
    world.records.update("queueitem", id, change, request.principal, { internal: true }),
  );
  return { status: 204 };
}

/** Columns that AddToQueue's `QueueItemProperties` may set. */
export function itemProperties(value: unknown): Record<string, unknown> {
  if (value === undefined || value === null) return {};
  if (!isObject(value)) throw invalidArgument("'QueueItemProperties' must be a queueitem.");
  const { "@odata.type": _, queueitemid: __, ...columns } = value;
  return columns;
}
