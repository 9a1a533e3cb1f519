import type { CatalogColumn } from "../../catalog";
import { columnType } from "../../expression/column-type";
import {
  childrenOf,
  columnExpr,
  conjuncts,
  type Expr,
  type ExprOf,
  mapChildren,
  type PlanColumn,
  truth,
} from "../../expression/expression";
import { fromPredicate } from "../../fetchxml/from-predicate";
import { columnIdsOf, columnsOf, type Plan, type ScanColumn } from "../nodes";
import type { Rule, RuleContext } from "../rule";
import { isPlainScan } from "../scan";

type Service = ExprOf<"service">;

function serviceIn(expr: Expr): Service | undefined {
  if (expr.kind === "service") return expr;
  for (const child of childrenOf(expr)) {
    const found = serviceIn(child);
    if (found) return found;
  }
  return undefined;
}

/** A condition of the service in an expression that it cannot take. */
function stranded(plan: Plan): Service | undefined {
  const open = (expr: Expr) => serviceIn(expr);
  switch (plan.kind) {
    case "filter":
      return conjuncts(plan.predicate)
        .filter((part) => fromPredicate(part) === undefined)
        .map(open)
        .find((one) => one !== undefined);
    case "project":
      return plan.items.map(({ expr }) => open(expr)).find((one) => one !== undefined);
    case "aggregate":
      return [
        ...plan.keys.map(({ expr }) => expr),
        ...plan.aggregations.flatMap(({ args }) => args),
      ]
        .map(open)
        .find((one) => one !== undefined);
    default:
      return undefined;
  }
}

const idOf = (name: string): CatalogColumn => ({
  name,
  displayName: name,
  type: "guid",
  part: "value",
  base: name,
  onServer: true,
  isPrimaryId: true,
});

interface Keyed {
  readonly plan: Plan;
  readonly key: PlanColumn;
  readonly table: string;
}

/** The plan with the id of the rows to which a column belongs; undefined where these are rows no more. */
function withKey(plan: Plan, column: PlanColumn, context: RuleContext): Keyed | undefined {
  if (!columnIdsOf(plan).has(column.id)) return undefined;
  switch (plan.kind) {
    case "scan": {
      const { ref, primaryId, table } = plan.fetch;
      if (!isPlainScan(plan) || column.origin?.ref !== ref) return undefined;
      const known = plan.columns.find(
        (one) => one.column.name === primaryId && one.column.origin?.ref === ref,
      )?.column;
      const key = known ?? keyColumn(primaryId, ref, context);
      const columns = known ? plan.columns : [...plan.columns, { column: key }];
      return { plan: { ...plan, columns }, key, table };
    }
    case "filter":
    case "sort":
    case "limit": {
      const found = withKey(plan.input, column, context);
      return found && { ...found, plan: { ...plan, input: found.plan } };
    }
    case "join": {
      const left = withKey(plan.left, column, context);
      if (left) return { ...left, plan: { ...plan, left: left.plan } };
      const right = withKey(plan.right, column, context);
      return right && { ...right, plan: { ...plan, right: right.plan } };
    }
    default:
      return undefined;
  }
}

function keyColumn(name: string, ref: string, context: RuleContext): PlanColumn {
  const meta = idOf(name);
  return { ...context.column(name, columnType(meta)), origin: { ref, part: "value", meta } };
}

/** The rows of the same table that the service lets through, by their id. */
function passing(service: Service, { key, table }: Keyed, context: RuleContext) {
  const { operand } = service;
  if (operand.kind !== "column" || !operand.column.origin) return undefined;
  const { origin } = operand.column;
  const fresh = context.column(operand.column.name, operand.column.type);
  const ref = `s${fresh.id}_`;
  const tested: PlanColumn = { ...fresh, origin: { ref, part: origin.part, meta: origin.meta } };
  const id = keyColumn(key.name, ref, context);
  const columns: readonly ScanColumn[] = [{ column: id }, { column: tested }];
  const scan: Plan = {
    kind: "scan",
    fetch: {
      table,
      ref,
      primaryId: key.name,
      filter: undefined,
      links: [],
      orders: [],
      top: undefined,
      distinct: false,
      aggregate: undefined,
    },
    columns,
    alsoAbove: [],
  };
  const predicate: Expr = { ...service, operand: columnExpr(tested) };
  return { rows: { kind: "filter", input: scan, predicate } satisfies Plan, id };
}

const isNull = (column: PlanColumn, negated: boolean): Expr => ({
  kind: "isNull",
  type: "predicate",
  operand: columnExpr(column),
  negated,
});

const logic = (operator: "and" | "or", ...operands: readonly Expr[]): Expr => ({
  kind: "logic",
  type: "predicate",
  operator,
  operands,
});

function replaced<Whole extends Expr>(expr: Whole, one: Expr, by: Expr): Whole {
  if (expr === one) return by as Whole;
  return mapChildren(expr, (part) => replaced(part, one, by));
}

function over(plan: Plan, input: Plan, change: <Part extends Expr>(expr: Part) => Part): Plan {
  switch (plan.kind) {
    case "filter":
      return { ...plan, input, predicate: change(plan.predicate) };
    case "project":
      return {
        ...plan,
        input,
        items: plan.items.map(({ column, expr }) => ({ column, expr: change(expr) })),
      };
    case "aggregate":
      return {
        ...plan,
        input,
        keys: plan.keys.map(({ column, expr }) => ({ column, expr: change(expr) })),
        aggregations: plan.aggregations.map((one) => ({ ...one, args: one.args.map(change) })),
      };
    default:
      return plan;
  }
}

/**
 * `NOT (createdon = LASTXDAYS(7))`, or below CASE and beside what is computed: the service tells which rows of the table meet the
 * condition, and a left join by the id tells of each row whether it is one of them. Of NULL it is unknown.
 */
export const serviceConditionAside: Rule = {
  name: "service-condition-aside",
  apply(plan, context) {
    if (plan.kind !== "filter" && plan.kind !== "project" && plan.kind !== "aggregate")
      return undefined;
    const service = stranded(plan);
    const column = service?.operand.kind === "column" ? service.operand.column : undefined;
    const keyed = column && withKey(plan.input, column, context);
    const found = keyed && service && passing(service, keyed, context);
    if (!column || !keyed || !service || !found) return undefined;
    const input: Plan = {
      kind: "join",
      type: "left",
      left: keyed.plan,
      right: found.rows,
      on: {
        kind: "compare",
        type: "predicate",
        operator: "=",
        left: columnExpr(keyed.key),
        right: columnExpr(found.id),
      },
    };
    const met = logic(
      "or",
      logic("and", isNull(column, true), isNull(found.id, true)),
      logic("and", isNull(column, false), truth(null)),
    );
    const made = over(plan, input, (expr) => replaced(expr, service, met));
    if (plan.kind !== "filter") return made;
    // The rows of a filter have the columns that they had.
    const items = columnsOf(plan).map((one) => ({ column: one, expr: columnExpr(one) }));
    return { kind: "project", input: made, items };
  },
};
