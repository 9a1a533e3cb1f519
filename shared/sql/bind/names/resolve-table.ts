import { recordLine } from "../../../text/records/record-text";
import type { Catalog, CatalogTable, CatalogTableName } from "../../catalog";
import { errorAt } from "../../errors";
import { nearest } from "../../nearest";
import type { Identifier } from "../../parser/ast";

/** `Knowledge Articles`, `knowledge_articles` and `KnowledgeArticles` are one name. */
const loose = (name: string): string => name.toLowerCase().replace(/[\s_-]+/g, "");

const namesOf = (table: CatalogTableName): readonly string[] => [
  table.name,
  table.displayName,
  ...table.otherNames,
];

/** Finds a table by logical, schema, set, display or plural name, in any case. Throws `unknown_table`. */
export async function resolveTable(
  catalog: Catalog,
  written: Identifier,
  source: string,
  notes: Set<string>,
): Promise<CatalogTable> {
  const exact = await catalog.table(written.name.toLowerCase());
  if (exact) return exact;
  const all = await catalog.tables();
  const wanted = loose(written.name);
  const hits = all.filter((table) => namesOf(table).some((name) => loose(name) === wanted));
  const [only] = hits;
  if (only && hits.length === 1) {
    const table = await catalog.table(only.name);
    if (table) {
      notes.add(`'${written.name}' was read as the table ${table.name}.`);
      return table;
    }
  }
  const candidates = hits.length > 0 ? hits : nearTables(wanted, all);
  const suggestions = candidates.map((table) => table.name);
  const described = candidates
    .map((table) => `${table.name} (${recordLine(table.displayName)})`)
    .join(" or ");
  throw errorAt(source, written.start, "unknown_table", `Unknown table '${written.name}'`, {
    hint: described
      ? `Did you mean ${described}?`
      : "Call list_tables for the names of all tables.",
    suggestions,
  });
}

function nearTables(wanted: string, all: readonly CatalogTableName[]): readonly CatalogTableName[] {
  const byName = new Map<string, CatalogTableName>();
  for (const table of all) {
    for (const name of namesOf(table)) {
      if (!byName.has(loose(name))) byName.set(loose(name), table);
    }
  }
  const found = nearest(wanted, byName.keys(), 5).map((name) => byName.get(name));
  return [...new Set(found)].filter((table) => table !== undefined).slice(0, 3);
}
