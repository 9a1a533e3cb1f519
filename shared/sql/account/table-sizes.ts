/** How many rows of a table a person may read, as far as queries have found out. */
export interface TableSizes {
  /** Undefined where nobody has counted lately. */
  known(person: string, table: string): number | "many" | undefined;
  learn(person: string, table: string, rows: number | "many"): void;
}

/** A table that doubles within the hour is met by the budget of a query as it runs. */
const lastsFor = 3_600_000;
const mostKept = 5_000;

export function createTableSizes(clock: () => number = () => performance.now()): TableSizes {
  const sizes = new Map<string, { readonly rows: number | "many"; readonly until: number }>();
  const key = (person: string, table: string) => `${table} ${person}`;
  return {
    known(person, table) {
      const found = sizes.get(key(person, table));
      return found && found.until > clock() ? found.rows : undefined;
    },
    learn(person, table, rows) {
      sizes.delete(key(person, table));
      sizes.set(key(person, table), { rows, until: clock() + lastsFor });
      const [oldest] = sizes.keys();
      if (sizes.size > mostKept && oldest !== undefined) sizes.delete(oldest);
    },
  };
}
