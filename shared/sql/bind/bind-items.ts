import { columnExpr, type Expr } from "../plan/expression";
import type { ProjectItem } from "../plan/nodes";
import type { ExpressionBinder } from "./bind-expression";
import type { SimpleSelect } from "./not-run-yet";
import type { Scope, ScopeTable } from "./scope";

export interface BoundItem {
  readonly expr: Expr;
  readonly alias: string | undefined;
}

export interface NamedItem extends ProjectItem {
  readonly name: string;
}

/** The SELECT list with `*` written out: stored columns only, the primary id first. */
export function bindItems(
  statement: SimpleSelect,
  scope: Scope,
  binder: ExpressionBinder,
): readonly BoundItem[] {
  return statement.items.flatMap((item): readonly BoundItem[] => {
    if (item.kind === "expression") {
      return [{ expr: binder.value(item.expression), alias: item.alias }];
    }
    const tables = item.table ? [scope.table(item.table)] : scope.tables;
    return tables.flatMap((table) => allColumns(table, scope));
  });
}

function allColumns(table: ScopeTable, scope: Scope): readonly BoundItem[] {
  const stored = table.table.columns.filter((column) => column.part === "value");
  const ordered = [
    ...stored.filter((column) => column.isPrimaryId),
    ...stored.filter((column) => !column.isPrimaryId),
  ];
  return ordered.map((meta) => ({ expr: columnExpr(scope.use(table, meta)), alias: undefined }));
}

/**
 * Gives every item a name of its own, and adds beside each choice its label and beside each lookup its
 * name (`statecode` brings `statecodename`), unless the query has them already.
 */
export function nameItems(
  items: readonly BoundItem[],
  scope: Scope,
  regroup: (expr: Expr) => Expr,
): readonly NamedItem[] {
  const named: NamedItem[] = [];
  const names = new FreeNames(scope);
  const wanted = new Set(items.map((item) => item.alias ?? plainName(item.expr)).filter(Boolean));
  const add = (expr: Expr, name: string) => {
    names.take(name);
    named.push({ name, expr, column: scope.ids.next(name, expr.type) });
  };
  for (const item of items) {
    const expr = regroup(item.expr);
    const name = names.find(item);
    add(expr, name);
    const companion = item.expr.kind === "column" ? scope.companion(item.expr.column) : undefined;
    const extra = `${name}name`;
    if (companion && !names.has(extra) && !wanted.has(extra))
      add(regroup(columnExpr(companion)), extra);
  }
  names.tell();
  return named;
}

const plainName = (expr: Expr): string | undefined =>
  expr.kind === "column" ? expr.column.name : undefined;

/** Columns of one name that a note tells each; more are counted. */
const toldSingly = 5;

/** The names of a result: no two alike. */
class FreeNames {
  readonly #scope: Scope;
  readonly #taken = new Set<string>();
  /** The number behind the last column of a name. */
  readonly #numbers = new Map<string, number>();
  #renamed = 0;

  constructor(scope: Scope) {
    this.#scope = scope;
  }

  has(name: string): boolean {
    return this.#taken.has(name);
  }

  take(name: string): void {
    this.#taken.add(name);
  }

  find(item: BoundItem): string {
    const base = item.alias ?? plainName(item.expr) ?? "column";
    if (!this.has(base)) return base;
    const { expr } = item;
    const ref = expr.kind === "column" ? expr.column.origin?.ref : undefined;
    const table = item.alias ? undefined : this.#scope.tables.find((one) => one.ref === ref);
    let name = table ? `${table.alias}.${base}` : `${base}2`;
    while (this.has(name)) {
      const number = (this.#numbers.get(base) ?? 2) + 1;
      this.#numbers.set(base, number);
      name = `${base}${number}`;
    }
    this.#renamed += 1;
    if (this.#renamed <= toldSingly) {
      this.#scope.notes.add(
        `Two columns are called '${base}'; the second is here '${name}'. Use AS to name it.`,
      );
    }
    return name;
  }

  /** What `find` did not say singly. */
  tell(): void {
    const more = this.#renamed - toldSingly;
    if (more > 0) this.#scope.notes.add(`${more} more columns of equal names were numbered.`);
  }
}
