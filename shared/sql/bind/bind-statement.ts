import type { Catalog, CatalogTable } from "../catalog";
import { errorAt } from "../errors";
import type { NamedTable, SelectStatement } from "../parser/ast";
import type { Plan, ProjectItem } from "../plan/nodes";
import { bindRows } from "./bind-query";
import { CommonTables } from "./common-tables";
import { everyNamedTable } from "./named-tables";
import { resolveTable } from "./names/resolve-table";
import { OutputNames } from "./output-names";
import { QueryFacts } from "./query-facts";
import { bindSelect } from "./select/bind-select";

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

/** The tables of the environment that a statement names. Throws `unknown_table`. */
async function lookUpTables(
  statement: SelectStatement,
  source: string,
  catalog: Catalog,
  notes: Set<string>,
): Promise<ReadonlyMap<NamedTable, CatalogTable>> {
  const common = new Set(statement.with.map((one) => one.name.name.toLowerCase()));
  const found = new Map<NamedTable, CatalogTable>();
  for (const node of everyNamedTable(statement)) {
    if (node.schema && /^(sys|information_schema)$/i.test(node.schema.name)) {
      throw errorAt(
        source,
        node.schema.start,
        "unsupported",
        "Reading system tables is not available in read_query",
        {
          hint: "Call list_tables or describe_table instead.",
        },
      );
    }
    if (!node.schema && common.has(node.name.name.toLowerCase())) continue;
    found.set(node, await resolveTable(catalog, node.name, source, notes));
  }
  return found;
}
