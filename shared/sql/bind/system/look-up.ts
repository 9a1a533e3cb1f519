import type { Catalog, CatalogTable } from "../../catalog";
import { errorAt } from "../../errors";
import { nearest } from "../../nearest";
import type { NamedTable, SelectStatement } from "../../parser/ast";
import { informationColumns, informationTables, type SystemView, sysTables } from "./system-views";
import { namedTables } from "./wanted-tables";

/** Tables of which all columns are read where a query does not say which it wants. */
const mostUnasked = 100;

const views = ["INFORMATION_SCHEMA.TABLES", "INFORMATION_SCHEMA.COLUMNS", "sys.tables"] as const;

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
      return informationColumns(await describedTables(node, statement, source, catalog));
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

/** The tables whose columns are asked for; all of them where there are few. */
async function describedTables(
  node: NamedTable,
  statement: SelectStatement,
  source: string,
  catalog: Catalog,
): Promise<readonly CatalogTable[]> {
  const all = await catalog.tables();
  const wanted = namedTables(node, statement);
  if (!wanted && all.length > mostUnasked) {
    throw errorAt(
      source,
      node.start,
      "unsupported",
      `INFORMATION_SCHEMA.COLUMNS of all ${all.length} tables at once is not available in read_query`,
      { hint: "Add WHERE TABLE_NAME = 'incident', or IN ('incident', 'account')." },
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
