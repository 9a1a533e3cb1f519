import { loadCatalog, type MutableCatalog } from "../../src/metadata";
import type { Database } from "../../src/model";
import { seed } from "../../src/sample";
import { createTables, openDatabase } from "../../src/store";

export const sampleDay = new Date("2026-11-24T00:00:00Z");

/** A database in memory with the sample company, without any server. */
export async function sampleDatabase(
  cases: number,
): Promise<{ db: Database; catalog: MutableCatalog }> {
  const db = await openDatabase(":memory:");
  const catalog = loadCatalog(db);
  createTables(db, catalog, { indexes: false });
  seed({ db, catalog }, { cases, seed: 1, asOf: sampleDay });
  return { db, catalog };
}
