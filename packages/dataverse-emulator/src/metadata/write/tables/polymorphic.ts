import type { AttributeDefinition, EntityDefinition, OneToManyDefinition } from "../../../model";
import type { Change, MutableCatalog } from "../../catalog";
import { metadataIdOf } from "../../ids";

/** Adds a table to the targets of `annotation.objectid` or an activity's `regardingobjectid`. */
function addTarget(
  change: Change,
  referencing: EntityDefinition,
  attribute: AttributeDefinition,
  target: { logicalName: string; primaryIdAttribute: string },
  names: { property: string; schemaName: string },
): void {
  const { property, schemaName } = names;
  change.putAttribute(referencing.logicalName, {
    ...attribute,
    targets: [...(attribute.targets ?? []), target.logicalName],
    navigation: [...(attribute.navigation ?? []), { target: target.logicalName, property }],
  });
  const relationship: OneToManyDefinition = {
    schemaName,
    metadataId: metadataIdOf("relationship", schemaName),
    referencedEntity: target.logicalName,
    referencedAttribute: target.primaryIdAttribute,
    referencingEntity: referencing.logicalName,
    referencingAttribute: attribute.logicalName,
    referencingNavigation: property,
    referencedNavigation: schemaName,
    deleteCascade: "Cascade",
    cascades: { Assign: "Cascade", Reparent: "Cascade", Share: "Cascade", Unshare: "Cascade" },
  };
  change.putRelationship(relationship);
}

type Target = { logicalName: string; primaryIdAttribute: string };

/** Lets notes hang on rows of the table. */
export function allowNotes(catalog: MutableCatalog, change: Change, target: Target): void {
  const notes = catalog.byName("annotation");
  const attribute = notes?.attribute("objectid");
  if (notes === undefined || attribute === undefined) return;
  if (attribute.targets?.includes(target.logicalName)) return;
  addTarget(change, notes, attribute, target, {
    property: `objectid_${target.logicalName}`,
    schemaName: `${target.logicalName}_Annotations`,
  });
}

/** Lets activities regard rows of the table. */
export function allowActivities(catalog: MutableCatalog, change: Change, target: Target): void {
  for (const activity of catalog.entities().filter((entity) => entity.isActivity)) {
    const attribute = activity.attribute("regardingobjectid");
    if (attribute === undefined || attribute.targets?.includes(target.logicalName)) continue;
    const pointer = activity.logicalName === "activitypointer";
    const stem = `regardingobjectid_${target.logicalName}`;
    addTarget(change, activity, attribute, target, {
      property: pointer ? stem : `${stem}_${activity.logicalName}`,
      schemaName: `${target.logicalName}_${pointer ? "ActivityPointer" : activity.schemaName}s`,
    });
  }
}

/** Takes a deleted table out of lookups that have other targets too. */
export function forgetTarget(catalog: MutableCatalog, change: Change, target: string): void {
  for (const row of catalog.oneToMany(target)) {
    const attribute = catalog.byName(row.referencingEntity)?.attribute(row.referencingAttribute);
    change.removeRelationship(row);
    if (attribute === undefined || row.referencingEntity === target) continue;
    change.putAttribute(row.referencingEntity, {
      ...attribute,
      targets: (attribute.targets ?? []).filter((name) => name !== target),
      navigation: (attribute.navigation ?? []).filter((entry) => entry.target !== target),
    });
  }
}
