import { errorAt } from "../../errors";
import {
  columnExpr,
  constant,
  type Expr,
  type PlanColumn,
  type Scalar,
} from "../../expression/expression";
import type { Identifier, TableExpression } from "../../parser/ast";
import type { Aggregation, Parameter, Plan, ProjectItem } from "../../plan/nodes";
import { Failure } from "../../types/failure";
import { unify } from "../../types/precedence";
import { nvarchar, type SqlType } from "../../types/sql-type";
import { bindAggregate, isAggregate } from "../expressions/aggregates";
import { castTo } from "../expressions/binding";
import { comparison } from "../expressions/coerce";
import { type DerivedColumn, type Relation, use } from "../names/relation";
import { Scope } from "../names/scope";
import type { QueryFacts } from "../query-facts";
import type { BoundFrom, FromContext } from "./bound-from";

type Node<K extends TableExpression["kind"]> = Extract<TableExpression, { readonly kind: K }>;

/** Every column of the input, as `*` gives them. */
function allColumns(relations: readonly Relation[], facts: QueryFacts): readonly DerivedColumn[] {
  return relations.flatMap((relation): readonly DerivedColumn[] =>
    relation.kind === "derived"
      ? relation.columns
      : relation.table.columns
          .filter(({ part }) => part === "value")
          .map((meta) => ({ name: meta.name, column: use(relation, meta, facts) })),
  );
}

function columnOf(scope: Scope, parts: readonly Identifier[]): PlanColumn {
  const found = scope.column(parts);
  if (found.kind === "column") return found.column;
  const [first] = parts;
  throw errorAt(
    scope.facts.source,
    first?.start ?? 0,
    "unknown_column",
    `'${parts.map(({ name }) => name).join(".")}' is not a column of the table that is turned`,
  );
}

/**
 * `input PIVOT (SUM(value) FOR column IN ([a], [b])) AS p`: a group for each combination of the other columns, with an aggregate
 * for each value over the rows that have it.
 */
export function bindPivot(
  node: Node<"pivot">,
  input: BoundFrom,
  { facts, correlation }: FromContext,
): BoundFrom {
  const scope = new Scope(facts, input.relations, correlation);
  const value = columnOf(scope, node.value);
  const turned = columnOf(scope, node.column);
  if (!isAggregate(node.aggregate))
    throw errorAt(facts.source, node.start, "syntax", `${node.aggregate} is not an aggregate`);
  const others = allColumns(input.relations, facts).filter(
    ({ column }) => column.id !== value.id && column.id !== turned.id,
  );
  // What explains a column follows from it, so that it makes no more groups.
  const keys: ProjectItem[] = others
    .flatMap(({ column, companion }) => (companion ? [column, companion] : [column]))
    .map((column) => ({ column, expr: columnExpr(column) }));
  const aggregations = node.values.map((name): Aggregation => {
    const text = constant(name.name, nvarchar(name.name.length));
    const when = comparison({ facts }, name, "=", columnExpr(turned), text);
    const argument: Scalar = {
      kind: "case",
      type: value.type,
      whens: [{ when, result: columnExpr(value) }],
      otherwise: constant(null, value.type),
    };
    const call = {
      name: node.aggregate,
      args: [],
      orderBy: [],
      distinct: false,
      star: false,
    };
    const made = bindAggregate({ facts }, node, call, [argument], [], false);
    return { column: facts.column(name.name, made.bound.type), ...made };
  });
  const columns = [...others, ...aggregations.map(({ column }) => ({ name: column.name, column }))];
  return {
    relations: [{ kind: "derived", alias: node.alias.name, columns }],
    build: () => ({ kind: "aggregate", input: input.build(), keys, aggregations }),
  };
}

/** `input UNPIVOT (value FOR name IN (a, b)) AS u`: a row for each of the columns that is not NULL. */
export function bindUnpivot(
  node: Node<"unpivot">,
  input: BoundFrom,
  { facts, correlation }: FromContext,
): BoundFrom {
  const scope = new Scope(facts, input.relations, correlation);
  const turned = node.columns.map((parts) => columnOf(scope, parts));
  const type = unify(turned.map((one) => one.type));
  if (type instanceof Failure) throw type.at(facts.source, node.start);
  const ids = new Set(turned.map(({ id }) => id));
  const others = allColumns(input.relations, facts).filter(({ column }) => !ids.has(column.id));
  const value = facts.column(node.value.name, type);
  const name = facts.column(node.name.name, nvarchar(128));
  const parameters: Parameter[] = [];
  const inputs = turned.map((column, at): Plan => {
    const inside = facts.column(column.name, column.type);
    parameters.push({ column: inside, expr: columnExpr(column) });
    const taken: Scalar = { kind: "parameter", type: inside.type, column: inside };
    return oneRow(facts, node, taken, node.columns[at]?.at(-1)?.name ?? column.name, type);
  });
  const isThere: Expr = {
    kind: "isNull",
    type: "predicate",
    operand: columnExpr(value),
    negated: true,
  };
  const columns = [
    ...others,
    { name: value.name, column: value },
    { name: name.name, column: name },
  ];
  return {
    relations: [{ kind: "derived", alias: node.alias.name, columns }],
    build: () => ({
      kind: "apply",
      input: input.build(),
      inner: {
        kind: "filter",
        input: { kind: "set", operator: "union all", inputs, columns: [value, name] },
        predicate: isThere,
      },
      parameters,
      mode: { type: "cross" },
    }),
  };
}

function oneRow(
  facts: QueryFacts,
  node: Node<"unpivot">,
  taken: Scalar,
  label: string,
  type: SqlType,
): Plan {
  return {
    kind: "project",
    input: { kind: "rows", columns: [], rows: [[]] },
    items: [
      { column: facts.column("value", type), expr: castTo({ facts }, taken, type, node) },
      {
        column: facts.column("name", nvarchar(128)),
        expr: constant(label, nvarchar(128)),
      },
    ],
  };
}
