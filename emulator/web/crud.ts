import {
  DataverseError,
  type EntityDefinition,
  type Handler,
  type WebRequest,
  type WebResponse,
  type World,
} from "../model";
import { associate, disassociate } from "../records";
import { type RowKey, readKey } from "../row-key";
import { etagOf } from "../store";
import { targetOf } from "./request";

type Body = Record<string, unknown>;

const rowPath = /^(\w+)\(([^)]*)\)(?:\/([\w.]+)(?:\(([^)]*)\))?(\/\$ref)?)?$/s;

/** Writing of rows: create, change, upsert, delete, single columns, links. */
export const crudHandler: Handler = (request, world) => {
  const set = /^\w+/.exec(request.path)?.[0] ?? "";
  const entity = world.catalog.bySet(set);
  if (entity === undefined || request.method === "GET") return undefined;
  if (request.path === set) return collection(request, world, entity);
  const match = rowPath.exec(request.path);
  if (match === null) return undefined;
  const [, , keyText = "", segment, innerKey, ref] = match;
  const key = readKey(keyText, entity, world);
  if (segment === undefined) return row(request, world, entity, key);
  if (ref !== undefined)
    return link(request, world, entity, existing(entity, key, world), segment, innerKey);
  return column(request, world, entity, existing(entity, key, world), segment);
};

function collection(request: WebRequest, world: World, entity: EntityDefinition): WebResponse {
  if (request.method !== "POST") throw notAllowed(request);
  const id = world.records.create(entity.logicalName, objectOf(request, entity), request.principal);
  return written(request, world, entity, id, true);
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
  if (id !== undefined) {
    if (request.headers["if-none-match"] === "*") {
      throw new DataverseError(
        412,
        "0x80060892",
        "A record with matching key values already exists.",
      );
    }
    checkMatch(request, world, entity, id);
    world.records.update(entity.logicalName, id, body, request.principal);
    return written(request, world, entity, id, false);
  }
  if (request.headers["if-match"] !== undefined) throw missing(entity, key);
  const withKey = key.kind === "alternate" ? { ...key.values, ...body } : body;
  const made = world.records.create(
    entity.logicalName,
    withKey,
    request.principal,
    key.kind === "id" ? { id: key.id } : {},
  );
  return written(request, world, entity, made, true);
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
  return {
    ...read,
    status: isNew ? 201 : 200,
    headers: { ...read.headers, "Preference-Applied": "return=representation" },
  };
}

function column(
  request: WebRequest,
  world: World,
  entity: EntityDefinition,
  id: string,
  name: string,
): WebResponse {
  if (entity.attribute(name) === undefined) {
    throw new DataverseError(404, "0x80060888", `Resource not found for the segment '${name}'.`);
  }
  checkMatch(request, world, entity, id);
  if (request.method !== "PUT" && request.method !== "DELETE") throw notAllowed(request);
  const value = request.method === "DELETE" ? null : objectOf(request, entity).value;
  if (value === undefined) throw payload(entity, "The property 'value' is missing.");
  world.records.update(entity.logicalName, id, { [name]: value }, request.principal);
  return { status: 204 };
}

function link(
  request: WebRequest,
  world: World,
  entity: EntityDefinition,
  id: string,
  navigation: string,
  innerKey: string | undefined,
): WebResponse {
  const end = world.catalog.navigation(entity.logicalName, navigation);
  if (end === undefined)
    throw new DataverseError(
      404,
      "0x80060888",
      `Resource not found for the segment '${navigation}'.`,
    );
  const isRemoval = request.method === "DELETE";
  if (end.kind === "one") {
    const reference = isRemoval ? null : `/${referenceOf(request, entity)}`;
    world.records.update(
      entity.logicalName,
      id,
      { [`${navigation}@odata.bind`]: reference },
      request.principal,
    );
    return { status: 204 };
  }
  if (!isRemoval && request.method !== "POST" && request.method !== "PUT")
    throw notAllowed(request);
  const other = end.kind === "manyToMany" ? end.other : end.relationship.referencingEntity;
  const otherEntity = world.catalog.byName(other);
  const text = isRemoval
    ? innerKey === undefined
      ? targetOf(request.query.get("$id") ?? "")
      : `${otherEntity?.entitySetName}(${innerKey})`
    : referenceOf(request, entity);
  const [, set = "", keyText = ""] = /^\/?(\w+)\(([^)]*)\)$/.exec(text ?? "") ?? [];
  const target = world.catalog.bySet(set);
  if (target === undefined || target.logicalName !== other)
    throw payload(entity, `'${text}' is not a row of '${otherEntity?.entitySetName}'.`);
  const targetId = existing(target, readKey(keyText, target, world), world);
  const change = isRemoval ? disassociate : associate;
  change(
    world,
    entity.logicalName,
    id,
    navigation,
    target.entitySetName,
    targetId,
    request.principal,
  );
  return { status: 204 };
}

function referenceOf(request: WebRequest, entity: EntityDefinition): string {
  const reference = objectOf(request, entity)["@odata.id"];
  const target = typeof reference === "string" ? targetOf(reference) : undefined;
  if (target === undefined)
    throw payload(entity, "The property '@odata.id' must be the address of a row.");
  return target;
}

function existing(entity: EntityDefinition, key: RowKey, world: World): string {
  if (key.id === undefined || world.records.read(entity.logicalName, key.id) === undefined)
    throw missing(entity, key);
  return key.id;
}

const missing = (entity: EntityDefinition, key: RowKey) =>
  key.kind === "id"
    ? new DataverseError(
        404,
        "0x80040217",
        `${entity.logicalName} With Id = ${key.id} Does Not Exist`,
      )
    : new DataverseError(
        404,
        "0x80060891",
        `A record with the specified key values does not exist in ${entity.logicalName} entity`,
      );

function checkMatch(request: WebRequest, world: World, entity: EntityDefinition, id: string): void {
  const wanted = request.headers["if-match"];
  if (wanted === undefined || wanted === "*") return;
  if (wanted !== etagOf(world.records.read(entity.logicalName, id)?.versionnumber)) {
    throw new DataverseError(
      412,
      "0x80060882",
      "The version of the existing record doesn't match the RowVersion property provided.",
    );
  }
}

function objectOf(request: WebRequest, entity: EntityDefinition): Body {
  const { body } = request;
  if (typeof body === "object" && body !== null && !Array.isArray(body)) return body as Body;
  throw payload(entity, "A JSON object was expected.");
}

const payload = (entity: EntityDefinition, what: string) =>
  new DataverseError(
    400,
    "0x80048d19",
    `Error identified in Payload provided by the user for Entity :'${entity.entitySetName}', For more information on this error please follow this help link https://go.microsoft.com/fwlink/?linkid=2195293  ---->  InnerException : Microsoft.OData.ODataException: ${what}`,
  );

const notAllowed = (request: WebRequest) =>
  new DataverseError(
    405,
    "0x80060888",
    `The requested resource does not support http method '${request.method}'.`,
  );
