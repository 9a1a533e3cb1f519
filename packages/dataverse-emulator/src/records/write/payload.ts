import {
  type AttributeDefinition,
  DataverseError,
  type EntityDefinition,
  type Principal,
  type SqlRow,
  type SqlValue,
  type World,
} from "../../model";
import { hasTypeColumn, isStored } from "../../store";
import { toStored } from "../derived/values";
import { type Reference, readReference, targetsOf } from "../rows/references";
import { badPayload } from "../rows/refusals";
import { type FileChange, fileChange } from "./files";

export type Body = Record<string, unknown>;

/** A body taken apart: columns to write, and rows to make or to link with it. */
export interface Payload {
  /** By column name, `x__type` companions included. */
  readonly columns: Record<string, SqlValue>;
  /** New rows that this one will point to: nested objects under a to-one property. */
  readonly parents: {
    readonly attribute: AttributeDefinition;
    readonly target: string;
    readonly body: Body;
  }[];
  /** New rows of a to-many property, by the property's name. */
  readonly children: { readonly navigation: string; readonly bodies: readonly Body[] }[];
  /** Contents of file columns. */
  readonly files: FileChange[];
  /** Existing rows that a lookup was bound to. */
  readonly bound: { readonly attribute: AttributeDefinition; readonly reference: Reference }[];
  /** Existing rows to be linked through a to-many or many-to-many property. */
  readonly links: { readonly navigation: string; readonly reference: Reference }[];
}

/** Whose right to write a column counts; `internal` writes any. */
export type Mode = "create" | "update" | "internal";

interface Reading {
  readonly place: Pick<World, "db" | "catalog" | "security">;
  readonly entity: EntityDefinition;
  readonly principal: Principal;
  readonly mode: Mode;
  /** The row as it is, when one is changed. */
  readonly before: SqlRow | undefined;
  readonly payload: Payload;
}

const isObject = (value: unknown): value is Body =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * Reads Web API JSON against the definitions. Columns that a caller may not write are passed over, as the service does;
 * names that do not exist are refused.
 *
 * @param mode which right of a column counts; `internal` writes any
 */
export function readPayload(
  place: Pick<World, "db" | "catalog" | "security">,
  entity: EntityDefinition,
  body: Readonly<Body>,
  principal: Principal,
  mode: Mode,
  before?: SqlRow,
): Payload {
  const payload: Payload = {
    columns: {},
    parents: [],
    children: [],
    files: [],
    bound: [],
    links: [],
  };
  const reading: Reading = { place, entity, principal, mode, before, payload };
  for (const [name, value] of Object.entries(body)) {
    const at = name.indexOf("@");
    if (at >= 0) demandAnnotationName(entity, name.slice(at + 1));
    if (at < 0) readProperty(reading, name, value);
    // Formatted values and the like that a client sends back are no business of a write.
    else if (at > 0 && name.slice(at) === "@odata.bind")
      readBind(reading, name.slice(0, at), value);
  }
  return payload;
}

/** Names of annotations have a namespace; since 2024 others are refused. */
function demandAnnotationName(entity: EntityDefinition, name: string): void {
  if (/^[^.].*\..*[^.]$/.test(name)) return;
  throw new DataverseError(
    400,
    "0x80048d19",
    `Error identified in Payload provided by the user for Entity :'${entity.entitySetName}', For more information on this error please follow this help link https://go.microsoft.com/fwlink/?linkid=2195293  ---->  InnerException : System.ArgumentException: '${name.slice(0, 100)}' is an invalid instance annotation name. An instance annotation name must contain a period that is not at the start or end of the name.`,
  );
}

/** A first state is read, though it may not be chosen, so that another one can be refused. */
const isWritable = (attribute: AttributeDefinition, mode: Mode): boolean =>
  mode === "internal" ||
  (mode === "create"
    ? attribute.validForCreate || (attribute.type === "State" && attribute.validForUpdate)
    : attribute.validForUpdate);

/** Takes a lookup away; one of several targets only where the lookup points to it. */
function clear(
  { payload, mode, before }: Reading,
  attribute: AttributeDefinition,
  property: string,
): void {
  if (!isWritable(attribute, mode)) return;
  const { columns } = payload;
  const { logicalName } = attribute;
  if (hasTypeColumn(attribute) && attribute.type !== "Owner") {
    // Two properties share the column: setting one and clearing the other is a change of target.
    if (columns[logicalName] !== undefined && columns[logicalName] !== null) return;
    const current = before?.[`${logicalName}__type`];
    const own = attribute.navigation?.find((each) => each.property === property)?.target;
    if (typeof current === "string" && own !== undefined && own !== current) return;
  }
  columns[logicalName] = null;
  if (hasTypeColumn(attribute)) columns[`${logicalName}__type`] = null;
}

function readBind(reading: Reading, property: string, value: unknown): void {
  const { place, entity, payload } = reading;
  const end = place.catalog.navigation(entity.logicalName, property);
  if (end === undefined) {
    throw badPayload(
      entity,
      `An undeclared property '${property}' which only has property annotations in the payload but no property value was found in the payload. In OData, only declared navigation properties and declared named streams can be represented as properties without values.`,
    );
  }
  if (end.kind === "one") {
    bind(reading, end.attribute, property, value);
    return;
  }
  if (!Array.isArray(value))
    throw badPayload(
      entity,
      `The property '${property}@odata.bind' of a collection must be a list.`,
    );
  for (const each of value) {
    const reference = readReference(place, entity, property, each);
    payload.links.push({ navigation: property, reference });
  }
}

function bind(
  reading: Reading,
  attribute: AttributeDefinition,
  property: string,
  value: unknown,
): void {
  const { place, entity, payload, mode } = reading;
  if (value === null) {
    clear(reading, attribute, property);
    return;
  }
  if (!isWritable(attribute, mode)) return;
  const reference = readReference(place, entity, property, value);
  const targets = targetsThrough(attribute, property);
  if (targets.length > 0 && !targets.includes(reference.table)) {
    throw badPayload(
      entity,
      `The property '${property}' points to '${targets.join("', '")}', not to '${reference.table}'.`,
    );
  }
  payload.bound.push({ attribute, reference });
  payload.columns[attribute.logicalName] = reference.id;
  if (hasTypeColumn(attribute)) payload.columns[`${attribute.logicalName}__type`] = reference.table;
}

const targetsThrough = (attribute: AttributeDefinition, property: string): readonly string[] =>
  attribute.type === "Owner"
    ? targetsOf(attribute)
    : (attribute.navigation ?? [])
        .filter((each) => each.property === property)
        .map((each) => each.target);

function readProperty(reading: Reading, name: string, value: unknown): void {
  const { place, entity, payload, mode } = reading;
  const attribute = entity.attribute(name);
  if (attribute?.type === "File") {
    const change = fileChange(entity, attribute, value);
    payload.files.push(change);
    payload.columns[name] = change.content === undefined ? null : change.id;
    return;
  }
  if (attribute !== undefined && attribute.attributeOf === undefined && !isLookup(attribute)) {
    if (!isStored(attribute)) throw badPayload(entity, `The property '${name}' cannot be written.`);
    const stored = toStored(entity, attribute, value);
    if (isWritable(attribute, mode)) payload.columns[name] = stored;
    return;
  }
  // The type column of a lookup (`objecttypecode`) is told by the bind; clients send it along.
  if (attribute?.attributeOf !== undefined && attribute.type === "EntityName") return;
  const end = place.catalog.navigation(entity.logicalName, name);
  if (end?.kind === "one") readNestedRow(reading, end.attribute, end.target, name, value);
  else if (end !== undefined) readNestedRows(reading, name, value);
  else throw noProperty(entity, name);
}

function noProperty(entity: EntityDefinition, name: string) {
  const lookup = entity.attribute(/^_(\w+)_value$/.exec(name)?.[1] ?? "");
  if (lookup !== undefined && isLookup(lookup))
    return badPayload(
      entity,
      "CRM do not support direct update of Entity Reference properties, Use Navigation properties instead.",
    );
  return badPayload(
    entity,
    `Invalid property '${name}' was found in entity 'Microsoft.Dynamics.CRM.${entity.logicalName}'. Please try to see if it is a valid property.`,
  );
}

function readNestedRow(
  reading: Reading,
  attribute: AttributeDefinition,
  target: string,
  name: string,
  value: unknown,
): void {
  const { entity, payload, mode, before } = reading;
  if (value === null) {
    clear(reading, attribute, name);
    return;
  }
  if (!isObject(value)) {
    throw badPayload(
      entity,
      "An unexpected 'PrimitiveValue' node was found when reading from the JSON reader. A 'StartObject' or 'StartArray' node was expected.",
    );
  }
  if (before !== undefined) throw noDeepUpdate(entity, name);
  if (attribute.type === "Owner")
    throw badPayload(entity, `A new row cannot be made through the property '${name}'.`);
  if (isWritable(attribute, mode)) payload.parents.push({ attribute, target, body: value });
}

function readNestedRows(reading: Reading, name: string, value: unknown): void {
  const { place, entity, payload, before } = reading;
  const bodies = Array.isArray(value) ? value : [value];
  if (!bodies.every(isObject))
    throw badPayload(entity, `The property '${name}' must hold a list of objects.`);
  const end = place.catalog.navigation(entity.logicalName, name);
  const isParties = end?.kind === "many" && end.relationship.referencingEntity === "activityparty";
  if (before !== undefined && !isParties) throw noDeepUpdate(entity, name);
  payload.children.push({ navigation: name, bodies });
}

const noDeepUpdate = (entity: EntityDefinition, name: string) =>
  badPayload(
    entity,
    `Deep update is not supported: the rows of '${name}' are changed by requests of their own.`,
  );

const isLookup = (attribute: AttributeDefinition) =>
  attribute.type === "Lookup" || attribute.type === "Customer" || attribute.type === "Owner";
