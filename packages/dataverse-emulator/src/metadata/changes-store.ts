import type {
  AttributeDefinition,
  Database,
  EntityDefinition,
  ManyToManyDefinition,
  OneToManyDefinition,
  OptionSetDefinition,
  SqlRow,
} from "../model";
import type { Model } from "./definitions";
import { type EntityHead, entityOf, headOf } from "./entity";

/**
 * Customizations as they are kept: what differs from the shipped definitions, each piece as JSON with the schema
 * version that brought it; and what was deleted.
 */
const TABLES = `
CREATE TABLE IF NOT EXISTS "_metadata_state" (id INTEGER PRIMARY KEY CHECK (id = 1), version INTEGER NOT NULL, origin TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS "_metadata_entity" (name TEXT PRIMARY KEY, version INTEGER NOT NULL, definition TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS "_metadata_attribute" (entity TEXT NOT NULL, name TEXT NOT NULL, version INTEGER NOT NULL, definition TEXT NOT NULL, PRIMARY KEY (entity, name));
CREATE TABLE IF NOT EXISTS "_metadata_relationship" (name TEXT PRIMARY KEY, kind TEXT NOT NULL, version INTEGER NOT NULL, definition TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS "_metadata_optionset" (name TEXT PRIMARY KEY, version INTEGER NOT NULL, definition TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS "_metadata_deleted" (id TEXT PRIMARY KEY, kind TEXT NOT NULL, version INTEGER NOT NULL);`;

/** What a version stamp starts from; a young organisation is past its first customizations. */
const FIRST_VERSION = 7_000_000;

export type DeletedKind = "Entity" | "Attribute" | "Relationship" | "OptionSet" | "EntityKey";

type Head = EntityHead & { keys: EntityDefinition["keys"] };

function parsed<T>(row: SqlRow): T {
  return JSON.parse(String(row.definition)) as T;
}

/** Reads and writes the `_metadata_*` tables. Every write takes the version it belongs to. */
export class ChangesStore {
  readonly #db: Database;

  constructor(db: Database, origin: string) {
    this.#db = db;
    db.exec(TABLES);
    db.prepare(
      'INSERT INTO "_metadata_state" (id, version, origin) VALUES (1, ?, ?) ON CONFLICT (id) DO NOTHING',
    ).run(FIRST_VERSION, origin);
  }

  state(): { version: number; origin: string } {
    const row = this.#db
      .prepare('SELECT version, origin FROM "_metadata_state" WHERE id = 1')
      .get();
    return { version: Number(row?.version ?? FIRST_VERSION), origin: String(row?.origin ?? "") };
  }

  nextVersion(): number {
    const row = this.#db
      .prepare('UPDATE "_metadata_state" SET version = version + 1 WHERE id = 1 RETURNING version')
      .get();
    return Number(row?.version);
  }

  putHead(entity: EntityDefinition, version: number): void {
    const definition: Head = { ...headOf(entity), keys: entity.keys };
    this.#db
      .prepare(
        'INSERT OR REPLACE INTO "_metadata_entity" (name, version, definition) VALUES (?, ?, ?)',
      )
      .run(entity.logicalName, version, JSON.stringify(definition));
  }

  putAttribute(entity: string, attribute: AttributeDefinition, version: number): void {
    this.#db
      .prepare(
        'INSERT OR REPLACE INTO "_metadata_attribute" (entity, name, version, definition) VALUES (?, ?, ?, ?)',
      )
      .run(entity, attribute.logicalName, version, JSON.stringify(attribute));
  }

  putRelationship(row: OneToManyDefinition | ManyToManyDefinition, version: number): void {
    const kind = "intersectEntity" in row ? "N:N" : "1:N";
    this.#db
      .prepare(
        'INSERT OR REPLACE INTO "_metadata_relationship" (name, kind, version, definition) VALUES (?, ?, ?, ?)',
      )
      .run(row.schemaName.toLowerCase(), kind, version, JSON.stringify(row));
  }

  putOptionSet(set: OptionSetDefinition, version: number): void {
    this.#db
      .prepare(
        'INSERT OR REPLACE INTO "_metadata_optionset" (name, version, definition) VALUES (?, ?, ?)',
      )
      .run(set.name.toLowerCase(), version, JSON.stringify(set));
  }

  removeOptionSet(set: OptionSetDefinition, version: number): void {
    this.#db
      .prepare('DELETE FROM "_metadata_optionset" WHERE name = ?')
      .run(set.name.toLowerCase());
    this.#note(set.metadataId, "OptionSet", version);
  }

  /** Notes that something went which is kept within another definition: a key in its table's. */
  noteDeleted(id: string, kind: DeletedKind, version: number): void {
    this.#note(id, kind, version);
  }

  /** Shared choices that were made or changed. */
  optionSets(): OptionSetDefinition[] {
    return this.#db
      .prepare('SELECT definition FROM "_metadata_optionset" ORDER BY name')
      .all()
      .map((row) => parsed<OptionSetDefinition>(row));
  }

  removeEntity(entity: EntityDefinition, version: number): void {
    this.#db.prepare('DELETE FROM "_metadata_entity" WHERE name = ?').run(entity.logicalName);
    this.#db.prepare('DELETE FROM "_metadata_attribute" WHERE entity = ?').run(entity.logicalName);
    this.#note(entity.metadataId, "Entity", version);
  }

  removeAttribute(entity: string, attribute: AttributeDefinition, version: number): void {
    this.#db
      .prepare('DELETE FROM "_metadata_attribute" WHERE entity = ? AND name = ?')
      .run(entity, attribute.logicalName);
    this.#note(attribute.metadataId, "Attribute", version);
  }

  removeRelationship(row: { schemaName: string; metadataId: string }, version: number): void {
    this.#db
      .prepare('DELETE FROM "_metadata_relationship" WHERE name = ?')
      .run(row.schemaName.toLowerCase());
    this.#note(row.metadataId, "Relationship", version);
  }

  #note(id: string, kind: DeletedKind, version: number): void {
    this.#db
      .prepare('INSERT OR REPLACE INTO "_metadata_deleted" (id, kind, version) VALUES (?, ?, ?)')
      .run(id, kind, version);
  }

  /** MetadataIds of everything put after the version. */
  changedSince(version: number): Set<string> {
    const rows = [
      ...this.#db
        .prepare('SELECT definition FROM "_metadata_entity" WHERE version > ?')
        .all(version),
      ...this.#db
        .prepare('SELECT definition FROM "_metadata_attribute" WHERE version > ?')
        .all(version),
      ...this.#db
        .prepare('SELECT definition FROM "_metadata_relationship" WHERE version > ?')
        .all(version),
    ];
    return new Set(rows.map((row) => parsed<{ metadataId: string }>(row).metadataId));
  }

  deletedSince(version: number): { id: string; kind: DeletedKind }[] {
    return this.#db
      .prepare('SELECT id, kind FROM "_metadata_deleted" WHERE version > ? ORDER BY version, id')
      .all(version)
      .map((row) => ({ id: String(row.id), kind: row.kind as DeletedKind }));
  }

  /** The shipped model with the customizations applied. */
  apply(shipped: Model): Model {
    const heads = new Map(
      this.#db
        .prepare('SELECT definition FROM "_metadata_entity"')
        .all()
        .map((row) => parsed<Head>(row))
        .map((head) => [head.logicalName, head]),
    );
    const columns = new Map<string, AttributeDefinition[]>();
    for (const row of this.#db
      .prepare('SELECT entity, definition FROM "_metadata_attribute"')
      .all()) {
      const entity = String(row.entity);
      columns.set(entity, [...(columns.get(entity) ?? []), parsed<AttributeDefinition>(row)]);
    }
    const entities = shipped.entities.map((entity) => {
      const head = heads.get(entity.logicalName);
      heads.delete(entity.logicalName);
      const own = columns.get(entity.logicalName);
      return head === undefined && own === undefined ? entity : merged(entity, head, own ?? []);
    });
    for (const head of heads.values()) {
      entities.push(merged(undefined, head, columns.get(head.logicalName) ?? []));
    }
    return this.#withRelationships({ ...shipped, entities });
  }

  #withRelationships(model: Model): Model {
    const rows = this.#db.prepare('SELECT kind, definition FROM "_metadata_relationship"').all();
    const one = rows
      .filter((row) => row.kind === "1:N")
      .map((row) => parsed<OneToManyDefinition>(row));
    const many = rows
      .filter((row) => row.kind === "N:N")
      .map((row) => parsed<ManyToManyDefinition>(row));
    return {
      entities: model.entities,
      oneToMany: () => [...model.oneToMany(), ...one],
      manyToMany: [...model.manyToMany, ...many],
    };
  }
}

function merged(
  base: EntityDefinition | undefined,
  head: Head | undefined,
  own: readonly AttributeDefinition[],
): EntityDefinition {
  const byName = new Map((base?.attributes ?? []).map((column) => [column.logicalName, column]));
  for (const column of own) byName.set(column.logicalName, column);
  const attributes = [...byName.values()].sort((one, other) =>
    one.logicalName < other.logicalName ? -1 : 1,
  );
  const source = head ?? (base as EntityDefinition);
  // JSON drops a primary name of undefined.
  const { keys, ...rest } = source;
  const primaryNameAttribute = source.primaryNameAttribute ?? undefined;
  return entityOf(
    headOf({ ...rest, keys, primaryNameAttribute } as EntityDefinition),
    attributes,
    keys,
  );
}
