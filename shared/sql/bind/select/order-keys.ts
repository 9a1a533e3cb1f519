import { errorAt } from "../../errors";
import { expressionKey, type Scalar } from "../../expression/expression";
import type { Expression } from "../../parser/ast";
import type { ExpressionBinder } from "../expressions/bind-expression";
import { isLiteral } from "../expressions/is-literal";
import type { BoundItem } from "./bind-items";

/** Binds ORDER BY: positions and aliases of SELECT, else any expression. */
export class OrderKeys {
  readonly #items: readonly BoundItem[];
  readonly #binder: ExpressionBinder;
  readonly #byAlias: ReadonlyMap<string, BoundItem>;
  /** With DISTINCT only these may be named. */
  readonly #selected: ReadonlySet<string> | undefined;

  constructor(items: readonly BoundItem[], binder: ExpressionBinder, distinct: boolean) {
    this.#items = items;
    this.#binder = binder;
    const aliased = items.flatMap((item) =>
      item.alias === undefined ? [] : [[item.alias.toLowerCase(), item] as const],
    );
    this.#byAlias = new Map(aliased.reverse());
    this.#selected = distinct ? new Set(items.map(({ expr }) => expressionKey(expr))) : undefined;
  }

  bind(node: Expression): Scalar {
    const { source } = this.#binder.facts;
    if (node.kind === "number") return this.#atPosition(node);
    if (isLiteral(node))
      throw errorAt(
        source,
        node.start,
        "syntax",
        "ORDER BY names a constant, which orders nothing (SQL Server error 408)",
        {
          hint:
            node.kind === "string"
              ? `Write the column without quotes: ORDER BY ${node.value.slice(0, 100)}.`
              : "Name a column, or its position in SELECT: ORDER BY 1.",
        },
      );
    const [part] = node.kind === "name" && node.parts.length === 1 ? node.parts : [];
    const aliased = part && this.#byAlias.get(part.name.toLowerCase());
    const expr = aliased?.expr ?? this.#binder.value(node);
    if (this.#selected && !this.#selected.has(expressionKey(expr))) {
      const message = "With SELECT DISTINCT, ORDER BY may only name selected columns";
      throw errorAt(source, node.start, "syntax", message, { hint: "Add it to SELECT." });
    }
    return expr;
  }

  #atPosition(node: Extract<Expression, { readonly kind: "number" }>): Scalar {
    const item = this.#items[Number(node.value) - 1];
    if (item) return item.expr;
    const message = `There is no column ${node.value} in SELECT`;
    throw errorAt(this.#binder.facts.source, node.start, "syntax", message, {
      hint: `Use 1 to ${this.#items.length}, or a column name.`,
    });
  }
}
