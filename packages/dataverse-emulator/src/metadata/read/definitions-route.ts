import {
  type Database,
  DataverseError,
  type EntityDefinition,
  type WebRequest,
  type WebResponse,
} from "../../model";
import type { MutableCatalog } from "../catalog";
import { ATTRIBUTE_CASTS, castOf } from "../json/attribute-json";
import type { Segment } from "./path";
import {
  attributeResource,
  entityResource,
  findAttribute,
  findEntity,
  type Key,
  relationshipResource,
} from "./resources";
import { type Resource, readOptions, selectionText, shapeMany, shapeOne } from "./shape";

/** The segment of a path that names nothing. */
export function noSegment(name: string): DataverseError {
  return new DataverseError(404, "0x80060888", `Resource not found for the segment '${name}'.`);
}

/** Refusal of a table that does not exist, in Dataverse's words. */
export function noEntity(key: Key): DataverseError {
  return key.name === "MetadataId"
    ? new DataverseError(404, "0x80040217", `Could not find an entity with id ${key.value}.`)
    : new DataverseError(
        404,
        "0x80060888",
        `Could not find an entity with name ${key.value} and language code 1033.`,
      );
}

/** Refusal of a column that does not exist. */
export function noAttribute(entity: EntityDefinition, key: Key): DataverseError {
  return new DataverseError(
    404,
    "0x80060888",
    `Could not find an attribute with ${key.name === "MetadataId" ? "id" : "name"} ${key.value} in the entity ${entity.logicalName}.`,
  );
}

const CAST = "Microsoft.Dynamics.CRM.";
const COLLECTIONS: ReadonlySet<string> = new Set([
  "Keys",
  "ManyToManyRelationships",
  "ManyToOneRelationships",
  "OneToManyRelationships",
]);

function collection(request: WebRequest, context: string, resources: Resource[]): WebResponse {
  const options = readOptions(request.query);
  const value = shapeMany(resources, options);
  return {
    status: 200,
    body: {
      "@odata.context": `${request.serviceRoot}$metadata#${context}${selectionText(options)}`,
      ...(request.query.get("$count") === "true" ? { "@odata.count": value.length } : {}),
      value,
    },
  };
}

function single(request: WebRequest, context: string, resource: Resource): WebResponse {
  const options = readOptions(request.query);
  return {
    status: 200,
    body: {
      "@odata.context": `${request.serviceRoot}$metadata#${context}${selectionText(options)}/$entity`,
      ...shapeOne(resource, options),
    },
  };
}

/** The type name behind a cast segment, or undefined when the segment is none. */
function castName(segment: Segment | undefined): string | undefined {
  if (segment === undefined) return undefined;
  const name = segment.name.startsWith(CAST) ? segment.name.slice(CAST.length) : undefined;
  if (name === undefined || !ATTRIBUTE_CASTS.has(name)) throw noSegment(segment.name);
  return name;
}

function attributes(
  request: WebRequest,
  entity: EntityDefinition,
  segments: readonly Segment[],
): WebResponse {
  const [head, castSegment, extra] = segments;
  // By id: the name that Dataverse writes here is no key in its own model, and a strict reader refuses it.
  const context = `EntityDefinitions(${entity.metadataId})/Attributes`;
  const cast = castName(castSegment);
  const suffix = cast === undefined ? context : `${context}/${CAST}${cast}`;
  if (extra !== undefined && head?.key === undefined) throw noSegment(extra.name);
  if (head?.key === undefined) {
    const fitting = entity.attributes.filter(
      (attribute) => cast === undefined || castOf(attribute) === cast,
    );
    const resources = fitting.map((attribute) => attributeResource(entity, attribute));
    return collection(request, suffix, cast === undefined ? resources : resources.map(withoutType));
  }
  const attribute = findAttribute(entity, head.key);
  if (attribute === undefined) throw noAttribute(entity, head.key);
  if (cast !== undefined && castOf(attribute) !== cast) {
    throw new DataverseError(
      404,
      "0x80060888",
      `The attribute '${attribute.logicalName}' is of type ${castOf(attribute)}, not ${cast}.`,
    );
  }
  const resource = attributeResource(entity, attribute);
  return extra === undefined
    ? single(request, suffix, resource)
    : linked(
        request,
        `${suffix.replace("/Attributes", `/Attributes(${attribute.metadataId})`)}/${extra.name}`,
        resource,
        extra.name,
      );
}

/** Rows of one derived type carry no `@odata.type`: the context says it. */
function withoutType(resource: Resource): Resource {
  const { "@odata.type": _type, ...json } = resource.json;
  return { ...resource, json };
}

/** `…/OptionSet` of a column, `…/Keys` of a table. */
function linked(
  request: WebRequest,
  context: string,
  resource: Resource,
  name: string,
): WebResponse {
  const link = resource.links[name];
  if (link === undefined) throw noSegment(name);
  const target = link();
  if (target === null) return { status: 204 };
  return Array.isArray(target)
    ? collection(request, context, target)
    : single(request, context, target);
}

/** GET below `EntityDefinitions`. */
export function readEntityDefinitions(
  request: WebRequest,
  db: Database,
  catalog: MutableCatalog,
  segments: readonly Segment[],
): WebResponse {
  const [head, next, ...rest] = segments;
  if (head?.key === undefined) {
    if (next !== undefined) throw noSegment(next.name);
    const all = catalog.entities().map((entity) => entityResource(db, catalog, entity));
    return collection(request, "EntityDefinitions", all);
  }
  const entity = findEntity(catalog, head.key);
  if (entity === undefined) throw noEntity(head.key);
  if (next === undefined) {
    return single(request, "EntityDefinitions", entityResource(db, catalog, entity));
  }
  if (next.name === "Attributes") return attributes(request, entity, [next, ...rest]);
  if (!COLLECTIONS.has(next.name) || rest.length > 0) throw noSegment(next.name);
  const context = `EntityDefinitions(${entity.metadataId})/${next.name}`;
  return linked(request, context, entityResource(db, catalog, entity), next.name);
}

/** GET `RelationshipDefinitions`, one by SchemaName or id, or all of one derived type by cast. */
export function readRelationships(
  request: WebRequest,
  catalog: MutableCatalog,
  segments: readonly Segment[],
): WebResponse {
  const [head, cast, extra] = segments;
  if (extra !== undefined) throw noSegment(extra.name);
  const type = cast?.name.slice(CAST.length);
  if (type !== undefined && !/^(OneToMany|ManyToMany)RelationshipMetadata$/.test(type)) {
    throw noSegment(cast?.name ?? "");
  }
  const fits = (resource: Resource) => type === undefined || resource.type === type;
  if (head?.key === undefined) {
    const all = catalog.relationships().map((row) => typed(relationshipResource(catalog, row)));
    return collection(request, "RelationshipDefinitions", all.filter(fits));
  }
  const row = catalog.relationship(head.key.value);
  const resource = row === undefined ? undefined : relationshipResource(catalog, row);
  if (resource === undefined || !fits(resource)) {
    throw new DataverseError(
      404,
      "0x80060888",
      `Could not find a relationship with ${head.key.name} ${head.key.value}.`,
    );
  }
  return single(request, "RelationshipDefinitions", typed(resource));
}

function typed(resource: Resource): Resource {
  const json = { "@odata.type": `#Microsoft.Dynamics.CRM.${resource.type}`, ...resource.json };
  return { ...resource, json };
}
