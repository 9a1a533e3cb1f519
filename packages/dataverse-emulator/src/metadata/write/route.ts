import { parseXml, type XmlElement } from "../../fetchxml/parse/xml";
import { DataverseError, type EntityDefinition, type Right, type WebResponse } from "../../model";
import { noAttribute, noEntity, noSegment } from "../read/definitions-route";
import { readGlobalChoice, readGlobalChoices } from "../read/global-choices";
import type { Segment } from "../read/path";
import { findAttribute, findEntity } from "../read/resources";
import { objectOf, refuse, textOf } from "./body";
import { createAttribute, deleteAttribute, updateAttribute } from "./columns/column";
import {
  createGlobalChoice,
  deleteGlobalChoice,
  updateGlobalChoice,
} from "./columns/global-choice";
import { createKey, deleteKey, findKey } from "./columns/key";
import { OPTION_ACTIONS } from "./columns/options";
import type { WriteContext } from "./context";
import { dependentsOf } from "./dependencies";
import {
  createRelationship,
  createSharedLookup,
  deleteRelationship,
} from "./relationships/relationship";
import { updateRelationship } from "./relationships/relationship-settings";
import { demandCustomizer } from "./rights";
import { createEntity, deleteEntity, updateEntity } from "./tables/entity";

const RIGHTS: Readonly<Record<string, Right>> = {
  DELETE: "Delete",
  PATCH: "Write",
  POST: "Create",
  PUT: "Write",
};

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

/**
 * POST, PUT and DELETE below `EntityDefinitions`. A table's own switches may be sent by PATCH, as mcp-dataverse does;
 * everything else is changed by PUT alone.
 */
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
    return request.method === "DELETE"
      ? deleteEntity(context, entity)
      : updateEntity(context, entity);
  }
  if (request.method === "PATCH") throw notAllowed("PATCH", next.name);
  if (next.name === "Keys") return writeKeys(context, entity, next);
  if (next.name !== "Attributes") throw notAllowed(request.method, next.name);
  return writeAttributes(context, entity, next, cast);
}

function writeAttributes(
  context: WriteContext,
  entity: EntityDefinition,
  { key }: Segment,
  cast: Segment | undefined,
): WebResponse {
  const { method } = context.request;
  if (key === undefined) {
    if (method !== "POST") throw notAllowed(method, "Attributes");
    return createAttribute(context, entity);
  }
  const attribute = findAttribute(entity, key);
  if (attribute === undefined) throw noAttribute(entity, key);
  if (cast !== undefined && !/^Microsoft\.Dynamics\.CRM\.\w*AttributeMetadata$/.test(cast.name)) {
    throw noSegment(cast.name);
  }
  if (method === "POST") throw notAllowed("POST", "Attributes(…)");
  return method === "PUT"
    ? updateAttribute(context, entity, attribute)
    : deleteAttribute(context, entity, attribute);
}

function writeKeys(context: WriteContext, entity: EntityDefinition, segment: Segment): WebResponse {
  const { method } = context.request;
  if (segment.key === undefined) {
    if (method !== "POST") throw notAllowed(method, "Keys");
    return createKey(context, entity);
  }
  const key = findKey(entity, segment.key);
  if (key === undefined) {
    throw refuse("0x80060888", `Could not find a key ${segment.key.value}.`, 404);
  }
  if (method !== "DELETE") throw notAllowed(method, "Keys(…)");
  return deleteKey(context, entity, key);
}

/** GET, POST, PUT and DELETE of `GlobalOptionSetDefinitions`. */
export function globalChoices(context: WriteContext, segments: readonly Segment[]): WebResponse {
  const { request, world, catalog } = context;
  const [head, cast, extra] = segments;
  if (extra !== undefined || (cast && cast.name !== "Microsoft.Dynamics.CRM.OptionSetMetadata")) {
    throw noSegment((extra ?? cast)?.name ?? "");
  }
  const reading = request.method === "GET";
  if (!reading) {
    const right = rightOf(context, "GlobalOptionSetDefinitions");
    demandCustomizer(world, request.principal, right, "OptionSet");
  }
  if (head?.key === undefined) {
    if (reading) return readGlobalChoices(request, catalog.optionSets());
    if (request.method !== "POST") throw notAllowed(request.method, "GlobalOptionSetDefinitions");
    return createGlobalChoice(context);
  }
  const set = catalog.optionSet(head.key.value);
  if (set === undefined) {
    throw refuse(
      "0x80040217",
      `Could not find an option set with ${head.key.name} ${head.key.value}.`,
      404,
    );
  }
  if (reading) return readGlobalChoice(request, set);
  if (request.method === "PUT") return updateGlobalChoice(context, set);
  if (request.method === "DELETE") return deleteGlobalChoice(context, set);
  throw notAllowed(request.method, "GlobalOptionSetDefinitions(…)");
}

/** POST, PUT and DELETE of `RelationshipDefinitions`. */
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
  const isChange = request.method === "DELETE" || request.method === "PUT";
  if (key === undefined || !isChange) throw notAllowed(request.method, "RelationshipDefinitions");
  const row = catalog.relationship(key.value);
  if (row === undefined) {
    throw refuse("0x80060888", `Could not find a relationship with ${key.name} ${key.value}.`, 404);
  }
  // Changed at its own address alone, not through a cast.
  if (request.method === "PUT" && segments[1] !== undefined)
    throw notAllowed("PUT", segments[1].name);
  return request.method === "PUT"
    ? updateRelationship(context, row)
    : deleteRelationship(context, row);
}

function readParameterXml(text: string): XmlElement {
  try {
    const root = parseXml(text);
    if (root.name === "importexportxml") return root;
  } catch (error) {
    if (!(error instanceof DataverseError)) throw error;
    throw refuse("0x80040203", `ParameterXml is not well-formed: ${error.message}`);
  }
  throw refuse("0x80040203", "ParameterXml must have the root element importexportxml.");
}

/** Tables that are to be published must be there. */
function demandKnown({ catalog }: WriteContext, root: XmlElement): void {
  const tables = root.children
    .filter((each) => each.name === "entities")
    .flatMap((each) => each.children)
    .map((each) => each.text.trim());
  const unknown = tables.find((name) => catalog.byName(name) === undefined);
  if (unknown === undefined) return;
  throw refuse(
    "0x80041102",
    `The entity with a name = '${unknown.slice(0, 100)}' with namemapping = 'Logical' was not found in the MetadataCache.`,
  );
}

function publish(context: WriteContext, name: string): WebResponse {
  demandCustomizer(context.world, context.request.principal, "Publish", "Customization");
  if (name === "PublishXml") {
    const xml = textOf(objectOf(context.request.body, "The request body"), "ParameterXml");
    demandKnown(context, readParameterXml(xml));
  }
  // Definitions are in force as soon as they are written; there is nothing to publish.
  return { status: 204 };
}

const optionActions = Object.fromEntries(
  Object.entries(OPTION_ACTIONS).map(([name, run]) => [
    name,
    (context: WriteContext) => {
      demandCustomizer(context.world, context.request.principal, "Write", "Attribute");
      return run(context);
    },
  ]),
);

const ACTIONS: Readonly<Record<string, (context: WriteContext, name: string) => WebResponse>> = {
  ...optionActions,
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

/** GET RetrieveDependenciesForDelete(ObjectId=…,ComponentType=2): what stands in the way of deleting a component. */
export function dependenciesForDelete(context: WriteContext): WebResponse {
  const { request } = context;
  const text = decodeURIComponent(request.path).replace(
    /@\w+/g,
    (alias) => request.query.get(alias) ?? alias,
  );
  const id = /ObjectId\s*=\s*'?([0-9a-fA-F-]{36})/.exec(text)?.[1]?.toLowerCase();
  const type = Number(/ComponentType\s*=\s*(\d{1,5})\b/.exec(text)?.[1]);
  if (id === undefined || Number.isNaN(type)) {
    throw refuse(
      "0x80060888",
      "RetrieveDependenciesForDelete needs ObjectId (the id of a component) and ComponentType (1 table, 2 column, 9 choice, 10 relationship …).",
    );
  }
  return {
    status: 200,
    body: {
      "@odata.context": `${request.serviceRoot}$metadata#dependencies`,
      value: dependentsOf(context, type, id).map((row) => ({
        dependentcomponentobjectid: row.id,
        dependentcomponenttype: row.type,
        requiredcomponentobjectid: id,
        requiredcomponenttype: type,
        dependencytype: 2,
      })),
    },
  };
}
