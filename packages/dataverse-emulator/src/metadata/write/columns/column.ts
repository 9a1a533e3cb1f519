import type { AttributeDefinition, EntityDefinition, WebResponse } from "../../../model";
import { dropColumn } from "../../../store";
import { shadowsOf } from "../../definitions/shadows/shadows";
import { demandPrefix, objectOf, refuse } from "../body";
import { addAttributes, noContent, type WriteContext } from "../context";
import { COMPONENTS, demandNoDependents } from "../dependencies";
import { applyBody, attributeOfBody, companionsOf } from "./attribute";
import { currencyColumns } from "./system-columns";

/** Throws 0x80047013 when the table has the column. */
export function demandFreeName(entity: EntityDefinition, logicalName: string): void {
  if (entity.attribute(logicalName) === undefined) return;
  throw refuse("0x80047013", `An attribute with the specified name ${logicalName} already exists`);
}

/** POST EntityDefinitions(…)/Attributes. */
export function createAttribute(context: WriteContext, entity: EntityDefinition): WebResponse {
  const body = objectOf(context.request.body, "The request body");
  const attribute = attributeOfBody(context.catalog, body);
  demandPrefix(context.world.db, attribute.schemaName);
  demandFreeName(entity, attribute.logicalName);
  if (attribute.isPrimaryName) {
    throw refuse("0x80040203", `'${entity.logicalName}' already has a primary column.`);
  }
  const companions = companionsOf(entity.logicalName, attribute);
  context.catalog.change((change) => {
    if (attribute.type === "Money" && entity.attribute("transactioncurrencyid") === undefined) {
      const currency = currencyColumns(entity.logicalName);
      addAttributes(context, change, entity, currency.attributes);
      for (const row of currency.relationships) change.putRelationship(row);
    }
    addAttributes(context, change, entity, [attribute, ...companions]);
  });
  return noContent(
    context,
    `EntityDefinitions(${entity.metadataId})/Attributes(${attribute.metadataId})`,
  );
}

/** PUT EntityDefinitions(…)/Attributes(…): labels, requirement, length, range, format and options; name and type stay. */
export function updateAttribute(
  context: WriteContext,
  entity: EntityDefinition,
  attribute: AttributeDefinition,
): WebResponse {
  const body = objectOf(context.request.body, "The request body");
  const type = body.AttributeType;
  if (attribute.attributeOf !== undefined) {
    throw refuse("0x80040203", `'${attribute.logicalName}' is computed and cannot be changed.`);
  }
  const words: Record<string, string> = {
    MultiSelectPicklist: "Virtual",
    Image: "Virtual",
    File: "Virtual",
  };
  if (type !== undefined && type !== (words[attribute.type] ?? attribute.type)) {
    throw refuse(
      "0x80040203",
      `The type of '${attribute.logicalName}' is ${attribute.type} and cannot be changed to ${String(type)}.`,
    );
  }
  const changed: AttributeDefinition = { ...attribute };
  applyBody(changed, body);
  context.catalog.change((change) => change.putAttribute(entity.logicalName, changed));
  return noContent(
    context,
    `EntityDefinitions(${entity.metadataId})/Attributes(${attribute.metadataId})`,
  );
}

/** DELETE EntityDefinitions(…)/Attributes(…), with the relationships of a lookup. */
export function deleteAttribute(
  context: WriteContext,
  entity: EntityDefinition,
  attribute: AttributeDefinition,
): WebResponse {
  if (!attribute.isCustom || attribute.attributeOf !== undefined || attribute.isPrimaryName) {
    throw refuse(
      "0x8004f032",
      `The attribute '${attribute.logicalName}' of '${entity.logicalName}' is ${attribute.isPrimaryName ? "the primary column" : "managed"} and cannot be deleted.`,
    );
  }
  demandNoDependents(context, {
    type: COMPONENTS.attribute,
    word: "Attribute",
    id: attribute.metadataId,
  });
  const companions = companionsOf(entity.logicalName, attribute);
  context.catalog.change((change) => {
    for (const row of context.catalog.manyToOne(entity.logicalName)) {
      if (row.referencingAttribute === attribute.logicalName) change.removeRelationship(row);
    }
    for (const { logicalName } of [
      attribute,
      ...companions,
      ...companions.flatMap((one) => shadowsOf(entity.logicalName, one)),
    ]) {
      const known = entity.attribute(logicalName);
      if (known === undefined) continue;
      change.removeAttribute(entity.logicalName, known);
      dropColumn(context.world.db, entity, logicalName);
    }
  });
  return { status: 204 };
}
