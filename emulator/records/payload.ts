import type {
  AttributeDefinition,
  EntityDefinition,
  OneToManyDefinition,
  Principal,
  SqlValue,
  World,
} from "../model";
import { hasTypeColumn, isStored } from "../store";
import { demandVisible, type Reference, readReference, targetsOf } from "./references";
import { badPayload } from "./refusals";
import { toStored } from "./values";

/** A body taken apart: columns to write, and rows to make or to link with it. */
export interface Payload {
  /** By column name, `x__type` companions included. */
  readonly columns: Record<string, SqlValue>;
  /** New rows of to-many properties. */
  readonly children: {
    readonly relationship: OneToManyDefinition;
    readonly body: Record<string, unknown>;
  }[];
  /** Existing rows to be linked through a to-many or many-to-many property. */
  readonly links: { readonly navigation: string; readonly reference: Reference }[];
}

/** Whose right to write a column counts; `internal` writes any. */
type Mode = "create" | "update" | "internal";

type Place = Pick<World, "db" | "catalog" | "security">;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * Reads Web API JSON against the definitions. Columns that a caller may not write are passed over, as the service does;
 * names that do not exist are refused.
 *
 * @param mode which right of a column counts; `internal` writes any
 */
export function readPayload(
  place: Place,
  entity: EntityDefinition,
  body: Readonly<Record<string, unknown>>,
  principal: Principal,
  mode: Mode,
): Payload {
  const payload: Payload = { columns: {}, children: [], links: [] };
  for (const [name, value] of Object.entries(body)) {
    if (name.startsWith("@odata.") || name === "@odata.type") continue;
    const at = name.indexOf("@");
    if (at > 0)
      readAnnotation(
        place,
        entity,
        name.slice(0, at),
        name.slice(at),
        value,
        principal,
        payload,
        mode,
      );
    else readProperty(place, entity, name, value, payload, mode);
  }
  return payload;
}

const isWritable = (attribute: AttributeDefinition, mode: Mode): boolean =>
  mode === "internal" || (mode === "create" ? attribute.validForCreate : attribute.validForUpdate);

function clear(attribute: AttributeDefinition, payload: Payload, mode: Mode): void {
  if (!isWritable(attribute, mode)) return;
  payload.columns[attribute.logicalName] = null;
  if (hasTypeColumn(attribute)) payload.columns[`${attribute.logicalName}__type`] = null;
}

function readAnnotation(
  place: Place,
  entity: EntityDefinition,
  property: string,
  annotation: string,
  value: unknown,
  principal: Principal,
  payload: Payload,
  mode: Mode,
): void {
  // Formatted values and the like that a client sends back are no business of a write.
  if (annotation !== "@odata.bind") return;
  const end = place.catalog.navigation(entity.logicalName, property);
  if (end === undefined) {
    throw badPayload(
      entity,
      `An undeclared property '${property}' which only has property annotations in the payload but no property value was found in the payload. In OData, only declared navigation properties and declared named streams can be represented as properties without values.`,
    );
  }
  if (end.kind !== "one") {
    if (!Array.isArray(value))
      throw badPayload(
        entity,
        `The property '${property}@odata.bind' of a collection must be a list.`,
      );
    for (const each of value) {
      const reference = readReference(place, entity, property, each);
      demandVisible(place, principal, reference);
      payload.links.push({ navigation: property, reference });
    }
    return;
  }
  bind(place, entity, end.attribute, property, value, principal, payload, mode);
}

function bind(
  place: Place,
  entity: EntityDefinition,
  attribute: AttributeDefinition,
  property: string,
  value: unknown,
  principal: Principal,
  payload: Payload,
  mode: Mode,
): void {
  if (value === null) {
    clear(attribute, payload, mode);
    return;
  }
  if (!isWritable(attribute, mode)) return;
  const columns = payload.columns;
  const reference = readReference(place, entity, property, value);
  const allowed =
    attribute.navigation?.filter((each) => each.property === property).map((each) => each.target) ??
    [];
  const targets = attribute.type === "Owner" ? targetsOf(attribute) : allowed;
  if (targets.length > 0 && !targets.includes(reference.table)) {
    throw badPayload(
      entity,
      `The property '${property}' points to '${targets.join("', '")}', not to '${reference.table}'.`,
    );
  }
  if (mode !== "internal") demandVisible(place, principal, reference);
  columns[attribute.logicalName] = reference.id;
  if (hasTypeColumn(attribute)) columns[`${attribute.logicalName}__type`] = reference.table;
}

function readProperty(
  place: Place,
  entity: EntityDefinition,
  name: string,
  value: unknown,
  payload: Payload,
  mode: Mode,
): void {
  const attribute = entity.attribute(name);
  if (attribute !== undefined && attribute.attributeOf === undefined && !isLookup(attribute)) {
    if (!isStored(attribute)) throw badPayload(entity, `The property '${name}' cannot be written.`);
    const stored = toStored(entity, attribute, value);
    if (isWritable(attribute, mode)) payload.columns[name] = stored;
    return;
  }
  const end = place.catalog.navigation(entity.logicalName, name);
  if (end?.kind === "many") {
    for (const child of Array.isArray(value) ? value : [value]) {
      if (!isObject(child)) throw badPayload(entity, `The property '${name}' must hold objects.`);
      payload.children.push({ relationship: end.relationship, body: child });
    }
    return;
  }
  if (end?.kind === "one" && value === null) {
    clear(end.attribute, payload, mode);
    return;
  }
  throw badPayload(
    entity,
    `Invalid property '${name}' was found in entity 'Microsoft.Dynamics.CRM.${entity.logicalName}'. Please try to see if it is a valid property.`,
  );
}

const isLookup = (attribute: AttributeDefinition) =>
  attribute.type === "Lookup" || attribute.type === "Customer" || attribute.type === "Owner";
