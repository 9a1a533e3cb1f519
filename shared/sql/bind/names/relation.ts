import type { CatalogColumn, CatalogTable } from "../../catalog";
import { columnType } from "../../expression/column-type";
import type { PlanColumn } from "../../expression/expression";
import type { QueryFacts } from "../query-facts";

/** A table of the environment in FROM. */
export interface TableRelation {
  readonly kind: "table";
  /** Unique in the query, and a legal alias in FetchXML. */
  readonly ref: string;
  /** As people call it in this query. */
  readonly alias: string;
  readonly table: CatalogTable;
  readonly byName: ReadonlyMap<string, CatalogColumn>;
  /** Columns that the query uses, by name, in order of first use. */
  readonly used: Map<string, PlanColumn>;
}

export interface DerivedColumn {
  readonly name: string;
  readonly column: PlanColumn;
  /** The label or name that explains a choice or lookup, where the query inside can tell it. */
  readonly companion?: PlanColumn | undefined;
}

/** Rows that a query, a function or VALUES makes: a derived table, a common table expression. */
export interface DerivedRelation {
  readonly kind: "derived";
  readonly alias: string;
  readonly columns: readonly DerivedColumn[];
}

export type Relation = TableRelation | DerivedRelation;

const fetchAlias = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Puts a table into a query; its `ref` is its alias where FetchXML can take that. */
export function tableRelation(
  table: CatalogTable,
  alias: string,
  { refs }: Pick<QueryFacts, "refs">,
): TableRelation {
  const wanted = alias.toLowerCase();
  let ref = wanted;
  for (let number = refs.size + 1; !fetchAlias.test(ref) || refs.has(ref); number += 1)
    ref = `t${number}_`;
  refs.add(ref);
  return {
    kind: "table",
    ref,
    alias,
    table,
    byName: new Map(table.columns.map((column) => [column.name, column])),
    used: new Map(),
  };
}

/** Makes the plan read a column; a computed part brings its stored column with it. */
export function use(relation: TableRelation, meta: CatalogColumn, facts: QueryFacts): PlanColumn {
  const known = relation.used.get(meta.name);
  if (known) return known;
  const stored = meta.part === "value" ? undefined : relation.byName.get(meta.base);
  const origin = {
    ref: relation.ref,
    part: meta.part,
    meta,
    ...(stored && { base: use(relation, stored, facts) }),
  };
  const column = { ...facts.column(meta.name, columnType(meta)), origin };
  relation.used.set(meta.name, column);
  return column;
}

/** The label or name column that explains a stored choice or lookup. */
export function companionOf(
  relation: Relation,
  column: PlanColumn,
  facts: QueryFacts,
): PlanColumn | undefined {
  if (relation.kind === "derived")
    return relation.columns.find((one) => one.column.id === column.id)?.companion;
  const { origin } = column;
  if (origin?.part !== "value" || origin.ref !== relation.ref) return undefined;
  if (!["choice", "choices", "lookup"].includes(origin.meta.type)) return undefined;
  const meta = relation.table.columns.find(
    (one) => one.base === origin.meta.name && (one.part === "label" || one.part === "name"),
  );
  return meta && use(relation, meta, facts);
}

/** What a relation is called in messages. */
export const nameOf = (relation: Relation): string =>
  relation.kind === "table" ? relation.table.name : relation.alias;

/** Names of columns, for suggestions. */
export const columnNames = (relation: Relation): readonly string[] =>
  relation.kind === "table"
    ? relation.table.columns.map(({ name }) => name)
    : relation.columns.map(({ name }) => name);
