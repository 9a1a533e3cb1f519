import { DatabaseSync } from "@photostructure/sqlite";
import type { Made } from "./made-rows";

/** Loads all rows into a database in memory and runs the query there; gives the number of its rows. */
export function runInSqlite(sql: string, rows: Made): number {
  const database = new DatabaseSync(":memory:");
  for (const [name, all] of Object.entries(rows)) {
    const columns = Object.keys(all[0] ?? {});
    database.exec(`CREATE TABLE ${name} (${columns.join(", ")})`);
    const insert = database.prepare(
      `INSERT INTO ${name} VALUES (${columns.map(() => "?").join(", ")})`,
    );
    database.exec("BEGIN");
    for (const row of all)
      insert.run(...columns.map((column) => (row[column] ?? null) as string | number | null));
    database.exec("COMMIT");
  }
  return database.prepare(sql).all().length;
}
