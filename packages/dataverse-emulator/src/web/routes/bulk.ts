import {
  DataverseError,
  type EntityDefinition,
  type Handler,
  type WebRequest,
  type World,
} from "../../model";
import { keyBody, type RowKey, readKey } from "../../row-key";
import { targetOf } from "../request";
import {
  type Body,
  badPayload,
  demandNoNullBind,
  existing,
  notAllowed,
  objectOf,
} from "./refusals";
import { segmentsOf } from "./row-path";

type Message = "CreateMultiple" | "UpdateMultiple" | "UpsertMultiple";

/** One of the rows, and where it is to be found. */
interface Target {
  readonly body: Body;
  readonly key: RowKey | undefined;
}

const path = /^(\w+)\/(?:Microsoft\.Dynamics\.CRM\.)?(Create|Update|Upsert)Multiple$/;

/**
 * `accounts/Microsoft.Dynamics.CRM.CreateMultiple` and its like: rows of one table, all of them or none.
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/bulk-operations
 */
export const bulkHandler: Handler = (request, world) => {
  const [, set = "", verb] = path.exec(request.path) ?? [];
  const entity = world.catalog.bySet(set);
  if (entity === undefined || verb === undefined) return undefined;
  if (request.method !== "POST") throw notAllowed(request);
  const message = `${verb}Multiple` as Message;
  const targets = targetsOf(request, world, entity, message);
  const ids = world.db.transaction(() =>
    targets.map((target) => write(request, world, entity, message, target)),
  );
  if (message !== "CreateMultiple") return { status: 204 };
  const context = `${request.serviceRoot}$metadata#Microsoft.Dynamics.CRM.CreateMultipleResponse`;
  return { status: 200, body: { "@odata.context": context, Ids: ids } };
};

function targetsOf(
  request: WebRequest,
  world: World,
  entity: EntityDefinition,
  message: Message,
): Target[] {
  const list = objectOf(request, entity).Targets;
  if (!Array.isArray(list) || list.length === 0)
    throw badPayload(entity, "The parameter 'Targets' must be a list with at least one row.");
  return list.map((each: unknown) => readTarget(world, entity, message, each));
}

function readTarget(
  world: World,
  entity: EntityDefinition,
  message: Message,
  value: unknown,
): Target {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw badPayload(entity, "Every one of the 'Targets' must be an object.");
  const { "@odata.type": type, "@odata.id": address, ...body } = value as Body;
  const wanted = `Microsoft.Dynamics.CRM.${entity.logicalName}`;
  if (String(type).replace(/^#/, "") !== wanted) {
    throw badPayload(
      entity,
      `Every one of the 'Targets' must name its type: "@odata.type":"${wanted}".`,
    );
  }
  if (message === "CreateMultiple") {
    demandNoNullBind(entity, body);
    return { body, key: undefined };
  }
  const key = keyOf(world, entity, address, body[entity.primaryIdAttribute]);
  return { body, key };
}

function keyOf(
  world: World,
  entity: EntityDefinition,
  address: unknown,
  id: unknown,
): RowKey | undefined {
  if (address === undefined) return typeof id === "string" ? readKey(id, entity, world) : undefined;
  const [segment, ...more] = segmentsOf((targetOf(String(address)) ?? "").replace(/^\//, "")) ?? [];
  if (segment?.name !== entity.entitySetName || segment.key === undefined || more.length > 0)
    throw badPayload(entity, `'${String(address).slice(0, 200)}' is not a row of this table.`);
  return readKey(segment.key, entity, world);
}

function write(
  { principal }: WebRequest,
  world: World,
  entity: EntityDefinition,
  message: Message,
  { body, key }: Target,
): string {
  const { logicalName, primaryIdAttribute } = entity;
  const { [primaryIdAttribute]: _, ...values } = body;
  if (message === "CreateMultiple") return world.records.create(logicalName, body, principal);
  if (key === undefined && message === "UpdateMultiple")
    throw badPayload(entity, `Every one of the 'Targets' must have '${primaryIdAttribute}'.`);
  const isThere = key?.id !== undefined && world.records.read(logicalName, key.id) !== undefined;
  if (key !== undefined && (isThere || message === "UpdateMultiple")) {
    const id = existing(entity, key, world);
    world.records.update(logicalName, id, values, principal);
    return id;
  }
  if (key?.kind === "id") return world.records.create(logicalName, body, principal, { id: key.id });
  if (key !== undefined) demandKeyOnce(key, values);
  const named = key === undefined ? {} : keyBody(entity, key.values, world);
  return world.records.create(logicalName, { ...body, ...named }, principal);
}

/** The service stumbles where it makes a row whose key stands in its address and among its values; a row that is there it changes. */
function demandKeyOnce(key: RowKey, values: Body): void {
  if (key.kind === "id" || !Object.keys(key.values).some((name) => name in values)) return;
  throw new DataverseError(400, "0x80040216", "An unexpected error occurred.");
}
