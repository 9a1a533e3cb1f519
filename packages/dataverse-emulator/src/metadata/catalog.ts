import type {
  AttributeDefinition,
  Catalog,
  Database,
  EntityDefinition,
  ManyToManyDefinition,
  OneToManyDefinition,
  OptionSetDefinition,
} from "../model";
import { ChangesStore, type DeletedKind } from "./changes-store";
import { shippedModel } from "./definitions";
import { shippedOptionSets } from "./definitions/option-sets";
import { MemoryCatalog } from "./memory-catalog";

type Relationship = OneToManyDefinition | ManyToManyDefinition;

/** What changes inside one schema change; all of it becomes visible together, under one new version. */
export interface Change {
  putEntity(entity: EntityDefinition): void;
  putAttribute(entity: string, attribute: AttributeDefinition): void;
  putRelationship(relationship: Relationship): void;
  putOptionSet(set: OptionSetDefinition): void;
  removeEntity(entity: EntityDefinition): void;
  removeOptionSet(set: OptionSetDefinition): void;
  /** A key goes with `putEntity` of its table without it; its id is remembered here. */
  noteRemovedKey(metadataId: string): void;
  removeAttribute(entity: string, attribute: AttributeDefinition): void;
  removeRelationship(relationship: Relationship): void;
}

/** A catalog that customizations change; they are kept in the database's `_metadata_*` tables. */
export interface MutableCatalog extends Catalog {
  /** Runs `work` in a transaction; definitions are read again afterwards, whether it succeeded or not. */
  change<T>(work: (change: Change) => T): T;
  /** By schema name (any case) or MetadataId. */
  relationship(name: string): Relationship | undefined;
  relationships(): Relationship[];
  /** Shared choices, sorted by name. */
  optionSets(): OptionSetDefinition[];
  /** By name (any case) or MetadataId. */
  optionSet(name: string): OptionSetDefinition | undefined;
  /** `7000001!10/09/2022 22:10:22`: the version, and when this database's definitions began. */
  stamp(): string;
  /** What changed after the stamp, or undefined when it is not a stamp of this database. */
  since(
    stamp: string,
  ): { changed: Set<string>; deleted: { id: string; kind: DeletedKind }[] } | undefined;
  /** Tables that were changed in the last so many milliseconds. */
  changedWithin(milliseconds: number): Set<string>;
  /** Reads the customizations again, e.g. after a rolled back transaction. */
  reload(): void;
}

/** `10/09/2022 22:10:22` */
function stampDate(date: Date): string {
  const two = (value: number) => String(value).padStart(2, "0");
  const day = `${two(date.getUTCMonth() + 1)}/${two(date.getUTCDate())}/${date.getUTCFullYear()}`;
  return `${day} ${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`;
}

class StoredCatalog extends MemoryCatalog implements MutableCatalog {
  readonly #db: Database;
  readonly #store: ChangesStore;
  readonly #changedAt = new Map<string, number>();
  #version = 0;
  #origin = "";

  constructor(db: Database) {
    super();
    this.#db = db;
    this.#store = new ChangesStore(db, stampDate(new Date()));
    this.reload();
  }

  reload(): void {
    const state = this.#store.state();
    this.#version = state.version;
    this.#origin = state.origin;
    this.fill(this.#store.apply(shippedModel()));
  }

  optionSets(): OptionSetDefinition[] {
    const own = this.#store.optionSets();
    const names = new Set(own.map((set) => set.name));
    const shipped = shippedOptionSets(this).filter((set) => !names.has(set.name));
    return [...shipped, ...own].sort((one, other) => (one.name < other.name ? -1 : 1));
  }

  optionSet(name: string): OptionSetDefinition | undefined {
    const wanted = name.toLowerCase();
    return this.optionSets().find(
      (set) => set.metadataId === wanted || set.name.toLowerCase() === wanted,
    );
  }

  version(): number {
    return this.#version;
  }

  stamp(): string {
    return `${this.#version}!${this.#origin}`;
  }

  since(stamp: string): ReturnType<MutableCatalog["since"]> {
    const [, version, origin] = /^(\d+)!(.*)$/.exec(stamp) ?? [];
    if (version === undefined || origin !== this.#origin || Number(version) > this.#version) {
      return undefined;
    }
    return {
      changed: this.#store.changedSince(Number(version)),
      deleted: this.#store.deletedSince(Number(version)),
    };
  }

  changedWithin(milliseconds: number): Set<string> {
    const since = Date.now() - milliseconds;
    return new Set([...this.#changedAt].filter(([, at]) => at > since).map(([name]) => name));
  }

  change<T>(work: (change: Change) => T): T {
    const store = this.#store;
    const mark = (entity: string) => this.#changedAt.set(entity, Date.now());
    try {
      return this.#db.transaction(() => {
        const version = store.nextVersion();
        return work({
          putEntity: (entity) => {
            mark(entity.logicalName);
            store.putHead(entity, version);
          },
          putAttribute: (entity, attribute) => {
            mark(entity);
            store.putAttribute(entity, attribute, version);
          },
          putRelationship: (relationship) => store.putRelationship(relationship, version),
          putOptionSet: (set) => store.putOptionSet(set, version),
          removeOptionSet: (set) => store.removeOptionSet(set, version),
          noteRemovedKey: (id) => store.noteDeleted(id, "EntityKey", version),
          removeEntity: (entity) => store.removeEntity(entity, version),
          removeAttribute: (entity, attribute) => store.removeAttribute(entity, attribute, version),
          removeRelationship: (relationship) => store.removeRelationship(relationship, version),
        });
      });
    } finally {
      this.reload();
    }
  }
}

/** The shipped definitions with the customizations that the database holds. Creates the `_metadata_*` tables when missing. */
export function loadCatalog(db: Database): MutableCatalog {
  return new StoredCatalog(db);
}
