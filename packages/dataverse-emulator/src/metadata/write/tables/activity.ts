import { randomUUID } from "node:crypto";
import type { AttributeDefinition, EntityDefinition, OneToManyDefinition } from "../../../model";
import type { Change, MutableCatalog } from "../../catalog";
import { cascadesOf, deleteCascadeOf } from "../../definitions/cascades";
import type { EntityHead } from "../../entity";
import { attributeIdOf } from "../../ids";
import type { Json } from "../../json/labels";
import { listOf, refuse } from "../body";

/** What distinguishes an activity: its key and its name are those of all activities. */
export const ACTIVITY_KEY = "activityid";
const NAME = "subject";

/** Refuses what an activity table cannot be. */
export function demandActivity(body: Json): void {
  if (body.OwnershipType !== undefined && body.OwnershipType !== "UserOwned")
    throw refuse(
      "0x80040203",
      "An activity table is owned by users: OwnershipType must be UserOwned.",
    );
  if (body.HasActivities === true)
    throw refuse(
      "0x80040203",
      "An activity has no activities of its own: HasActivities must be false.",
    );
  for (const column of listOf(body.Attributes, "Attributes")) {
    if (column.IsPrimaryName === true && String(column.SchemaName).toLowerCase() !== NAME)
      throw refuse(
        "0x80040203",
        `The primary column of an activity table is Subject; it cannot be '${String(column.SchemaName)}'.`,
      );
  }
}

/** The columns that every activity has, and the lookups among them with relationships of the new table. */
export function activityColumns(
  catalog: MutableCatalog,
  head: EntityHead,
): { attributes: AttributeDefinition[]; relationships: OneToManyDefinition[] } {
  const table = head.logicalName;
  const pointer = catalog.byName("activitypointer");
  if (pointer === undefined) throw refuse("0x80040203", "There is no table of activities here.");
  const columns = [...pointer.attributes.filter(isOwn), ...partyLists(catalog, pointer)];
  const attributes = columns.map(
    ({ navigation, ...column }): AttributeDefinition => ({
      ...column,
      metadataId: attributeIdOf(head.metadataId, column.logicalName),
      isPrimaryId: column.logicalName === ACTIVITY_KEY,
      isPrimaryName: column.logicalName === NAME,
      ...(navigation === undefined
        ? {}
        : {
            navigation: navigation.map(({ target, property }) => ({
              target,
              property: `${property}_${table}`,
            })),
          }),
    }),
  );
  const relationships = catalog.manyToOne(pointer.logicalName).map((row): OneToManyDefinition => {
    const column = row.referencingAttribute;
    const schemaName =
      column === "regardingobjectid"
        ? `${row.referencedEntity}_${table}s`
        : `${row.referencedEntity}_${table}_${column}`;
    // What it is about passes as with the service's own activities; the base row passes nothing.
    const like = ["task", column, row.referencedEntity] as const;
    const cascades = cascadesOf(...like);
    return {
      ...row,
      deleteCascade: deleteCascadeOf(...like),
      ...(cascades === undefined ? {} : { cascades }),
      schemaName,
      metadataId: randomUUID(),
      referencingEntity: table,
      referencingNavigation: `${row.referencingNavigation}_${table}`,
      referencedNavigation: schemaName,
    };
  });
  return { attributes, relationships };
}

const isOwn = ({ attributeOf }: AttributeDefinition) => attributeOf === undefined;

/** Who takes part, in the columns that some activity or other has for them. */
function partyLists(catalog: MutableCatalog, pointer: EntityDefinition): AttributeDefinition[] {
  const found = new Map<string, AttributeDefinition>();
  for (const activity of catalog.entities()) {
    if (!activity.isActivity || activity.isCustom) continue;
    for (const column of activity.attributes) {
      const isNew = pointer.attribute(column.logicalName) === undefined;
      if (column.type === "PartyList" && isNew) found.set(column.logicalName, column);
    }
  }
  return [...found.values()];
}

/** Lets parties belong to rows of the new table. */
export function allowParties(
  catalog: MutableCatalog,
  change: Change,
  entity: EntityDefinition,
): void {
  const party = catalog.byName("activityparty");
  const attribute = party?.attribute(ACTIVITY_KEY);
  if (party === undefined || attribute === undefined) return;
  const property = `${ACTIVITY_KEY}_${entity.logicalName}`;
  const schemaName = `${entity.logicalName}_activity_parties`;
  change.putAttribute(party.logicalName, {
    ...attribute,
    targets: [...(attribute.targets ?? []), entity.logicalName],
    navigation: [...(attribute.navigation ?? []), { target: entity.logicalName, property }],
  });
  change.putRelationship({
    schemaName,
    metadataId: randomUUID(),
    referencedEntity: entity.logicalName,
    referencedAttribute: ACTIVITY_KEY,
    referencingEntity: party.logicalName,
    referencingAttribute: ACTIVITY_KEY,
    referencingNavigation: property,
    referencedNavigation: schemaName,
    deleteCascade: "Cascade",
  });
}
