import { randomUUID } from "node:crypto";
import type { AttributeDefinition, EntityDefinition, WebResponse } from "../../../model";
import { createTablePrivileges, dropTablePrivileges } from "../../../security";
import {
  addTable,
  canTrackChanges,
  createActivityView,
  dropTable,
  tracksChanges,
} from "../../../store";
import { withShadows } from "../../definitions/shadows/shadows";
import { type EntityHead, entityOf } from "../../entity";
import { entityJson } from "../../json/entity-json";
import type { Json } from "../../json/labels";
import { pluralOf } from "../../plural";
import { isSearched } from "../../searched";
import { demandPrefix, innerValue, labelText, listOf, objectOf, refuse, textOf } from "../body";
import { attributeOfBody, companionsOf } from "../columns/attribute";
import { currencyColumns, systemColumns } from "../columns/system-columns";
import { noContent, type WriteContext } from "../context";
import { COMPONENTS, demandNoDependents } from "../dependencies";
import { ACTIVITY_KEY, activityColumns, allowParties, demandActivity } from "./activity";
import { allowActivities, allowNotes, forgetTarget } from "./polymorphic";
import { createViews, dropViews } from "./views";

const FIRST_CUSTOM_CODE = 10_000;

function nextTypeCode(context: WriteContext): number {
  const codes = context.catalog.entities().map((entity) => entity.objectTypeCode);
  return Math.max(FIRST_CUSTOM_CODE - 1, ...codes) + 1;
}

function freeSetName(context: WriteContext, logicalName: string): string {
  const plural = pluralOf(logicalName);
  return context.catalog.bySet(plural) === undefined ? plural : `${logicalName}collection`;
}

function headOfBody(context: WriteContext, body: Json): EntityHead {
  const schemaName = textOf(body, "SchemaName");
  demandPrefix(context.world.db, schemaName);
  const logicalName = schemaName.toLowerCase();
  if (context.catalog.byName(logicalName) !== undefined) {
    throw refuse(
      "0x8004700b",
      `An entity with the specified name ${logicalName} already exists. Specify a unique name.`,
    );
  }
  const ownership = body.OwnershipType ?? "UserOwned";
  if (ownership !== "UserOwned" && ownership !== "OrganizationOwned") {
    throw refuse(
      "0x80040203",
      `OwnershipType '${String(ownership)}' is not valid. Use UserOwned or OrganizationOwned.`,
    );
  }
  const isActivity = body.IsActivity === true;
  if (isActivity) demandActivity(body);
  const displayName = labelText(body.DisplayName);
  const displayCollectionName = labelText(body.DisplayCollectionName);
  if (displayName === undefined || displayCollectionName === undefined) {
    throw refuse(
      "0x80040203",
      "Required field 'DisplayName' or 'DisplayCollectionName' is missing.",
    );
  }
  return {
    logicalName,
    schemaName,
    displayName,
    displayCollectionName,
    description: labelText(body.Description) ?? "",
    entitySetName: freeSetName(context, logicalName),
    metadataId: randomUUID(),
    objectTypeCode: nextTypeCode(context),
    primaryIdAttribute: isActivity ? ACTIVITY_KEY : `${logicalName}id`,
    primaryNameAttribute: isActivity ? "subject" : undefined,
    ownership,
    isActivity,
    isIntersect: false,
    isCustom: true,
    changeTracking: false,
    ...switchesOfBody(body, undefined),
  };
}

/** What may be turned on of a table, and its pictures. */
function switchesOfBody(body: Json, before: EntityDefinition | undefined): Partial<EntityHead> {
  const switches: Partial<EntityHead> = {};
  const tracked = switchOf(body, "ChangeTrackingEnabled");
  if (tracked !== undefined && tracked !== (before !== undefined && tracksChanges(before))) {
    if (!tracked)
      throw refuse("0x80040203", "Change tracking cannot be disabled once it has been enabled.");
    if (before !== undefined && !canTrackChanges(before))
      throw refuse("0x80072491", `Entity ${before.logicalName} isn't enabled for change tracking.`);
    switches.changeTracking = true;
  }
  const audited = switchOf(body, "IsAuditEnabled");
  if (audited !== undefined) switches.isAudited = audited;
  const searched = switchOf(body, "SyncToExternalSearchIndex");
  if (searched !== undefined && searched !== (before !== undefined && isSearched(before)))
    switches.isSearched = searched;
  const icons = { ...before?.icons, ...iconsOfBody(body) };
  if (Object.keys(icons).length > 0) switches.icons = icons;
  return switches;
}

function switchOf(body: Json, name: string): boolean | undefined {
  const value = innerValue(body[name]);
  if (value === undefined || value === null || typeof value === "boolean")
    return value ?? undefined;
  throw refuse(
    "0x80048d19",
    `Error identified in Payload provided by the user: ${name} must be true or false.`,
  );
}

/** Names of web resources; an empty text takes the picture away. */
function iconsOfBody(body: Json): NonNullable<EntityHead["icons"]> {
  const names = Object.entries({
    vector: body.IconVectorName,
    large: body.IconLargeName,
    medium: body.IconMediumName,
  }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    names.map(([name, value]) => [
      name,
      typeof value === "string" && value !== "" ? value : undefined,
    ]),
  );
}

/** The columns that the body brings; the name of an activity is there already. */
function columnsOfBody(context: WriteContext, body: Json, head: EntityHead): AttributeDefinition[] {
  const columns = listOf(body.Attributes, "Attributes")
    .filter((column) => !head.isActivity || column.IsPrimaryName !== true)
    .map((column) => attributeOfBody(context.catalog, column));
  const seen = new Set<string>();
  for (const column of columns) {
    demandPrefix(context.world.db, column.schemaName);
    if (seen.has(column.logicalName) || column.logicalName === head.primaryIdAttribute) {
      throw refuse(
        "0x80047013",
        `An attribute with the specified name ${column.logicalName} already exists`,
      );
    }
    seen.add(column.logicalName);
  }
  const primary = columns.filter((column) => column.isPrimaryName);
  if (!head.isActivity && (primary.length !== 1 || primary[0]?.type !== "String")) {
    throw refuse(
      "0x80040203",
      "Attributes must hold exactly one String column with IsPrimaryName: true, the primary column.",
    );
  }
  return columns;
}

/** POST EntityDefinitions. */
export function createEntity(context: WriteContext): WebResponse {
  const body = objectOf(context.request.body, "The request body");
  const head = headOfBody(context, body);
  const own = columnsOfBody(context, body, head);
  head.primaryNameAttribute ??= own.find((column) => column.isPrimaryName)?.logicalName;
  const system = head.isActivity ? activityColumns(context.catalog, head) : systemColumns(head);
  const needsCurrency =
    own.some((column) => column.type === "Money") &&
    !system.attributes.some((column) => column.logicalName === "transactioncurrencyid");
  const currency = needsCurrency
    ? currencyColumns(head.logicalName)
    : { attributes: [], relationships: [] };
  const columns = [
    ...system.attributes,
    ...currency.attributes,
    ...own.flatMap((column) => [column, ...companionsOf(head.logicalName, column)]),
  ];
  const entity = entityOf(head, withShadows(head.logicalName, columns));
  context.catalog.change((change) => {
    change.putEntity(entity);
    for (const attribute of entity.attributes) change.putAttribute(entity.logicalName, attribute);
    for (const row of [...system.relationships, ...currency.relationships]) {
      change.putRelationship(row);
    }
    if (body.HasNotes === true) allowNotes(context.catalog, change, entity);
    if (body.HasActivities === true) allowActivities(context.catalog, change, entity);
    if (entity.isActivity) allowParties(context.catalog, change, entity);
    addTable(context.world.db, entity);
    createTablePrivileges(context.world.db, entity);
    createViews(context.world, context.request.principal, entity);
  });
  if (entity.isActivity) createActivityView(context.world.db, context.catalog);
  return noContent(context, `EntityDefinitions(${entity.metadataId})`);
}

/** Notes and activities, once allowed, stay: there may be some. */
function demandKept(context: WriteContext, entity: EntityDefinition, body: Json): void {
  const { HasNotes, HasActivities } = entityJson(entity, context.catalog);
  for (const [name, before] of Object.entries({ HasNotes, HasActivities })) {
    if (before === true && body[name] === false)
      throw refuse("0x80040203", `${name} of '${entity.logicalName}' cannot be taken back.`);
  }
}

/**
 * PUT or PATCH EntityDefinitions(…): labels, pictures and what may be turned on; names and ownership stay. What the body
 * does not name is kept, by either verb.
 */
export function updateEntity(context: WriteContext, entity: EntityDefinition): WebResponse {
  const body = objectOf(context.request.body, "The request body");
  const changed: EntityDefinition = {
    ...entity,
    displayName: labelText(body.DisplayName) ?? entity.displayName,
    displayCollectionName: labelText(body.DisplayCollectionName) ?? entity.displayCollectionName,
    description: labelText(body.Description) ?? entity.description,
    ...switchesOfBody(body, entity),
  };
  if (body.OwnershipType !== undefined && body.OwnershipType !== entity.ownership) {
    throw refuse("0x80040203", `The ownership of '${entity.logicalName}' cannot be changed.`);
  }
  demandKept(context, entity, body);
  context.catalog.change((change) => {
    change.putEntity(changed);
    if (body.HasNotes === true) allowNotes(context.catalog, change, entity);
    if (body.HasActivities === true) allowActivities(context.catalog, change, entity);
  });
  return noContent(context, `EntityDefinitions(${entity.metadataId})`);
}

/** DELETE EntityDefinitions(…). Standard tables are managed: 0x8004f032. */
export function deleteEntity(context: WriteContext, entity: EntityDefinition): WebResponse {
  if (!entity.isCustom || entity.isIntersect) {
    throw refuse(
      "0x8004f032",
      `The entity '${entity.logicalName}' is managed and cannot be deleted.`,
    );
  }
  demandNoDependents(context, { type: COMPONENTS.entity, word: "Entity", id: entity.metadataId });
  context.catalog.change((change) => {
    forgetTarget(context.catalog, change, entity.logicalName);
    for (const row of context.catalog.manyToOne(entity.logicalName)) change.removeRelationship(row);
    change.removeEntity(entity);
    // A view over a table that is gone cannot be read, and the schema not be changed.
    if (entity.isActivity) context.world.db.exec('DROP VIEW IF EXISTS "activitypointer"');
    dropTable(context.world.db, entity.logicalName);
    dropTablePrivileges(context.world.db, entity);
    dropViews(context.world, entity);
  });
  if (entity.isActivity) createActivityView(context.world.db, context.catalog);
  return { status: 204 };
}
