import { columnOf as fetchColumnOf } from "../../fetchxml/column";
import { NOWHERE } from "../../fetchxml/parse/refuse";
import { LIMITS } from "../../fetchxml/parse/vocabulary";
import { aggregateLimit, checkRecordLimit } from "../../fetchxml/results/aggregate";
import {
  aggregateSql,
  groupSql,
  type Measure,
  measureItems,
  renderMeasures,
} from "../../fetchxml/results/measure";
import type { WebRequest } from "../../model";
import { readFilter } from "../parse/filter";
import type { Filter } from "../parse/filter-tree";
import { edmType, invalid } from "../parse/literal";
import type { Options } from "../parse/options";
import { TokenReader } from "../parse/token-reader";
import { orderKeys } from "../query/order";
import { resolveColumn, type Scope, type Sql } from "../query/scope";
import { sourceSql } from "./select";

const methods = {
  sum: "sum",
  min: "min",
  max: "max",
  average: "avg",
  countdistinct: "countcolumn",
} as const;

/**
 * `$apply`: `filter(…)/groupby((a,b),aggregate($count as n, x with sum as total))`, each step optional. Runs as
 * FetchXML's aggregates do: over at most 50,000 rows, at most 5,000 groups, a whole average of whole numbers.
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/query/aggregate-data
 */
export function aggregate(
  scope: Scope,
  options: Options,
  conditions: readonly Sql[],
  request: WebRequest,
): Record<string, unknown>[] {
  checkOptions(options);
  const { filters, groups, terms } = readApply(options.apply ?? "", request.query);
  const measures = [
    ...groups.map((path) => groupMeasure(scope, path)),
    ...terms.map((term) => termMeasure(scope, term)),
  ];
  checkAliases(measures);
  const orders = ordersOf(scope, options, measures);
  const parts = options.filter === undefined ? filters : [...filters, options.filter];
  const [first, ...rest] = parts;
  const filter: Filter | undefined = rest.length === 0 ? first : { kind: "and", parts };
  const source = sourceSql(scope, { options: { ...options, filter }, conditions });
  const { world } = scope;
  checkRecordLimit(world, source.sql, source.parameters, aggregateLimit());
  const grouped = measures.flatMap((measure) => measure.groupBy ?? []);
  const groupBy = grouped.length === 0 ? "" : ` GROUP BY ${grouped.join(", ")}`;
  const orderBy = [...orders, ...grouped];
  const order = orderBy.length === 0 ? "" : ` ORDER BY ${orderBy.join(", ")}`;
  return world.db
    .prepare(
      `SELECT ${measureItems(measures, { request, world }).join(", ")} FROM ${source.sql}${groupBy}${order} LIMIT ?`,
    )
    .all(...source.parameters, Math.min(options.top ?? LIMITS.groups, LIMITS.groups))
    .map((row) => renderMeasures(row, measures, { request, world }));
}

function checkOptions({ select, expand, count, skipToken }: Options): void {
  const wrong = [
    select === undefined ? "" : "$select",
    expand.length === 0 ? "" : "$expand",
    count ? "$count" : "",
    skipToken === undefined ? "" : "$skiptoken",
  ].filter((name) => name !== "");
  if (wrong.length > 0)
    throw invalid(`The query option ${wrong.join(", ")} cannot be used together with $apply.`);
}

function checkAliases(measures: readonly Measure[]): void {
  const seen = new Set<string>();
  for (const { alias } of measures) {
    if (seen.has(alias)) throw invalid(`The name '${alias}' is given to two values of $apply.`);
    seen.add(alias);
  }
}

/** Only what rows are grouped by can be sorted by. */
function ordersOf(scope: Scope, { orderby }: Options, measures: readonly Measure[]): string[] {
  return orderby.map((order) => {
    const name = order.path.join("/");
    if (measures.some(({ alias, groupBy }) => groupBy === undefined && alias === name))
      throw invalid("The query node SingleValueOpenPropertyAccess is not supported.");
    const [key] = orderKeys(scope, [order]);
    const isGroup = measures.some(
      ({ column, groupBy }) =>
        groupBy !== undefined &&
        column.attribute === key?.column.attribute &&
        column.source.alias === key.column.source.alias,
    );
    if (key === undefined || !isGroup)
      throw invalid(`Could not find a property named '${name}' among what $apply groups by.`);
    return `${key.sql}${key.descending ? " DESC" : ""}`;
  });
}

interface Term {
  readonly alias: string;
  /** Undefined of `$count`. */
  readonly path: readonly string[] | undefined;
  readonly method: keyof typeof methods | undefined;
}

interface Apply {
  readonly filters: Filter[];
  readonly groups: string[][];
  readonly terms: Term[];
}

function readApply(text: string, aliases: ReadonlyMap<string, string>): Apply {
  const reader = new TokenReader(text);
  const apply: Apply = { filters: [], groups: [], terms: [] };
  for (let isLast = false; ; ) {
    const { value: name } = reader.need("name");
    if (isLast || (name !== "filter" && name !== "groupby" && name !== "aggregate"))
      throw reader.error(
        `The $apply transformation '${name.slice(0, 50)}' is not supported here: filters may come first, then one groupby or aggregate`,
      );
    reader.expect("(");
    if (name === "filter") apply.filters.push(readFilter(reader, aliases));
    else if (name === "groupby") readGroupBy(reader, apply);
    else readTerms(reader, apply);
    reader.expect(")");
    isLast = name !== "filter";
    if (!reader.accept("/")) break;
  }
  reader.end();
  if (apply.groups.length + apply.terms.length === 0)
    throw invalid("The $apply expression groups and aggregates nothing.");
  return apply;
}

function readGroupBy(reader: TokenReader, { groups, terms }: Apply): void {
  reader.expect("(");
  do groups.push(reader.path());
  while (reader.accept(","));
  reader.expect(")");
  if (!reader.accept(",")) return;
  reader.expect("aggregate");
  reader.expect("(");
  readTerms(reader, { groups, terms, filters: [] });
  reader.expect(")");
}

function readTerms(reader: TokenReader, { terms }: Apply): void {
  do {
    const path = reader.accept("$count") ? undefined : reader.path();
    let method: Term["method"];
    if (path !== undefined) {
      reader.expect("with");
      const { value } = reader.need("name");
      if (!Object.hasOwn(methods, value))
        throw reader.error(`The aggregation method '${value.slice(0, 50)}' is not supported`);
      method = value as keyof typeof methods;
    }
    reader.expect("as");
    const { value: alias } = reader.need("name");
    if (!/^[A-Za-z_]\w*$/.test(alias)) throw reader.error(`'${alias.slice(0, 50)}' is not a name`);
    terms.push({ alias, path, method });
  } while (reader.accept(","));
}

function columnAt(scope: Scope, path: readonly string[]): Measure["column"] {
  const { entity, attribute, alias } = resolveColumn(scope, path);
  const source = { entity, alias, name: undefined, parent: undefined, visible: true };
  return fetchColumnOf(source, attribute.logicalName, NOWHERE);
}

/** Of another table the value is called by that table and its column: `contact_fullname`. */
function groupMeasure(scope: Scope, path: readonly string[]): Measure {
  const column = columnAt(scope, path);
  const { attribute, source } = column;
  if (column.kind === "date")
    throw invalid(
      `Grouping by '${path.join("/")}' is not supported: $apply cannot group by dates. FetchXML can, by dategrouping.`,
    );
  const alias =
    path.length === 1 ? (path[0] ?? "") : `${source.entity.logicalName}_${attribute.logicalName}`;
  const node = {
    name: path.join("/"),
    aggregate: undefined,
    dateGrouping: undefined,
    distinct: false,
    at: NOWHERE,
  };
  const sql = groupSql(column, node, scope.world);
  return { node, alias, column, sql, groupBy: sql };
}

function termMeasure(scope: Scope, { alias, path, method }: Term): Measure {
  const column = columnAt(scope, path ?? [scope.entity.primaryIdAttribute]);
  const node = {
    name: column.attribute.logicalName,
    aggregate: method === undefined ? ("count" as const) : methods[method],
    dateGrouping: undefined,
    distinct: method === "countdistinct",
    at: NOWHERE,
  };
  const isNumber = column.kind === "integer" || column.kind === "real";
  const isOrdered = isNumber || ((method === "min" || method === "max") && column.kind === "date");
  if (method !== undefined && method !== "countdistinct" && !isOrdered)
    throw invalid(
      `$apply/aggregate expression '${column.attribute.logicalName}' operation does not support value type '${edmType(column.attribute)}'.`,
    );
  return { node, alias, column, sql: aggregateSql(column, node), groupBy: undefined };
}
