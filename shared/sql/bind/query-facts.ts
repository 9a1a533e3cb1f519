import type { CatalogTable } from "../catalog";
import { errorAt } from "../errors";
import { constantEnvironment, type Environment } from "../expression/environment";
import { childrenOf, type Expr, type PlanColumn } from "../expression/expression";
import type { NamedTable, Span } from "../parser/ast";
import type { SqlType } from "../types/sql-type";
import type { SystemView } from "./system/system-views";

/**
 * Most parts of one expression once everything is written out: COALESCE, NULLIF, BETWEEN and CASE x WHEN name an operand
 * more than once, so that a few of them inside each other are millions of parts.
 */
const mostParts = 50_000;
/** The same, for all expressions of a query together. */
const mostPartsOfQuery = 250_000;
/** Relations of a query: a common table expression counts each time that it is used. */
const mostRelations = 256;

/** What all binders of one query share. */
export class QueryFacts {
  readonly source: string;
  /** GETDATE(), in milliseconds. */
  readonly now: number;
  readonly notes: Set<string>;
  /** The tables of the environment that the statement names. */
  readonly tables: ReadonlyMap<NamedTable, CatalogTable>;
  /** The system views that it names. */
  readonly views: ReadonlyMap<NamedTable, SystemView>;
  /** Aliases of tables in the plan, all different. */
  readonly refs = new Set<string>();
  /** Where each column was last named, for errors that are found later. */
  readonly places = new Map<number, Span>();
  /** What constants are computed in: all of a query together may take as much work as one row. */
  readonly environment: Environment;
  readonly #parts = new WeakMap<Expr, number>();
  #total = 0;
  #last = 0;
  #relations = 0;

  constructor(
    source: string,
    now: Date,
    notes: Set<string>,
    named: Pick<QueryFacts, "tables" | "views">,
  ) {
    this.source = source;
    this.now = now.getTime();
    this.notes = notes;
    this.tables = named.tables;
    this.views = named.views;
    this.environment = constantEnvironment(this.now);
  }

  /** A new column, with an id that no other column of the query has. */
  column(name: string, type: SqlType): PlanColumn {
    this.#last += 1;
    return { id: this.#last, name, type };
  }

  /** Counts a relation. Throws SqlError `too_large`. */
  countRelation(at: Span): void {
    this.#relations += 1;
    if (this.#relations <= mostRelations) return;
    throw errorAt(
      this.source,
      at.start,
      "too_large",
      `The query reads more than ${mostRelations} tables once its common table expressions are written out,`,
      { hint: "Use each of them fewer times, or split the query." },
    );
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
    // Lists have thousands: not worth remembering.
    if (expr.kind === "constant" || expr.kind === "column") return 1;
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
