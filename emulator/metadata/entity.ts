import type { AttributeDefinition, EntityDefinition } from "../model";

/** A definition without its columns: what is stored of a table apart from them. */
export type EntityHead = Omit<EntityDefinition, "attributes" | "attribute" | "keys">;

/** Joins a head, columns (sorted by logical name) and keys; the definition is not changed afterwards but replaced. */
export function entityOf(
  head: EntityHead,
  attributes: AttributeDefinition[],
  keys: EntityDefinition["keys"] = [],
): EntityDefinition {
  const byName = new Map(attributes.map((attribute) => [attribute.logicalName, attribute]));
  return { ...head, attributes, keys, attribute: (logicalName) => byName.get(logicalName) };
}

/** The head of a definition. */
export function headOf(entity: EntityDefinition): EntityHead {
  const { attributes, attribute, keys, ...head } = entity;
  return head;
}
