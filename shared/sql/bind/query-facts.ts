import { errorAt } from "../errors";
import type { Environment } from "../exec/evaluate";
import { constantEnvironment } from "../exec/row-work";
import type { Span } from "../parser/ast";
import { childrenOf, type Expr } from "../plan/expression";

/**
 * Parts of one expression once everything is written out: COALESCE, NULLIF, BETWEEN and CASE x WHEN name an operand
 * more than once, so that a few of them inside each other are millions of parts.
 */
const mostParts = 50_000;
/** The same, for all expressions of a query together. */
const mostPartsOfQuery = 250_000;

/** What all binders of one query share. */
export class QueryFacts {
  readonly source: string;
  /** GETDATE(). */
  readonly now: Date;
  /** Where each column was last named, for errors that are found later. */
  readonly places = new Map<number, Span>();
  /** What constants are computed in: all of a query together may take as much work as one row. */
  readonly environment: Environment = constantEnvironment();
  readonly #parts = new WeakMap<Expr, number>();
  #total = 0;

  constructor(source: string, now: Date) {
    this.source = source;
    this.now = now;
  }

  /** Throws SqlError `too_large` for an expression of too many parts. */
  check(expr: Expr, at: Span): void {
    if (this.partsOf(expr) > mostParts) throw this.#tooLarge("The expression", mostParts, at);
  }

  /** Counts a whole expression of a clause. Throws SqlError `too_large`. */
  weigh<E extends Expr>(expr: E, at: Span): E {
    this.#total += this.partsOf(expr);
    if (this.#total > mostPartsOfQuery) throw this.#tooLarge("The query", mostPartsOfQuery, at);
    return expr;
  }

  /** An expression with everything in it, what it shares counted each time. */
  partsOf(expr: Expr): number {
    const known = this.#parts.get(expr);
    if (known !== undefined) return known;
    let parts = 1;
    for (const child of childrenOf(expr)) parts += this.partsOf(child);
    this.#parts.set(expr, parts);
    return parts;
  }

  #tooLarge(what: string, limit: number, at: Span) {
    return errorAt(
      this.source,
      at.start,
      "too_large",
      `${what} has more than ${limit.toLocaleString("en-US")} parts once COALESCE, NULLIF, BETWEEN and CASE are written out,`,
      { hint: "Put fewer of them inside each other, or split the query." },
    );
  }
}
