import type { AttributeDefinition, SqlRow, SqlValue } from "../model";
import { isStored, quote } from "../store";
import { conditionSql } from "./condition";
import { invalid } from "./literal";
import type { Options, Order } from "./options";
import { type Column, columnOf, resolveColumn, type Scope, type Sql } from "./scope";

/** One page of rows and how to go on behind it. */
export interface Page {
  readonly rows: SqlRow[];
  /** Values of the order's columns in the last row, when there are more. */
  readonly after: readonly SqlValue[] | undefined;
}

export interface PageRequest {
  readonly options: Options;
  /** More conditions: the row of a path, the parent of an expanded collection. */
  readonly conditions: readonly Sql[];
  readonly limit: number;
  /** Position behind which to begin. */
  readonly after?: readonly SqlValue[] | undefined;
}

interface Key {
  readonly sql: string;
  readonly descending: boolean;
  /** Values that the expression itself takes. */
  readonly parameters: readonly SqlValue[];
}

/** Rows that the caller may see, filtered, in order, from a position on. */
export function readPage(scope: Scope, { options, conditions, limit, after }: PageRequest): Page {
  const { world, principal, entity, alias } = scope;
  world.security.demand(principal, "Read", entity.logicalName);
  const filters: Sql[] = [...conditions];
  if (options.filter) filters.push(conditionSql(options.filter, scope));
  const row = world.security.rowFilter(principal, "Read", entity.logicalName, alias);
  if (row) filters.push(row);
  const keys = orderKeys(scope, options.orderby);
  if (after !== undefined) filters.push(behind(keys, after));
  const joins = [...scope.joins.values()];
  const where =
    filters.length === 0
      ? ""
      : ` WHERE ${filters.map((filter) => `(${filter.sql})`).join(" AND ")}`;
  const positions = keys.map((key, index) => `${key.sql} AS "__k${index}"`);
  const order = keys
    .map((_, index) => `"__k${index}"${keys[index]?.descending ? " DESC" : ""}`)
    .join(", ");
  const rows = world.db
    .prepare(
      `SELECT ${alias}.*, ${positions.join(", ")} FROM ${quote(entity.logicalName)} ${alias} ${joins.map((join) => join.sql).join(" ")}${where} ORDER BY ${order} LIMIT ?`,
    )
    .all(
      ...keys.flatMap((key) => key.parameters),
      ...joins.flatMap((join) => join.parameters),
      ...filters.flatMap((filter) => filter.parameters),
      limit + 1,
    );
  if (rows.length <= limit) return { rows, after: undefined };
  const kept = rows.slice(0, limit);
  const last = kept.at(-1);
  return {
    rows: kept,
    after: last === undefined ? [] : keys.map((_, index) => last[`__k${index}`] ?? null),
  };
}

export function countRows(
  scope: Scope,
  options: Options,
  conditions: readonly Sql[],
  most: number,
): number {
  const { world, principal, entity, alias } = scope;
  world.security.demand(principal, "Read", entity.logicalName);
  const filters: Sql[] = [...conditions];
  if (options.filter) filters.push(conditionSql(options.filter, scope));
  const row = world.security.rowFilter(principal, "Read", entity.logicalName, alias);
  if (row) filters.push(row);
  const joins = [...scope.joins.values()];
  const where =
    filters.length === 0
      ? ""
      : ` WHERE ${filters.map((filter) => `(${filter.sql})`).join(" AND ")}`;
  const counted = world.db
    .prepare(
      `SELECT count(*) AS n FROM (SELECT 1 FROM ${quote(entity.logicalName)} ${alias} ${joins.map((join) => join.sql).join(" ")}${where} LIMIT ?)`,
    )
    .get(
      ...joins.flatMap((join) => join.parameters),
      ...filters.flatMap((filter) => filter.parameters),
      most,
    );
  return Number(counted?.n);
}

/** The order asked for and, so that it is one, the primary key. */
function orderKeys(scope: Scope, orderby: readonly Order[]): Key[] {
  const keys = orderby.map(({ path, descending }) => ({
    ...orderKey(scope, resolveColumn(scope, path)),
    descending,
  }));
  return [
    ...keys,
    {
      sql: `${scope.alias}.${quote(scope.entity.primaryIdAttribute)}`,
      descending: false,
      parameters: [],
    },
  ];
}

/** Choices sort by their label and lookups by the name of what they point to, as in the service. */
function orderKey(scope: Scope, column: Column): { sql: string; parameters: readonly SqlValue[] } {
  const { attribute } = column;
  const options = attribute.options ?? [];
  if (["Picklist", "State", "Status", "Boolean"].includes(attribute.type) && options.length > 0) {
    const cases = options.map(() => "WHEN ? THEN fold(?)").join(" ");
    return {
      sql: `CASE ${column.sql} ${cases} END`,
      parameters: options.flatMap((option) => [option.value, option.label]),
    };
  }
  if (attribute.type === "Lookup" || attribute.type === "Customer" || attribute.type === "Owner") {
    return { sql: nameSql(scope, column, attribute), parameters: [] };
  }
  if (
    attribute.type === "MultiSelectPicklist" ||
    attribute.type === "Image" ||
    attribute.type === "File"
  ) {
    throw invalid(`The column '${attribute.logicalName}' cannot be sorted by.`);
  }
  return { sql: column.folded, parameters: [] };
}

function nameSql({ world }: Scope, column: Column, attribute: AttributeDefinition): string {
  const targets = attribute.type === "Owner" ? ["systemuser", "team"] : (attribute.targets ?? []);
  const names = targets.flatMap((table) => {
    const target = world.catalog.byName(table);
    const name =
      target?.primaryNameAttribute === undefined
        ? undefined
        : target.attribute(target.primaryNameAttribute);
    if (target === undefined || name === undefined || !isStored(name)) return [];
    return [
      `(SELECT fold(n.${quote(name.logicalName)}) FROM ${quote(table)} n WHERE n.${quote(target.primaryIdAttribute)} = ${column.sql})`,
    ];
  });
  return names.length === 0
    ? column.sql
    : names.length === 1
      ? (names[0] ?? column.sql)
      : `coalesce(${names.join(", ")})`;
}

/** Rows behind a position; NULL comes first ascending. */
function behind(keys: readonly Key[], after: readonly SqlValue[]): Sql {
  if (after.length !== keys.length) throw invalid("The $skiptoken does not belong to this query.");
  const alternatives: string[] = [];
  const parameters: SqlValue[] = [];
  keys.forEach((key, index) => {
    const parts = keys.slice(0, index).map((earlier, at) => {
      parameters.push(...earlier.parameters, after[at] ?? null);
      return `${earlier.sql} IS ?`;
    });
    const value = after[index] ?? null;
    parts.push(beyond(key, value, parameters));
    alternatives.push(`(${parts.join(" AND ")})`);
  });
  return { sql: alternatives.join(" OR "), parameters };
}

function beyond(key: Key, value: SqlValue, parameters: SqlValue[]): string {
  parameters.push(...key.parameters);
  if (value === null)
    return key.descending ? `(${key.sql} IS NULL AND 0)` : `${key.sql} IS NOT NULL`;
  parameters.push(value);
  if (!key.descending) return `${key.sql} > ?`;
  parameters.push(...key.parameters);
  return `(${key.sql} < ? OR ${key.sql} IS NULL)`;
}

/** Logical names of the columns that a `$select` asks for. */
export function selectedColumns(scope: Pick<Scope, "entity">, options: Options): string[] {
  const { entity } = scope;
  if (options.select !== undefined && !options.select.includes("*")) {
    // Navigation properties may be named, too; they then come as their link.
    return options.select.map((name) => columnOf(entity, name).logicalName);
  }
  return entity.attributes
    .filter(
      (attribute) => isStored(attribute) && attribute.validForRead && attribute.type !== "Image",
    )
    .map((attribute) => attribute.logicalName);
}
