import { Query } from "../../fetchxml/source";
import {
  type AttributeDefinition,
  DataverseError,
  type EntityDefinition,
  type Principal,
  type SqlValue,
  type World,
} from "../../model";
import { fileNameSql, foldedSql, isStored, quote } from "../../store";

/** Where names of a query are looked up, and under which alias its table stands in the SQL. */
export interface Scope {
  readonly world: World;
  readonly principal: Principal;
  readonly entity: EntityDefinition;
  readonly alias: string;
  /** Joins that paths over single-valued navigation need, by where they start and their name. */
  readonly joins: Map<string, Join>;
  /** Numbers for aliases, shared over the whole query. */
  readonly counter: { next: number };
  /** Scopes of the lambda variables around, by name. */
  readonly variables: ReadonlyMap<string, Scope>;
  /** Inside a lambda: the rows of the request itself, which bare names and `$it` mean. */
  readonly it: Scope | undefined;
  /** What FetchXML's conditions need to know: both languages compare alike. */
  readonly query: Query;
}

export const createScope = (
  world: World,
  principal: Principal,
  entity: EntityDefinition,
  alias = "t",
): Scope => ({
  world,
  principal,
  entity,
  alias,
  joins: new Map(),
  counter: { next: 1 },
  variables: new Map(),
  it: undefined,
  query: new Query(world, principal, true),
});

export const unknownProperty = (name: string, entity: EntityDefinition) =>
  new DataverseError(
    400,
    "0x80060888",
    `Could not find a property named '${name}' on type 'Microsoft.Dynamics.CRM.${entity.logicalName}'.`,
  );

export const isLookup = ({ type }: AttributeDefinition) =>
  type === "Lookup" || type === "Customer" || type === "Owner";

/** `objecttypecode`: the table that the lookup beside it points to, which the Web API shows as a text. */
export const isTypeColumn = ({ logicalName, type, attributeOf }: AttributeDefinition): boolean =>
  logicalName === "objecttypecode" && type === "EntityName" && attributeOf !== undefined;

/** `new_file_name`: the name of the file whose id the column beside it holds. */
export const isFileName = (entity: EntityDefinition, { attributeOf }: AttributeDefinition) =>
  attributeOf !== undefined && entity.attribute(attributeOf)?.type === "File";

/** The column behind a property of the Web API: `title`, or `_customerid_value` for a lookup. */
export function columnOf(entity: EntityDefinition, property: string): AttributeDefinition {
  const lookup = /^_(\w+)_value$/.exec(property)?.[1];
  const attribute = entity.attribute(lookup ?? property);
  if (attribute !== undefined && (isTypeColumn(attribute) || isFileName(entity, attribute)))
    return attribute;
  const isKnown =
    attribute !== undefined &&
    isStored(attribute) &&
    attribute.validForRead &&
    isLookup(attribute) === (lookup !== undefined);
  if (isKnown && attribute) return attribute;
  throw unknownProperty(property, entity);
}

export interface Column {
  readonly entity: EntityDefinition;
  readonly attribute: AttributeDefinition;
  readonly alias: string;
  /** As it is stored. */
  readonly sql: string;
  /** As text is compared. */
  readonly folded: string;
}

/** Resolves a path such as `title`, `customerid_account/name`, `$it/title` or `o/subject` (with `o` a lambda's variable). */
export function resolveColumn(scope: Scope, path: readonly string[]): Column {
  const { start, names } = startOf(scope, path);
  const end = joinPath(start, names.slice(0, -1));
  const attribute = columnOf(end.entity, names.at(-1) ?? "");
  scope.query.demandRead(end.entity, attribute.logicalName);
  return columnAt(end.entity, attribute, end.alias);
}

/**
 * The column that a query function's `PropertyName` means: a text, so a lookup may go by its own name as well, and a
 * bare name inside a lambda is of the collection.
 */
export function resolveNamed(scope: Scope, path: readonly string[]): Column {
  const [first = ""] = path;
  const { start, names } =
    path.length === 1 && first !== "$it" ? { start: scope, names: path } : startOf(scope, path);
  const end = joinPath(start, names.slice(0, -1));
  const name = names.at(-1) ?? "";
  const own = end.entity.attribute(name);
  const attribute =
    own !== undefined && isLookup(own) && own.validForRead ? own : columnOf(end.entity, name);
  scope.query.demandRead(end.entity, attribute.logicalName);
  return columnAt(end.entity, attribute, end.alias);
}

/** Where a path begins, and its names without the variable. */
export function startOf(
  scope: Scope,
  path: readonly string[],
): { start: Scope; names: readonly string[] } {
  const [first = "", ...rest] = path;
  const variable = rest.length > 0 ? scope.variables.get(first) : undefined;
  if (variable !== undefined) return { start: variable, names: rest };
  const it = scope.it ?? scope;
  return first === "$it" && rest.length > 0
    ? { start: it, names: rest }
    : { start: it, names: path };
}

export function columnAt(
  entity: EntityDefinition,
  attribute: AttributeDefinition,
  alias: string,
): Column {
  if (isFileName(entity, attribute)) {
    const sql = fileNameSql(`${alias}.${quote(attribute.attributeOf ?? "")}`);
    return { entity, attribute, alias, sql, folded: `fold(${sql})` };
  }
  const name = isTypeColumn(attribute) ? `${attribute.attributeOf}__type` : attribute.logicalName;
  const sql = `${alias}.${quote(name)}`;
  const isText = attribute.type === "String" || attribute.type === "Memo";
  return {
    entity,
    attribute,
    alias,
    sql,
    folded: isText ? foldedSql(entity, attribute, alias) : sql,
  };
}

/** As many tables as one query may link, paths and lambdas together. */
const mostLinks = 15;

/** The number of one more linked table. */
export function nextLink({ counter }: Scope): number {
  if (counter.next > mostLinks)
    throw new DataverseError(
      400,
      "0x8004430d",
      `Number of link entities in query exceeded maximum limit of ${mostLinks}.`,
    );
  return counter.next++;
}

/** Follows single-valued navigation properties by outer joins. */
export function joinPath(
  scope: Scope,
  names: readonly string[],
): { entity: EntityDefinition; alias: string } {
  let entity = scope.entity;
  let alias = scope.alias;
  for (const name of names) {
    const end = scope.world.catalog.navigation(entity.logicalName, name);
    if (end?.kind !== "one") throw unknownProperty(name, entity);
    const target = scope.world.catalog.byName(end.target);
    if (target === undefined) throw unknownProperty(name, entity);
    scope.world.security.demand(scope.principal, "Read", target.logicalName);
    const key = `${alias}/${name}`;
    let joined = scope.joins.get(key);
    if (joined === undefined) {
      const as = `j${nextLink(scope)}`;
      const on = `${as}.${quote(target.primaryIdAttribute)} = ${alias}.${quote(end.attribute.logicalName)}`;
      const filter = scope.world.security.rowFilter(
        scope.principal,
        "Read",
        target.logicalName,
        as,
      );
      joined = {
        alias: as,
        sql: `LEFT JOIN ${quote(target.logicalName)} ${as} ON ${on}${filter ? ` AND (${filter.sql})` : ""}`,
        parameters: filter?.parameters ?? [],
      };
      scope.joins.set(key, joined);
    }
    entity = target;
    alias = joined.alias;
  }
  return { entity, alias };
}

export interface Sql {
  readonly sql: string;
  readonly parameters: readonly SqlValue[];
}

interface Join extends Sql {
  readonly alias: string;
}
