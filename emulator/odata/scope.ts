import {
  type AttributeDefinition,
  DataverseError,
  type EntityDefinition,
  type Principal,
  type SqlValue,
  type World,
} from "../model";
import { foldedSql, isStored, quote } from "../store";

/** Where names of a query are looked up, and under which alias its table stands in the SQL. */
export interface Scope {
  readonly world: World;
  readonly principal: Principal;
  readonly entity: EntityDefinition;
  readonly alias: string;
  /** Joins that paths over single-valued navigation need, by alias. */
  readonly joins: Map<string, Sql>;
  /** Numbers for aliases, shared over the whole query. */
  readonly counter: { next: number };
  /** Scopes of the lambda variables around, by name. */
  readonly variables: ReadonlyMap<string, Scope>;
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
});

export const unknownProperty = (name: string, entity: EntityDefinition) =>
  new DataverseError(
    400,
    "0x80060888",
    `Could not find a property named '${name}' on type 'Microsoft.Dynamics.CRM.${entity.logicalName}'.`,
  );

const isLookup = ({ type }: AttributeDefinition) =>
  type === "Lookup" || type === "Customer" || type === "Owner";

/** The column behind a property of the Web API: `title`, or `_customerid_value` for a lookup. */
export function columnOf(entity: EntityDefinition, property: string): AttributeDefinition {
  const lookup = /^_(\w+)_value$/.exec(property)?.[1];
  const attribute = entity.attribute(lookup ?? property);
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

/** Resolves a path such as `title`, `customerid_account/name` or `o/subject` (with `o` a lambda's variable). */
export function resolveColumn(scope: Scope, path: readonly string[]): Column {
  const variable = path.length > 1 ? scope.variables.get(path[0] ?? "") : undefined;
  const start = variable ?? scope;
  const names = variable ? path.slice(1) : path;
  const end = joinPath(start, names.slice(0, -1));
  const attribute = columnOf(end.entity, names.at(-1) ?? "");
  const sql = `${end.alias}.${quote(attribute.logicalName)}`;
  const folded =
    attribute.type === "String" || attribute.type === "Memo"
      ? foldedSql(end.entity, attribute, end.alias)
      : sql;
  return { entity: end.entity, attribute, alias: end.alias, sql, folded };
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
    let joined = [...scope.joins.keys()].find((each) => each.startsWith(`${key} `))?.split(" ")[1];
    if (joined === undefined) {
      joined = `j${scope.counter.next++}`;
      const on = `${joined}.${quote(target.primaryIdAttribute)} = ${alias}.${quote(end.attribute.logicalName)}`;
      const filter = scope.world.security.rowFilter(
        scope.principal,
        "Read",
        target.logicalName,
        joined,
      );
      scope.joins.set(`${key} ${joined}`, {
        sql: `LEFT JOIN ${quote(target.logicalName)} ${joined} ON ${on}${filter ? ` AND (${filter.sql})` : ""}`,
        parameters: filter?.parameters ?? [],
      });
    }
    entity = target;
    alias = joined;
  }
  return { entity, alias };
}

export interface Sql {
  readonly sql: string;
  readonly parameters: readonly SqlValue[];
}
