import { columnOf, isLookup, sortSql, valueSql } from "../../fetchxml/column";
import { NOWHERE } from "../../fetchxml/parse/refuse";
import { isPrimaryKey, type SortKey, withShown } from "../../fetchxml/results/order";
import type { Source } from "../../fetchxml/source";
import { quote } from "../../store";
import { invalid } from "../parse/literal";
import type { Order } from "../parse/options";
import { resolveColumn, type Scope } from "./scope";

const sourceOf = (entity: Source["entity"], alias: string): Source => ({
  entity,
  alias,
  name: undefined,
  parent: undefined,
  visible: true,
});

/** The order asked for and, so that it is one, the primary key. */
export function orderKeys(scope: Scope, orderby: readonly Order[]): SortKey[] {
  const keys = orderby.map((order) => orderKey(scope, order));
  const { entity, alias } = scope;
  const id = columnOf(sourceOf(entity, alias), entity.primaryIdAttribute, NOWHERE);
  const isOrdered = keys.some(
    ({ column }) => column.source.alias === alias && column.attribute === id.attribute,
  );
  if (isOrdered) return keys;
  // By the text of the id, which has an index; the service promises no order here.
  const sql = `${alias}.${quote(entity.primaryIdAttribute)}`;
  return [...keys, { column: id, sql, descending: false, isNumber: false, isPlainId: true }];
}

/**
 * Lookups sort by the name of what they point to, and choices by their number: by label they sort in FetchXML only.
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/query/order-rows
 */
function orderKey(scope: Scope, { path, descending }: Order): SortKey {
  const { entity, attribute, alias } = resolveColumn(scope, path);
  if (
    attribute.type === "Image" ||
    attribute.type === "File" ||
    attribute.type === "MultiSelectPicklist"
  )
    throw invalid(`The column '${attribute.logicalName}' cannot be sorted by.`);
  const found = columnOf(sourceOf(entity, alias), attribute.logicalName, NOWHERE);
  // The name stands in the paging cookie, as an XML element.
  const column = { ...found, written: path.join(".").replace(/[^\w.]/g, "") };
  const isNumber = ["boolean", "choice", "integer", "real"].includes(column.kind);
  const sql =
    isNumber && !isLookup(attribute)
      ? valueSql(column)
      : sortSql(column, scope.world.catalog, true);
  return withShown({ column, sql, descending, isNumber }, scope.world.catalog);
}

/** What the position of a row is told by: of a primary key the id itself. */
export const positionSql = (key: SortKey): string =>
  isPrimaryKey(key) ? valueSql(key.column) : (key.shown ?? key.sql);
