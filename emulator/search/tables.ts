import { isSearched, quickFindColumns } from "../metadata/searched";
import type { AttributeDefinition, Catalog, EntityDefinition } from "../model";
import { isStored } from "../store";

export interface SearchTable {
  readonly entity: EntityDefinition;
  readonly columns: readonly AttributeDefinition[];
}

export function searchTables(catalog: Catalog): SearchTable[] {
  return catalog
    .entities()
    .filter(isSearched)
    .flatMap((entity) => {
      const columns = quickFindColumns(entity).flatMap((column) => {
        const attribute = entity.attribute(column);
        return attribute !== undefined && isStored(attribute) ? [attribute] : [];
      });
      return columns.length === 0 ? [] : [{ entity, columns }];
    });
}
