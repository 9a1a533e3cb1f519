import type { Database, EntityDefinition, SqlRow, SqlValue } from "../../model";
import { fold, hasFoldColumn, nextVersion, noteDeleted, quote } from "../../store";

export function readRow(db: Database, entity: EntityDefinition, id: string): SqlRow | undefined {
  return db
    .prepare(
      `SELECT * FROM ${quote(entity.logicalName)} WHERE ${quote(entity.primaryIdAttribute)} = ?`,
    )
    .get(id);
}

/** The columns with the shadows by which text is compared. */
function withShadows(
  entity: EntityDefinition,
  columns: Readonly<Record<string, SqlValue>>,
): Record<string, SqlValue> {
  const shadows = Object.entries(columns).flatMap(([name, value]) => {
    const attribute = entity.attribute(name);
    const isShadowed = attribute !== undefined && hasFoldColumn(attribute);
    return isShadowed
      ? [[`${name}__fold`, typeof value === "string" ? fold(value) : null] as const]
      : [];
  });
  return { ...columns, ...Object.fromEntries(shadows) };
}

export function insertRow(
  db: Database,
  entity: EntityDefinition,
  columns: Readonly<Record<string, SqlValue>>,
): void {
  const all = { ...withShadows(entity, columns), versionnumber: nextVersion(db) };
  const names = Object.keys(all);
  const marks = names.map(() => "?").join(", ");
  db.prepare(
    `INSERT INTO ${quote(entity.logicalName)} (${names.map(quote).join(", ")}) VALUES (${marks})`,
  ).run(...Object.values(all));
}

export function updateRow(
  db: Database,
  entity: EntityDefinition,
  id: string,
  columns: Readonly<Record<string, SqlValue>>,
): void {
  const all = { ...withShadows(entity, columns), versionnumber: nextVersion(db) };
  const sets = Object.keys(all)
    .map((name) => `${quote(name)} = ?`)
    .join(", ");
  db.prepare(
    `UPDATE ${quote(entity.logicalName)} SET ${sets} WHERE ${quote(entity.primaryIdAttribute)} = ?`,
  ).run(...Object.values(all), id);
}

export function deleteRow(db: Database, entity: EntityDefinition, id: string): void {
  db.prepare(
    `DELETE FROM ${quote(entity.logicalName)} WHERE ${quote(entity.primaryIdAttribute)} = ?`,
  ).run(id);
  noteDeleted(db, entity, id);
}
