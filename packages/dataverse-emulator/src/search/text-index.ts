import type { AttributeDefinition, Catalog, Database, SqlRow, SqlValue, World } from "../model";
import { createDisplay } from "../records";
import { hasTypeColumn, quote } from "../store";
import type { SearchTable } from "./tables";
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
  const { db, catalog } = world;
  db.exec(
    "CREATE TEMP TABLE IF NOT EXISTS search_state (name TEXT PRIMARY KEY, version INTEGER NOT NULL, changes INTEGER NOT NULL, made TEXT NOT NULL)",
  );
  for (const table of tables) freshenOne(db, catalog, table);
}

/** What an index was made of; of a table that was made anew, or other columns, it is no use. */
const madeOf = ({ entity, columns }: SearchTable): string =>
  [entity.metadataId, ...columns.map(({ logicalName }) => logicalName)].join(" ");

function freshenOne(db: Database, catalog: Catalog, table: SearchTable): void {
  const name = table.entity.logicalName;
  const made = madeOf(table);
  const found = db
    .prepare("SELECT version, changes, made FROM search_state WHERE name = ?")
    .get(name);
  if (found !== undefined && found.made !== made) drop(db, name);
  const state = found?.made === made ? found : undefined;
  const changes = Number(db.prepare("SELECT total_changes() AS n").get()?.n);
  if (state !== undefined && Number(state.changes) === changes) return;
  if (state === undefined) create(db, table);
  const version = fill(db, catalog, table, Number(state?.version ?? -1), state === undefined);
  const after = Number(db.prepare("SELECT total_changes() AS n").get()?.n);
  // This write is a change, too. The state stands in the database, so that it is undone with what it speaks of.
  db.prepare("INSERT OR REPLACE INTO search_state VALUES (?, ?, ?, ?)").run(
    name,
    version,
    after + 1,
    made,
  );
}

function drop(db: Database, table: string): void {
  const name = indexName(table);
  db.exec(
    `DROP TABLE IF EXISTS temp.${quote(`${name}_words`)}; DROP TABLE IF EXISTS temp.${quote(name)}`,
  );
}

const isText = ({ type }: AttributeDefinition) => type === "String" || type === "Memo";

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
  catalog: Catalog,
  { entity, columns }: SearchTable,
  since: number,
  isNew: boolean,
): number {
  const list = columns
    .flatMap((column) => [
      quote(column.logicalName),
      ...(hasTypeColumn(column) ? [quote(`${column.logicalName}__type`)] : []),
    ])
    .join(", ");
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
      const shown = displayOf(db, catalog, columns, rows);
      for (const row of rows) {
        const texts = columns.map((column) => {
          const text = shown(column, row);
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

/** Texts as they are; of choices the labels, of lookups the names. */
function displayOf(
  db: Database,
  catalog: Catalog,
  columns: readonly AttributeDefinition[],
  rows: readonly SqlRow[],
): (column: AttributeDefinition, row: SqlRow) => unknown {
  if (columns.every(isText)) return ({ logicalName }, row) => row[logicalName];
  const display = createDisplay(db, catalog, columns, rows);
  return (column, row) => (isText(column) ? row[column.logicalName] : display(column, row));
}

/** Every word of a table's index with the number of rows that hold it. */
export function vocabulary(db: Database, table: string): { word: string; rows: number }[] {
  return db
    .prepare(`SELECT term, doc FROM temp.${quote(`${indexName(table)}_words`)}`)
    .all()
    .map((row) => ({ word: String(row.term), rows: Number(row.doc) }));
}

/** Throws the indexes away, after rows were exchanged behind their back. */
export function forgetIndexes({ db }: Pick<World, "db">): void {
  const made = db
    .prepare("SELECT name FROM temp.sqlite_master WHERE type = 'table' AND name = 'search_state'")
    .get();
  if (made === undefined) return;
  for (const { name } of db.prepare("SELECT name FROM search_state").all()) drop(db, String(name));
  db.exec("DROP TABLE temp.search_state");
}
