import type { ColumnKind } from "../../catalog";
import {
  columnExpr,
  constant,
  expressionKey,
  operandOf,
  type PlanColumn,
  type Scalar,
} from "../../expression/expression";
import type { FetchAggregate } from "../../fetchxml/model";
import { aggregateFunction, averageOf } from "../../functions/aggregate/aggregates";
import { Failure } from "../../types/failure";
import type { Aggregation, PlanOf, ProjectItem, ScanColumn } from "../nodes";
import type { Rule, RuleContext } from "../rule";
import { isPlainScan, storedName } from "../scan";

const groupable: ReadonlySet<ColumnKind> = new Set([
  "text",
  "integer",
  "boolean",
  "guid",
  "lookup",
  "choice",
]);
/** Money is not here: the service converts it to the base currency, SQL does not. */
const summable: ReadonlySet<ColumnKind> = new Set(["integer", "decimal", "float"]);
const comparable: ReadonlySet<ColumnKind> = new Set(["integer", "decimal", "float", "datetime"]);

/** FetchXML attributes under construction: equal ones share an alias. */
class Attributes {
  readonly list: FetchAggregate[] = [];
  readonly columns: ScanColumn[] = [];
  readonly raw: Aggregation[] = [];

  group(column: PlanColumn): void {
    const attribute = storedName(column);
    const ref = column.origin?.ref ?? "";
    let known = this.list.find(
      (one) => one.groupBy && one.attribute === attribute && one.ref === ref,
    );
    if (!known) {
      const alias = `g${this.list.length + 1}`;
      known = { ref, attribute, alias, groupBy: true, function: undefined, distinct: false };
      this.list.push(known);
    }
    this.columns.push({ column, alias: known.alias });
  }

  /** A column that holds one aggregate as the service computes it. */
  measure(
    of: { readonly ref: string; readonly attribute: string },
    name: NonNullable<FetchAggregate["function"]>,
    raw: Aggregation,
  ): PlanColumn {
    const key = (one: Aggregation) =>
      `${one.name} ${one.distinct} ${one.args.map(expressionKey).join()}`;
    const known = this.raw.find((one) => key(one) === key(raw));
    if (known) return known.column;
    const alias = `a${this.list.length + 1}`;
    this.list.push({ ...of, alias, groupBy: false, function: name, distinct: raw.distinct });
    this.columns.push({ column: raw.column, alias });
    this.raw.push(raw);
    return raw.column;
  }
}

function canGroup(key: ProjectItem, keys: readonly ProjectItem[]): boolean {
  const column = key.expr.kind === "column" ? key.expr.column : undefined;
  const origin = column?.origin;
  // The key's own column is what the scan will give, so it must be the one that is read.
  if (!column || !origin || column.id !== key.column.id) return false;
  if (origin.part === "value") return groupable.has(origin.meta.type);
  const { base } = origin;
  const kind = base?.origin?.meta.type;
  if (origin.part === "type" || !base || !kind || !groupable.has(kind)) return false;
  if (keys.some((one) => one.column.id === base.id)) return true;
  // Alone, a label stands for its value only when no two options share it; names may always repeat.
  const labels = (origin.meta.options ?? []).map((option) => option.label.toLowerCase().trim());
  return origin.part === "label" && labels.length > 0 && new Set(labels).size === labels.length;
}

function measurable(one: Aggregation): PlanColumn | "rows" | undefined {
  const [argument, ...more] = one.args;
  if (more.length > 0 || one.order.length > 0) return undefined;
  if (!argument) return one.name === "COUNT" ? "rows" : undefined;
  const column = argument.kind === "column" ? argument.column : undefined;
  if (column?.origin?.part !== "value") return undefined;
  const kind = column.origin.meta.type;
  switch (one.name) {
    case "COUNT": {
      const plain = kind !== "memo" && kind !== "choices";
      return plain || !one.distinct ? column : undefined;
    }
    case "SUM":
    case "AVG":
      return !one.distinct && summable.has(kind) ? column : undefined;
    case "MIN":
    case "MAX":
      return comparable.has(kind) ? column : undefined;
    default:
      return undefined;
  }
}

/** An aggregate of a column, bound anew: the service gives SUM and COUNT where the query has AVG. */
function aggregation(
  name: "COUNT" | "SUM",
  argument: Scalar,
  context: RuleContext,
): Aggregation | undefined {
  const bound = aggregateFunction(name)?.bind([operandOf(argument)]);
  if (!bound || bound instanceof Failure) return undefined;
  const column = context.column(name.toLowerCase(), bound.type);
  return { column, name, bound, args: [argument], distinct: false, order: [] };
}

/** SUM and AVG from the service's sum and count: SQL has NULL where the service has 0, and AVG of whole numbers cuts. */
function measure(
  one: Aggregation,
  column: PlanColumn | "rows",
  root: { readonly ref: string; readonly attribute: string },
  attributes: Attributes,
  context: RuleContext,
): Scalar | undefined {
  if (column === "rows") return columnExpr(attributes.measure(root, "count", one));
  const of = { ref: column.origin?.ref ?? "", attribute: storedName(column) };
  if (one.name === "COUNT") return columnExpr(attributes.measure(of, "countcolumn", one));
  if (one.name === "MIN" || one.name === "MAX") {
    const name = one.name === "MIN" ? "min" : "max";
    return columnExpr(attributes.measure(of, name, { ...one, distinct: false }));
  }
  const argument = columnExpr(column);
  const summing = aggregation("SUM", argument, context);
  const counting = aggregation("COUNT", argument, context);
  if (!summing || !counting) return undefined;
  const sum = columnExpr(attributes.measure(of, "sum", summing));
  const count = columnExpr(attributes.measure(of, "countcolumn", counting));
  const { type } = one.column;
  const average = averageOf(column.type);
  const value: Scalar =
    one.name === "SUM"
      ? sum
      : {
          kind: "call",
          type,
          name: "AVG",
          args: [sum, count],
          bound: {
            type,
            nullable: true,
            takes: [sum.type, count.type],
            run: ([total = null, rows = null]) =>
              total === null || rows === null ? null : average(total, Number(rows)),
          },
        };
  return {
    kind: "case",
    type,
    whens: [
      {
        when: {
          kind: "compare",
          type: "predicate",
          operator: "=",
          left: count,
          right: constant(0, count.type),
        },
        result: constant(null, type),
      },
    ],
    otherwise: value,
  };
}

/** aggregate(scan) becomes a scan that aggregates, when the service can do all of it. */
export const foldAggregateIntoScan: Rule = {
  name: "fold-aggregate-into-scan",
  apply(plan, context) {
    if (plan.kind !== "aggregate" || plan.sets || !isPlainScan(plan.input)) return undefined;
    const scan = plan.input;
    const parts = plan.aggregations.map((one) => ({ one, column: measurable(one) }));
    if (!plan.keys.every((key) => canGroup(key, plan.keys))) return undefined;
    const attributes = new Attributes();
    for (const key of plan.keys) attributes.group(key.column);
    const root = { ref: scan.fetch.ref, attribute: scan.fetch.primaryId };
    const items: ProjectItem[] = plan.keys.map(({ column }) => ({
      column,
      expr: columnExpr(column),
    }));
    for (const { one, column } of parts) {
      const expr = column && measure(one, column, root, attributes, context);
      if (!expr) return undefined;
      items.push({ column: one.column, expr });
    }
    if (attributes.list.length === 0) return undefined;
    const fallback: PlanOf<"aggregate"> = { ...plan, aggregations: attributes.raw };
    const fetch = { ...scan.fetch, aggregate: attributes.list };
    const input = { ...scan, fetch, columns: attributes.columns, fallback };
    return { kind: "project", input, items };
  },
};
