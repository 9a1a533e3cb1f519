import { DataverseError, type Right, type WebResponse } from "../../model";
import { noAttribute, noEntity, noSegment } from "../read/definitions-route";
import type { Segment } from "../read/path";
import { findAttribute, findEntity } from "../read/resources";
import { objectOf, refuse, textOf } from "./body";
import { createAttribute, deleteAttribute, updateAttribute } from "./column";
import type { WriteContext } from "./context";
import { createEntity, deleteEntity, dependentsOf, updateEntity } from "./entity";
import { createRelationship, createSharedLookup, deleteRelationship } from "./relationship";
import { demandCustomizer } from "./rights";

const RIGHTS: Readonly<Record<string, Right>> = { DELETE: "Delete", POST: "Create", PUT: "Write" };

export function notAllowed(method: string, name: string): DataverseError {
  return new DataverseError(
    405,
    "0x80060888",
    `The requested resource does not support http method '${method}' (${name}).`,
  );
}

function rightOf(context: WriteContext, name: string): Right {
  const right = RIGHTS[context.request.method];
  if (right === undefined) throw notAllowed(context.request.method, name);
  return right;
}

/** POST, PUT and DELETE below `EntityDefinitions`. PATCH is 405: Dataverse changes definitions by PUT alone. */
export function writeEntityDefinitions(
  context: WriteContext,
  segments: readonly Segment[],
): WebResponse {
  const { request, world, catalog } = context;
  const [head, next, cast] = segments;
  const right = rightOf(context, "EntityDefinitions");
  demandCustomizer(world, request.principal, right, next === undefined ? "Entity" : "Attribute");
  if (head?.key === undefined) {
    if (request.method !== "POST" || next !== undefined) {
      throw notAllowed(request.method, "EntityDefinitions");
    }
    return createEntity(context);
  }
  const entity = findEntity(catalog, head.key);
  if (entity === undefined) throw noEntity(head.key);
  if (next === undefined) {
    if (request.method === "POST") throw notAllowed("POST", "EntityDefinitions(…)");
    return request.method === "PUT" ? updateEntity(context, entity) : deleteEntity(context, entity);
  }
  if (next.name !== "Attributes") throw notAllowed(request.method, next.name);
  if (next.key === undefined) {
    if (request.method !== "POST") throw notAllowed(request.method, "Attributes");
    return createAttribute(context, entity);
  }
  const attribute = findAttribute(entity, next.key);
  if (attribute === undefined) throw noAttribute(entity, next.key);
  if (cast !== undefined && !/^Microsoft\.Dynamics\.CRM\.\w*AttributeMetadata$/.test(cast.name)) {
    throw noSegment(cast.name);
  }
  if (request.method === "POST") throw notAllowed("POST", "Attributes(…)");
  return request.method === "PUT"
    ? updateAttribute(context, entity, attribute)
    : deleteAttribute(context, entity, attribute);
}

/** POST and DELETE of `RelationshipDefinitions`. */
export function writeRelationships(
  context: WriteContext,
  segments: readonly Segment[],
): WebResponse {
  const { request, world, catalog } = context;
  const key = segments[0]?.key;
  demandCustomizer(
    world,
    request.principal,
    rightOf(context, "RelationshipDefinitions"),
    "Relationship",
  );
  if (key === undefined && request.method === "POST") return createRelationship(context);
  if (key === undefined || request.method !== "DELETE") {
    throw notAllowed(request.method, "RelationshipDefinitions");
  }
  const row = catalog.relationship(key.value);
  if (row === undefined) {
    throw refuse("0x80060888", `Could not find a relationship with ${key.name} ${key.value}.`, 404);
  }
  return deleteRelationship(context, row);
}

function publish(context: WriteContext, name: string): WebResponse {
  demandCustomizer(context.world, context.request.principal, "Publish", "Customization");
  if (name === "PublishXml") {
    const xml = textOf(objectOf(context.request.body, "The request body"), "ParameterXml");
    if (!xml.includes("<importexportxml")) {
      throw refuse("0x80040203", "ParameterXml must have the root element importexportxml.");
    }
  }
  // Definitions are in force as soon as they are written; there is nothing to publish.
  return { status: 204 };
}

const ACTIONS: Readonly<Record<string, (context: WriteContext, name: string) => WebResponse>> = {
  CreateCustomerRelationships: (context) => {
    demandCustomizer(context.world, context.request.principal, "Create", "Relationship");
    return createSharedLookup(context, "Customer");
  },
  CreatePolymorphicLookupAttribute: (context) => {
    demandCustomizer(context.world, context.request.principal, "Create", "Relationship");
    return createSharedLookup(context, "Lookup");
  },
  PublishAllXml: publish,
  PublishXml: publish,
};

/** POST of a schema action, or undefined when the name is none. */
export function schemaAction(context: WriteContext, name: string): WebResponse | undefined {
  const action = ACTIONS[name];
  if (action === undefined) return undefined;
  if (context.request.method !== "POST") throw notAllowed(context.request.method, name);
  return action(context, name);
}

/** GET RetrieveDependenciesForDelete(ObjectId=…,ComponentType=1): what stands in the way of deleting a table. */
export function dependenciesForDelete(context: WriteContext): WebResponse {
  const { request, catalog } = context;
  const text = decodeURIComponent(request.path).replace(
    /@\w+/g,
    (alias) => request.query.get(alias) ?? alias,
  );
  const id = /ObjectId\s*=\s*'?([0-9a-fA-F-]{36})/.exec(text)?.[1]?.toLowerCase();
  if (id === undefined || !/ComponentType\s*=\s*1\b/.test(text)) {
    throw refuse(
      "0x80060888",
      "RetrieveDependenciesForDelete needs ObjectId (a table's MetadataId) and ComponentType=1.",
    );
  }
  const entity = catalog.entities().find((one) => one.metadataId === id);
  if (entity === undefined) {
    throw refuse("0x80040217", `Could not find an entity with id ${id}.`, 404);
  }
  return {
    status: 200,
    body: {
      "@odata.context": `${request.serviceRoot}$metadata#dependencies`,
      value: dependentsOf(context, entity).map((row) => ({
        dependentcomponentobjectid: row.metadataId,
        dependentcomponenttype: 10,
        requiredcomponentobjectid: id,
        requiredcomponenttype: 1,
        dependencytype: 2,
      })),
    },
  };
}
