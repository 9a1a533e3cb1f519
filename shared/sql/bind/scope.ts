import { recordLine } from "../../text/records/record-text";
import type { CatalogColumn, CatalogTable } from "../catalog";
import { errorAt } from "../errors";
import { nearest } from "../nearest";
import type { Identifier } from "../parser/ast";
import type { PlanColumn } from "../plan/expression";
import type { SqlType } from "../types";

/** One table in FROM. */
export interface ScopeTable {
  /** Unique in the query, and a legal alias in FetchXML. */
  readonly ref: string;
  /** As people call it in this query. */
  readonly alias: string;
  readonly table: CatalogTable;
  readonly byName: ReadonlyMap<string, CatalogColumn>;
  /** Columns that the query uses, by name, in order of first use. */
  readonly used: Map<string, PlanColumn>;
}

/** Hands out column ids for one query. */
export class ColumnIds {
  #last = 0;

  next(name: string, type: SqlType): PlanColumn {
    this.#last += 1;
    return { id: this.#last, name, type };
  }
}

const fetchAlias = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** The tables whose columns an expression may name. */
export class Scope {
  readonly source: string;
  readonly ids: ColumnIds;
  readonly tables: readonly ScopeTable[];
  readonly notes: Set<string>;

  constructor(source: string, ids: ColumnIds, tables: readonly ScopeTable[], notes: Set<string>) {
    this.source = source;
    this.ids = ids;
    this.tables = tables;
    this.notes = notes;
  }

  /** The column of a dotted name. Throws `unknown_column` or `ambiguous_column`. */
  column(parts: readonly Identifier[]): PlanColumn {
    const last = parts[parts.length - 1] as Identifier;
    const qualifier = parts[parts.length - 2];
    if (qualifier) {
      const table = this.table(qualifier);
      const meta = this.#find(table, last);
      if (meta) return this.use(table, meta);
      throw this.#unknown(last, [table]);
    }
    const hits = this.tables
      .map((table) => ({ table, meta: this.#find(table, last) }))
      .flatMap(({ table, meta }) => (meta ? [{ table, meta }] : []));
    const [first] = hits;
    if (!first) throw this.#unknown(last, this.tables);
    if (hits.length > 1) {
      const choices = hits.map(({ table, meta }) => `${table.alias}.${meta.name}`);
      throw errorAt(
        this.source,
        last.start,
        "ambiguous_column",
        `'${last.name}' is a column of ${hits.length} tables of this query`,
        { hint: `Write ${choices.join(" or ")}.`, suggestions: choices },
      );
    }
    return this.use(first.table, first.meta);
  }

  /** The table that an alias or table name means. Throws `unknown_table`. */
  table(written: Identifier): ScopeTable {
    const wanted = written.name.toLowerCase();
    const found =
      this.tables.find((one) => one.alias.toLowerCase() === wanted) ??
      this.tables.find((one) => one.table.name === wanted);
    if (found) return found;
    const aliases = this.tables.map((one) => one.alias);
    throw errorAt(
      this.source,
      written.start,
      "unknown_table",
      `'${written.name}' is not a table or alias of this query`,
      { hint: `Its tables are ${aliases.join(", ")}.`, suggestions: aliases },
    );
  }

  /** Makes the plan read a column; a computed part brings its stored column with it. */
  use(table: ScopeTable, meta: CatalogColumn): PlanColumn {
    const known = table.used.get(meta.name);
    if (known) return known;
    const stored = meta.part === "value" ? undefined : table.byName.get(meta.base);
    const origin = {
      ref: table.ref,
      part: meta.part,
      meta,
      ...(stored && { base: this.use(table, stored) }),
    };
    const column = { ...this.ids.next(meta.name, meta.type), origin };
    table.used.set(meta.name, column);
    return column;
  }

  /** The label or name column that explains a stored choice or lookup. */
  companion(column: PlanColumn): PlanColumn | undefined {
    const { origin } = column;
    if (origin?.part !== "value") return undefined;
    if (column.type !== "choice" && column.type !== "lookup") return undefined;
    const table = this.tables.find((one) => one.ref === origin.ref);
    const meta = table?.table.columns.find(
      (one) => one.base === origin.meta.name && (one.part === "label" || one.part === "name"),
    );
    return table && meta ? this.use(table, meta) : undefined;
  }

  #find(table: ScopeTable, written: Identifier): CatalogColumn | undefined {
    const name = written.name.toLowerCase();
    const exact = table.byName.get(name);
    if (exact) return exact;
    const value = /^_(.+)_value$/.exec(name)?.[1];
    const lookup = value === undefined ? undefined : table.byName.get(value);
    if (lookup) this.notes.add(`'${written.name}' was read as ${lookup.name}, its name in SQL.`);
    return lookup;
  }

  #unknown(written: Identifier, tables: readonly ScopeTable[]): Error {
    const where = tables.map((one) => one.table.name).join(", ");
    const { hint, suggestions } = this.#advise(written, tables);
    const message = where
      ? `Unknown column '${written.name}' in ${where}`
      : `There is no table for the column '${written.name}'`;
    return errorAt(this.source, written.start, "unknown_column", message, { hint, suggestions });
  }

  #advise(written: Identifier, tables: readonly ScopeTable[]) {
    const name = written.name.toLowerCase();
    const columns = tables.flatMap((one) => one.table.columns);
    const navigated = columns.find((one) =>
      one.navigation?.some((property) => property.toLowerCase() === name),
    );
    if (navigated) {
      const hint = `'${written.name}' is a navigation property; in SQL write ${navigated.name}.`;
      return { hint, suggestions: [navigated.name] };
    }
    const near = nearColumns(name, columns);
    const elsewhere = this.tables.find((one) => !tables.includes(one) && one.byName.has(name));
    if (elsewhere) {
      const right = `${elsewhere.alias}.${name}`;
      return { hint: `${elsewhere.table.name} has it: write ${right}.`, suggestions: [right] };
    }
    const quoted = "A text goes into single quotes: ";
    if (written.doubleQuoted) {
      return {
        hint: `${quoted}'${written.name.replaceAll("'", "''")}'.`,
        suggestions: near.map((one) => one.name),
      };
    }
    const described = near
      .map((one) => `${one.name} (${recordLine(one.displayName)})`)
      .join(" or ");
    const first = tables[0]?.table.name;
    const hint = described
      ? `Did you mean ${described}?`
      : first && `Call describe_table with ${first} for its columns.`;
    return { hint, suggestions: near.map((one) => one.name) };
  }
}

function nearColumns(name: string, columns: readonly CatalogColumn[]): readonly CatalogColumn[] {
  const loose = (text: string) => text.toLowerCase().replace(/[\s_-]+/g, "");
  const byName = new Map<string, CatalogColumn>();
  for (const column of columns) byName.set(column.name, column);
  for (const column of columns) {
    const display = loose(column.displayName);
    if (column.part === "value" && display && !byName.has(display)) byName.set(display, column);
  }
  const exact = byName.get(loose(name));
  const near = nearest(name, byName.keys(), 4).map((found) => byName.get(found));
  return [...new Set([exact, ...near])].filter((one) => one !== undefined).slice(0, 3);
}

/** Puts a table into the scope of a query; its `ref` is its alias where FetchXML can take that. */
export function scopeTable(
  table: CatalogTable,
  alias: Identifier | undefined,
  others: readonly ScopeTable[],
  source: string,
): ScopeTable {
  const written = alias?.name ?? table.name;
  const wanted = written.toLowerCase();
  if (others.some((one) => one.alias.toLowerCase() === wanted)) {
    throw errorAt(
      source,
      alias?.start ?? 0,
      "ambiguous_column",
      `Two tables of this query are called '${written}'`,
      { hint: `Give each its own alias: FROM ${table.name} a JOIN ${table.name} b ON ….` },
    );
  }
  const free = fetchAlias.test(wanted) && !others.some((one) => one.ref === wanted);
  return {
    ref: free ? wanted : `t${others.length + 1}_`,
    alias: written,
    table,
    byName: new Map(table.columns.map((column) => [column.name, column])),
    used: new Map(),
  };
}
