import type { Catalog } from "../catalog";
import { errorAt } from "../errors";
import type { Expression, SelectItem, SelectStatement, TableExpression } from "../parser/ast";
import {
  childrenOf,
  columnExpr,
  type Expr,
  expressionKey,
  mapChildren,
  type PlanColumn,
} from "../plan/expression";
import type { Plan, ProjectItem, SortKey } from "../plan/nodes";
import { AggregateCollector } from "./aggregates";
import { ExpressionBinder } from "./bind-expression";
import { type BoundFrom, bindFrom } from "./bind-from";
import { type BoundItem, bindItems, nameItems } from "./bind-items";
import { type SimpleSelect, simpleSelect } from "./not-run-yet";
import { QueryFacts } from "./query-facts";
import { Scope } from "./scope";

export interface BoundQuery {
  readonly plan: Plan;
  /** Names of the plan's columns in the result, in order. */
  readonly names: readonly string[];
  readonly notes: readonly string[];
}

/** Binds a statement to definitions and makes its naive plan: every operator runs here, nothing is pushed down. */
export async function bindSelect(
  parsed: SelectStatement,
  source: string,
  catalog: Catalog,
  now: Date,
): Promise<BoundQuery> {
  const statement = simpleSelect(parsed, source);
  const notes = new Set(statement.notes);
  const facts = new QueryFacts(source, now);
  const from = await bindFrom(statement.from, source, catalog, notes);
  const { scope } = from;
  const plain = new ExpressionBinder(scope, facts);
  const on = bindOns(from, facts);
  const where = statement.where && facts.weigh(plain.condition(statement.where), statement.where);
  const aliases = aliasesOf(statement);
  const keys = statement.groupBy.map((key) => bindKey(key, plain, scope, aliases, facts));

  const collector = new AggregateCollector();
  const binder = new ExpressionBinder(scope, facts, collector);
  const bound = bindItems(statement, scope, binder);
  for (const { expr } of bound) facts.weigh(expr, statement);
  const having =
    statement.having && facts.weigh(binder.condition(statement.having), statement.having);
  const orderKeys = new OrderKeys(bound, binder, scope, statement.distinct);
  const order = statement.orderBy.map(({ expression, descending }) => ({
    key: facts.weigh(orderKeys.bind(expression), expression),
    descending,
  }));

  const grouped = keys.length > 0 || collector.all.length > 0 || having !== undefined;
  const groups = new Grouping(keys, grouped, collector, scope, facts);
  const items = nameItems(bound, scope, (expr) => groups.over(expr));
  const sortKeys = order.map(
    ({ key, descending }): SortKey => ({ expr: groups.over(key), descending }),
  );
  const groupedHaving = having && groups.over(having);

  let plan = from.build(on);
  if (where) plan = { kind: "filter", input: plan, predicate: where };
  if (grouped) {
    plan = { kind: "aggregate", input: plan, keys: groups.keys, aggregations: collector.all };
    if (groupedHaving) plan = { kind: "filter", input: plan, predicate: groupedHaving };
  }
  plan = finish(plan, items, sortKeys, statement, source, plain);
  return { plan, names: items.map((item) => item.name), notes: [...notes] };
}

function bindOns(from: BoundFrom, facts: QueryFacts): ReadonlyMap<TableExpression, Expr> {
  return new Map(
    from.joins.map(({ node, tables }) => {
      const scope = new Scope(facts.source, from.scope.ids, tables, from.scope.notes);
      const on = new ExpressionBinder(scope, facts).condition(node.on);
      return [node, facts.weigh(on, node.on)];
    }),
  );
}

type AliasedItem = Extract<SelectItem, { readonly kind: "expression" }>;

/** Items with an alias, by its lower-case form; the first of a name counts. */
function aliasesOf(statement: SimpleSelect): ReadonlyMap<string, AliasedItem> {
  const found = new Map<string, AliasedItem>();
  for (const item of statement.items) {
    const name = item.kind === "expression" ? item.alias?.toLowerCase() : undefined;
    if (item.kind === "expression" && name !== undefined && !found.has(name)) found.set(name, item);
  }
  return found;
}

function bindKey(
  node: Expression,
  binder: ExpressionBinder,
  scope: Scope,
  aliases: ReadonlyMap<string, AliasedItem>,
  facts: QueryFacts,
): ProjectItem {
  const [part] = node.kind === "name" && node.parts.length === 1 ? node.parts : [];
  const aliased = part && aliases.get(part.name.toLowerCase());
  if (node.kind === "number" || node.kind === "string") {
    throw errorAt(scope.source, node.start, "group_by", "GROUP BY needs columns, not constants");
  }
  try {
    const expr = facts.weigh(binder.value(node), node);
    const column = expr.kind === "column" ? expr.column : scope.ids.next("group", expr.type);
    return { column, expr };
  } catch (error) {
    // T-SQL does not know aliases in GROUP BY, but what is meant is plain.
    if (aliased) return bindKey(aliased.expression, binder, scope, new Map(), facts);
    throw error;
  }
}

/** Binds ORDER BY: positions and aliases of SELECT, else any expression. */
class OrderKeys {
  readonly #items: readonly BoundItem[];
  readonly #binder: ExpressionBinder;
  readonly #source: string;
  readonly #byAlias: ReadonlyMap<string, BoundItem>;
  /** With DISTINCT only these may be named. */
  readonly #selected: ReadonlySet<string> | undefined;

  constructor(
    items: readonly BoundItem[],
    binder: ExpressionBinder,
    scope: Scope,
    distinct: boolean,
  ) {
    this.#items = items;
    this.#binder = binder;
    this.#source = scope.source;
    const aliased = items.flatMap((item) =>
      item.alias === undefined ? [] : [[item.alias.toLowerCase(), item] as const],
    );
    this.#byAlias = new Map(aliased.reverse());
    this.#selected = distinct ? new Set(items.map(({ expr }) => expressionKey(expr))) : undefined;
  }

  bind(node: Expression): Expr {
    if (node.kind === "number") return this.#atPosition(node);
    const [part] = node.kind === "name" && node.parts.length === 1 ? node.parts : [];
    const aliased = part && this.#byAlias.get(part.name.toLowerCase());
    const expr = aliased?.expr ?? this.#binder.value(node);
    if (this.#selected && !this.#selected.has(expressionKey(expr))) {
      const message = "With SELECT DISTINCT, ORDER BY may only name selected columns";
      throw errorAt(this.#source, node.start, "syntax", message, { hint: "Add it to SELECT." });
    }
    return expr;
  }

  #atPosition(node: Extract<Expression, { readonly kind: "number" }>): Expr {
    const item = this.#items[Number(node.value) - 1];
    if (item) return item.expr;
    const message = `There is no column ${node.value} in SELECT`;
    throw errorAt(this.#source, node.start, "syntax", message, {
      hint: `Use 1 to ${this.#items.length}, or a column name.`,
    });
  }
}

/** Rewrites expressions of a grouped query to read group keys and aggregates instead of rows. */
class Grouping {
  readonly keys: ProjectItem[];
  readonly #grouped: boolean;
  readonly #byKey: Map<string, PlanColumn>;
  readonly #sizes: ReadonlySet<number>;
  readonly #results: ReadonlySet<number>;
  readonly #scope: Scope;
  readonly #facts: QueryFacts;

  constructor(
    keys: readonly ProjectItem[],
    grouped: boolean,
    collector: AggregateCollector,
    scope: Scope,
    facts: QueryFacts,
  ) {
    this.#byKey = new Map(keys.map((key) => [expressionKey(key.expr), key.column]));
    this.keys = [...new Map(keys.map((key) => [expressionKey(key.expr), key])).values()];
    // A name follows from its lookup, so columns may become keys later on.
    this.#sizes = new Set([1, ...keys.map(({ expr }) => facts.partsOf(expr))]);
    this.#grouped = grouped;
    this.#results = new Set(collector.all.map((one) => one.column.id));
    this.#scope = scope;
    this.#facts = facts;
  }

  /** Throws `group_by` for a column that is neither grouped nor aggregated. */
  over(expr: Expr): Expr {
    if (!this.#grouped) return expr;
    // The form of an expression is as long as itself: it is made only of those that are as large as a key.
    const isSized = this.#sizes.has(this.#facts.partsOf(expr));
    const key = isSized ? this.#byKey.get(expressionKey(expr)) : undefined;
    if (key) return columnExpr(key);
    if (expr.kind === "column" && !this.#results.has(expr.column.id)) return this.#dependent(expr);
    return childrenOf(expr).length === 0 ? expr : mapChildren(expr, (child) => this.over(child));
  }

  /** A label or name follows from the grouped choice or lookup it belongs to. */
  #dependent(expr: Extract<Expr, { readonly kind: "column" }>): Expr {
    const { column } = expr;
    const base = column.origin?.base;
    if (base && this.#byKey.has(expressionKey(columnExpr(base)))) {
      this.#byKey.set(expressionKey(expr), column);
      this.keys.push({ column, expr });
      return expr;
    }
    const message = `The column '${column.name}' is neither in GROUP BY nor inside an aggregate`;
    throw errorAt(
      this.#scope.source,
      this.#facts.places.get(column.id)?.start ?? 0,
      "group_by",
      message,
      {
        hint: `Add ${column.name} to GROUP BY, or write MAX(${column.name}).`,
      },
    );
  }
}

/** DISTINCT, ORDER BY, TOP and OFFSET, in the order in which T-SQL runs them. */
function finish(
  input: Plan,
  items: readonly ProjectItem[],
  sortKeys: readonly SortKey[],
  statement: SimpleSelect,
  source: string,
  binder: ExpressionBinder,
): Plan {
  const project = (plan: Plan): Plan => ({ kind: "project", input: plan, items });
  const whole = (node: Expression | undefined, what: string): number | undefined => {
    if (!node) return undefined;
    const value = binder.value(node);
    const number = value.kind === "constant" ? value.value : undefined;
    if (typeof number === "number" && Number.isSafeInteger(number) && number >= 0) return number;
    throw errorAt(source, node.start, "type", `${what} needs a whole number`);
  };
  const top = whole(statement.top, "TOP");
  const offset = whole(statement.offset, "OFFSET") ?? 0;
  const count = whole(statement.fetch, "FETCH") ?? top;
  if (statement.offset && statement.top) {
    throw errorAt(source, statement.offset.start, "syntax", "TOP and OFFSET do not go together", {
      hint: "Write OFFSET n ROWS FETCH NEXT m ROWS ONLY without TOP.",
    });
  }
  const ordered = (plan: Plan, keys: readonly SortKey[]): Plan => {
    const sorted: Plan = keys.length > 0 ? { kind: "sort", input: plan, keys } : plan;
    return count === undefined && offset === 0
      ? sorted
      : { kind: "limit", input: sorted, offset, count };
  };
  if (!statement.distinct) return project(ordered(input, sortKeys));
  const byExpression = new Map(items.map((item) => [expressionKey(item.expr), item.column]));
  const keys = sortKeys.flatMap(({ expr, descending }) => {
    const column = byExpression.get(expressionKey(expr));
    return column ? [{ expr: columnExpr(column), descending }] : [];
  });
  return ordered({ kind: "distinct", input: project(input) }, keys);
}
