import type { Catalog, Database, SqlValue, Statement } from "../model";
import { quote } from "../store";

export type SampleRow = Readonly<Record<string, SqlValue>>;

/** Writes rows past all rules of the service: sample data is right by its making. */
export interface Writer {
  /** Each key must be a stored column (or its `__type` companion) of the table; a wrong one is an error at once. */
  write(table: string, row: SampleRow): void;
  /** False for a table that was left out: nothing may point to it. */
  writes(table: string): boolean;
  count(): number;
}

/** First row version of the sample data; the store's counter continues behind the last. */
const firstVersion = 1_000_001;

/** Tables that grow with the number of cases; only these can be left out. */
export const growingTables: readonly string[] = [
  "account",
  "contact",
  "incident",
  "email",
  "activityparty",
  "phonecall",
  "task",
  "annotation",
  "incidentresolution",
  "queueitem",
  "slakpiinstance",
  "knowledgearticleincident",
  "feedback",
  "entitlement",
  "msdyn_intententity",
  "msdyn_caseenrichment",
  "msdyn_aiagentstatus",
  "msdyn_nextaction",
  "msdyn_casesuggestion",
  "msdyn_knowledgearticlesuggestion",
  "msdyn_emailsentiment",
];

/** @param only of the growing tables, those to write; all when undefined */
export function createWriter(
  db: Database,
  catalog: Catalog,
  only: ReadonlySet<string> | undefined,
): Writer {
  const left = new Set(only === undefined ? [] : growingTables.filter((table) => !only.has(table)));
  const statements = new Map<string, { statement: Statement; columns: readonly string[] }>();
  let count = 0;

  function prepare(
    table: string,
    columns: readonly string[],
  ): { statement: Statement; columns: readonly string[] } {
    if (catalog.byName(table) === undefined)
      throw new Error(`The sample data names a table that is not there: ${table}.`);
    const names = [...columns, "versionnumber"].map(quote).join(", ");
    const marks = Array.from({ length: columns.length + 1 }, () => "?").join(", ");
    return {
      statement: db.prepare(`INSERT INTO ${quote(table)} (${names}) VALUES (${marks})`),
      columns,
    };
  }

  return {
    write(table, row) {
      if (left.has(table)) return;
      const columns = Object.keys(row);
      const key = `${table}:${columns.join()}`;
      let known = statements.get(key);
      if (known === undefined) {
        known = prepare(table, columns);
        statements.set(key, known);
      }
      known.statement.run(
        ...known.columns.map((column) => row[column] ?? null),
        firstVersion + count++,
      );
    },
    writes: (table) => !left.has(table),
    count: () => count,
  };
}

/** `2026-11-24T10:30:00Z`, whole seconds. */
export const isoTime = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;
