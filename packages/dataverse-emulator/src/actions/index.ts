import {
  DataverseError,
  type EntityDefinition,
  type Handler,
  type WebRequest,
  type WebResponse,
  type World,
} from "../model";
import { runPlugInsBefore } from "./before-action";
import { checkParameters, type Operation } from "./operation";
import { operations } from "./operations";

export { answerSearchDoor } from "./knowledge/search";
export type { Operation } from "./operation";
export { checkParameters } from "./operation";
export { operations } from "./operations";

const BOUND_PATH = /^(\w+)\(([^/]*)\)\/(Microsoft\.Dynamics\.CRM\.)?(\w+)(?:\(.*\))?$/s;
const COLLECTION_PATH = /^(\w+)\/(Microsoft\.Dynamics\.CRM\.)?(\w+)(?:\(.*\))?$/s;
const UNBOUND_PATH = /^(\w+)(?:\(.*\))?$/s;
const GUID = /^[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/;

function noSegment(name: string): DataverseError {
  return new DataverseError(404, "0x80060888", `Resource not found for the segment '${name}'.`);
}

const named = (name: string): Operation | undefined =>
  Object.hasOwn(operations, name) ? operations[name] : undefined;

function run(
  operation: Operation,
  name: string,
  request: WebRequest,
  world: World,
  id: string,
  entity?: EntityDefinition,
): WebResponse {
  const method = operation.kind === "Action" ? "POST" : "GET";
  const isPost = operation.anyVerb && request.method === "POST";
  if (request.method === "POST" && !isPost && operation.kind === "Function")
    throw new DataverseError(
      404,
      "",
      `No HTTP resource was found that matches the request URI '${request.serviceRoot}${request.path}'.`,
    );
  if (request.method !== method && !isPost) {
    throw new DataverseError(
      405,
      "0x80060888",
      `The requested resource does not support http method '${request.method}' (${name} takes ${method}).`,
    );
  }
  if (operation.kind === "Action") {
    checkParameters(name, operation, request.body);
    runPlugInsBefore(name, request, world, { entity, id });
  }
  return operation.run(request, world, id);
}

/** The namespace belongs to the name of what is bound. */
const unqualified = () =>
  new DataverseError(400, "0x80060888", "Request message has unresolved parameters.");

function onRow(request: WebRequest, world: World, path: RegExpExecArray): WebResponse | undefined {
  const [, set = "", key = "", namespace, name = ""] = path;
  const entity = world.catalog.bySet(set);
  const operation = named(name);
  const isBound =
    operation !== undefined &&
    !operation.onCollection &&
    entity !== undefined &&
    (operation.boundTo === entity.logicalName ||
      operation.alsoBoundTo?.includes(entity.logicalName) === true);
  if (namespace === undefined) {
    if (isBound) throw unqualified();
    return undefined;
  }
  if (entity === undefined) throw noSegment(set);
  if (!isBound) throw noSegment(`Microsoft.Dynamics.CRM.${name}`);
  const id = key.replace(/^\w+=/, "").replaceAll("'", "");
  if (!GUID.test(id)) {
    throw new DataverseError(
      400,
      "0x80060888",
      `Bad Request - Error in query syntax: '${key}' is not a GUID.`,
    );
  }
  return run(operation, name, request, world, id.toLowerCase(), entity);
}

function onCollection(
  request: WebRequest,
  world: World,
  path: RegExpExecArray,
): WebResponse | undefined {
  const [, set = "", namespace, name = ""] = path;
  const entity = world.catalog.bySet(set);
  const operation = named(name);
  const isBound =
    operation?.onCollection === true &&
    entity !== undefined &&
    operation.boundTo === entity.logicalName;
  if (namespace === undefined) {
    if (isBound) throw unqualified();
    return undefined;
  }
  if (!isBound) throw noSegment(`Microsoft.Dynamics.CRM.${name}`);
  return run(operation, name, request, world, "");
}

/** Clients are seen to call it either way; the definition binds it to the set of emails. */
const ALONE_TOO: ReadonlySet<string> = new Set(["DeliverIncomingEmail"]);

/** `decodeURIComponent` that leaves malformed text to the part that reads it. */
function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** Whether a path ends with the name of an action, bound or not. */
export function isAction(path: string): boolean {
  const name = /(?:^|[/.])(\w+)$/.exec(decoded(path))?.[1] ?? "";
  return named(name)?.kind === "Action";
}

/** Actions and functions, bound to a row, to a set, or to nothing. An unknown bound one is 404; other paths are left to others. */
export const actionsHandler: Handler = (request, world) => {
  const path = decoded(request.path);
  // `EntityDefinitions(…)/Attributes/Microsoft.…` has the look of an action, but is a cast.
  if (/^\w*Definitions\b/.test(path)) return undefined;
  const row = BOUND_PATH.exec(path);
  if (row !== null) return onRow(request, world, row);
  const collection = COLLECTION_PATH.exec(path);
  if (collection !== null) return onCollection(request, world, collection);
  const name = UNBOUND_PATH.exec(path)?.[1] ?? "";
  const operation = named(name);
  if (operation === undefined) return undefined;
  if (operation.boundTo !== undefined && !ALONE_TOO.has(name)) return undefined;
  return run(operation, name, request, world, "");
};
