import type { Catalog, CatalogTable } from "../../catalog";
import { errorAt } from "../../errors";
import { nearest } from "../../nearest";
import type { NamedTable, SelectStatement } from "../../parser/ast";
import {
  informationColumns,
  informationTables,
  type SystemView,
  sysColumns,
  sysTables,
} from "./system-views";
import { namedByObjectId, namedTables } from "./wanted-tables";

/** Tables of which all columns are read where a query does not say which it wants. */
const mostUnasked = 100;

const views = [
  "INFORMATION_SCHEMA.TABLES",
  "INFORMATION_SCHEMA.COLUMNS",
  "sys.tables",
  "sys.columns",
] as const;

export const isSystemTable = (node: NamedTable): boolean =>
  /^(sys|information_schema)$/i.test(node.schema?.name ?? "");

/** The rows of a system view that the statement reads. Throws `unsupported` for one that there is not. */
export async function lookUpView(
  node: NamedTable,
  statement: SelectStatement,
  source: string,
  catalog: Catalog,
): Promise<SystemView> {
  const written = `${node.schema?.name}.${node.name.name}`;
  const view = views.find((one) => one.toLowerCase() === written.toLowerCase());
  switch (view) {
    case "INFORMATION_SCHEMA.TABLES":
      return informationTables(await catalog.tables());
    case "sys.tables":
      return sysTables(await catalog.tables());
    case "INFORMATION_SCHEMA.COLUMNS":
      return informationColumns(
        await describedTables(namedTables(node, statement), view, node, source, catalog),
      );
    case "sys.columns":
      return sysColumns(
        await describedTables(namedByObjectId(node, statement), view, node, source, catalog),
        await catalog.tables(),
      );
    case undefined: {
      const near = nearest(
        written.toLowerCase(),
        views.map((one) => one.toLowerCase()),
        1,
      )[0];
      const meant = views.find((one) => one.toLowerCase() === near);
      throw errorAt(
        source,
        node.start,
        "unsupported",
        `The system view ${written} is not available in read_query`,
        {
          hint: `There are ${views.join(", ")}; list_tables and describe_table tell more.`,
          suggestions: meant ? [meant] : [],
        },
      );
    }
  }
}

/** How a query says of which tables it wants the columns. */
const narrowing = {
  "INFORMATION_SCHEMA.COLUMNS": "Add WHERE TABLE_NAME = 'incident', or IN ('incident', 'account').",
  "sys.columns":
    "Write sys.columns c JOIN sys.tables t ON t.object_id = c.object_id WHERE t.name = 'incident', or read INFORMATION_SCHEMA.COLUMNS WHERE TABLE_NAME = 'incident'.",
} as const;

/** The tables whose columns are asked for; all of them where there are few. */
async function describedTables(
  wanted: ReadonlySet<string> | undefined,
  view: keyof typeof narrowing,
  node: NamedTable,
  source: string,
  catalog: Catalog,
): Promise<readonly CatalogTable[]> {
  const all = await catalog.tables();
  if (!wanted && all.length > mostUnasked) {
    throw errorAt(
      source,
      node.start,
      "unsupported",
      `${view} of all ${all.length} tables at once is not available in read_query`,
      { hint: narrowing[view] },
    );
  }
  const names = all.map(({ name }) => name).filter((name) => !wanted || wanted.has(name));
  const tables: CatalogTable[] = [];
  for (const name of names) {
    const table = await catalog.table(name);
    if (table) tables.push(table);
  }
  return tables;
}
