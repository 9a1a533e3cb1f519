import type { Catalog } from "../../model";
import {
  type Column,
  columnOf,
  comparableSql,
  isLookup,
  labelSql,
  nameSql,
  sortSql,
  textSql,
  valueSql,
} from "../column";
import { linked } from "../conditions/condition";
import { type Fragment, join, raw, sql, value } from "../fragment";
import type { Frame } from "../link";
import type { OrderNode } from "../parse/model";
import { invalid } from "../parse/refuse";
import type { Query, Source } from "../source";

/** What rows are sorted by, and what a paging cookie remembers of the last one. */
export interface SortKey {
  readonly column: Column;
  readonly sql: string;
  readonly descending: boolean;
  readonly isNumber: boolean;
  /** Where texts are compared folded: the text as it is stored, which is what a cookie shows. */
  readonly shown?: string;
  /** Of a primary key: its rows are in the order of the ids' text, not in SQL Server's. */
  readonly isPlainId?: boolean;
}

/** Adds what a cookie shows of a key that compares folded texts. */
export function withShown(key: SortKey, catalog: Catalog): SortKey {
  const { column } = key;
  const isSorted = (sql: string) => sql === key.sql;
  if (column.kind === "text" && isSorted(comparableSql(column, catalog)))
    return { ...key, shown: textSql(column, catalog) };
  if (isLookup(column.attribute) && isSorted(nameSql(column, catalog, { folded: true })))
    return { ...key, shown: nameSql(column, catalog, { folded: false }) };
  if (isSorted(labelSql(column, { folded: true })))
    return { ...key, shown: labelSql(column, { folded: false }) };
  return key;
}

function keyOf(column: Column, descending: boolean, query: Query): SortKey {
  const numeric =
    column.kind === "integer" ||
    column.kind === "real" ||
    (column.kind === "choice" && query.useRawOrderBy);
  const { catalog } = query.world;
  const key = {
    column,
    descending,
    sql: sortSql(column, catalog, query.useRawOrderBy),
    isNumber: numeric && column.part === "value",
  };
  return withShown(key, catalog);
}

function readOrder(order: OrderNode, source: Source, query: Query): SortKey {
  if (order.attribute === undefined) {
    throw invalid("An order by alias needs an aggregate query; name an attribute.", order.at);
  }
  const owner =
    order.entityName === undefined ? source : linked(order.entityName, source, query, order.at);
  const column = columnOf(owner, order.attribute, order.at);
  query.demandRead(owner.entity, column.attribute.logicalName);
  if (column.kind === "choices") {
    throw invalid(
      `The attribute '${column.written}' cannot be sorted by: it holds several choices.`,
      order.at,
    );
  }
  return keyOf(column, order.descending, query);
}

/** The root's orders, then the links'; at the end the primary key, so that pages do not overlap. */
export function sortKeys(frame: Frame, query: Query, options: { tieBreak: boolean }): SortKey[] {
  const { root, rootNode, links } = frame;
  const keys = [
    ...rootNode.orders.map((order) => readOrder(order, root, query)),
    ...links.flatMap(({ source, node }) =>
      node.orders.map((order) => readOrder(order, source, query)),
    ),
  ];
  const primaryId = root.entity.primaryIdAttribute;
  const hasKey = keys.some(
    ({ column }) => column.source === root && column.attribute.logicalName === primaryId,
  );
  if (options.tieBreak && !hasKey) {
    const column = columnOf(root, primaryId, rootNode.at);
    // By the id's text, which has an index: only where ids are asked to be sorted does SQL Server's order show.
    keys.push({
      column,
      descending: false,
      sql: valueSql(column),
      isNumber: false,
      isPlainId: true,
    });
  }
  return keys;
}

export const orderSql = (keys: readonly { sql: string; descending: boolean }[]): string =>
  keys.length === 0
    ? ""
    : ` ORDER BY ${keys.map((key) => `${key.sql}${key.descending ? " DESC" : ""}`).join(", ")}`;

/** NULL is the lowest value. */
function after(key: SortKey, last: string | number | null): Fragment {
  if (last === null) return raw(key.descending ? "0" : `${key.sql} IS NOT NULL`);
  return key.descending
    ? sql`(${key.sql} < ${value(last)} OR ${key.sql} IS NULL)`
    : sql`${key.sql} > ${value(last)}`;
}

/** Rows behind the last row of the page before. */
export function behindSql(
  keys: readonly SortKey[],
  last: readonly (string | number | null)[],
): Fragment {
  const ways = keys.map((key, index) => {
    const equal = keys
      .slice(0, index)
      .map((one, at) => sql`${one.sql} IS ${value(last[at] ?? null)}`);
    return sql`(${join([...equal, after(key, last[index] ?? null)], " AND ")})`;
  });
  return sql`(${join(ways, " OR ")})`;
}

export const isPrimaryKey = (key: SortKey): boolean =>
  key.column.attribute.logicalName === key.column.source.entity.primaryIdAttribute &&
  key.column.source.parent === undefined;
