import { behindSql, type SortKey } from "../../fetchxml/results/order";
import type { EntityDefinition, SqlRow, SqlValue } from "../../model";
import { hasTypeColumn, isStored, quote } from "../../store";
import type { Options } from "../parse/options";
import { readSkipToken, writeSkipToken } from "../parse/skip-token";
import { conditionSql } from "../query/condition";
import { orderKeys, positionSql } from "../query/order";
import { columnOf, isFileName, isTypeColumn, type Scope, type Sql } from "../query/scope";

/** One page of rows and how to go on behind it. */
export interface Page {
  readonly rows: SqlRow[];
  /** `$skiptoken` of the next page, still to be named, when there is one. */
  readonly next: string | undefined;
}

export interface PageRequest {
  readonly options: Options;
  /** More tables, each with its leading blank: the intersect table of a collection. */
  readonly joins?: string;
  /** More conditions: the row of a path, the parent of an expanded collection. */
  readonly conditions: readonly Sql[];
  readonly limit: number;
  /** Another order than the options have, as SQL; then `next` only tells that there is more. */
  readonly order?: string;
}

/** The parts that every reading of a table has: what may be seen, what is asked for, and the joins for both. */
function frameOf(
  scope: Scope,
  { options, joins: more = "", conditions }: Pick<PageRequest, "options" | "joins" | "conditions">,
  keys: readonly SortKey[],
): { from: string; where: readonly Sql[]; parameters: readonly SqlValue[] } {
  const { world, principal, entity, alias } = scope;
  world.security.demand(principal, "Read", entity.logicalName);
  const where: Sql[] = [...conditions];
  if (options.filter) where.push(conditionSql(options.filter, scope));
  const row = world.security.rowFilter(principal, "Read", entity.logicalName, alias);
  if (row) where.push(row);
  if (options.skipToken !== undefined && keys.length > 0)
    where.push(behindSql(keys, readSkipToken(options.skipToken, keys).after));
  // Only now all joins are known.
  const joins = [...scope.joins.values()];
  return {
    from: `${quote(entity.logicalName)} ${alias}${more}${joins.map((join) => ` ${join.sql}`).join("")}`,
    where,
    parameters: [
      ...joins.flatMap((join) => join.parameters),
      ...where.flatMap((part) => part.parameters),
    ],
  };
}

const whereSql = (where: readonly Sql[]): string =>
  where.length === 0 ? "" : ` WHERE ${where.map((part) => `(${part.sql})`).join(" AND ")}`;

const position = (index: number) => `"__k${index}"`;

/** The id of a row is read anyway. */
const positionsSql = (keys: readonly SortKey[]): string[] =>
  keys.flatMap((key, index) =>
    key.isPlainId ? [] : [`${positionSql(key)} AS ${position(index)}`],
  );

const orderSql = (keys: readonly SortKey[]): string =>
  keys.map((key) => `${key.sql}${key.descending ? " DESC" : ""}`).join(", ");

/** Rows that the caller may see, filtered, in order, from a position on. */
export function readPage(scope: Scope, request: PageRequest): Page {
  const { options, limit } = request;
  const keys = orderKeys(scope, options.orderby);
  const { from, where, parameters } = frameOf(scope, request, keys);
  const columns = [...storedColumns(scope, options), ...positionsSql(keys)];
  const found = scope.world.db
    .prepare(
      `SELECT ${columns.join(", ")} FROM ${from}${whereSql(where)} ORDER BY ${request.order ?? orderSql(keys)} LIMIT ?`,
    )
    .all(...parameters, limit + 1);
  if (found.length <= limit) return { rows: found, next: undefined };
  const rows = found.slice(0, limit);
  const page = options.skipToken === undefined ? 1 : readSkipToken(options.skipToken, keys).page;
  return { rows, next: nextToken(page, keys, rows) };
}

function nextToken(page: number, keys: readonly SortKey[], rows: readonly SqlRow[]): string {
  const valuesOf = (row: SqlRow | undefined) =>
    keys.map(
      (key, index) =>
        row?.[key.isPlainId ? key.column.attribute.logicalName : `__k${index}`] ?? null,
    );
  return writeSkipToken(page, keys, valuesOf(rows[0]), valuesOf(rows.at(-1)));
}

/** Pages of many collections at once: the first `limit` rows of each owner, by the owner's id. */
export function readGroups(
  scope: Scope,
  request: PageRequest & { readonly owner: string },
): ReadonlyMap<string, Page> {
  const { options, limit, owner } = request;
  const keys = orderKeys(scope, options.orderby);
  const { from, where, parameters } = frameOf(scope, request, keys);
  const columns = [
    ...storedColumns(scope, options),
    ...positionsSql(keys),
    `${owner} AS "__owner"`,
    `row_number() OVER (PARTITION BY ${owner} ORDER BY ${orderSql(keys)}) AS "__n"`,
  ];
  const found = scope.world.db
    .prepare(
      `SELECT * FROM (SELECT ${columns.join(", ")} FROM ${from}${whereSql(where)}) WHERE "__n" <= ? ORDER BY "__owner", "__n"`,
    )
    .all(...parameters, limit + 1);
  const groups = new Map<string, SqlRow[]>();
  for (const row of found) {
    const id = String(row.__owner);
    const group = groups.get(id);
    if (group === undefined) groups.set(id, [row]);
    else group.push(row);
  }
  return new Map(
    [...groups].map(([id, group]): [string, Page] => {
      const rows = group.slice(0, limit);
      return [id, { rows, next: group.length > limit ? nextToken(1, keys, rows) : undefined }];
    }),
  );
}

/** Rows there are, counted no further than `most`. */
export function countRows(scope: Scope, request: Omit<PageRequest, "limit">, most: number): number {
  const { from, where, parameters } = frameOf(scope, request, []);
  const counted = scope.world.db
    .prepare(`SELECT count(*) AS n FROM (SELECT 1 FROM ${from}${whereSql(where)} LIMIT ?)`)
    .get(...parameters, most);
  return Number(counted?.n);
}

/** FROM and WHERE of a table with all that the caller may not see left out, for aggregates. */
export function sourceSql(
  scope: Scope,
  request: Omit<PageRequest, "limit">,
): { readonly sql: string; readonly parameters: readonly SqlValue[] } {
  const { from, where, parameters } = frameOf(scope, request, []);
  return { sql: `${from}${whereSql(where)}`, parameters };
}

/** Logical names of the columns that a `$select` asks for. */
export function selectedColumns(
  { entity, world }: Pick<Scope, "entity" | "world">,
  { select }: Options,
): readonly string[] {
  if (select === undefined || select.includes("*")) return everyColumn(entity).names;
  return select.map((name) => {
    // A single-valued navigation property stands for its lookup.
    const end = world.catalog.navigation(entity.logicalName, name);
    return (end?.kind === "one" ? end.attribute : columnOf(entity, name)).logicalName;
  });
}

/** Parts of an address that is put together of them. */
const addressPart =
  /^(address\d)_(?:line[1-3]|city|stateorprovince|postalcode|country|county|postofficebox)$/;

/** Columns that the service sends along unasked, behind the key: the currency of an amount, the whole of an address. */
function companionsOf(entity: EntityDefinition, names: readonly string[]): string[] {
  const found = names.flatMap((name) => {
    if (entity.attribute(name)?.type === "Money") return "transactioncurrencyid";
    const prefix = addressPart.exec(name)?.[1];
    return prefix === undefined ? [] : `${prefix}_composite`;
  });
  return [...new Set(found)].filter((name) => {
    const attribute = entity.attribute(name);
    return attribute !== undefined && isStored(attribute) && !names.includes(name);
  });
}

/** The columns that a row shows, in their order. */
export function renderedColumns(
  scope: Pick<Scope, "entity" | "world">,
  options: Options,
): readonly string[] {
  const names = selectedColumns(scope, options);
  if (options.select === undefined || options.select.includes("*")) return names;
  const { entity } = scope;
  const companions = companionsOf(entity, names);
  return companions.length === 0 ? names : [...names, entity.primaryIdAttribute, ...companions];
}

interface EveryColumn {
  readonly names: readonly string[];
  /** Under the alias `t`. */
  readonly stored: readonly string[];
}

/** By definition, which is replaced whenever it changes: most requests select nothing. */
const everyColumns = new WeakMap<EntityDefinition, EveryColumn>();

function everyColumn(entity: EntityDefinition): EveryColumn {
  let known = everyColumns.get(entity);
  if (known === undefined) {
    const names = entity.attributes
      .filter((one) => isStored(one) && one.validForRead && one.type !== "Image")
      .map((one) => one.logicalName);
    known = { names, stored: physicalColumns(entity, new Set(names), "t") };
    everyColumns.set(entity, known);
  }
  return known;
}

/** The columns in SQL that rendering the selected ones and following the expanded ones takes. */
function storedColumns({ entity, alias, world }: Scope, options: Options): readonly string[] {
  const { select, expand } = options;
  if (expand.length === 0 && select === undefined && alias === "t")
    return everyColumn(entity).stored;
  const wanted = new Set([
    entity.primaryIdAttribute,
    ...renderedColumns({ entity, world }, options),
  ]);
  for (const { property } of expand) {
    const end = world.catalog.navigation(entity.logicalName, property);
    if (end?.kind === "one") wanted.add(end.attribute.logicalName);
  }
  return physicalColumns(entity, wanted, alias);
}

function physicalColumns(
  entity: EntityDefinition,
  wanted: ReadonlySet<string>,
  alias: string,
): string[] {
  const names = new Set(["versionnumber"]);
  for (const name of wanted) {
    const attribute = entity.attribute(name);
    if (attribute === undefined) continue;
    if (isTypeColumn(attribute)) {
      names.add(`${attribute.attributeOf}__type`);
      continue;
    }
    if (isFileName(entity, attribute)) {
      names.add(attribute.attributeOf ?? name);
      continue;
    }
    names.add(name);
    if (hasTypeColumn(attribute)) names.add(`${name}__type`);
    // Money is shown in the row's own currency.
    const hasCurrency = entity.attribute("transactioncurrencyid") !== undefined;
    if (attribute.type === "Money" && hasCurrency) names.add("transactioncurrencyid");
    if (attribute.type === "Owner" && entity.attribute("owningteam")) names.add("owningteam");
  }
  return [...names].map((name) => `${alias}.${quote(name)}`);
}
