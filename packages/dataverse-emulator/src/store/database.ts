import type { Database, SqlRow, SqlValue, Statement } from "../model";
import { fold, foldLetters } from "./fold";
import { inWords, sqliteCode } from "./storage-fault";

/** The part of `node:sqlite` that is used here; `@photostructure/sqlite` offers the same. */
interface NativeStatement {
  get(...parameters: SqlValue[]): unknown;
  all(...parameters: SqlValue[]): unknown[];
  run(...parameters: SqlValue[]): { changes: number | bigint };
  setReturnArrays?(on: boolean): void;
  columns?(): { name: string | null }[];
}

interface NativeDatabase {
  exec(sql: string): void;
  prepare(sql: string): NativeStatement;
  function(name: string, options: object, body: (...values: SqlValue[]) => SqlValue): void;
  close(): void;
  /** Missing in early versions of either library. */
  readonly isTransaction?: boolean;
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

interface Native {
  readonly module: NativeModule;
  /** Rows as arrays are quicker to fetch, even when they are made to objects here. */
  readonly isSlowWithObjects: boolean;
}

/** The SQLite of this Node: its own, else the package. */
export async function loadNative(): Promise<Native> {
  try {
    return { module: await importBuiltIn(), isSlowWithObjects: false };
  } catch {
    // Node 20 has no node:sqlite; the package is the bridge for it.
  }
  try {
    return { module: (await import(PACKAGE)) as NativeModule, isSlowWithObjects: true };
  } catch (cause) {
    throw new Error(
      `No SQLite: this Node (${process.version}) has no ${BUILT_IN} and the package ${PACKAGE} did not load. ` +
        "Use Node 22.13 or newer, or install without --omit=optional.",
      { cause },
    );
  }
}

/** Without the warning that it is experimental: nothing that whoever starts the program could mend. */
async function importBuiltIn(): Promise<NativeModule> {
  const { emitWarning } = process;
  process.emitWarning = ((warning: string | Error, ...rest: never[]) => {
    if (!/^SQLite is an experimental feature/.test(String(warning))) emitWarning(warning, ...rest);
  }) as typeof process.emitWarning;
  try {
    return (await import(BUILT_IN)) as NativeModule;
  } finally {
    process.emitWarning = emitWarning;
  }
}

const readingStatement = (native: NativeStatement, isSlowWithObjects: boolean): Statement => ({
  get: (...parameters) => native.get(...parameters) as SqlRow | undefined,
  all: isSlowWithObjects
    ? readingArrays(native)
    : (...parameters) => native.all(...parameters) as SqlRow[],
  run: (...parameters) => ({ changes: Number(native.run(...parameters).changes) }),
});

/** The package sets each property of each row by a call of its own: half of the time of a large page. */
function readingArrays(native: NativeStatement): Statement["all"] {
  let names: readonly string[] | undefined;
  return (...parameters) => {
    names ??= native.columns?.().map(({ name }) => name ?? "") ?? [];
    native.setReturnArrays?.(true);
    try {
      return rowsOf(names, native.all(...parameters) as SqlValue[][]);
    } finally {
      native.setReturnArrays?.(false);
    }
  };
}

function rowsOf(names: readonly string[], lists: readonly (readonly SqlValue[])[]): SqlRow[] {
  return lists.map((list) => {
    const row: SqlRow = {};
    for (let at = 0; at < names.length; at++) row[names[at] ?? ""] = list[at] ?? null;
    return row;
  });
}

class SqliteDatabase implements Database {
  readonly #native: NativeDatabase;
  readonly #statements = new Map<string, Statement>();
  /** Writes by table; those of statements that name none count for all. */
  readonly #writes = new Map<string, number>();
  #otherWrites = 0;
  #depth = 0;
  readonly #isSlowWithObjects: boolean;

  constructor(native: NativeDatabase, isSlowWithObjects: boolean) {
    this.#native = native;
    this.#isSlowWithObjects = isSlowWithObjects;
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
      ? readingStatement(native, this.#isSlowWithObjects)
      : this.#writingStatement(native, WRITES.exec(sql)?.[1]?.toLowerCase());
    if (this.#statements.size >= STATEMENT_CACHE_SIZE) {
      const oldest = this.#statements.keys().next().value;
      if (oldest !== undefined) this.#statements.delete(oldest);
    }
    this.#statements.set(sql, statement);
    return statement;
  }

  #writingStatement(native: NativeStatement, table: string | undefined): Statement {
    const { get, all, run } = readingStatement(native, false);
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
      this.#undo(depth);
      throw error;
    } finally {
      this.#depth = depth;
    }
  }

  /** A full disk or a fault of it ends SQLite's transaction by itself: then there is nothing left to undo. */
  #undo(depth: number): void {
    if (this.#native.isTransaction === false) return;
    this.#native.exec(
      depth === 0 ? "ROLLBACK" : `ROLLBACK TO level_${depth}; RELEASE level_${depth}`,
    );
  }

  close(): void {
    this.#statements.clear();
    unlock(this.#native);
    this.#native.close();
  }
}

/**
 * Opens or creates a SQLite file (`:memory:` = in memory only) with the SQL function `fold(text)`.
 * Pragmas are set by hand: the two builds of SQLite differ in their defaults.
 *
 * A file belongs to one process until it is closed or its process ends, however that happens: the system itself drops the
 * lock. What is kept in memory (definitions, indexes of the search) would not see what another process writes.
 *
 * @throws StorageError when the file is in use, damaged, no database, or may not be written
 */
export async function openDatabase(file: string): Promise<Database> {
  const { module, isSlowWithObjects } = await loadNative();
  return inWords(file, () => {
    const native = new module.DatabaseSync(file);
    try {
      prepare(native);
    } catch (error) {
      native.close();
      throw error;
    }
    return new SqliteDatabase(native, isSlowWithObjects);
  });
}

/**
 * Gives the lock back. The package's statements keep the file open beyond `close`, until they are collected, and with the file
 * its lock; the log ahead has to go first, for SQLite leaves its exclusive mode in no other way.
 */
function unlock(native: NativeDatabase): void {
  try {
    native.exec("PRAGMA journal_mode=DELETE; PRAGMA locking_mode=NORMAL");
    native.prepare("SELECT count(*) FROM sqlite_master").get();
  } catch (error) {
    // On a full or damaged disk the log stays as it is, and is read at the next start.
    if (sqliteCode(error) === undefined) throw error;
  }
}

function prepare(native: NativeDatabase): void {
  native.exec(
    "PRAGMA busy_timeout=1000; PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; " +
      "PRAGMA foreign_keys=OFF; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-65536; PRAGMA case_sensitive_like=OFF",
  );
  // Takes the lock now, and finds out whether the file may be written, rather than at the first change.
  native.exec("BEGIN IMMEDIATE; COMMIT");
  for (const [name, of] of [
    ["fold", fold],
    ["fold_letters", foldLetters],
  ] as const)
    native.function(name, { deterministic: true }, (value) =>
      typeof value === "string" ? of(value) : (value ?? null),
    );
}
