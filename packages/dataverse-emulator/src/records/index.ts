import type { AttributeDefinition, Catalog, Database, Records, SqlRow, World } from "../model";
import { createInternalTables } from "../store";
import { formatValue } from "./render/format";
import { createNames, targetOf } from "./render/names";
import { renderRows } from "./render/render";
import { readRow } from "./rows/rows";
import { remove } from "./write/remove";
import { create, entityOf, update } from "./write/write";

export { hasChildren } from "./derived/case-hierarchy";
export { demandActiveObject } from "./derived/queue-items";
export { associate, disassociate } from "./write/associate";
export { demandNoDuplicate } from "./write/duplicates";
export { demandUpload, FileContent, readFile } from "./write/files";
export { shareRow } from "./write/share";

/**
 * What a person reads in columns of rows: labels of choices, names of what lookups point to.
 *
 * @param rows with the columns, and `x__type` beside a lookup with several targets
 */
export function createDisplay(
  db: Database,
  catalog: Catalog,
  columns: readonly AttributeDefinition[],
  rows: readonly SqlRow[],
): (column: AttributeDefinition, row: SqlRow) => string | undefined {
  const names = createNames(db, catalog);
  const wanted = new Map<string, string[]>();
  for (const column of columns.filter((each) => each.targets !== undefined)) {
    for (const row of rows) {
      const id = row[column.logicalName];
      const target = targetOf(column, row);
      if (typeof id !== "string" || target === undefined) continue;
      const ids = wanted.get(target);
      if (ids === undefined) wanted.set(target, [id]);
      else ids.push(id);
    }
  }
  for (const [target, ids] of wanted) names.load(target, ids);
  return (column, row) => formatValue(column, row, names);
}

/** Rows with Dataverse's rules, over one database. */
export function createRecords(place: Pick<World, "db" | "catalog" | "security" | "now">): Records {
  const { db, catalog } = place;
  createInternalTables(db);
  return {
    create: (table, body, principal, options) => create(place, table, body, principal, options),
    update: (table, id, body, principal, options) =>
      update(place, table, id, body, principal, options),
    delete: (table, id, principal) => remove(place, table, id, principal),
    read: (table, id) => readRow(db, entityOf(place, table), id),
    render: (table, rows, columns, request) =>
      renderRows(db, catalog, entityOf(place, table), rows, columns, request),
    formatted(table, column, row) {
      const attribute = entityOf(place, table).attribute(column);
      if (attribute === undefined) return undefined;
      const names = createNames(db, catalog);
      const id = row[column];
      const target = targetOf(attribute, row);
      if (target !== undefined && typeof id === "string") names.load(target, [id]);
      return formatValue(attribute, row, names);
    },
  };
}
