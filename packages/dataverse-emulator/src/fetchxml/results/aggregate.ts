import type { SqlValue, WebRequest, World } from "../../model";
import { columnOf, sortSql } from "../column";
import { join, raw, sql, value } from "../fragment";
import { type Frame, frameOf, whereSql } from "../link";
import type { AttributeNode, EntityNode, Fetch, OrderNode } from "../parse/model";
import { AGGREGATE_LIMIT, invalid, refuse } from "../parse/refuse";
import { LIMITS } from "../parse/vocabulary";
import type { Query, Source } from "../source";
import { aggregateSql, groupSql, type Measure, measureItems, renderMeasures } from "./measure";
import { orderSql } from "./order";
import type { Answer } from "./rows";

type Context = { readonly request: WebRequest; readonly world: World };

/** Runs `aggregate="true"`: one row for each group, at most 5,000, over at most `limit` rows. */
export function readAggregate(fetch: Fetch, query: Query, limit: number, context: Context): Answer {
  const { world } = context;
  const frame = frameOf(fetch.entity, query);
  const measures = [
    ...measuresOf(frame.root, frame.rootNode, query),
    ...frame.links.flatMap(({ source, node }) => measuresOf(source, node, query)),
  ];
  checkMeasures(measures, frame);
  checkLimit(frame, Math.min(limit, fetch.aggregateLimit ?? limit), world);
  const items = measureItems(measures, context);
  const groups = measures.flatMap((measure) => measure.groupBy ?? []);
  const orders = [
    ...ordersOf(frame, measures, query),
    // Groups in a fixed order, whatever else was asked.
    ...groups.map((group) => ({ sql: group, descending: false })),
  ];
  // Groups beyond the 5,000th cannot be reached by any page.
  const size = fetch.top ?? Math.min(fetch.count ?? LIMITS.groups, LIMITS.groups);
  const offset = Math.min(((fetch.page ?? 1) - 1) * size, LIMITS.groups);
  const rest = Math.min(size, LIMITS.groups - offset);
  const grouping = groups.length === 0 ? "" : ` GROUP BY ${groups.join(", ")}`;
  const statement = sql`SELECT ${join(items.map(raw), ", ")} FROM ${frame.from}${whereSql(frame.where)}${grouping}${orderSql(orders)} LIMIT ${value(rest + 1)} OFFSET ${value(offset)}`;
  const found = world.db.prepare(statement.sql).all(...statement.parameters);
  return {
    rows: found.slice(0, rest).map((row) => renderMeasures(row, measures, context)),
    columns: measures.map((measure) => measure.alias),
    more: fetch.top === undefined && found.length > rest && offset + rest < LIMITS.groups,
    cookie: undefined,
    total: undefined,
  };
}

function checkMeasures(measures: readonly Measure[], { rootNode }: Frame): void {
  if (measures.length === 0) {
    throw invalid("An aggregate query needs an attribute with aggregate or groupby.", rootNode.at);
  }
  const seen = new Set<string>();
  for (const { alias, node } of measures) {
    if (seen.has(alias)) throw invalid(`The alias '${alias}' is given to two attributes.`, node.at);
    seen.add(alias);
  }
}

function checkLimit(frame: Frame, limit: number, world: World): void {
  const { sql: text, parameters } = sql`${frame.from}${whereSql(frame.where)}`;
  checkRecordLimit(world, text, parameters, limit);
}

/** Refuses to aggregate more rows than the service does. */
export function checkRecordLimit(
  world: World,
  from: string,
  parameters: readonly SqlValue[],
  limit: number,
): void {
  const row = world.db
    .prepare(`SELECT count(*) AS n FROM (SELECT 1 FROM ${from} LIMIT ?)`)
    .get(...parameters, limit + 1);
  if (Number(row?.n ?? 0) > limit) {
    throw refuse(
      AGGREGATE_LIMIT,
      "AggregateQueryRecordLimit exceeded. Cannot perform this operation.",
    );
  }
}

/** EMULATOR_AGGREGATE_LIMIT lowers the 50,000 rows that an aggregate may read, so that tests need not make so many. */
export function aggregateLimit(): number {
  // biome-ignore lint/style/noProcessEnv: a knob of the emulator for tests, read at each query.
  const written = Number(process.env.EMULATOR_AGGREGATE_LIMIT);
  return Number.isInteger(written) && written > 0 ? written : LIMITS.aggregateRows;
}

function measuresOf(source: Source, node: EntityNode, query: Query): Measure[] {
  if (node.allAttributes) {
    throw invalid("all-attributes cannot be used in an aggregate query.", node.at);
  }
  return node.attributes.map((attribute) => measureOf(source, attribute, query));
}

function measureOf(source: Source, node: AttributeNode, query: Query): Measure {
  const { name, alias, at } = node;
  if (node.aggregate === undefined && !node.groupBy) {
    throw invalid(
      `An attribute can not be requested when an aggregate operation has been specified and its neither groupby not aggregate: '${name}'.`,
      at,
    );
  }
  if (node.aggregate !== undefined && node.groupBy) {
    throw invalid(`The attribute '${name}' is both grouped and aggregated.`, at);
  }
  if (alias === undefined) {
    throw invalid(`The attribute '${name}' of an aggregate query needs an alias.`, at);
  }
  const column = columnOf(source, name, at);
  query.demandRead(source.entity, column.attribute.logicalName);
  if (column.part !== "value") {
    throw invalid(
      `The virtual attribute '${name}' cannot be grouped or aggregated: use '${column.attribute.logicalName}'.`,
      at,
    );
  }
  if (node.groupBy) {
    const group = groupSql(column, node, query.world);
    return { node, alias, column, sql: group, groupBy: group };
  }
  return { node, alias, column, sql: aggregateSql(column, node), groupBy: undefined };
}

function ordersOf(
  frame: Frame,
  measures: readonly Measure[],
  query: Query,
): { sql: string; descending: boolean }[] {
  const nodes: OrderNode[] = [
    ...frame.rootNode.orders,
    ...frame.links.flatMap(({ node }) => node.orders),
  ];
  return nodes.map((order) => {
    if (order.alias === undefined) {
      throw invalid(
        "The attribute can not be specified for order in an aggregate query; use alias instead.",
        order.at,
      );
    }
    const measure = measures.find((one) => one.alias === order.alias);
    if (measure === undefined) {
      throw invalid(`No attribute of this query has the alias '${order.alias}'.`, order.at);
    }
    const isLabel = measure.groupBy !== undefined && measure.node.dateGrouping === undefined;
    const text = isLabel
      ? sortSql(measure.column, query.world.catalog, query.useRawOrderBy)
      : measure.sql;
    return { sql: text, descending: order.descending };
  });
}
