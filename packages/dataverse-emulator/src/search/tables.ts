import { isSearched, quickFindColumns } from "../metadata/searched";
import type { AttributeDefinition, Database, EntityDefinition, World } from "../model";
import { isStored } from "../store";

export interface SearchTable {
  readonly entity: EntityDefinition;
  readonly columns: readonly AttributeDefinition[];
}

type Place = Pick<World, "db" | "catalog">;

/** Types that search looks into: texts, and the names and labels that lookups and choices show. */
const SEARCHABLE: ReadonlySet<string> = new Set([
  "Customer",
  "Lookup",
  "Memo",
  "MultiSelectPicklist",
  "Picklist",
  "State",
  "Status",
  "String",
]);

const known = new WeakMap<Database, { stamp: string; tables: SearchTable[] }>();

/**
 * The tables that are searched by their definitions, and of each the Find Columns of its default Quick Find view.
 * Columns under column security are in no index, so that nobody learns of them.
 * @see https://learn.microsoft.com/power-platform/admin/configure-relevance-search-organization
 */
export function searchTables({ db, catalog }: Place): readonly SearchTable[] {
  const stamp = `${catalog.version()}/${db.writes(["savedquery"])}`;
  const before = known.get(db);
  if (before?.stamp === stamp) return before.tables;
  const views = quickFindViews(db);
  const tables = catalog
    .entities()
    .filter(isSearched)
    .flatMap((entity) => {
      const names = views.get(entity.logicalName) ?? quickFindColumns(entity);
      const columns = [...new Set(names)].flatMap((column) => {
        const attribute = entity.attribute(column);
        const isFound =
          attribute !== undefined &&
          isStored(attribute) &&
          SEARCHABLE.has(attribute.type) &&
          attribute.isSecured !== true;
        return isFound ? [attribute] : [];
      });
      // The name of a row counts most, and stands first.
      const sorted = [
        ...columns.filter((column) => column.isPrimaryName),
        ...columns.filter((column) => !column.isPrimaryName),
      ];
      return sorted.length === 0 ? [] : [{ entity, columns: sorted }];
    });
  known.set(db, { stamp, tables });
  return tables;
}

/** Find Columns by table, of the views that are the tables' own for quick find. */
function quickFindViews(db: Database): Map<string, string[]> {
  const rows = db
    .prepare(
      `SELECT returnedtypecode AS name, fetchxml FROM savedquery
       WHERE (isquickfindquery = 1 OR querytype = 4) AND coalesce(statecode, 0) = 0 ORDER BY coalesce(isdefault, 0)`,
    )
    .all();
  const views = new Map<string, string[]>();
  for (const { name, fetchxml } of rows) {
    const columns = findColumns(String(fetchxml ?? ""));
    if (columns.length > 0) views.set(String(name), columns);
  }
  return views;
}

/** `<filter isquickfindfields="1"><condition attribute="name" … />`: the attributes that are compared with what is sought. */
function findColumns(fetchXml: string): string[] {
  const found: string[] = [];
  for (const [, inner = ""] of fetchXml.matchAll(
    /<filter\b[^>]*\bisquickfindfields=["'](?:1|true)["'][^>]*>([\s\S]*?)<\/filter>/g,
  )) {
    for (const [, name = ""] of inner.matchAll(/<condition\b[^>]*\battribute=["'](\w+)["']/g))
      found.push(name);
  }
  return found;
}
