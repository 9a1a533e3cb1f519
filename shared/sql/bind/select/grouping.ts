import { errorAt } from "../../errors";
import {
  type Change,
  columnExpr,
  type Expr,
  type ExprOf,
  expressionKey,
  mapChildren,
  type PlanColumn,
  type Scalar,
} from "../../expression/expression";
import type { ProjectItem } from "../../plan/nodes";
import type { QueryFacts } from "../query-facts";

/** Rewrites expressions of a grouped query to read group keys and aggregates instead of rows. */
export class Grouping {
  readonly keys: ProjectItem[];
  /** Positions of the keys of each grouping set; undefined where there is one set of all keys. */
  readonly sets: (readonly number[])[] | undefined;
  readonly #grouped: boolean;
  readonly #byKey: Map<string, PlanColumn>;
  readonly #sizes: ReadonlySet<number>;
  readonly #results: ReadonlySet<number>;
  readonly #facts: QueryFacts;

  /** @param results columns that stand for themselves: aggregates, windows, subqueries */
  constructor(
    keys: readonly ProjectItem[],
    sets: readonly (readonly number[])[] | undefined,
    grouped: boolean,
    results: ReadonlySet<number>,
    facts: QueryFacts,
  ) {
    this.keys = [...keys];
    this.sets = sets && [...sets];
    this.#byKey = new Map(keys.map((key) => [expressionKey(key.expr), key.column]));
    // A name follows from its lookup, so columns may become keys later on.
    this.#sizes = new Set([1, ...keys.map(({ expr }) => facts.partsOf(expr))]);
    this.#grouped = grouped;
    this.#results = results;
    this.#facts = facts;
  }

  /** Throws `group_by` for a column that is neither grouped nor aggregated. */
  over<Whole extends Expr>(expr: Whole): Whole {
    if (!this.#grouped) return expr;
    // The form of an expression is as long as itself: it is made only of those that are as large as a key.
    const isSized = this.#sizes.has(this.#facts.partsOf(expr));
    const key = isSized ? this.#byKey.get(expressionKey(expr)) : undefined;
    if (key) return columnExpr(key) as Expr as Whole;
    if (expr.kind === "column")
      return this.#results.has(expr.column.id) ? expr : (this.#dependent(expr) as Expr as Whole);
    const change: Change = (part) => this.over(part);
    return mapChildren(expr, change);
  }

  /** The same, or undefined where it would throw. */
  maybe(expr: Scalar): Scalar | undefined {
    if (!this.#grouped) return expr;
    if (expr.kind !== "column") return undefined;
    const base = expr.column.origin?.base;
    const isKnown =
      this.#byKey.has(expressionKey(expr)) ||
      (base !== undefined && this.#byKey.has(expressionKey(columnExpr(base))));
    return isKnown ? this.over(expr) : undefined;
  }

  /** A label or name follows from the grouped choice or lookup it belongs to. */
  #dependent(expr: ExprOf<"column">): Scalar {
    const { column } = expr;
    const base = column.origin?.base;
    const known = base && this.#byKey.get(expressionKey(columnExpr(base)));
    if (known) {
      const at = this.keys.findIndex((key) => key.column.id === known.id);
      this.#byKey.set(expressionKey(expr), column);
      this.keys.push({ column, expr });
      const added = this.keys.length - 1;
      this.sets?.forEach((set, index) => {
        if (set.includes(at)) this.sets?.splice(index, 1, [...set, added]);
      });
      return expr;
    }
    const message = `The column '${column.name}' is neither in GROUP BY nor inside an aggregate`;
    throw errorAt(
      this.#facts.source,
      this.#facts.places.get(column.id)?.start ?? 0,
      "group_by",
      message,
      { hint: `Add ${column.name} to GROUP BY, or write MAX(${column.name}).` },
    );
  }
}
