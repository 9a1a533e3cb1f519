import type { FetchAggregate } from "../../fetchxml/model";
import type { SqlType } from "../../types";
import { columnExpr, constant, type Expr, expressionKey, type PlanColumn } from "../expression";
import type { Aggregation, PlanOf, ProjectItem, ScanColumn } from "../nodes";
import type { Rule, RuleContext } from "../rule";
import { isPlainScan, storedName } from "../scan";

const groupable: ReadonlySet<SqlType> = new Set([
  "text",
  "integer",
  "boolean",
  "guid",
  "lookup",
  "choice",
]);
/** Money is not here: the service converts it to the base currency, SQL does not. */
const summable: ReadonlySet<SqlType> = new Set(["integer", "decimal", "float"]);
const comparable: ReadonlySet<SqlType> = new Set(["integer", "decimal", "float", "datetime"]);

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
    raw: Omit<Aggregation, "column">,
    column: PlanColumn,
  ): PlanColumn {
    const key = (one: Aggregation) =>
      `${one.function} ${one.distinct} ${one.argument && expressionKey(one.argument)}`;
    const known = this.raw.find((one) => key(one) === key({ ...raw, column }));
    if (known) return known.column;
    const alias = `a${this.list.length + 1}`;
    this.list.push({ ...of, alias, groupBy: false, function: name, distinct: raw.distinct });
    this.columns.push({ column, alias });
    this.raw.push({ ...raw, column });
    return column;
  }
}

function canGroup(key: ProjectItem, keys: readonly ProjectItem[]): boolean {
  const origin = key.expr.kind === "column" ? key.expr.column.origin : undefined;
  if (!origin) return false;
  if (origin.part === "value") return groupable.has(origin.meta.type);
  const { base } = origin;
  if (origin.part === "type" || !base || !groupable.has(base.type)) return false;
  if (keys.some((one) => one.column.id === base.id)) return true;
  // Alone, a label stands for its value only when no two options share it; names may always repeat.
  const labels = (origin.meta.options ?? []).map((option) => option.label.toLowerCase().trim());
  return origin.part === "label" && labels.length > 0 && new Set(labels).size === labels.length;
}

function measurable(one: Aggregation): PlanColumn | "rows" | undefined {
  if (!one.argument) return "rows";
  const column = one.argument.kind === "column" ? one.argument.column : undefined;
  if (column?.origin?.part !== "value") return undefined;
  if (one.function === "count") {
    const plain = column.type !== "memo" && column.type !== "choices";
    return plain || !one.distinct ? column : undefined;
  }
  if (one.distinct) return undefined;
  const types = one.function === "min" || one.function === "max" ? comparable : summable;
  return types.has(column.type) ? column : undefined;
}

/** SUM and AVG from the service's sum and count: SQL has NULL where the service has 0, and AVG of whole numbers cuts. */
function measure(
  one: Aggregation,
  column: PlanColumn | "rows",
  root: { readonly ref: string; readonly attribute: string },
  attributes: Attributes,
  context: RuleContext,
): Expr {
  if (column === "rows") {
    return columnExpr(
      attributes.measure(
        root,
        "count",
        { function: "count", argument: undefined, distinct: false },
        one.column,
      ),
    );
  }
  const of = { ref: column.origin?.ref ?? "", attribute: storedName(column) };
  const argument = columnExpr(column);
  const count = (into: PlanColumn, distinct: boolean) =>
    columnExpr(
      attributes.measure(of, "countcolumn", { function: "count", argument, distinct }, into),
    );
  if (one.function === "count") return count(one.column, one.distinct);
  if (one.function === "min" || one.function === "max") {
    const raw = { function: one.function, argument, distinct: false };
    return columnExpr(attributes.measure(of, one.function, raw, one.column));
  }
  const { type } = one.column;
  const raw = { function: "sum", argument, distinct: false } as const;
  const sum = columnExpr(attributes.measure(of, "sum", raw, context.column("sum", type)));
  const counted = count(context.column("count", "integer"), false);
  const none: Expr = {
    kind: "compare",
    type: "predicate",
    operator: "=",
    left: counted,
    right: constant(0, "integer"),
  };
  const value: Expr =
    one.function === "sum"
      ? sum
      : { kind: "arithmetic", type, operator: "/", left: sum, right: counted };
  return {
    kind: "case",
    type,
    whens: [{ when: none, result: constant(null, "null") }],
    otherwise: value,
  };
}

/** aggregate(scan) becomes a scan that aggregates, when the service can do all of it. */
export const foldAggregateIntoScan: Rule = {
  name: "fold-aggregate-into-scan",
  apply(plan, context) {
    if (plan.kind !== "aggregate" || !isPlainScan(plan.input)) return undefined;
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
      if (!column) return undefined;
      items.push({ column: one.column, expr: measure(one, column, root, attributes, context) });
    }
    if (attributes.list.length === 0) return undefined;
    const fallback: PlanOf<"aggregate"> = { ...plan, aggregations: attributes.raw };
    const fetch = { ...scan.fetch, aggregate: attributes.list };
    const input = { ...scan, fetch, columns: attributes.columns, fallback };
    return { kind: "project", input, items };
  },
};
