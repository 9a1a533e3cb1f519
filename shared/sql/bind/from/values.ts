import type { PlanColumn, Scalar } from "../../expression/expression";
import type { Expression, TableExpression } from "../../parser/ast";
import type { Plan } from "../../plan/nodes";
import { Failure } from "../../types/failure";
import { unify } from "../../types/precedence";
import type { SqlType } from "../../types/sql-type";
import { applied, ExpressionBinder, type PendingApply } from "../expressions/bind-expression";
import { castTo } from "../expressions/binding";
import { Scope } from "../names/scope";
import type { BoundFrom, FromContext } from "./bound-from";

interface BoundRow {
  readonly values: readonly Scalar[];
  readonly nodes: readonly Expression[];
  readonly applies: readonly PendingApply[];
}

const oneRow: Plan = { kind: "rows", columns: [], rows: [[]] };

/** `(VALUES (1, 'a'), (2, 'b')) AS v(id, name)` */
export function bindValues(
  node: Extract<TableExpression, { readonly kind: "values" }>,
  { facts, bindQuery, correlation }: FromContext,
): BoundFrom {
  facts.countRelation(node);
  const scope = new Scope(facts, [], correlation);
  const rows = node.rows.map((nodes): BoundRow => {
    const applies: PendingApply[] = [];
    const binder = new ExpressionBinder(scope, { name: "VALUES", applies }, bindQuery);
    return { nodes, applies, values: nodes.map((one) => facts.weigh(binder.value(one), one)) };
  });
  const columns = node.columns.map((name, at): PlanColumn => {
    const type = unify(rows.map(({ values }) => values[at]?.type as SqlType));
    if (type instanceof Failure) throw type.at(facts.source, name.start);
    return facts.column(name.name, type);
  });
  const cast = rows.map((row) => ({
    ...row,
    values: row.values.map((value, at) =>
      castTo({ facts }, value, (columns[at] as PlanColumn).type, row.nodes[at] ?? node),
    ),
  }));
  return {
    relations: [
      {
        kind: "derived",
        alias: node.alias.name,
        columns: columns.map((column) => ({ name: column.name, column })),
      },
    ],
    build: () => rowsOf(cast, columns, (name, type) => facts.column(name, type)),
  };
}

function rowsOf(
  rows: readonly BoundRow[],
  columns: readonly PlanColumn[],
  newColumn: (name: string, type: SqlType) => PlanColumn,
): Plan {
  const constants = rows.map(({ values }) =>
    values.map((value) => (value.kind === "constant" ? value.value : undefined)),
  );
  if (constants.every((row) => row.every((value) => value !== undefined)))
    return {
      kind: "rows",
      columns,
      rows: constants.map((row) => row.map((value) => value ?? null)),
    };
  const inputs = rows.map(
    ({ values, applies }): Plan => ({
      kind: "project",
      input: applied(oneRow, applies),
      items: values.map((expr, at) => ({
        column: newColumn(columns[at]?.name ?? "value", (columns[at] as PlanColumn).type),
        expr,
      })),
    }),
  );
  return { kind: "set", operator: "union all", inputs, columns };
}
