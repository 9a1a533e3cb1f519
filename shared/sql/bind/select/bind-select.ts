import { errorAt } from "../../errors";
import {
  columnExpr,
  columnsIn,
  type Expr,
  expressionKey,
  type PlanColumn,
  type Scalar,
} from "../../expression/expression";
import type { Call, Expression, Select, SelectItem } from "../../parser/ast";
import type { Plan, ProjectItem, SortKey } from "../../plan/nodes";
import { int } from "../../types/sql-type";
import { AggregateCollector } from "../expressions/aggregates";
import {
  applied,
  type Clause,
  ExpressionBinder,
  type PendingApply,
} from "../expressions/bind-expression";
import { WindowCollector } from "../expressions/windows";
import { bindFrom } from "../from/bind-from";
import { type FromContext, noTable } from "../from/bound-from";
import { Scope } from "../names/scope";
import type { QueryFacts } from "../query-facts";
import { tellOfTiedTables } from "../row-security";
import { bindItems, type Item, makeItems } from "./bind-items";
import { Grouping } from "./grouping";
import { bindGroupBy } from "./grouping-sets";
import { bindLimit, isLimited, ordered } from "./limits";
import { OrderKeys } from "./order-keys";

export interface BoundSelect {
  readonly items: readonly Item[];
  /** Yields these items, in this order; all of them must be named. */
  plan(items: readonly ProjectItem[]): Plan;
}

export interface SelectUse {
  /** Labels and names beside choices and lookups, where the rows stay what they are with them. */
  readonly withCompanions: boolean;
  /** Is the order of the rows seen, without TOP or OFFSET too? */
  readonly isOrdered: boolean;
}

/** Binds one SELECT and makes its naive plan: every operator runs here, nothing is pushed down. */
export function bindSelect(select: Select, context: FromContext, use: SelectUse): BoundSelect {
  const { facts, bindQuery, correlation } = context;
  const from = select.from ? bindFrom(select.from, context) : noTable;
  const scope = new Scope(facts, from.relations, correlation, aliasTexts(select, facts.source));
  const whereApplies: PendingApply[] = [];
  const plain = (name: string, applies?: PendingApply[]) =>
    new ExpressionBinder(scope, { name, applies }, bindQuery);
  const where =
    select.where && facts.weigh(plain("WHERE", whereApplies).condition(select.where), select.where);
  if (where) tellOfTiedTables(where, facts.notes);

  const aliases = aliasesOf(select);
  // SQL Server takes no subquery as a key or below an aggregate (errors 144 and 130); what is meant is plain.
  const belowApplies: PendingApply[] = [];
  const subqueries = new Map<string, Expr>();
  const keyBinder = new ExpressionBinder(
    scope,
    { name: "GROUP BY", applies: belowApplies, subqueries, keepsSubqueries: true },
    bindQuery,
  );
  const groupBy = bindGroupBy(select.groupBy, facts, (node) => bindKey(node, keyBinder, aliases));
  const groupingBits = new Map<string, PlanColumn>();
  const grouping: NonNullable<Clause["grouping"]> = (node, key) => {
    const form = expressionKey(key);
    if (!groupBy.keys.some((one) => expressionKey(one.expr) === form)) throw notAKey(node, facts);
    const known = groupingBits.get(form) ?? facts.column("grouping", int);
    groupingBits.set(form, known);
    return known;
  };

  const collector = new AggregateCollector({ facts });
  const windows = new WindowCollector(select.windows);
  const havingApplies: PendingApply[] = [];
  const applies: PendingApply[] = [];
  const isGroupedBy = groupBy.keys.length > 0 || groupBy.sets !== undefined;
  const grouped: Pick<Clause, "aggregates" | "argumentApplies" | "subqueries" | "grouping"> = {
    aggregates: collector,
    argumentApplies: belowApplies,
    subqueries,
    ...(isGroupedBy && { grouping }),
  };
  const binder = new ExpressionBinder(
    scope,
    { name: "SELECT", ...grouped, windows, applies },
    bindQuery,
  );
  const bound = bindItems(select, scope, binder);
  for (const { expr } of bound) facts.weigh(expr, select);
  const havingBinder = new ExpressionBinder(
    scope,
    { name: "HAVING", ...grouped, applies: havingApplies },
    bindQuery,
  );
  const having = select.having && facts.weigh(havingBinder.condition(select.having), select.having);
  const limit = bindLimit(select, scope, bindQuery);
  // Without TOP or OFFSET the order of a derived table is that of nobody.
  const keepsOrder = use.isOrdered || isLimited(limit);
  const orderKeys = new OrderKeys(bound, binder, select.distinct);
  const order = (keepsOrder ? select.orderBy : []).map(({ expression, descending }) => ({
    key: facts.weigh(orderKeys.bind(expression), expression),
    descending,
  }));

  const isGrouped = isGroupedBy || collector.all.length > 0 || having !== undefined;
  const results = new Set([
    ...collector.all.map(({ column }) => column.id),
    ...windows.all.flatMap(({ functions }) => functions.map(({ column }) => column.id)),
    ...[...applies, ...havingApplies, ...belowApplies].flatMap(columnsOfApply),
    ...[...groupingBits.values()].map(({ id }) => id),
  ]);
  const groups = new Grouping(
    groupBy.keys,
    groupBy.sets ?? (groupingBits.size > 0 ? [groupBy.keys.map((_, at) => at)] : undefined),
    isGrouped,
    results,
    facts,
  );
  const over = <E extends Expr>(expr: E): E => groups.over(expr);
  const windowColumns = new Set(
    windows.all.flatMap(({ functions }) => functions.map(({ column }) => column.id)),
  );
  const readsWindow = (expr: Expr) => [...columnsIn(expr)].some(({ id }) => windowColumns.has(id));
  const items = makeItems(bound, scope, groups, use.withCompanions);
  const sortKeys = order.map(({ key, descending }): SortKey => ({ expr: over(key), descending }));
  const groupedHaving = having && over(having);
  const overWindows = windows.all.map((one) => ({
    partition: one.partition.map(over),
    order: one.order.map((key) => ({ ...key, expr: over(key.expr) })),
    functions: one.functions.map((each) => ({
      ...each,
      args: each.args.map(over),
      within: each.within.map((key) => ({ ...key, expr: over(key.expr) })),
    })),
  }));

  const below = (): Plan => {
    let plan = from.build();
    if (where) plan = { kind: "filter", input: applied(plan, whereApplies), predicate: where };
    if (isGrouped) {
      plan = applied(plan, belowApplies);
      const bits = groups.keys.map(
        ({ expr }) => groupingBits.get(expressionKey(expr)) ?? facts.column("grouping", int),
      );
      plan = {
        kind: "aggregate",
        input: plan,
        keys: groups.keys,
        aggregations: collector.all,
        ...(groups.sets && { sets: groups.sets, grouping: bits }),
      };
      if (groupedHaving)
        plan = {
          kind: "filter",
          input: applied(plan, havingApplies, over),
          predicate: groupedHaving,
        };
    }
    const behind = applies.filter(({ when }) => when !== undefined && readsWindow(when));
    plan = applied(
      plan,
      applies.filter((one) => !behind.includes(one)),
      over,
    );
    for (const window of overWindows) plan = { kind: "window", input: plan, ...window };
    return applied(plan, behind, over);
  };
  // Asked for now, so that everything that a subquery takes of this query is known before tables are read.
  const input = below();
  return {
    items,
    plan: (wanted) => {
      if (!select.distinct) {
        return { kind: "project", input: ordered(input, sortKeys, limit), items: wanted };
      }
      const byExpression = new Map(wanted.map((item) => [expressionKey(item.expr), item.column]));
      const keys = sortKeys.flatMap(({ expr, descending }) => {
        const column = byExpression.get(expressionKey(expr));
        return column ? [{ expr: columnExpr(column), descending }] : [];
      });
      const distinct: Plan = {
        kind: "distinct",
        input: { kind: "project", input, items: wanted },
      };
      return ordered(distinct, keys, limit);
    },
  };
}

/** The column that an apply adds, and that of the subquery, which a comparison names. */
function columnsOfApply({ mode, inner }: PendingApply): readonly number[] {
  if (mode.type === "cross" || mode.type === "outer") return [];
  return [mode.column.id, ...(mode.type === "quantified" ? firstIds(inner) : [])];
}

const firstIds = (plan: Plan): readonly number[] => {
  if (plan.kind === "project") return plan.items.map(({ column }) => column.id);
  if (plan.kind === "set" || plan.kind === "rows" || plan.kind === "recursive")
    return plan.columns.map(({ id }) => id);
  return "input" in plan ? firstIds(plan.input) : [];
};

type AliasedItem = Extract<SelectItem, { readonly kind: "expression" }>;

/** Items with an alias, by its lower-case form; the first of a name counts. */
function aliasesOf(select: Select): ReadonlyMap<string, AliasedItem> {
  const found = new Map<string, AliasedItem>();
  for (const item of select.items) {
    const name = item.kind === "expression" ? item.alias?.toLowerCase() : undefined;
    if (item.kind === "expression" && name !== undefined && !found.has(name)) found.set(name, item);
  }
  return found;
}

/** What stands behind each name of the SELECT list, as written. */
const aliasTexts = (select: Select, source: string): ReadonlyMap<string, string> =>
  new Map(
    [...aliasesOf(select)].map(([name, { expression }]) => [
      name,
      source.slice(expression.start, expression.end),
    ]),
  );

function bindKey(
  node: Expression,
  binder: ExpressionBinder,
  aliases: ReadonlyMap<string, AliasedItem>,
): ProjectItem {
  const { facts } = binder;
  const [part] = node.kind === "name" && node.parts.length === 1 ? node.parts : [];
  const aliased = part && aliases.get(part.name.toLowerCase());
  if (node.kind === "number" || node.kind === "string") {
    throw errorAt(facts.source, node.start, "group_by", "GROUP BY needs columns, not constants");
  }
  try {
    const expr: Scalar = facts.weigh(binder.value(node), node);
    const column = expr.kind === "column" ? expr.column : facts.column("group", expr.type);
    return { column, expr };
  } catch (error) {
    // T-SQL does not know aliases in GROUP BY, but what is meant is plain.
    if (aliased) return bindKey(aliased.expression, binder, new Map());
    throw error;
  }
}

const notAKey = (node: Call, facts: QueryFacts) =>
  errorAt(
    facts.source,
    node.start,
    "group_by",
    `The argument of ${node.name} is no key of GROUP BY (SQL Server error 8161)`,
    { hint: "Write the key exactly as in GROUP BY." },
  );
