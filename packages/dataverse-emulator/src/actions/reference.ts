import { DataverseError, type EntityDefinition, type World } from "../model";
import { invalidArgument } from "./access";

const GUID = /^[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/;

export type Json = Record<string, unknown>;

export function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The action's parameters. A body that is no object is a payload error. */
export function parametersOf(body: unknown): Json {
  if (body === undefined) return {};
  if (isObject(body)) return body;
  throw new DataverseError(
    400,
    "0x80048d19",
    "Error identified in Payload provided by the user: the body of an action must be a JSON object.",
  );
}

/** `/incidents(<guid>)`, `incidents(<guid>)` or an absolute address: the table and the id, in lower case. */
export function referenceOf(
  world: World,
  text: unknown,
): { entity: EntityDefinition; id: string } | undefined {
  const match = typeof text === "string" ? /(?:^|\/)(\w+)\(([^()]+)\)$/.exec(text.trim()) : null;
  const [, set = "", id = ""] = match ?? [];
  const entity = world.catalog.bySet(set);
  return entity !== undefined && GUID.test(id) ? { entity, id: id.toLowerCase() } : undefined;
}

/** `#Microsoft.Dynamics.CRM.incident` as `incident`. */
export function typeNameOf(value: Json): string | undefined {
  const text = value["@odata.type"];
  return typeof text === "string" ? text.replace(/^#?Microsoft\.Dynamics\.CRM\./, "") : undefined;
}

/** The kind of activity that a row is which is named by `activityid` alone. */
function activityOf(world: World, id: string): EntityDefinition | undefined {
  const row = world.db
    .prepare('SELECT "activitytypecode" AS kind FROM "activitypointer" WHERE "activityid" = ?')
    .get(id.toLowerCase());
  return row === undefined ? undefined : world.catalog.byName(String(row.kind));
}

/**
 * A row passed as a parameter: by `@odata.id`, or by `@odata.type` with its primary key (of a user or team also
 * `ownerid`). An activity may come without its type.
 */
export function targetOf(
  world: World,
  value: unknown,
  name: string,
): { entity: EntityDefinition; id: string } {
  if (!isObject(value)) throw invalidArgument(`Required field '${name}' is missing`);
  const linked = referenceOf(world, value["@odata.id"]);
  if (linked !== undefined) return linked;
  const type = typeNameOf(value);
  const activityId = value.activityid;
  const entity =
    (type === undefined || type === "activitypointer") && typeof activityId === "string"
      ? activityOf(world, activityId)
      : world.catalog.byName(type ?? onlyType(value));
  const isOwner = entity?.logicalName === "systemuser" || entity?.logicalName === "team";
  const id =
    entity === undefined
      ? undefined
      : (value[entity.primaryIdAttribute] ?? (isOwner ? value.ownerid : undefined));
  if (entity === undefined || typeof id !== "string" || !GUID.test(id)) {
    throw invalidArgument(
      `EdmEntityObject passed should have the key property value set: '${name}' must name a row, {"@odata.type":"Microsoft.Dynamics.CRM.<table>","<primary key>":"<guid>"} or {"@odata.id":"<set>(<guid>)"}.`,
    );
  }
  return { entity, id: id.toLowerCase() };
}

/** Users, teams and queues are known by the name of their key. */
function onlyType(value: Json): string {
  if (typeof value.systemuserid === "string") return "systemuser";
  if (typeof value.teamid === "string") return "team";
  return typeof value.queueid === "string" ? "queue" : "";
}
