import type { AttributeDefinition, EntityDefinition, Principal, SqlValue, World } from "../model";
import { fold, foldedSql, isStored, quote } from "../store";
import { invalid, noColumn, noTable, unsupported } from "./refusal";
import type { ColumnName, Statement, TableName } from "./statement";

export interface Sql {
  readonly sql: string;
  readonly parameters: readonly SqlValue[];
}

/** One table of the statement under its alias in SQLite. */
export interface Source {
  readonly entity: EntityDefinition;
  readonly alias: string;
  /** What columns are qualified by. */
  readonly name: string;
}

export interface Column {
  readonly source: Source;
  readonly attribute: AttributeDefinition;
  /** As it is stored. */
  readonly sql: string;
  /** As it is compared: text without case and accents. */
  readonly compared: string;
}

export interface Scope {
  readonly world: World;
  readonly principal: Principal;
  readonly sources: Source[];
}

/** Opens a table that the caller may read. */
export function openSource(scope: Scope, { table, alias, at }: TableName): Source {
  const entity = scope.world.catalog.byName(table);
  if (entity === undefined) throw noTable(table);
  const name = alias ?? table;
  if (scope.sources.some((source) => source.name === name)) {
    throw invalid(
      `The correlation name '${name}' is specified multiple times in a FROM clause.`,
      at,
    );
  }
  if (!entity.isIntersect) {
    scope.world.security.demand(scope.principal, "Read", entity.logicalName);
  }
  const source = { entity, alias: `t${scope.sources.length}`, name };
  scope.sources.push(source);
  return source;
}

const isText = ({ type }: AttributeDefinition) => type === "String" || type === "Memo";

function columnIn(source: Source, name: string): Column | undefined {
  const attribute = source.entity.attribute(name);
  if (attribute === undefined || !isStored(attribute) || !attribute.validForRead) return undefined;
  const sql = `${source.alias}.${quote(name)}`;
  return {
    source,
    attribute,
    sql,
    compared: isText(attribute) ? foldedSql(source.entity, attribute, source.alias) : sql,
  };
}

/** Finds a column; one without qualifier must be of one table alone. */
export function resolve({ sources }: Scope, { qualifier, name, at }: ColumnName): Column {
  if (qualifier !== undefined) {
    const source = sources.find((one) => one.name === qualifier);
    if (source === undefined) {
      throw invalid(`The multi-part identifier "${qualifier}.${name}" could not be bound.`, at);
    }
    const column = columnIn(source, name);
    if (column === undefined) throw noColumn(source.entity.logicalName, name);
    return column;
  }
  const found = sources.flatMap((source) => columnIn(source, name) ?? []);
  const [first] = found;
  if (first === undefined) throw noColumn(sources[0]?.entity.logicalName ?? "", name);
  if (found.length > 1) throw invalid(`Ambiguous column name '${name}'.`, at);
  return first;
}

const labelled = new Set(["Picklist", "State", "Status", "Boolean"]);
const lookups = new Set(["Lookup", "Customer", "Owner"]);
const literal = (text: string) => `'${text.replaceAll("'", "''")}'`;

export const isLookup = ({ type }: AttributeDefinition): boolean => lookups.has(type);

/** What rows are sorted by: choices by their label, lookups by the name of what they point to. */
export function sortedBy({ world }: Scope, column: Column): string {
  const { attribute, sql, compared } = column;
  const options = attribute.options ?? [];
  if (labelled.has(attribute.type) && options.length > 0) {
    const cases = options.map((one) => `WHEN ${one.value} THEN ${literal(fold(one.label))}`);
    return `CASE ${sql} ${cases.join(" ")} END`;
  }
  if (attribute.type === "MultiSelectPicklist" || attribute.type === "Image") {
    throw unsupported(`ORDER BY ${attribute.logicalName}, a column of type ${attribute.type},`);
  }
  if (!isLookup(attribute)) return compared;
  const names = (attribute.targets ?? []).flatMap((table) => {
    const target = world.catalog.byName(table);
    const name = target?.attribute(target.primaryNameAttribute ?? "");
    if (target === undefined || name === undefined || !isStored(name)) return [];
    return [
      `(SELECT ${foldedSql(target, name, "n")} FROM ${quote(table)} n WHERE n.${quote(target.primaryIdAttribute)} = ${sql})`,
    ];
  });
  if (names.length === 0) return sql;
  return names.length === 1 ? (names[0] ?? sql) : `coalesce(${names.join(", ")})`;
}

/** Keeps the rows that the caller may read. */
export function readable({ world, principal }: Scope, source: Source): Sql[] {
  const filter = world.security.rowFilter(
    principal,
    "Read",
    source.entity.logicalName,
    source.alias,
  );
  return filter === undefined ? [] : [{ sql: `(${filter.sql})`, parameters: filter.parameters }];
}

export const isGrouped = ({ items, groupBy, distinct }: Statement): boolean =>
  distinct || groupBy.length > 0 || items.some((item) => item.kind === "aggregate");
