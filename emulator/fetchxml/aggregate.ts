import type { SqlRow, SqlValue, WebRequest, World } from "../model";
import { FORMATTED, formattedOf, jsonOf, setProperty } from "./annotate";
import { type Column, columnOf, comparableSql, sortSql } from "./column";
import { expressionsOf } from "./columns";
import { join, raw, sql, value } from "./fragment";
import { type Frame, frameOf, whereSql } from "./link";
import type { AttributeNode, DateGrouping, EntityNode, Fetch, OrderNode } from "./model";
import { orderSql } from "./order";
import { AGGREGATE_LIMIT, invalid, refuse } from "./refuse";
import type { Answer } from "./rows";
import type { Query, Source } from "./source";
import { LIMITS } from "./vocabulary";

interface Measure {
  readonly node: AttributeNode;
  readonly alias: string;
  readonly column: Column;
  /** Of the answer. */
  readonly sql: string;
  /** What rows are grouped by; undefined of an aggregate. */
  readonly groupBy: string | undefined;
}

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
  const wantsNames = context.request.annotations.wants(FORMATTED);
  const items = measures.flatMap((measure, index) => {
    if (measure.groupBy === undefined || measure.node.dateGrouping !== undefined) {
      return [`${measure.sql} AS v${index}`];
    }
    const parts = expressionsOf(measure.column, world, wantsNames);
    return [
      `${parts.value} AS v${index}`,
      `${parts.name} AS n${index}`,
      `${parts.type} AS y${index}`,
    ];
  });
  const groups = measures.flatMap((measure) => measure.groupBy ?? []);
  const orders = [
    ...ordersOf(frame, measures, query),
    // Groups in a fixed order, whatever else was asked.
    ...groups.map((group) => ({ sql: group, descending: false })),
  ];
  const size = fetch.top ?? Math.min(fetch.count ?? LIMITS.pageRows, LIMITS.pageRows);
  const offset = ((fetch.page ?? 1) - 1) * size;
  const grouping = groups.length === 0 ? "" : ` GROUP BY ${groups.join(", ")}`;
  const statement = sql`SELECT ${join(items.map(raw), ", ")} FROM ${frame.from}${whereSql(frame.where)}${grouping}${orderSql(orders)} LIMIT ${value(size + 1)} OFFSET ${value(offset)}`;
  const found = world.db.prepare(statement.sql).all(...statement.parameters);
  return {
    rows: found.slice(0, size).map((row) => render(row, measures, context)),
    columns: measures.map((measure) => measure.alias),
    more: fetch.top === undefined && found.length > size,
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
  const counting = sql`SELECT count(*) AS n FROM (SELECT 1 FROM ${frame.from}${whereSql(frame.where)} LIMIT ${value(limit + 1)})`;
  const row = world.db.prepare(counting.sql).get(...counting.parameters);
  if (Number(row?.n ?? 0) > limit) {
    throw refuse(
      AGGREGATE_LIMIT,
      "AggregateQueryRecordLimit exceeded. Cannot perform this operation.",
    );
  }
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
  if (column.part !== "value") {
    throw invalid(
      `The virtual attribute '${name}' cannot be grouped or aggregated: use '${column.attribute.logicalName}'.`,
      at,
    );
  }
  if (node.groupBy) {
    const group = groupSql(column, node, query);
    return { node, alias, column, sql: group, groupBy: group };
  }
  return { node, alias, column, sql: aggregateSql(column, node), groupBy: undefined };
}

const whole = (format: string, column: string) =>
  `CAST(strftime('${format}', ${column}) AS INTEGER)`;

const GROUPINGS: Readonly<Record<DateGrouping, (column: string) => string>> = {
  day: (column) => whole("%d", column),
  // Weeks begin on Sunday; week 1 holds the first of January.
  week: (column) =>
    `((${whole("%j", column)} - 1 + CAST(strftime('%w', ${column}, 'start of year') AS INTEGER)) / 7 + 1)`,
  month: (column) => whole("%m", column),
  quarter: (column) => `((${whole("%m", column)} + 2) / 3)`,
  year: (column) => whole("%Y", column),
  "fiscal-period": (column) => `((${whole("%m", column)} + 2) / 3)`,
  "fiscal-year": (column) => whole("%Y", column),
};

function groupSql(column: Column, { dateGrouping, name, at }: AttributeNode, query: Query): string {
  const comparable = comparableSql(column, query.world.catalog);
  if (dateGrouping !== undefined) {
    if (column.kind !== "date") {
      throw invalid(`dategrouping needs a date, and '${name}' is none.`, at);
    }
    return GROUPINGS[dateGrouping](comparable);
  }
  if (column.kind === "date") {
    throw invalid(`Grouping by the date '${name}' needs a dategrouping.`, at);
  }
  if (column.kind === "choices") {
    throw invalid(`'${name}' cannot be grouped by: it holds several choices.`, at);
  }
  return comparable;
}

function aggregateSql(column: Column, node: AttributeNode): string {
  const { aggregate, name, at } = node;
  const own = `${column.source.alias}."${column.attribute.logicalName}"`;
  const isNumber = column.kind === "integer" || column.kind === "real";
  if (aggregate === "count") return "count(*)";
  if (aggregate === "countcolumn") {
    const { kind, attribute, source } = column;
    const counted =
      kind === "text" && node.distinct ? `fold(${source.alias}."${attribute.logicalName}")` : own;
    return `count(${node.distinct ? "DISTINCT " : ""}${counted})`;
  }
  const fits = isNumber || ((aggregate === "min" || aggregate === "max") && column.kind === "date");
  if (!fits) {
    throw invalid(
      `The aggregate '${aggregate}' is not valid for the attribute '${name}' of type ${column.attribute.type}.`,
      at,
    );
  }
  // The service's SUM over nothing is 0, and its AVG of whole numbers is a whole number.
  if (aggregate === "sum") return `coalesce(sum(${own}), 0)`;
  if (aggregate === "avg") {
    return column.kind === "integer" ? `CAST(avg(${own}) AS INTEGER)` : `avg(${own})`;
  }
  return `${aggregate}(${own})`;
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

function render(row: SqlRow, measures: readonly Measure[], context: Context) {
  const target: Record<string, unknown> = {};
  measures.forEach((measure, index) => {
    const cell = (letter: string): SqlValue => row[`${letter}${index}`] ?? null;
    const { alias, column, node } = measure;
    if (measure.groupBy !== undefined && node.dateGrouping === undefined) {
      const parts = { column, stored: cell("v"), name: cell("n"), type: cell("y") };
      setProperty(target, alias, parts, context);
    } else setNumber(target, measure, cell("v"), context);
  });
  return target;
}

/** An aggregate, or a part of a date. */
function setNumber(
  target: Record<string, unknown>,
  { alias, column, node }: Measure,
  stored: SqlValue,
  { request, world }: Context,
): void {
  if (stored === null) return;
  const counts = node.aggregate === "count" || node.aggregate === "countcolumn";
  const isPart = node.dateGrouping !== undefined;
  // Sums of binary fractions: ten digits are all that is stored.
  const shown = typeof stored === "number" ? Number(stored.toFixed(10)) : stored;
  if (request.annotations.wants(FORMATTED)) {
    const text = isPart ? String(shown) : shownNumber(column, shown, counts, world);
    if (text !== undefined) target[`${alias}@${FORMATTED}`] = text;
  }
  target[alias] = counts || isPart ? Number(shown) : jsonOf(column, shown);
}

const shownNumber = (column: Column, shown: SqlValue, counts: boolean, world: World) =>
  counts ? Number(shown).toLocaleString("en-US") : formattedOf(column, shown, null, world);
