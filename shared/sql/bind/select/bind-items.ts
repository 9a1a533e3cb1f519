import { columnExpr, type PlanColumn, type Scalar } from "../../expression/expression";
import type { Expression, Select } from "../../parser/ast";
import type { ProjectItem } from "../../plan/nodes";
import { isJson } from "../expressions/bind-call";
import type { ExpressionBinder } from "../expressions/bind-expression";
import { companionOf, type Relation, use } from "../names/relation";
import type { Scope } from "../names/scope";
import type { QueryFacts } from "../query-facts";
import type { Grouping } from "./grouping";

export interface BoundItem {
  readonly expr: Scalar;
  /** What AS says, or the name of the column of a derived table. */
  readonly alias: string | undefined;
}

/** A column of SELECT. */
export interface Item extends ProjectItem {
  /** Undefined for an expression without a name. */
  readonly name: string | undefined;
  readonly isAliased: boolean;
  /** The label or name that explains it, beside it or at hand. */
  readonly companion: ProjectItem | undefined;
}

/** The SELECT list with `*` written out: stored columns only, the primary id first. */
export function bindItems(
  select: Select,
  scope: Scope,
  binder: ExpressionBinder,
): readonly BoundItem[] {
  return select.items.flatMap((item): readonly BoundItem[] => {
    if (item.kind === "expression") {
      const expr = binder.value(item.expression);
      return [{ expr, alias: item.alias ?? nameInDerived(item.expression, expr, scope) }];
    }
    const relations = item.table ? [scope.relation(item.table)] : scope.relations;
    return relations.flatMap((relation) => allColumns(relation, scope.facts));
  });
}

/** A column of a derived table goes by its name there, which is not that of the column behind it. */
function nameInDerived(node: Expression, expr: Scalar, scope: Scope): string | undefined {
  const written = node.kind === "name" ? node.parts[node.parts.length - 1]?.name : undefined;
  if (written === undefined || expr.kind !== "column") return undefined;
  const columns = scope.relations.flatMap((one) => (one.kind === "derived" ? one.columns : []));
  const isSame = (name: string) => name.toLowerCase() === written.toLowerCase();
  const own = columns.find(({ name, column }) => column.id === expr.column.id && isSame(name));
  if (own) return own.name;
  const explained = columns.find(({ companion }) => companion?.id === expr.column.id);
  return explained && `${explained.name}name`;
}

function allColumns(relation: Relation, facts: QueryFacts): readonly BoundItem[] {
  if (relation.kind === "derived")
    return relation.columns.map(({ name, column }) => ({
      expr: columnExpr(column),
      alias: name || undefined,
    }));
  const stored = relation.table.columns.filter((column) => column.part === "value");
  const ordered = [
    ...stored.filter((column) => column.isPrimaryId),
    ...stored.filter((column) => !column.isPrimaryId),
  ];
  return ordered.map((meta) => ({
    expr: columnExpr(use(relation, meta, facts)),
    alias: undefined,
  }));
}

/** Items over groups, each with the column that it is outside, and with what explains it. */
export function makeItems(
  bound: readonly BoundItem[],
  scope: Scope,
  groups: Grouping,
  withCompanions: boolean,
): readonly Item[] {
  const { facts } = scope;
  const taken = new Set<number>();
  return bound.map((item): Item => {
    const expr = groups.over(item.expr);
    const name = item.alias ?? (item.expr.kind === "column" ? item.expr.column.name : undefined);
    const column = columnFor(expr, name, taken, facts);
    const explained =
      withCompanions && item.expr.kind === "column" ? explain(item.expr.column, scope) : undefined;
    const companion = explained && groups.maybe(columnExpr(explained));
    return {
      name,
      expr,
      column,
      isAliased: item.alias !== undefined,
      companion: companion && {
        column: columnFor(companion, explained.name, taken, facts),
        expr: companion,
      },
    };
  });
}

const explain = (column: PlanColumn, scope: Scope): PlanColumn | undefined => {
  for (const relation of scope.relations) {
    const found = companionOf(relation, column, scope.facts);
    if (found) return found;
  }
  return undefined;
};

/** A column that is handed on stays the same one, so that what is known of it stays known; a second time it is another. */
function columnFor(
  expr: Scalar,
  name: string | undefined,
  taken: Set<number>,
  facts: QueryFacts,
): PlanColumn {
  if (expr.kind === "column" && !taken.has(expr.column.id)) {
    taken.add(expr.column.id);
    return expr.column;
  }
  const column: PlanColumn = {
    ...facts.column(name ?? "column", expr.type),
    ...(isJson(expr) && { isJson: true }),
  };
  return expr.kind === "column" && expr.column.origin
    ? { ...column, origin: expr.column.origin }
    : column;
}
