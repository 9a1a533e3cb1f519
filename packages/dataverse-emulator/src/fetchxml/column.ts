import type { AttributeDefinition, Catalog } from "../model";
import { columnSql, fileNameSql, fold, foldedSql, hasTypeColumn, isStored, quote } from "../store";
import { INVALID_ARGUMENT, NO_ATTRIBUTE, type Position, refuse } from "./parse/refuse";
import type { Source } from "./source";

/** How values of a column are written, compared and sorted. */
export type Kind =
  | "boolean"
  | "choice"
  | "choices"
  | "date"
  | "guid"
  | "integer"
  | "real"
  | "table"
  | "text";

export interface Column {
  readonly source: Source;
  /** The stored column; of `customeridname` it is `customerid`. */
  readonly attribute: AttributeDefinition;
  /** `label` of a choice, `name` or `type` of a lookup. */
  readonly part: "value" | "label" | "name" | "type";
  readonly kind: Kind;
  /** As the query wrote it. */
  readonly written: string;
}

const KINDS: Readonly<Partial<Record<AttributeDefinition["type"], Kind>>> = {
  BigInt: "integer",
  Boolean: "boolean",
  Customer: "guid",
  DateTime: "date",
  Decimal: "real",
  Double: "real",
  EntityName: "table",
  File: "guid",
  Image: "text",
  Integer: "integer",
  Lookup: "guid",
  Memo: "text",
  Money: "real",
  MultiSelectPicklist: "choices",
  Owner: "guid",
  Picklist: "choice",
  State: "choice",
  Status: "choice",
  String: "text",
  Uniqueidentifier: "guid",
};

export const isLookup = (attribute: AttributeDefinition): boolean =>
  attribute.type === "Lookup" || attribute.type === "Customer" || attribute.type === "Owner";

export const isDateOnly = (attribute: AttributeDefinition): boolean =>
  attribute.dateTimeBehavior === "DateOnly";

export const noAttribute = (source: Source, name: string, at: Position) =>
  refuse(
    NO_ATTRIBUTE,
    `'${source.entity.logicalName}' entity doesn't contain attribute with Name = '${name}' and NameMapping = 'Logical'.`,
    at,
  );

/** Finds a column, virtual ones (`statecodename`, `customeridname`, `customeridtype`) included. */
export function columnOf(source: Source, name: string, at: Position): Column {
  const attribute = source.entity.attribute(name);
  if (attribute === undefined || !attribute.validForRead) throw noAttribute(source, name, at);
  if (attribute.attributeOf !== undefined) return shadowOf(source, attribute, at);
  const kind = KINDS[attribute.type];
  if (kind === undefined || !isStored(attribute)) {
    throw refuse(
      INVALID_ARGUMENT,
      `The attribute '${name}' of '${source.entity.logicalName}' is of type ${attribute.type}, which a query cannot read.`,
      at,
    );
  }
  return { source, attribute, part: "value", kind, written: name };
}

function shadowOf(source: Source, shadow: AttributeDefinition, at: Position): Column {
  const attribute = source.entity.attribute(shadow.attributeOf ?? "");
  if (attribute === undefined || !isStored(attribute)) {
    throw noAttribute(source, shadow.logicalName, at);
  }
  const base = { source, attribute, written: shadow.logicalName };
  if (!isLookup(attribute)) return { ...base, part: "label", kind: "text" };
  return shadow.type === "EntityName"
    ? { ...base, part: "type", kind: "table" }
    : { ...base, part: "name", kind: "text" };
}

const literal = (text: string) => `'${text.replaceAll("'", "''")}'`;

/** The value as it is stored. */
export const valueSql = (column: Column): string =>
  columnSql(column.attribute.logicalName, column.source.alias);

/** Logical name of the table that a lookup points to. */
export function typeSql({ attribute, source }: Column): string {
  if (hasTypeColumn(attribute)) return columnSql(`${attribute.logicalName}__type`, source.alias);
  const target = attribute.targets?.[0];
  if (target === undefined) return "NULL";
  return `CASE WHEN ${columnSql(attribute.logicalName, source.alias)} IS NULL THEN NULL ELSE ${literal(target)} END`;
}

/** Primary name of the row that a lookup points to; folded when it is to be compared. */
export function nameSql(column: Column, catalog: Catalog, options: { folded: boolean }): string {
  const id = valueSql(column);
  const targets = (column.attribute.targets ?? []).flatMap((target) => {
    const entity = catalog.byName(target);
    const name = entity?.attribute(entity.primaryNameAttribute ?? "");
    if (entity === undefined || name === undefined || !isStored(name)) return [];
    const text = options.folded ? foldedSql(entity, name, "n") : columnSql(name.logicalName, "n");
    const query = `(SELECT ${text} FROM ${quote(target)} n WHERE n.${quote(entity.primaryIdAttribute)} = ${id})`;
    return [{ target, query }];
  });
  const [first] = targets;
  if (first === undefined) return "NULL";
  if (!hasTypeColumn(column.attribute)) return first.query;
  const cases = targets.map(({ target, query }) => `WHEN ${literal(target)} THEN ${query}`);
  return `CASE ${typeSql(column)} ${cases.join(" ")} END`;
}

/** Label of a choice or yes/no value, or the name of a file; folded when it is to be compared. */
export function labelSql(column: Column, options: { folded: boolean }): string {
  if (column.attribute.type === "File") {
    const name = fileNameSql(valueSql(column));
    return options.folded ? `fold(${name})` : name;
  }
  const choices = column.attribute.options ?? [];
  if (choices.length === 0) return "NULL";
  const cases = choices.map(
    (one) => `WHEN ${one.value} THEN ${literal(options.folded ? fold(one.label) : one.label)}`,
  );
  return `CASE ${valueSql(column)} ${cases.join(" ")} END`;
}

/** The expression that conditions compare: text is folded. */
export function comparableSql(column: Column, catalog: Catalog): string {
  if (column.part === "label") return labelSql(column, { folded: true });
  if (column.part === "name") return nameSql(column, catalog, { folded: true });
  if (column.part === "type") return typeSql(column);
  return column.kind === "text"
    ? foldedSql(column.source.entity, column.attribute, column.source.alias)
    : valueSql(column);
}

/** The text itself, for LIKE, where trailing blanks count. */
export function textSql(column: Column, catalog: Catalog): string {
  if (column.part === "label") return labelSql(column, { folded: false });
  if (column.part === "name") return nameSql(column, catalog, { folded: false });
  return valueSql(column);
}

/** A GUID rearranged so that text order is SQL Server's: last group first. */
export const guidKeySql = (text: string): string =>
  `(${[
    [25, 12],
    [20, 4],
    [17, 2],
    [15, 2],
    [12, 2],
    [10, 2],
    [7, 2],
    [5, 2],
    [3, 2],
    [1, 2],
  ]
    .map(([from, length]) => `substr(${text}, ${from}, ${length})`)
    .join(" || ")})`;

export const guidKey = (guid: string): string =>
  guid.slice(24) +
  guid.slice(19, 23) +
  guid.slice(16, 18) +
  guid.slice(14, 16) +
  guid.slice(11, 13) +
  guid.slice(9, 11) +
  guid.slice(6, 8) +
  guid.slice(4, 6) +
  guid.slice(2, 4) +
  guid.slice(0, 2);

/** What rows are sorted by: labels and names instead of numbers and ids. */
export function sortSql(column: Column, catalog: Catalog, useRawOrderBy: boolean): string {
  if (column.part !== "value") return comparableSql(column, catalog);
  if (isLookup(column.attribute)) return nameSql(column, catalog, { folded: true });
  if (column.kind === "boolean" || (column.kind === "choice" && !useRawOrderBy)) {
    return labelSql(column, { folded: true });
  }
  return column.kind === "guid" ? guidKeySql(valueSql(column)) : comparableSql(column, catalog);
}
