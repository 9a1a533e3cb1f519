import type { EntityDefinition } from "../../model";
import { hasTypeColumn, quote } from "../../store";
import type { Filter, Lambda } from "../parse/filter-tree";
import { invalid } from "../parse/literal";
import { nextLink, type Scope, type Sql, startOf, unknownProperty } from "./scope";

/** What the rows of a collection are read from, and what makes them those of one row. */
export interface Collection {
  readonly entity: EntityDefinition;
  /** Tables to join with the collection's own, each with its leading blank. */
  readonly joins: string;
  /** SQL of the owning row's id, for the row that stands under the alias. */
  readonly owner: string;
  /** Condition without parameters, or undefined. */
  readonly condition: string | undefined;
}

type End = NonNullable<ReturnType<Scope["world"]["catalog"]["navigation"]>>;

/** A collection-valued navigation property as SQL: over a lookup, or over an intersect table. */
export function collectionOf(
  scope: Scope,
  from: EntityDefinition,
  end: Exclude<End, { kind: "one" }>,
  alias: string,
): Collection {
  const { catalog } = scope.world;
  if (end.kind === "manyToMany") {
    const { relationship, other } = end;
    const entity = catalog.byName(other);
    if (entity === undefined) throw unknownProperty(other, from);
    const isFirst = relationship.entity1 === from.logicalName;
    const [own, far] = isFirst
      ? [relationship.entity1Attribute, relationship.entity2Attribute]
      : [relationship.entity2Attribute, relationship.entity1Attribute];
    const as = `${alias}i`;
    return {
      entity,
      joins: ` JOIN ${quote(relationship.intersectEntity)} ${as} ON ${as}.${quote(far)} = ${alias}.${quote(entity.primaryIdAttribute)}`,
      owner: `${as}.${quote(own)}`,
      condition: undefined,
    };
  }
  const { referencingEntity, referencingAttribute } = end.relationship;
  const entity = catalog.byName(referencingEntity);
  const attribute = entity?.attribute(referencingAttribute);
  if (entity === undefined || attribute === undefined)
    throw unknownProperty(end.relationship.referencedNavigation, from);
  return {
    entity,
    joins: "",
    owner: `${alias}.${quote(referencingAttribute)}`,
    condition: hasTypeColumn(attribute)
      ? `${alias}.${quote(`${referencingAttribute}__type`)} = '${from.logicalName}'`
      : undefined,
  };
}

/** `any` and `all` over a collection become EXISTS, with the rows that the caller may see. */
export function lambdaSql(
  lambda: Lambda,
  scope: Scope,
  conditionSql: (body: Filter, inner: Scope) => Sql,
): Sql {
  const { quantifier, path, variable, body } = lambda;
  const { start, names } = startOf(scope, path);
  const name = names.at(-1) ?? "";
  if (names.length > 1)
    throw invalid(
      `The condition on '${path.join("/")}' is not supported: a collection that is nested in a lookup navigation property cannot be filtered by.`,
    );
  const { world, principal } = scope;
  const end = world.catalog.navigation(start.entity.logicalName, name);
  if (end === undefined || end.kind === "one") throw unknownProperty(name, start.entity);
  const alias = `x${nextLink(scope)}`;
  const collection = collectionOf(scope, start.entity, end, alias);
  const { entity } = collection;
  world.security.demand(principal, "Read", entity.logicalName);
  const inner: Scope = {
    ...scope,
    entity,
    alias,
    joins: new Map(),
    it: scope.it ?? scope,
  };
  const variables = new Map(scope.variables);
  if (variable !== undefined) variables.set(variable, inner);
  const condition = body && conditionSql(body, { ...inner, variables });
  const filter = world.security.rowFilter(principal, "Read", entity.logicalName, alias);
  const parts = [
    `${collection.owner} = ${start.alias}.${quote(start.entity.primaryIdAttribute)}`,
    ...(collection.condition === undefined ? [] : [collection.condition]),
    ...(condition === undefined
      ? []
      : [quantifier === "any" ? `(${condition.sql})` : `NOT coalesce((${condition.sql}), 0)`]),
    ...(filter === undefined ? [] : [`(${filter.sql})`]),
  ];
  const joins = [...inner.joins.values()];
  const exists = `EXISTS (SELECT 1 FROM ${quote(entity.logicalName)} ${alias}${collection.joins} ${joins.map((join) => join.sql).join(" ")} WHERE ${parts.join(" AND ")})`;
  return {
    sql: quantifier === "any" ? exists : `NOT ${exists}`,
    parameters: [
      ...joins.flatMap((join) => join.parameters),
      ...(condition?.parameters ?? []),
      ...(filter?.parameters ?? []),
    ],
  };
}
