import {
  DataverseError,
  type Handler,
  type WebRequest,
  type WebResponse,
  type World,
} from "../model";
import { addToQueue } from "./add-to-queue";
import { closeIncident } from "./close-incident";
import { retrievePrincipalAccess, retrieveUserPrivileges } from "./privileges";
import { sendEmail } from "./send-email";
import { retrieveTotalRecordCount } from "./total-record-count";
import { whoAmI } from "./who-am-i";

interface Operation {
  method: "GET" | "POST";
  run(request: WebRequest, world: World, id: string): WebResponse;
}

const UNBOUND: Readonly<Record<string, Operation>> = {
  CloseIncident: { method: "POST", run: closeIncident },
  RetrieveTotalRecordCount: { method: "GET", run: retrieveTotalRecordCount },
  WhoAmI: { method: "GET", run: whoAmI },
};

/** By `table/Name`: actions and functions that start from a row. */
const BOUND: Readonly<Record<string, Operation>> = {
  "email/SendEmail": { method: "POST", run: sendEmail },
  "queue/AddToQueue": { method: "POST", run: addToQueue },
  "systemuser/RetrievePrincipalAccess": { method: "GET", run: retrievePrincipalAccess },
  "systemuser/RetrieveUserPrivileges": { method: "GET", run: retrieveUserPrivileges },
};

const BOUND_PATH = /^(\w+)\(([^/]*)\)\/Microsoft\.Dynamics\.CRM\.(\w+)(?:\(.*\))?$/s;
const COLLECTION_PATH = /^\w+\/Microsoft\.Dynamics\.CRM\.(\w+)(?:\(.*\))?$/s;
const UNBOUND_PATH = /^(\w+)(?:\(.*\))?$/s;
const GUID = /^[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/;

function noSegment(name: string): DataverseError {
  return new DataverseError(404, "0x80060888", `Resource not found for the segment '${name}'.`);
}

function run(
  operation: Operation,
  name: string,
  request: WebRequest,
  world: World,
  id: string,
): WebResponse {
  if (request.method === operation.method) return operation.run(request, world, id);
  throw new DataverseError(
    405,
    "0x80060888",
    `The requested resource does not support http method '${request.method}' (${name} takes ${operation.method}).`,
  );
}

function bound(request: WebRequest, world: World, path: RegExpExecArray): WebResponse {
  const [, set = "", key = "", name = ""] = path;
  const entity = world.catalog.bySet(set);
  if (entity === undefined) throw noSegment(set);
  const operation = BOUND[`${entity.logicalName}/${name}`];
  if (operation === undefined) throw noSegment(`Microsoft.Dynamics.CRM.${name}`);
  const id = key.replace(/^\w+=/, "").replaceAll("'", "");
  if (!GUID.test(id)) {
    throw new DataverseError(
      400,
      "0x80060888",
      `Bad Request - Error in query syntax: '${key}' is not a GUID.`,
    );
  }
  return run(operation, name, request, world, id.toLowerCase());
}

/** `decodeURIComponent` that leaves malformed text to the part that reads it. */
function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** Actions and functions, bound to a row or not. An unknown bound one is 404; other paths are left to others. */
export const actionsHandler: Handler = (request, world) => {
  const path = decoded(request.path);
  const boundPath = BOUND_PATH.exec(path);
  // `EntityDefinitions(…)/Attributes/Microsoft.…` has the look of an action, but is a cast.
  if (boundPath !== null && !/Definitions$/.test(boundPath[1] ?? "")) {
    return bound(request, world, boundPath);
  }
  const collection = COLLECTION_PATH.exec(path)?.[1];
  if (collection !== undefined && !path.includes("Definitions/")) {
    throw noSegment(`Microsoft.Dynamics.CRM.${collection}`);
  }
  const name = UNBOUND_PATH.exec(path)?.[1] ?? "";
  const operation = Object.hasOwn(UNBOUND, name) ? UNBOUND[name] : undefined;
  return operation === undefined ? undefined : run(operation, name, request, world, "");
};
