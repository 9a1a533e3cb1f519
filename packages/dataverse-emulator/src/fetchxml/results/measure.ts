import type { SqlRow, SqlValue, WebRequest, World } from "../../model";
import { type Column, comparableSql } from "../column";
import type { AttributeNode, DateGrouping } from "../parse/model";
import { invalid } from "../parse/refuse";
import { FORMATTED, formattedOf, jsonOf, setProperty } from "./annotate";
import { expressionsOf } from "./columns";

/** One value of a grouped answer: what rows are grouped by, or what is computed of a group. */
export interface Measure {
  readonly node: Pick<AttributeNode, "aggregate" | "dateGrouping" | "distinct" | "name" | "at">;
  readonly alias: string;
  readonly column: Column;
  /** Of the answer. */
  readonly sql: string;
  /** What rows are grouped by; undefined of an aggregate. */
  readonly groupBy: string | undefined;
}

type Context = { readonly request: Pick<WebRequest, "annotations">; readonly world: World };

/** `v…` the value, and of a group its `n…` name and `y…` type. */
export function measureItems(measures: readonly Measure[], { request, world }: Context): string[] {
  const wantsNames = request.annotations.wants(FORMATTED);
  return measures.flatMap((measure, index) => {
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

export function groupSql(
  column: Column,
  { dateGrouping, name, at }: Measure["node"],
  world: World,
): string {
  const comparable = comparableSql(column, world.catalog);
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

export function aggregateSql(column: Column, node: Measure["node"]): string {
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

/** A row of the answer; nothing for NULL. */
export function renderMeasures(
  row: SqlRow,
  measures: readonly Measure[],
  context: Context,
): Record<string, unknown> {
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
