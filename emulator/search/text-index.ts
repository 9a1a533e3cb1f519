import type { Database, SqlValue, World } from "../model";
import { quote } from "../store";
import { type SearchTable, searchTables } from "./tables";
import { plainText, spaced } from "./words";

/** Rows read at once while an index is built. */
const chunk = 2_000;

const indexName = (table: string) => `search_${table}`;
export const indexSql = (table: string): string => `temp.${quote(indexName(table))}`;

/**
 * Full-text indexes in SQLite's temporary schema: built at the first search of a process, brought up to date before each
 * one by the versions of rows. A row that is gone falls out when the index is joined with its table.
 */
export function freshen(
  world: Pick<World, "db" | "catalog">,
  tables: readonly SearchTable[],
): void {
  const { db } = world;
  db.exec(
    "CREATE TEMP TABLE IF NOT EXISTS search_state (name TEXT PRIMARY KEY, version INTEGER NOT NULL, changes INTEGER NOT NULL)",
  );
  for (const table of tables) freshenOne(db, table);
}

function freshenOne(db: Database, table: SearchTable): void {
  const name = table.entity.logicalName;
  const state = db.prepare("SELECT version, changes FROM search_state WHERE name = ?").get(name);
  const changes = Number(db.prepare("SELECT total_changes() AS n").get()?.n);
  if (state !== undefined && Number(state.changes) === changes) return;
  if (state === undefined) create(db, table);
  const version = fill(db, table, Number(state?.version ?? -1), state === undefined);
  const after = Number(db.prepare("SELECT total_changes() AS n").get()?.n);
  // This write is a change, too. The state stands in the database, so that it is undone with what it speaks of.
  db.prepare("INSERT OR REPLACE INTO search_state VALUES (?, ?, ?)").run(name, version, after + 1);
}

function create(db: Database, { entity, columns }: SearchTable): void {
  const name = indexName(entity.logicalName);
  const list = columns.map((_, index) => `c${index}`).join(", ");
  db.exec(
    `CREATE VIRTUAL TABLE temp.${quote(name)} USING fts5(${list}, content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 2')`,
  );
  db.exec(
    `CREATE VIRTUAL TABLE temp.${quote(`${name}_words`)} USING fts5vocab(temp, ${name}, row)`,
  );
}

function fill(
  db: Database,
  { entity, columns }: SearchTable,
  since: number,
  isNew: boolean,
): number {
  const list = columns.map(({ logicalName }) => quote(logicalName)).join(", ");
  const source = `SELECT rowid AS "__row", coalesce("versionnumber", 0) AS "__version", ${list} FROM ${quote(entity.logicalName)}`;
  const marks = columns.map(() => "?").join(", ");
  const insert = `INSERT ${isNew ? "" : "OR REPLACE "}INTO ${indexSql(entity.logicalName)} (rowid, ${columns.map((_, index) => `c${index}`).join(", ")}) VALUES (?, ${marks})`;
  let version = since;
  let last: SqlValue = -9_223_372_036_854_775_807n;
  db.transaction(() => {
    for (;;) {
      const rows = db
        .prepare(`${source} WHERE "__row" > ? AND "__version" > ? ORDER BY "__row" LIMIT ${chunk}`)
        .all(last, since);
      for (const row of rows) {
        const texts = columns.map(({ logicalName }) => {
          const text = row[logicalName];
          return typeof text === "string" ? spaced(plainText(text)) : null;
        });
        db.prepare(insert).run(row.__row ?? null, ...texts);
        version = Math.max(version, Number(row.__version));
      }
      if (rows.length < chunk) return;
      last = rows.at(-1)?.__row ?? null;
    }
  });
  return version;
}

/** Every word of a table's index with the number of rows that hold it. */
export function vocabulary(db: Database, table: string): { word: string; rows: number }[] {
  return db
    .prepare(`SELECT term, doc FROM temp.${quote(`${indexName(table)}_words`)}`)
    .all()
    .map((row) => ({ word: String(row.term), rows: Number(row.doc) }));
}

/** Throws the indexes away, after rows were exchanged behind their back. */
export function forgetIndexes(world: Pick<World, "db" | "catalog">): void {
  for (const { entity } of searchTables(world.catalog)) {
    const name = indexName(entity.logicalName);
    world.db.exec(
      `DROP TABLE IF EXISTS temp.${quote(`${name}_words`)}; DROP TABLE IF EXISTS temp.${quote(name)}`,
    );
  }
  world.db.exec("DROP TABLE IF EXISTS temp.search_state");
}
