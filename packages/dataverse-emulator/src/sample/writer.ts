import type { Catalog, Database, SqlValue, Statement } from "../model";
import { fold, hasFoldColumn, quote } from "../store";

export type SampleRow = Readonly<Record<string, SqlValue>>;

/** Writes rows past all rules of the service: sample data is right by its making. */
export interface Writer {
  /**
   * Each key must be a stored column (or its `__type` companion) of the table; a wrong one is an error at once.
   *
   * @param fixed what is the same in all rows of the table: one object for all of them
   */
  write(table: string, row: SampleRow, fixed?: SampleRow): void;
  /** False for a table that was left out: nothing may point to it. */
  writes(table: string): boolean;
  count(): number;
  /** Version of the row that was written last. */
  lastVersion(): number;
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

interface Insert {
  readonly statement: Statement;
  readonly columns: readonly string[];
  readonly fixed: SampleRow | undefined;
  /** Places of those with a shadow that is compared instead of them. */
  readonly folded: readonly number[];
}

const isSame = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((name, index) => name === other[index]);

const literal = (value: SqlValue): string =>
  value === null
    ? "NULL"
    : typeof value === "string"
      ? `'${value.replaceAll("'", "''")}'`
      : String(value);

const foldedValue = (value: SqlValue | undefined): SqlValue =>
  typeof value === "string" ? fold(value) : null;

/** @param only of the growing tables, those to write; all when undefined */
export function createWriter(
  db: Database,
  catalog: Catalog,
  only: ReadonlySet<string> | undefined,
): Writer {
  const left = new Set(only === undefined ? [] : growingTables.filter((table) => !only.has(table)));
  const statements = new Map<string, Insert>();
  /** The last of each table, which mostly is the next as well. */
  const recent = new Map<string, Insert>();
  let count = 0;

  function prepare(table: string, columns: readonly string[], fixed: SampleRow = {}): Insert {
    const entity = catalog.byName(table);
    if (entity === undefined)
      throw new Error(`The sample data names a table that is not there: ${table}.`);
    const folded = columns.flatMap((column, place) => {
      const attribute = entity.attribute(column);
      return attribute !== undefined && hasFoldColumn(attribute) ? [place] : [];
    });
    const shadows = folded.map((place) => `${columns[place]}__fold`);
    const bound = [...columns, ...shadows, "versionnumber"];
    const names = [...bound, ...Object.keys(fixed)].map(quote).join(", ");
    const values = [...bound.map(() => "?"), ...Object.values(fixed).map(literal)].join(", ");
    const statement = db.prepare(`INSERT INTO ${quote(table)} (${names}) VALUES (${values})`);
    return { statement, columns, fixed, folded };
  }

  function insertFor(
    table: string,
    columns: readonly string[],
    fixed: SampleRow | undefined,
  ): Insert {
    const last = recent.get(table);
    if (last !== undefined && last.fixed === fixed && isSame(last.columns, columns)) return last;
    const key = `${table}:${columns.join()}:${fixed === undefined ? "" : JSON.stringify(fixed)}`;
    const known = statements.get(key) ?? { ...prepare(table, columns, fixed), fixed };
    statements.set(key, known);
    recent.set(table, known);
    return known;
  }

  return {
    write(table, row, fixed) {
      if (left.has(table)) return;
      const { statement, folded } = insertFor(table, Object.keys(row), fixed);
      const values = Object.values(row);
      for (const place of folded) values.push(foldedValue(values[place]));
      values.push(firstVersion + count++);
      // `run` would count the changes of each row, a tenth of its time, and nobody asks.
      statement.get(...values);
    },
    writes: (table) => !left.has(table),
    count: () => count,
    lastVersion: () => firstVersion + count - 1,
  };
}

const dayMs = 86_400_000;
/** Days by number, written out; the sample data has some thousand. */
const days = new Map<number, string>();
const two = Array.from({ length: 60 }, (_, number) => String(number).padStart(2, "0"));

/** `2026-11-24T10:30:00Z`, whole seconds. */
export function isoTime(ms: number): string {
  const number = Math.floor(ms / dayMs);
  let day = days.get(number);
  if (day === undefined) {
    day = new Date(number * dayMs).toISOString().slice(0, 10);
    days.set(number, day);
  }
  const second = Math.floor((ms - number * dayMs) / 1_000);
  return `${day}T${two[Math.floor(second / 3_600)]}:${two[Math.floor(second / 60) % 60]}:${two[second % 60]}Z`;
}
