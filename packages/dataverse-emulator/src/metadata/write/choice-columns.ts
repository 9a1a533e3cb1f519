import type { AttributeDefinition, Catalog } from "../../model";

/** Columns that take their options from a shared choice. */
export function columnsOfChoice(
  catalog: Catalog,
  name: string,
): { table: string; attribute: AttributeDefinition }[] {
  return catalog
    .entities()
    .flatMap((entity) =>
      entity.attributes
        .filter((attribute) => attribute.globalOptionSet === name)
        .map((attribute) => ({ table: entity.logicalName, attribute })),
    );
}
