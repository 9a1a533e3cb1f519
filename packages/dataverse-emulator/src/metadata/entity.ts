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

/**
 * The same with columns that are made when they are first asked for: a start reads two hundred tables and needs few.
 * The properties are the object's own, so that a definition may be spread into a changed one.
 */
export function lazyEntityOf(
  head: EntityHead,
  make: () => AttributeDefinition[],
  keys: EntityDefinition["keys"],
): EntityDefinition {
  let whole: EntityDefinition | undefined;
  const load = () => {
    whole ??= entityOf(head, make(), keys);
    return whole;
  };
  return {
    ...head,
    keys,
    get attributes() {
      return load().attributes;
    },
    attribute: (logicalName) => load().attribute(logicalName),
  };
}

/** The head of a definition. */
export function headOf(entity: EntityDefinition): EntityHead {
  const { attributes, attribute, keys, ...head } = entity;
  return head;
}
