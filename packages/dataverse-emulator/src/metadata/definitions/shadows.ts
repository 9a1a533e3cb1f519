import type { AttributeDefinition } from "../../model";
import { attributeIdOf, metadataIdOf } from "../ids";

/** Lookups whose type column does not follow the pattern `<column>type`. */
const TYPE_COLUMNS: Readonly<Record<string, string>> = {
  objectid: "objecttypecode",
  partyid: "partyobjecttypecode",
  regardingobjectid: "regardingobjecttypecode",
};

const LABELLED: ReadonlySet<string> = new Set([
  "Boolean",
  "MultiSelectPicklist",
  "Picklist",
  "State",
  "Status",
]);

const tableIds = new Map<string, string>();

function tableIdOf(table: string): string {
  let id = tableIds.get(table);
  if (id === undefined) {
    id = metadataIdOf("entity", table);
    tableIds.set(table, id);
  }
  return id;
}

function shadow(
  table: string,
  owner: AttributeDefinition,
  logicalName: string,
  type: "String" | "Virtual" | "EntityName",
): AttributeDefinition {
  const suffix = logicalName.slice(owner.logicalName.length);
  const schemaName = logicalName.startsWith(owner.logicalName)
    ? `${owner.schemaName}${suffix.charAt(0).toUpperCase()}${suffix.slice(1)}`
    : logicalName;
  return {
    logicalName,
    schemaName,
    displayName: owner.displayName,
    metadataId: attributeIdOf(tableIdOf(table), logicalName),
    type,
    isPrimaryId: false,
    isPrimaryName: false,
    required: "None",
    validForCreate: false,
    validForUpdate: false,
    validForRead: true,
    isCustom: owner.isCustom,
    attributeOf: owner.logicalName,
    ...(type === "String" ? { maxLength: 160, format: "Text" } : {}),
  };
}

/**
 * The computed columns that Dataverse adds to a column: the label of a choice (`statecodename`, Virtual), the name
 * behind a lookup (`customeridname`, String) and, where a lookup has several targets, its table (`customeridtype`, EntityName).
 */
export function shadowsOf(table: string, attribute: AttributeDefinition): AttributeDefinition[] {
  const { logicalName, type } = attribute;
  if (attribute.attributeOf !== undefined) return [];
  if (LABELLED.has(type)) return [shadow(table, attribute, `${logicalName}name`, "Virtual")];
  if (type !== "Lookup" && type !== "Customer" && type !== "Owner") return [];
  const result = [shadow(table, attribute, `${logicalName}name`, "String")];
  if ((attribute.targets?.length ?? 0) > 1) {
    const typeColumn = TYPE_COLUMNS[logicalName] ?? `${logicalName}type`;
    result.push(shadow(table, attribute, typeColumn, "EntityName"));
  }
  return result;
}

/** Adds the missing shadows, and marks those that the facts list as columns of their own. */
export function withShadows(
  table: string,
  attributes: readonly AttributeDefinition[],
): AttributeDefinition[] {
  const byName = new Map(attributes.map((attribute) => [attribute.logicalName, attribute]));
  for (const attribute of attributes) {
    for (const computed of shadowsOf(table, attribute)) {
      const listed = byName.get(computed.logicalName);
      if (listed === undefined) byName.set(computed.logicalName, computed);
      else if (listed.type === computed.type) {
        listed.attributeOf = attribute.logicalName;
        listed.validForCreate = false;
        listed.validForUpdate = false;
      }
    }
  }
  return [...byName.values()].sort((one, other) => (one.logicalName < other.logicalName ? -1 : 1));
}
