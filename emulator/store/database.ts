import type { Database, SqlRow, SqlValue, Statement } from "../model";
import { fold } from "./fold";

/** The part of `node:sqlite` that is used here; `@photostructure/sqlite` offers the same. */
interface NativeStatement {
  get(...parameters: SqlValue[]): unknown;
  all(...parameters: SqlValue[]): unknown[];
  run(...parameters: SqlValue[]): { changes: number | bigint };
}

interface NativeDatabase {
  exec(sql: string): void;
  prepare(sql: string): NativeStatement;
  function(name: string, options: object, body: (...values: SqlValue[]) => SqlValue): void;
  close(): void;
}

interface NativeModule {
  DatabaseSync: new (file: string) => NativeDatabase;
}

/** Names kept in variables, so that neither bundler nor compiler resolves what this Node may lack. */
const BUILT_IN = "node:sqlite";
const PACKAGE = "@photostructure/sqlite";

const STATEMENT_CACHE_SIZE = 1000;
const READS = /^\s*(select|pragma|explain|with(?![\s\S]*\b(?:insert|update|delete)\b))\b/i;
const WRITES =
  /^\s*(?:insert(?:\s+or\s+\w+)?\s+into|replace\s+into|update(?:\s+or\s+\w+)?|delete\s+from)\s+(?:main\.)?"?(\w+)"?/i;
const CHANGES_SCHEMA = /^\s*(create|alter|drop|analyze|reindex)\b/im;

async function loadNative(): Promise<NativeModule> {
  try {
    return (await import(BUILT_IN)) as NativeModule;
  } catch {
    // Node 20 has no node:sqlite; the package is the bridge for it.
  }
  try {
    return (await import(PACKAGE)) as NativeModule;
  } catch (cause) {
    throw new Error(
      `No SQLite: this Node (${process.version}) has no ${BUILT_IN} and the package ${PACKAGE} did not load. ` +
        "Use Node 22.13 or newer, or run `npm ci` without --omit=dev.",
      { cause },
    );
  }
}

const readingStatement = (native: NativeStatement): Statement => ({
  get: (...parameters) => native.get(...parameters) as SqlRow | undefined,
  all: (...parameters) => native.all(...parameters) as SqlRow[],
  run: (...parameters) => ({ changes: Number(native.run(...parameters).changes) }),
});

class SqliteDatabase implements Database {
  readonly #native: NativeDatabase;
  readonly #statements = new Map<string, Statement>();
  /** Writes by table; those of statements that name none count for all. */
  readonly #writes = new Map<string, number>();
  #otherWrites = 0;
  #depth = 0;

  constructor(native: NativeDatabase) {
    this.#native = native;
  }

  exec(sql: string): void {
    this.#native.exec(sql);
    this.#otherWrites++;
    if (CHANGES_SCHEMA.test(sql)) this.#statements.clear();
  }

  prepare(sql: string): Statement {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const native = this.#native.prepare(sql);
    const statement = READS.test(sql)
      ? readingStatement(native)
      : this.#writingStatement(native, WRITES.exec(sql)?.[1]?.toLowerCase());
    if (this.#statements.size >= STATEMENT_CACHE_SIZE) {
      const oldest = this.#statements.keys().next().value;
      if (oldest !== undefined) this.#statements.delete(oldest);
    }
    this.#statements.set(sql, statement);
    return statement;
  }

  #writingStatement(native: NativeStatement, table: string | undefined): Statement {
    const { get, all, run } = readingStatement(native);
    const count = () => {
      if (table === undefined) this.#otherWrites++;
      else this.#writes.set(table, (this.#writes.get(table) ?? 0) + 1);
    };
    const counted =
      <Result>(work: (...parameters: SqlValue[]) => Result) =>
      (...parameters: SqlValue[]): Result => {
        count();
        return work(...parameters);
      };
    return { get: counted(get), all: counted(all), run: counted(run) };
  }

  writes(tables: readonly string[]): number {
    let sum = this.#otherWrites;
    for (const table of tables) sum += this.#writes.get(table) ?? 0;
    return sum;
  }

  transaction<T>(work: () => T): T {
    const depth = this.#depth;
    this.#native.exec(depth === 0 ? "BEGIN IMMEDIATE" : `SAVEPOINT level_${depth}`);
    this.#depth = depth + 1;
    try {
      const result = work();
      this.#native.exec(depth === 0 ? "COMMIT" : `RELEASE level_${depth}`);
      return result;
    } catch (error) {
      this.#otherWrites++;
      this.#native.exec(
        depth === 0 ? "ROLLBACK" : `ROLLBACK TO level_${depth}; RELEASE level_${depth}`,
      );
      throw error;
    } finally {
      this.#depth = depth;
    }
  }

  close(): void {
    this.#statements.clear();
    this.#native.close();
  }
}

/**
 * Opens or creates a SQLite file (`:memory:` = in memory only) with the SQL function `fold(text)`.
 * Pragmas are set by hand: the two builds of SQLite differ in their defaults.
 */
export async function openDatabase(file: string): Promise<Database> {
  const { DatabaseSync } = await loadNative();
  const native = new DatabaseSync(file);
  native.exec(
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=OFF; PRAGMA busy_timeout=5000; " +
      "PRAGMA temp_store=MEMORY; PRAGMA cache_size=-65536; PRAGMA case_sensitive_like=OFF",
  );
  native.function("fold", { deterministic: true }, (value) =>
    typeof value === "string" ? fold(value) : (value ?? null),
  );
  return new SqliteDatabase(native);
}
