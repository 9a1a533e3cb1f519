import {
  DataverseError,
  type EntityDefinition,
  type Handler,
  type WebRequest,
  type WebResponse,
  type World,
} from "../../model";
import { demandNoDuplicate } from "../../records";
import { demandPathSafe, keyBody, type RowKey, readKey } from "../../row-key";
import { etagOf } from "../../store";
import { linkHandler } from "./links";
import {
  type Body,
  badPayload,
  demandNoNullBind,
  existing,
  noSegment,
  notAllowed,
  objectOf,
} from "./refusals";
import { segmentsOf } from "./row-path";

/** Writing of rows: create, change, upsert, delete, single columns, links. */
export const crudHandler: Handler = (request, world) => {
  if (request.method === "GET") return undefined;
  const segments = segmentsOf(request.path);
  const [first, second, third] = segments ?? [];
  const entity = world.catalog.bySet(first?.name ?? "");
  if (entity === undefined || segments === undefined || segments.length > 3) return undefined;
  if (first?.key === undefined)
    return second === undefined ? collection(request, world, entity) : undefined;
  const key = readKey(first.key, entity, world);
  demandPathSafe(key);
  if (second === undefined) return row(request, world, entity, key);
  const id = existing(entity, key, world);
  if (third?.name === "$ref") return linkHandler(request, world, entity, id, second);
  if (third !== undefined) throw noSegment(third.name);
  return property(request, world, entity, id, second.name);
};

function collection(request: WebRequest, world: World, entity: EntityDefinition): WebResponse {
  if (request.method !== "POST") throw notAllowed(request);
  const body = objectOf(request, entity);
  demandNoNullBind(entity, body);
  return create(request, world, entity, body);
}

function create(
  request: WebRequest,
  world: World,
  entity: EntityDefinition,
  body: Body,
  id?: string,
): WebResponse {
  const made = checked(request, world, entity, () =>
    world.records.create(
      entity.logicalName,
      body,
      request.principal,
      id === undefined ? {} : { id },
    ),
  );
  return written(request, world, entity, made, true);
}

/** Runs a write that is undone when it made a duplicate and the caller asked to be told. */
function checked(
  request: WebRequest,
  world: World,
  entity: EntityDefinition,
  work: () => string,
): string {
  if (request.headers["mscrm.suppressduplicatedetection"]?.toLowerCase() !== "false") return work();
  return world.db.transaction(() => {
    const id = work();
    demandNoDuplicate(world, entity, id);
    return id;
  });
}

function row(
  request: WebRequest,
  world: World,
  entity: EntityDefinition,
  key: RowKey,
): WebResponse {
  switch (request.method) {
    case "PATCH":
    case "PUT":
      return upsert(request, world, entity, key);
    case "DELETE": {
      world.security.demand(request.principal, "Delete", entity.logicalName);
      const id = existing(entity, key, world);
      checkMatch(request, world, entity, id);
      world.records.delete(entity.logicalName, id, request.principal);
      return { status: 204 };
    }
    default:
      throw notAllowed(request);
  }
}

function upsert(
  request: WebRequest,
  world: World,
  entity: EntityDefinition,
  key: RowKey,
): WebResponse {
  const body = objectOf(request, entity);
  const id =
    key.id !== undefined && world.records.read(entity.logicalName, key.id) ? key.id : undefined;
  if (id === undefined) {
    if (request.headers["if-match"] !== undefined) existing(entity, key, world);
    return key.kind === "id"
      ? create(request, world, entity, body, key.id)
      : create(request, world, entity, { ...body, ...keyBody(entity, key.values, world) });
  }
  if (request.headers["if-none-match"] === "*") {
    throw new DataverseError(
      412,
      "0x80040237",
      "A record with matching key values already exists.",
    );
  }
  checkMatch(request, world, entity, id);
  checked(request, world, entity, () => {
    world.records.update(entity.logicalName, id, body, request.principal);
    return id;
  });
  return written(request, world, entity, id, false);
}

/** 204 and the address, or the row itself when `Prefer: return=representation` asks for it. */
function written(
  request: WebRequest,
  world: World,
  entity: EntityDefinition,
  id: string,
  isNew: boolean,
): WebResponse {
  const target = `${entity.entitySetName}(${id})`;
  if (!/return=representation/i.test(request.headers.prefer ?? "")) {
    return { status: 204, headers: { "OData-EntityId": `${request.serviceRoot}${target}` } };
  }
  const { "if-match": _, "if-none-match": __, ...headers } = request.headers;
  const read = world.dispatch({
    ...request,
    method: "GET",
    path: target,
    headers,
    body: undefined,
    rawBody: undefined,
  });
  const others = read.headers?.["Preference-Applied"];
  const applied = [...(others === undefined ? [] : [others]), "return=representation"];
  return {
    ...read,
    status: isNew ? 201 : 200,
    headers: { ...read.headers, "Preference-Applied": applied.join("\n") },
  };
}

/** `PUT` and `DELETE` of one column, `POST` of a new row into a collection, `PUT` of an activity's parties. */
function property(
  request: WebRequest,
  world: World,
  entity: EntityDefinition,
  id: string,
  name: string,
): WebResponse {
  const end = world.catalog.navigation(entity.logicalName, name);
  if (entity.attribute(name) === undefined && end === undefined) throw noSegment(name);
  checkMatch(request, world, entity, id);
  if (request.method === "POST" && end?.kind === "many") {
    const { referencingEntity, referencingNavigation } = end.relationship;
    const child = world.catalog.byName(referencingEntity);
    if (child === undefined) throw noSegment(name);
    const parent = { [`${referencingNavigation}@odata.bind`]: `/${entity.entitySetName}(${id})` };
    return create(request, world, child, { ...objectOf(request, child), ...parent });
  }
  if (request.method !== "PUT" && request.method !== "DELETE") throw notAllowed(request);
  if (end?.kind === "manyToMany" || (end !== undefined && request.method === "DELETE"))
    throw notAllowed(request);
  const value = request.method === "DELETE" ? null : objectOf(request, entity).value;
  if (value === undefined) throw badPayload(entity, "The property 'value' is missing.");
  world.records.update(entity.logicalName, id, { [name]: value }, request.principal);
  const isShown = /return=representation/i.test(request.headers.prefer ?? "");
  return isShown ? written(request, world, entity, id, false) : { status: 204 };
}

/** `If-Match` with one etag or several. */
function checkMatch(request: WebRequest, world: World, entity: EntityDefinition, id: string): void {
  const wanted = request.headers["if-match"];
  if (wanted === undefined || wanted.trim() === "*") return;
  const etag = etagOf(world.records.read(entity.logicalName, id)?.versionnumber);
  if (wanted.split(",").some((each) => each.trim() === etag)) return;
  throw new DataverseError(
    412,
    "0x80060882",
    "The version of the existing record doesn't match the RowVersion property provided.",
  );
}
