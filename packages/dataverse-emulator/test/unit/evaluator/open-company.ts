import type { Security, SqlValue } from "../../../src/model";
import { quote } from "../../../src/store";
import { makeCompany, storedRows, type TableName, tables } from "./company";

interface Database {
  readonly catalog: {
    byName(
      name: string,
    ): { attribute(name: string): { targets?: string[] } | undefined } | undefined;
  };
  insert(table: string, rows: readonly Record<string, SqlValue>[]): void;
}

/** An emulator that holds a random company, with rights that hide the rows that the evaluator leaves out. */
export async function openCompany<T extends Database>(
  open: (options: { security: Partial<Security> }) => Promise<T>,
  seed: number,
  hides: number,
) {
  const company = makeCompany(seed, hides);
  const hidden = new Map(
    Object.values(tables).map((table) => {
      const seen = new Set(company.seen[table.name].map((row) => row[table.key]));
      const ids = company.all[table.name].map((row) => String(row[table.key]));
      return [table.name as string, ids.filter((id) => !seen.has(id))] as const;
    }),
  );
  const dataverse = await open({
    security: {
      rowFilter(_principal, _right, table, alias) {
        const ids = hidden.get(table) ?? [];
        if (ids.length === 0) return undefined;
        const key = tables[table as TableName].key;
        return {
          sql: `${alias}.${quote(key)} NOT IN (${ids.map(() => "?").join(", ")})`,
          parameters: ids,
        };
      },
    },
  });
  for (const table of Object.values(tables)) {
    const typed = new Set(
      table.lookups
        .filter(
          (name) =>
            (dataverse.catalog.byName(table.name)?.attribute(name)?.targets?.length ?? 0) > 1,
        )
        .map((name) => `${name}__type`),
    );
    dataverse.insert(table.name, storedRows(company.all[table.name], typed));
  }
  dataverse.insert(
    "teammembership",
    company.members.map((member, n) => ({
      teammembershipid: `00000005-0000-4000-8000-${String(n).padStart(12, "0")}`,
      ...member,
    })),
  );
  return { dataverse, company };
}
