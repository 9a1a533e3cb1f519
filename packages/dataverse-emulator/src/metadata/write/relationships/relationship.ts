import { randomUUID } from "node:crypto";
import type {
  AttributeDefinition,
  EntityDefinition,
  ManyToManyDefinition,
  OneToManyDefinition,
  WebResponse,
} from "../../../model";
import { addTable, dropColumn, dropTable } from "../../../store";
import { intersectTable } from "../../definitions/intersects";
import { withShadows } from "../../definitions/shadows/shadows";
import { entityOf } from "../../entity";
import type { Json } from "../../json/labels";
import { isCustomRelationship } from "../../read/resources";
import { demandPrefix, listOf, objectOf, refuse, textOf } from "../body";
import { applyBody, blankAttribute } from "../columns/attribute";
import { demandFreeName } from "../columns/column";
import { addAttributes, noContent, type WriteContext } from "../context";
import { deleteRuleOf, settingsOf } from "./relationship-settings";

function demandTable(context: WriteContext, name: string): EntityDefinition {
  const entity = context.catalog.byName(name);
  if (entity !== undefined) return entity;
  throw refuse(
    "0x80040203",
    `Could not find an entity with name ${name} and language code 1033. A relationship needs the logical names of two existing tables.`,
  );
}

/** A custom name that no relationship has. The prefix may follow the referenced table's name (`account_new_invoice_…`). */
function demandRelationshipName(context: WriteContext, schemaName: string): void {
  if (!/^[A-Za-z][A-Za-z0-9_]{0,99}$/.test(schemaName)) {
    throw refuse("0x80044366", `The schema name '${schemaName}' is not valid.`);
  }
  if (context.catalog.relationship(schemaName) !== undefined) {
    throw refuse("0x80044363", `A relationship with the schema name ${schemaName} already exists.`);
  }
}

function readOneToMany(
  context: WriteContext,
  body: Json,
  lookup: AttributeDefinition,
  property: string,
): OneToManyDefinition {
  const schemaName = textOf(body, "SchemaName");
  demandRelationshipName(context, schemaName);
  const referenced = demandTable(context, textOf(body, "ReferencedEntity"));
  const referencing = demandTable(context, textOf(body, "ReferencingEntity"));
  return {
    schemaName,
    metadataId: randomUUID(),
    referencedEntity: referenced.logicalName,
    referencedAttribute: referenced.primaryIdAttribute,
    referencingEntity: referencing.logicalName,
    referencingAttribute: lookup.logicalName,
    referencingNavigation: property,
    referencedNavigation: schemaName,
    deleteCascade: deleteRuleOf(body),
    ...settingsOf(body, undefined),
  };
}

function lookupOf(
  context: WriteContext,
  body: Json,
  type: "Lookup" | "Customer",
): AttributeDefinition {
  const definition = objectOf(body.Lookup, "Lookup");
  const lookup = blankAttribute(textOf(definition, "SchemaName"), type);
  demandPrefix(context.world.db, lookup.schemaName);
  applyBody(lookup, definition);
  return lookup;
}

function storeLookup(
  context: WriteContext,
  lookup: AttributeDefinition,
  rows: readonly OneToManyDefinition[],
): void {
  const table = rows[0]?.referencingEntity ?? "";
  const entity = demandTable(context, table);
  if (rows.some((row) => row.referencingEntity !== table)) {
    throw refuse(
      "0x80040203",
      "All relationships of one lookup must have the same ReferencingEntity.",
    );
  }
  demandFreeName(entity, lookup.logicalName);
  lookup.targets = rows.map((row) => row.referencedEntity);
  lookup.navigation = rows.map((row) => ({
    target: row.referencedEntity,
    property: row.referencingNavigation,
  }));
  context.catalog.change((change) => {
    addAttributes(context, change, entity, [lookup]);
    for (const row of rows) change.putRelationship(row);
  });
}

function createOneToMany(context: WriteContext, body: Json): WebResponse {
  const lookup = lookupOf(context, body, "Lookup");
  const row = readOneToMany(context, body, lookup, lookup.schemaName);
  storeLookup(context, lookup, [row]);
  return noContent(context, `RelationshipDefinitions(${row.metadataId})`);
}

function createManyToMany(context: WriteContext, body: Json): WebResponse {
  const schemaName = textOf(body, "SchemaName");
  demandPrefix(context.world.db, schemaName);
  demandRelationshipName(context, schemaName);
  const one = demandTable(context, textOf(body, "Entity1LogicalName"));
  const other = demandTable(context, textOf(body, "Entity2LogicalName"));
  const intersectEntity = String(body.IntersectEntityName ?? schemaName).toLowerCase();
  if (context.catalog.byName(intersectEntity) !== undefined) {
    throw refuse(
      "0x8004700b",
      `An entity with the specified name ${intersectEntity} already exists.`,
    );
  }
  const self = one === other;
  const definition: ManyToManyDefinition = {
    schemaName,
    metadataId: randomUUID(),
    entity1: one.logicalName,
    entity2: other.logicalName,
    intersectEntity,
    entity1Attribute: self ? `${one.primaryIdAttribute}one` : one.primaryIdAttribute,
    entity2Attribute: self ? `${one.primaryIdAttribute}two` : other.primaryIdAttribute,
    entity1Navigation: schemaName,
    entity2Navigation: schemaName,
  };
  const codes = context.catalog.entities().map((entity) => entity.objectTypeCode);
  const { head, columns } = intersectTable(definition, Math.max(9_999, ...codes) + 1, {
    isCustom: true,
  });
  const attributes = columns().map((column) => column.attribute);
  const entity = entityOf(
    { ...head, metadataId: randomUUID() },
    withShadows(intersectEntity, attributes),
  );
  context.catalog.change((change) => {
    change.putEntity(entity);
    for (const attribute of entity.attributes) change.putAttribute(intersectEntity, attribute);
    change.putRelationship(definition);
    addTable(context.world.db, entity);
  });
  return noContent(context, `RelationshipDefinitions(${definition.metadataId})`);
}

/** POST RelationshipDefinitions: OneToManyRelationshipMetadata with its Lookup, or ManyToManyRelationshipMetadata. */
export function createRelationship(context: WriteContext): WebResponse {
  const body = objectOf(context.request.body, "The request body");
  const type = String(body["@odata.type"] ?? "").replace(/^#?(Microsoft\.Dynamics\.CRM\.)?/, "");
  if (type === "OneToManyRelationshipMetadata") return createOneToMany(context, body);
  if (type === "ManyToManyRelationshipMetadata") return createManyToMany(context, body);
  throw refuse(
    "0x80048d19",
    `Error identified in Payload provided by the user: '@odata.type' is '${type}'. Use OneToManyRelationshipMetadata or ManyToManyRelationshipMetadata.`,
  );
}

/** POST CreateCustomerRelationships, CreatePolymorphicLookupAttribute: one lookup with several targets. */
export function createSharedLookup(
  context: WriteContext,
  type: "Customer" | "Lookup",
): WebResponse {
  const body = objectOf(context.request.body, "The request body");
  const lookup = lookupOf(context, body, type);
  const bodies = listOf(body.OneToManyRelationships, "OneToManyRelationships");
  const rows = bodies.map((row) =>
    readOneToMany(context, row, lookup, `${lookup.schemaName}_${textOf(row, "ReferencedEntity")}`),
  );
  const targets = rows.map((row) => row.referencedEntity).sort();
  if (type === "Customer" && targets.join() !== "account,contact") {
    throw refuse(
      "0x80040203",
      "A customer column has exactly two relationships: account and contact.",
    );
  }
  const names = rows.map((row) => row.schemaName.toLowerCase());
  if (
    rows.length === 0 ||
    new Set(names).size < names.length ||
    new Set(targets).size < targets.length
  ) {
    throw refuse(
      "0x80040203",
      "OneToManyRelationships must name each target once, each by its own SchemaName.",
    );
  }
  storeLookup(context, lookup, rows);
  return {
    status: 200,
    body: {
      "@odata.context": `${context.request.serviceRoot}$metadata#Microsoft.Dynamics.CRM.${type === "Customer" ? "CreateCustomerRelationshipsResponse" : "CreatePolymorphicLookupAttributeResponse"}`,
      RelationshipIds: rows.map((row) => row.metadataId),
      AttributeId: lookup.metadataId,
    },
  };
}

function dropOneToMany(context: WriteContext, row: OneToManyDefinition): void {
  const entity = demandTable(context, row.referencingEntity);
  const attribute = entity.attribute(row.referencingAttribute);
  context.catalog.change((change) => {
    change.removeRelationship(row);
    if (attribute === undefined) return;
    const targets = (attribute.targets ?? []).filter((name) => name !== row.referencedEntity);
    if (targets.length > 0) {
      const navigation = attribute.navigation?.filter((one) => targets.includes(one.target)) ?? [];
      change.putAttribute(entity.logicalName, { ...attribute, targets, navigation });
      return;
    }
    for (const one of entity.attributes) {
      const gone = one === attribute || one.attributeOf === attribute.logicalName;
      if (gone) change.removeAttribute(entity.logicalName, one);
    }
    dropColumn(context.world.db, entity, attribute.logicalName);
  });
}

/** DELETE RelationshipDefinitions(…), with the lookup column or the intersect table that carries it. */
export function deleteRelationship(
  context: WriteContext,
  row: OneToManyDefinition | ManyToManyDefinition,
): WebResponse {
  if (!isCustomRelationship(context.catalog, row)) {
    throw refuse(
      "0x8004f032",
      `The relationship '${row.schemaName}' is managed and cannot be deleted.`,
    );
  }
  if (!("intersectEntity" in row)) dropOneToMany(context, row);
  else {
    const intersect = demandTable(context, row.intersectEntity);
    context.catalog.change((change) => {
      change.removeRelationship(row);
      change.removeEntity(intersect);
      dropTable(context.world.db, intersect.logicalName);
    });
  }
  return { status: 204 };
}
