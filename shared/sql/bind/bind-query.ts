import { errorAt } from "../errors";
import { columnExpr, type PlanColumn } from "../expression/expression";
import type { QueryExpression, SetOperation } from "../parser/ast";
import type { Plan, ProjectItem, SortKey } from "../plan/nodes";
import { Failure } from "../types/failure";
import { unify } from "../types/precedence";
import type { BoundRows } from "./bound-rows";
import { ExpressionBinder } from "./expressions/bind-expression";
import { castTo } from "./expressions/binding";
import { asText } from "./for-clause";
import type { FromContext } from "./from/bound-from";
import type { DerivedColumn } from "./names/relation";
import { Scope } from "./names/scope";
import { bindSelect } from "./select/bind-select";
import { bindLimit, isLimited, ordered } from "./select/limits";
import { OrderKeys } from "./select/order-keys";

/** A query inside another one, or a part of a set operation. */
export function bindRows(
  query: QueryExpression,
  context: FromContext,
  isOrdered = false,
): BoundRows {
  const { forClause } = query;
  if (forClause) {
    const rows = bindRows({ ...query, forClause: undefined }, context, true);
    return asText(query, forClause, rows, context.facts);
  }
  if (query.kind === "set") return bindSet(query, context, isOrdered);
  const select = bindSelect(query, context, { withCompanions: true, isOrdered });
  const { items } = select;
  const companions = items.flatMap(({ companion }) => (companion ? [companion] : []));
  const columns = items.map(
    ({ name, column, companion }): DerivedColumn => ({
      name: name ?? "",
      column,
      companion: companion?.column,
    }),
  );
  return { plan: select.plan([...items, ...companions]), columns };
}

/** UNION, EXCEPT and INTERSECT: columns by their places, of the type that both sides have in common. */
function bindSet(query: SetOperation, context: FromContext, isOrdered: boolean): BoundRows {
  const { facts } = context;
  const sides = sidesOf(query).map((side) => ({ side, rows: bindRows(side, context) }));
  const [first] = sides;
  const width = first?.rows.columns.length ?? 0;
  for (const { side, rows } of sides) {
    if (rows.columns.length === width) continue;
    throw errorAt(
      facts.source,
      side.start,
      "syntax",
      `All queries combined using ${query.operator.toUpperCase()} must have an equal number of expressions in their target lists (SQL Server error 205): ${width} and ${rows.columns.length}`,
      {
        hint: "Select as many columns on both sides, in the same order; NULL AS x stands for one that is missing.",
      },
    );
  }
  const columns = (first?.rows.columns ?? []).map(({ name }, at): PlanColumn => {
    const types = sides.map(({ rows }) => (rows.columns[at] as DerivedColumn).column.type);
    const type = unify(types);
    if (type instanceof Failure) throw type.at(facts.source, query.start);
    return facts.column(name, type);
  });
  const inputs = sides.map(({ side, rows }): Plan => {
    const items = rows.columns.map(({ column }, at): ProjectItem => {
      const wanted = columns[at] as PlanColumn;
      return {
        column: facts.column(column.name, wanted.type),
        expr: castTo({ facts }, columnExpr(column), wanted.type, side),
      };
    });
    return { kind: "project", input: rows.plan, items };
  });
  const operator = query.operator === "union" ? "union all" : query.operator;
  const set: Plan = { kind: "set", operator, inputs, columns };
  const plan: Plan =
    query.operator === "union" && !query.all ? { kind: "distinct", input: set } : set;
  const derived = columns.map((column) => ({ name: column.name, column }));
  return { plan: endOfSet(query, plan, derived, context, isOrdered), columns: derived };
}

/** The queries of a chain of one operator: `a UNION ALL b UNION ALL c` is one operation of three. */
function sidesOf(query: SetOperation): readonly QueryExpression[] {
  const { left, right } = query;
  const isChain =
    query.operator === "union" &&
    left.kind === "set" &&
    left.operator === "union" &&
    left.all === query.all &&
    left.orderBy.length === 0 &&
    left.offset === undefined &&
    left.forClause === undefined;
  return isChain ? [...sidesOf(left), right] : [left, right];
}

/** ORDER BY and OFFSET behind a set operation name its columns, or their places. */
function endOfSet(
  query: SetOperation,
  plan: Plan,
  columns: readonly DerivedColumn[],
  { facts, bindQuery, correlation }: FromContext,
  isOrdered: boolean,
): Plan {
  const scope = new Scope(facts, [{ kind: "derived", alias: "the result", columns }], undefined);
  const binder = new ExpressionBinder(scope, { name: "ORDER BY of a set operation" }, bindQuery);
  const limit = bindLimit(query, new Scope(facts, [], correlation), bindQuery);
  const items = columns.map(({ name, column }) => ({ expr: columnExpr(column), alias: name }));
  const keys = new OrderKeys(items, binder, false);
  const order = query.orderBy.map(
    ({ expression, descending }): SortKey => ({ expr: keys.bind(expression), descending }),
  );
  return ordered(plan, isOrdered || isLimited(limit) ? order : [], limit);
}
