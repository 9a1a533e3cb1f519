import { errorAt } from "../../errors";
import {
  columnExpr,
  expressionKey,
  type PlanColumn,
  type Scalar,
} from "../../expression/expression";
import type { Identifier } from "../../parser/ast";
import type { Parameter } from "../../plan/nodes";
import type { QueryFacts } from "../query-facts";
import { adviseColumn, type ColumnAdvice } from "./advise-column";
import { byOtherName, exact, loose } from "./find-column";
import { nameOf, type Relation, type TableRelation } from "./relation";

/** By which names tables and columns are known: those that T-SQL sees, or also those that an alias hides and that people use. */
type NamedAs = "exposed" | "any";

/** The way out of a subquery: names that it does not know are looked up around it, and become parameters. */
export class Correlation {
  readonly #around: Scope;
  readonly #byKey = new Map<string, Parameter>();
  readonly #facts: QueryFacts;

  constructor(around: Scope, facts: QueryFacts) {
    this.#around = around;
    this.#facts = facts;
  }

  /** Values that the subquery takes of the row around it. */
  get parameters(): readonly Parameter[] {
    return [...this.#byKey.values()];
  }

  get around(): Scope {
    return this.#around;
  }

  lookUp(parts: readonly Identifier[], as: NamedAs): Scalar | undefined {
    const expr = this.#around.lookUpAs(parts, as);
    return expr && this.take(expr);
  }

  /** An expression of the row around as a value inside. */
  take(expr: Scalar): Scalar {
    const key = expressionKey(expr);
    let known = this.#byKey.get(key);
    if (!known) {
      const of = expr.kind === "column" || expr.kind === "parameter" ? expr.column : undefined;
      const column: PlanColumn = {
        ...this.#facts.column(of?.name ?? "value", expr.type),
        ...(of?.origin && { origin: of.origin }),
      };
      known = { column, expr };
      this.#byKey.set(key, known);
    }
    return { kind: "parameter", type: known.column.type, column: known.column };
  }
}

/** The relations whose columns an expression may name, and through `correlation` those of the queries around. */
export class Scope {
  readonly facts: QueryFacts;
  readonly relations: readonly Relation[];
  readonly correlation: Correlation | undefined;
  /** Names of the SELECT list with what stands behind them, which WHERE and HAVING do not see. */
  readonly aliases: ReadonlyMap<string, string>;

  constructor(
    facts: QueryFacts,
    relations: readonly Relation[],
    correlation: Correlation | undefined,
    aliases: ReadonlyMap<string, string> = new Map(),
  ) {
    this.facts = facts;
    this.relations = relations;
    this.correlation = correlation;
    this.aliases = aliases;
  }

  /** The column of a dotted name. Throws `unknown_column` or `ambiguous_column`. */
  column(parts: readonly Identifier[]): Scalar {
    const found = this.lookUp(parts);
    if (found) return found;
    throw this.#unknown(parts);
  }

  /** Undefined when neither this query nor one around it has such a column. Throws `ambiguous_column`. */
  lookUp(parts: readonly Identifier[]): Scalar | undefined {
    // What a query around calls by a name counts before what an alias hides here.
    return this.lookUpAs(parts, "exposed") ?? this.lookUpAs(parts, "any");
  }

  lookUpAs(parts: readonly Identifier[], as: NamedAs): Scalar | undefined {
    const last = parts[parts.length - 1] as Identifier;
    const qualifier = parts[parts.length - 2];
    const within = qualifier ? this.#named(qualifier, parts, as) : this.relations;
    const found = this.#find(within, last, as);
    if (found) return columnExpr(found);
    // A name with a qualifier of this query is not one of a query around.
    return qualifier && within.length > 0 ? undefined : this.correlation?.lookUp(parts, as);
  }

  /** Is there such a column here, whatever it is qualified by? */
  has(name: string): boolean {
    const wanted = name.toLowerCase();
    return this.relations.some((relation) =>
      relation.kind === "table"
        ? relation.byName.has(wanted)
        : relation.columns.some((one) => one.name.toLowerCase() === wanted),
    );
  }

  /** The relation that an alias or table name means, for `t.*`. Throws `unknown_table`. */
  relation(written: Identifier): Relation {
    const [found] = this.#named(written, [written]);
    if (found) return found;
    throw this.#unknownRelation(written);
  }

  /** The relation that goes by the name here; `as` says whether by names that an alias hides as well. */
  #named(
    written: Identifier,
    parts: readonly Identifier[],
    as: NamedAs = "any",
  ): readonly Relation[] {
    const wanted = written.name.toLowerCase();
    if (parts.length > 2 && !/^dbo$/i.test(parts[0]?.name ?? "")) return [];
    const exposed = this.relations.find((one) => one.alias.toLowerCase() === wanted);
    if (exposed) return [exposed];
    const hidden = as === "any" ? this.#byOtherName(wanted) : undefined;
    return hidden ? [hidden] : [];
  }

  /** A table by a name that T-SQL does not see: the one behind its alias, or another by which FROM may call it. */
  #byOtherName(wanted: string): Relation | undefined {
    const tables = this.relations.filter((one) => one.kind === "table");
    for (const isMeant of [
      (one: TableRelation) => one.table.name === wanted,
      ({ table }: TableRelation) =>
        [table.displayName, ...table.otherNames].some((name) => loose(name) === loose(wanted)),
    ]) {
      const [only, ...more] = tables.filter(isMeant);
      if (only) return more.length === 0 ? only : undefined;
    }
    return undefined;
  }

  #find(relations: readonly Relation[], written: Identifier, as: NamedAs): PlanColumn | undefined {
    for (const find of as === "any" ? [exact, byOtherName] : [exact]) {
      const hits = relations.flatMap((relation) =>
        find(relation, written, this.facts).map((column) => ({ relation, column })),
      );
      const [first] = hits;
      if (!first) continue;
      if (hits.length > 1) throw this.#ambiguous(written, hits);
      return first.column();
    }
    return undefined;
  }

  #ambiguous(written: Identifier, hits: readonly { readonly relation: Relation }[]): Error {
    const relations = [...new Set(hits.map(({ relation }) => relation))];
    const [only] = relations;
    const choices = relations.map(({ alias }) => `${alias}.${written.name}`);
    const where =
      relations.length > 1
        ? `${relations.length} tables of this query`
        : `${only ? nameOf(only) : "a table"} ${hits.length} times`;
    return errorAt(
      this.facts.source,
      written.start,
      "ambiguous_column",
      relations.length > 1
        ? `'${written.name}' is a column of ${where}`
        : `'${written.name}' is a column of ${where}`,
      relations.length > 1
        ? { hint: `Write ${choices.join(" or ")}.`, suggestions: choices }
        : { hint: "Give each column of the query inside a name of its own with AS." },
    );
  }

  #unknownRelation(written: Identifier): Error {
    const aliases = this.#all().map((one) => one.alias);
    return errorAt(
      this.facts.source,
      written.start,
      "unknown_table",
      `'${written.name}' is not a table or alias of this query`,
      { hint: `Its tables are ${aliases.join(", ")}.`, suggestions: aliases },
    );
  }

  /** The relations of this query and of those around it. */
  #all(): readonly Relation[] {
    return [...this.relations, ...(this.correlation ? this.correlation.around.#all() : [])];
  }

  #unknown(parts: readonly Identifier[]): Error {
    const last = parts[parts.length - 1] as Identifier;
    const qualifier = parts[parts.length - 2];
    const all = this.#all();
    const asked: ColumnAdvice = { parts, all, within: all, aliases: this.aliases };
    if (qualifier) {
      const named = this.#named(qualifier, parts);
      if (named.length === 0) {
        const { hint, suggestions, isCertain } = adviseColumn(asked, this.facts.source);
        if (!isCertain) return this.#unknownRelation(qualifier);
        return errorAt(
          this.facts.source,
          qualifier.start,
          "unknown_column",
          `'${parts.map(({ name }) => name).join(".")}' is not a column`,
          { hint, suggestions },
        );
      }
      return this.#unknownColumn(last, { ...asked, within: named });
    }
    return this.#unknownColumn(last, { ...asked, within: this.relations });
  }

  #unknownColumn(written: Identifier, asked: ColumnAdvice): Error {
    const where = asked.within.map(nameOf).join(", ");
    const { hint, suggestions } = adviseColumn(asked, this.facts.source);
    const message = where
      ? `Unknown column '${written.name}' in ${where}`
      : `There is no table for the column '${written.name}'`;
    return errorAt(this.facts.source, written.start, "unknown_column", message, {
      hint,
      suggestions,
    });
  }
}
