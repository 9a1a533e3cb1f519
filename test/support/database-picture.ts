import { createHash } from "node:crypto";
import type { Emulator } from "../../packages/dataverse-emulator/src";

/** What stands in each table, as a digest: equal where nothing was changed. What the search keeps for itself is no part of it. */
export function pictureOf({ world: { db } }: Emulator): Readonly<Record<string, string>> {
  const tables = db.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all();
  return Object.fromEntries(
    tables.map(({ name }) => {
      const hash = createHash("sha256");
      for (const row of db.prepare(`SELECT * FROM main."${String(name)}"`).all())
        hash.update(
          JSON.stringify(row, (_, value) => (typeof value === "bigint" ? String(value) : value)),
        );
      return [String(name), hash.digest("base64")];
    }),
  );
}

/** Names of the tables in which two pictures differ. */
export const differing = (
  one: Readonly<Record<string, string>>,
  other: Readonly<Record<string, string>>,
): string[] =>
  [...new Set([...Object.keys(one), ...Object.keys(other)])].filter(
    (name) => one[name] !== other[name],
  );
