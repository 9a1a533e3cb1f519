import type { Catalog, CatalogColumn, CatalogTable } from "../catalog";
import { errorAt, SqlError } from "../errors";
import type { NamedTable, SelectStatement } from "../parser/ast";
import type { Plan, ProjectItem } from "../plan/nodes";
import { bindRows } from "./bind-query";
import { CommonTables } from "./common-tables";
import { everyNamedTable } from "./named-tables";
import { resolveTable } from "./names/resolve-table";
import { OutputNames } from "./output-names";
import { QueryFacts } from "./query-facts";
import { bindSelect } from "./select/bind-select";
import { isSystemTable, lookUpView } from "./system/look-up";
import type { SystemView } from "./system/system-views";

export interface BoundQuery {
  readonly plan: Plan;
  /** Names of the plan's columns in the result, in order. */
  readonly names: readonly string[];
  readonly notes: readonly string[];
}

/** Binds a statement to definitions and makes its naive plan: every operator runs here, nothing is pushed down. */
export async function bindStatement(
  statement: SelectStatement,
  source: string,
  catalog: Catalog,
  now: Date,
): Promise<BoundQuery> {
  const notes = new Set(statement.notes);
  const tables = await lookUpTables(statement, source, catalog, notes);
  const facts = new QueryFacts(source, now, notes, tables);
  const context = new CommonTables(statement.with, statement.maxRecursion, facts).context(
    undefined,
  );
  const { query } = statement;
  const isRows = query.kind === "select" && query.forClause === undefined;
  const bound = isRows ? bindTop(query, context) : bindTopRows(query, context);
  return { ...bound, notes: [...notes] };
}

type Context = ReturnType<CommonTables["context"]>;
type Bound = Pick<BoundQuery, "plan" | "names">;

/** One SELECT: beside each choice its label and beside each lookup its name, unless the query has them already. */
function bindTop(
  query: Extract<SelectStatement["query"], { readonly kind: "select" }>,
  context: Context,
): Bound {
  const { facts } = context;
  const select = bindSelect(query, context, { withCompanions: true, isOrdered: true });
  const output = new OutputNames(select.items, facts.notes);
  const names: string[] = [];
  const items: ProjectItem[] = [];
  for (const item of select.items) {
    const name = output.nameOf(item);
    names.push(name);
    items.push(item);
    const extra = item.companion && output.companionName(name);
    if (extra === undefined || !item.companion) continue;
    names.push(extra);
    items.push(item.companion);
  }
  output.tell();
  return { plan: select.plan(items), names };
}

function bindTopRows(query: SelectStatement["query"], context: Context): Bound {
  const { plan, columns } = bindRows(query, context, true);
  const items = columns.map(({ name, column }) => ({
    name: name || undefined,
    column,
    isAliased: true,
  }));
  const output = new OutputNames(items, context.facts.notes);
  const names = items.map((item) => output.nameOf(item));
  output.tell();
  return { plan, names };
}

/** The tables of the environment and the system views that a statement names. Throws `unknown_table`, `unsupported`. */
async function lookUpTables(
  statement: SelectStatement,
  source: string,
  catalog: Catalog,
  notes: Set<string>,
): Promise<Pick<QueryFacts, "tables" | "views">> {
  const tables = new Map<NamedTable, CatalogTable>();
  const views = new Map<NamedTable, SystemView>();
  for (const { node, isCommon, isCommonLater } of namedTablesOf(statement)) {
    if (isSystemTable(node)) {
      views.set(node, await lookUpView(node, statement, source, catalog));
    } else if (!isCommon) {
      const table = await resolveTable(catalog, node.name, source, notes).catch(
        (error: unknown) => {
          if (!isCommonLater || !(error instanceof SqlError)) throw error;
          const { name } = node.name;
          throw errorAt(
            source,
            node.start,
            "unknown_table",
            `'${name}' is defined further down in WITH`,
            {
              hint: `Write ${name} AS (…) before the common table expression that reads it.`,
              suggestions: [name],
            },
          );
        },
      );
      tables.set(node, await withTypeCodes(table, source, catalog));
    }
  }
  return { tables, views };
}

/** Numbers of tables are asked for only where a query names the type of a lookup that may refer to several. */
async function withTypeCodes(
  table: CatalogTable,
  source: string,
  catalog: Catalog,
): Promise<CatalogTable> {
  const text = source.toLowerCase();
  const isNamed = ({ part, onServer, name }: CatalogColumn) =>
    part === "type" && onServer && text.includes(name);
  if (!table.columns.some(isNamed)) return table;
  const codes = new Map((await catalog.tables()).map(({ name, typeCode }) => [name, typeCode]));
  const columns = table.columns.map((column): CatalogColumn => {
    if (!isNamed(column)) return column;
    const targetCodes = (column.targets ?? []).flatMap((target) => {
      const code = codes.get(target);
      return code ? [[target, code] as const] : [];
    });
    return { ...column, targetCodes };
  });
  return { ...table, columns };
}

interface Named {
  readonly node: NamedTable;
  /** A common table expression of the statement, its own one or one before it. */
  readonly isCommon: boolean;
  /** One that is defined only behind this place, where the name means a table. */
  readonly isCommonLater: boolean;
}

/** Every table that a statement names, and whether the name means a common table expression there. */
function namedTablesOf(statement: SelectStatement): readonly Named[] {
  const names = statement.with.map((one) => one.name.name.toLowerCase());
  const placed = (root: object, upTo: number): Named[] =>
    everyNamedTable(root).map((node) => {
      const at = node.schema ? -1 : names.indexOf(node.name.name.toLowerCase());
      return { node, isCommon: at !== -1 && at < upTo, isCommonLater: at >= upTo };
    });
  return [
    ...statement.with.flatMap(({ query }, index) => placed(query, index + 1)),
    ...placed(statement.query, names.length),
  ];
}
