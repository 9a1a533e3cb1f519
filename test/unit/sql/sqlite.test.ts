import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { SqlError } from "../../../shared/sql";
import { ask } from "./support/ask";
import { query } from "./support/random-queries";
import { folded, inSqlite, sampleInSqlite } from "./support/sqlite-oracle";

const roomy = { rowsReturned: 100_000, characters: 50_000_000 };

/** A value as both engines may give it: numbers to nine digits, for SQLite counts in binary fractions. */
function comparable(value: unknown): unknown {
  if (typeof value === "string") return folded(value);
  if (typeof value === "boolean") return Number(value);
  return typeof value === "number" ? Number(value.toPrecision(9)) : value;
}
const sorted = (rows: readonly object[]): string[] =>
  rows.map((row) => JSON.stringify(Object.values(row).map(comparable))).sort();

/** More of them: SQL_RUNS=2000 SQL_SEED=7 npx jest test/unit/sql/sqlite */
test("random queries of the language have the rows that SQLite gives over the same data", async () => {
  const database = sampleInSqlite();
  const counts = { rows: 0, empty: 0, untold: 0 };
  await fc.assert(
    fc.asyncProperty(query, async (sql) => {
      const told = inSqlite(sql);
      if (told === undefined) {
        counts.untold += 1;
        return;
      }
      const wanted = sorted(database.prepare(told).all() as object[]);
      // Labels and names that the answer adds beside a column are not in SQLite's.
      const { rows } = await ask(sql, { limits: roomy }).catch((error: unknown) => {
        throw error instanceof SqlError ? new Error(`${sql}\n${error.message}`) : error;
      });
      const names = Object.keys((database.prepare(told).all()[0] as object | undefined) ?? {});
      const own = rows.map((row) => Object.fromEntries(names.map((name) => [name, row[name]])));
      expect({ sql, told, rows: sorted(names.length > 0 ? own : rows) }).toEqual({
        sql,
        told,
        rows: wanted,
      });
      counts[wanted.length > 0 ? "rows" : "empty"] += 1;
    }),
    { numRuns: Number(process.env.SQL_RUNS ?? 120), seed: Number(process.env.SQL_SEED ?? 3) },
  );
  // The comparison says something: many queries have words in SQLite, and rows.
  expect(counts.rows).toBeGreaterThan((counts.rows + counts.empty + counts.untold) / 4);
  database.close();
}, 600_000);
