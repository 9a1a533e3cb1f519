import { columnExpr, columnsIn, type PlanColumn, type Scalar } from "../../expression/expression";
import type { FetchAggregate } from "../../fetchxml/model";
import { firstValues } from "../aggregate/first-values";
import { type Grouped, groupedOf } from "../aggregate/grouped";
import {
  columnsOfGroups,
  type Group,
  type Groups,
  groupsOf,
  isGroupable,
} from "../aggregate/groups";
import { measurable, measureOf } from "../aggregate/measures";
import { isOverGroups, mergeOf, overGroups } from "../aggregate/merge";
import { aggregation, type MeasureValue, type Raw, Raws } from "../aggregate/raws";
import {
  type Aggregation,
  columnIdsOf,
  type Plan,
  type PlanOf,
  type ProjectItem,
  type Scan,
  type ScanColumn,
} from "../nodes";
import type { Rule, RuleContext } from "../rule";
import { substitute } from "../substitute";

type Aggregate = PlanOf<"aggregate">;

/** The scan with columns that only its groups read. */
function reading(scan: Scan, columns: readonly PlanColumn[]): Scan {
  const known = new Set(scan.columns.map(({ column }) => column.id));
  const missing = new Map(
    columns.filter(({ id }) => !known.has(id)).map((column) => [column.id, { column }]),
  );
  return missing.size === 0 ? scan : { ...scan, columns: [...scan.columns, ...missing.values()] };
}

/** The same worked out here, over single rows: what a scan of groups gives, column by column. */
const overRows = (
  groups: readonly Group[],
  raws: readonly Raw[],
  { rows }: Grouped,
): Aggregate => ({
  kind: "aggregate",
  input: rows.kind === "scan" ? reading(rows, columnsOfGroups(groups)) : rows,
  keys: groups.map(({ column, local }) => ({ column, expr: local })),
  aggregations: raws.map((one) => one.aggregation),
});

/**
 * One query of the service for groups and aggregates. Where it refuses so many rows at once, it is asked for parts of them, and
 * where that is no way either, the rows are read.
 */
function groupsScan(
  groups: readonly Group[],
  raws: readonly Raw[],
  grouped: Grouped,
  context: RuleContext,
  inParts = false,
): Scan {
  const { scan } = grouped;
  const list: FetchAggregate[] = [];
  const columns: ScanColumn[] = [];
  for (const { column, attribute } of groups) {
    const known = list.find(
      (one) =>
        one.attribute === attribute.attribute &&
        one.ref === attribute.ref &&
        one.dateGrouping === attribute.dateGrouping,
    );
    const alias = known?.alias ?? `g${list.length + 1}`;
    if (!known)
      list.push({ ...attribute, alias, groupBy: true, function: undefined, distinct: false });
    columns.push({ column, alias });
  }
  for (const { attribute, aggregation: one } of raws) {
    const alias = `a${list.length + 1}`;
    list.push({ ...attribute, alias, groupBy: false });
    columns.push({ column: one.column, alias });
  }
  const local = overRows(groups, raws, grouped);
  const others = inParts
    ? undefined
    : (firstValues(groups, raws, grouped.rows) ?? putTogether(groups, raws, grouped, context));
  const fallback = others ?? local;
  const { orders: _, ...fetch } = scan.fetch;
  return {
    ...scan,
    fetch: { ...fetch, orders: [], aggregate: list, inParts },
    columns,
    fallback,
  };
}

/** What the service says of parts of the rows, put together; undefined when that does not give the whole. */
function putTogether(
  groups: readonly Group[],
  raws: readonly Raw[],
  grouped: Grouped,
  context: RuleContext,
): Plan | undefined {
  // Different values of all parts are known only one by one.
  const different = raws.filter(({ aggregation: one }) => one.distinct);
  const values = different.flatMap(({ aggregation: { args } }) =>
    args.flatMap((arg) => (arg.kind === "column" && isGroupable(arg.column) ? [arg.column] : [])),
  );
  if (values.length < different.length) return undefined;
  const known = new Set(groups.map(({ column }) => column.id));
  const missing = new Map(values.filter(({ id }) => !known.has(id)).map((one) => [one.id, one]));
  const added: Group[] = [...missing.values()].map((column) => ({
    column,
    attribute: { ref: column.origin?.ref ?? "", attribute: column.name },
    local: columnExpr(column),
  }));
  const partial: Raw[] = [];
  const aggregations: Aggregation[] = [];
  const items: ProjectItem[] = groups.map(({ column }) => ({ column, expr: columnExpr(column) }));
  for (const raw of raws) {
    const { aggregation: one } = raw;
    if (one.distinct) {
      aggregations.push(one);
      items.push({ column: one.column, expr: columnExpr(one.column) });
      continue;
    }
    const column = context.column(one.column.name, one.column.type);
    const merged = mergeOf(one, column, context);
    if (!merged) return undefined;
    partial.push({ ...raw, aggregation: { ...one, column } });
    aggregations.push(merged.aggregation);
    items.push({ column: one.column, expr: merged.value });
  }
  const input = groupsScan([...groups, ...added], partial, grouped, context, true);
  const keys = groups.map(({ column }) => ({ column, expr: columnExpr(column) }));
  return { kind: "project", input: { kind: "aggregate", input, keys, aggregations }, items };
}

interface Asked {
  readonly one: Aggregation;
  /** What the service can aggregate; undefined for what comes of groups. */
  readonly column: PlanColumn | "rows" | undefined;
}

const rootOf = ({ scan: { fetch } }: Grouped) => ({ ref: fetch.ref, attribute: fetch.primaryId });

/** Each group of the query is one of the service's. */
function directly(
  plan: Aggregate,
  grouped: Grouped,
  { groups, keys }: Groups,
  asked: readonly Asked[],
  context: RuleContext,
): Plan | undefined {
  const raws = new Raws();
  const items = plan.keys.map(({ column }, at) => ({ column, expr: keys[at] as Scalar }));
  for (const { one, column } of asked) {
    const value = column && measureOf(one, column, rootOf(grouped), raws, context);
    if (!value) return undefined;
    items.push({ column: one.column, expr: value(columnExpr) });
  }
  return { kind: "project", input: groupsScan(groups, raws.list, grouped, context), items };
}

/** Several groups of the service are one of the query, or the query asks for something that comes of groups. */
function finer(
  plan: Aggregate,
  grouped: Grouped,
  found: Groups,
  asked: readonly Asked[],
  context: RuleContext,
): Plan | undefined {
  const raws = new Raws();
  const counting = aggregation("COUNT", [], context);
  if (!counting) return undefined;
  const countRows = (): PlanColumn =>
    raws.add({
      attribute: { ...rootOf(grouped), function: "count", distinct: false },
      aggregation: counting,
    });
  const values: { readonly one: Aggregation; readonly value: MeasureValue }[] = [];
  const aggregations: Aggregation[] = [];
  const items: ProjectItem[] = plan.keys.map(({ column }) => ({
    column,
    expr: columnExpr(column),
  }));
  const results = new Map<number, Scalar>();
  for (const { one, column } of asked) {
    if (column !== undefined) {
      const value = measureOf(one, column, rootOf(grouped), raws, context);
      if (!value) return undefined;
      values.push({ one, value });
      continue;
    }
    const made = overGroups(one, found, columnExpr(countRows()), context);
    if (!made) return undefined;
    aggregations.push(...made.aggregations);
    results.set(one.column.id, made.value);
  }
  const merged = new Map<number, Scalar>();
  for (const { aggregation: one } of raws.list) {
    const made = mergeOf(one, one.column, context);
    if (!made) return undefined;
    aggregations.push(made.aggregation);
    merged.set(one.column.id, made.value);
  }
  const standsFor = (column: PlanColumn) => merged.get(column.id) ?? columnExpr(column);
  for (const { one, value } of values) results.set(one.column.id, value(standsFor));
  for (const { column } of plan.aggregations) {
    const expr = results.get(column.id);
    if (!expr) return undefined;
    items.push({ column, expr });
  }
  const input = groupsScan(found.groups, raws.list, grouped, context);
  const keys = plan.keys.map(({ column }, at) => ({
    column,
    expr: substitute(found.keys[at] as Scalar, found.by),
  }));
  const { sets, grouping } = plan;
  items.push(...(grouping ?? []).map((column) => ({ column, expr: columnExpr(column) })));
  const together: Plan = {
    kind: "aggregate",
    input,
    keys,
    aggregations,
    ...(sets && { sets }),
    ...(grouping && { grouping }),
  };
  return { kind: "project", input: together, items };
}

const plainArguments = ({ args }: Aggregation): readonly PlanColumn[] =>
  args.flatMap((arg) => (arg.kind === "column" ? [arg.column] : []));

/** aggregate(scan) becomes a scan that aggregates, when the service can do all of it or groups from which all of it comes. */
export const foldAggregateIntoScan: Rule = {
  name: "fold-aggregate-into-scan",
  apply(plan, context) {
    if (plan.kind !== "aggregate") return undefined;
    const grouped = groupedOf(plan.input);
    if (!grouped) return undefined;
    const { scan } = grouped;
    const asked: Asked[] = plan.aggregations.map((one) => ({ one, column: measurable(one) }));
    const isMerged = (one: Asked) => one.column !== undefined && !one.one.distinct;
    // Sums of several sets are made here, of the groups by all keys.
    const isOneSet = plan.sets === undefined && asked.every(({ column }) => column !== undefined);
    const direct = isOneSet ? groupsOf(plan.keys, [], context) : undefined;
    if (direct?.isDirect) {
      const nothing = direct.groups.length === 0 && asked.length === 0;
      return nothing ? undefined : directly(plan, grouped, direct, asked, context);
    }
    // What the service counts of different values cannot be put together.
    const own = asked.map((each) => (isMerged(each) ? each : { ...each, column: undefined }));
    const overThem = own.filter(({ column }) => column === undefined).map(({ one }) => one);
    if (!overThem.every(isOverGroups)) return undefined;
    const different = overThem.filter(({ distinct }) => distinct).flatMap(plainArguments);
    const made = overThem.filter(({ distinct }) => !distinct).flatMap(({ args }) => args);
    const isPlain = overThem.every((one) => !one.distinct || plainArguments(one).length > 0);
    const found = isPlain ? groupsOf(plan.keys, made, context, different) : undefined;
    if (!found || found.groups.length === 0) return undefined;
    // The groups are of columns of this scan alone.
    const known = new Set(scan.columns.map(({ column }) => column.origin?.ref));
    const isOurs = found.groups.every(({ local }) =>
      [...columnsIn(local)].every(({ origin }) => known.has(origin?.ref)),
    );
    // A join that is worked out here after all gives the columns that it has.
    const given = columnIdsOf(plan.input);
    const isThere =
      grouped.rows.kind === "scan" ||
      columnsOfGroups(found.groups).every(({ id }) => given.has(id));
    return isOurs && isThere ? finer(plan, grouped, found, own, context) : undefined;
  },
};
