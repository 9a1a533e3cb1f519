import type {
  Catalog,
  EntityDefinition,
  ManyToManyDefinition,
  OneToManyDefinition,
} from "../model";
import type { Model } from "./definitions";
import { type Navigation, navigationOf } from "./navigation";

const NONE: readonly never[] = [];

function grouped<T>(rows: Iterable<T>, keysOf: (row: T) => readonly string[]): Map<string, T[]> {
  const result = new Map<string, T[]>();
  for (const row of rows) {
    for (const key of new Set(keysOf(row))) {
      const list = result.get(key);
      if (list === undefined) result.set(key, [row]);
      else list.push(row);
    }
  }
  return result;
}

/** Definitions in memory with the indexes that queries need. Changed only by replacing whole definitions. */
export class MemoryCatalog implements Omit<Catalog, "version"> {
  readonly #entities = new Map<string, EntityDefinition>();
  #oneToMany: Map<string, OneToManyDefinition> | undefined;
  #model: Model | undefined;
  readonly #manyToMany = new Map<string, ManyToManyDefinition>();
  #sorted: EntityDefinition[] = [];
  #bySet = new Map<string, EntityDefinition>();
  #byCode = new Map<number, EntityDefinition>();
  #byMany = new Map<string, OneToManyDefinition[]>();
  #byOne = new Map<string, OneToManyDefinition[]>();
  #byEither = new Map<string, ManyToManyDefinition[]>();
  #navigation = new Map<string, Map<string, Navigation>>();

  /** Replaces everything. */
  fill(model: Model): void {
    this.#entities.clear();
    this.#model = model;
    this.#oneToMany = undefined;
    this.#manyToMany.clear();
    for (const entity of model.entities) this.#entities.set(entity.logicalName, entity);
    for (const row of model.manyToMany) this.#manyToMany.set(row.schemaName.toLowerCase(), row);
    this.#index();
  }

  #index(): void {
    this.#sorted = [...this.#entities.values()].sort((one, other) =>
      one.logicalName < other.logicalName ? -1 : 1,
    );
    this.#bySet = new Map(this.#sorted.map((entity) => [entity.entitySetName, entity]));
    this.#byCode = new Map(this.#sorted.map((entity) => [entity.objectTypeCode, entity]));
    this.#byEither = grouped(this.#manyToMany.values(), (row) => [row.entity1, row.entity2]);
    this.#navigation = new Map();
  }

  /** Relationships by name, and the indexes over them: made when first needed. */
  #relationships(): Map<string, OneToManyDefinition> {
    if (this.#oneToMany === undefined) {
      const rows = this.#model?.oneToMany() ?? [];
      this.#oneToMany = new Map(rows.map((row) => [row.schemaName.toLowerCase(), row]));
      const one = [...this.#oneToMany.values()];
      this.#byMany = grouped(one, (row) => [row.referencingEntity]);
      this.#byOne = grouped(one, (row) => [row.referencedEntity]);
    }
    return this.#oneToMany;
  }

  entities(): readonly EntityDefinition[] {
    return this.#sorted;
  }

  byName(logicalName: string): EntityDefinition | undefined {
    return this.#entities.get(logicalName);
  }

  bySet(entitySetName: string): EntityDefinition | undefined {
    return this.#bySet.get(entitySetName);
  }

  byTypeCode(code: number): EntityDefinition | undefined {
    return this.#byCode.get(code);
  }

  manyToOne(logicalName: string): readonly OneToManyDefinition[] {
    this.#relationships();
    return this.#byMany.get(logicalName) ?? NONE;
  }

  oneToMany(logicalName: string): readonly OneToManyDefinition[] {
    this.#relationships();
    return this.#byOne.get(logicalName) ?? NONE;
  }

  manyToMany(logicalName: string): readonly ManyToManyDefinition[] {
    return this.#byEither.get(logicalName) ?? NONE;
  }

  navigation(logicalName: string, property: string): Navigation | undefined {
    const entity = this.#entities.get(logicalName);
    if (entity === undefined) return undefined;
    let known = this.#navigation.get(logicalName);
    if (known === undefined) {
      known = navigationOf(entity, this);
      this.#navigation.set(logicalName, known);
    }
    return known.get(property);
  }

  /** By schema name in any case, or by MetadataId. */
  relationship(name: string): OneToManyDefinition | ManyToManyDefinition | undefined {
    const wanted = name.toLowerCase();
    const fits = (row: OneToManyDefinition | ManyToManyDefinition) =>
      row.metadataId === wanted || row.schemaName.toLowerCase() === wanted;
    return (
      [...this.#relationships().values()].find(fits) ?? [...this.#manyToMany.values()].find(fits)
    );
  }

  relationships(): (OneToManyDefinition | ManyToManyDefinition)[] {
    return [...this.#relationships().values(), ...this.#manyToMany.values()];
  }
}
