import { DataverseError, type EntityDefinition, type Principal, type World } from "../model";
import { hiddenColumns } from "../security";
import { type Fragment, raw, sql } from "./fragment";
import { invalid, NO_ENTITY, type Position, refuse } from "./parse/refuse";

/** One table of the query under its alias in SQL. */
export interface Source {
  readonly entity: EntityDefinition;
  /** Alias in SQL: `t0`. */
  readonly alias: string;
  /** Alias in FetchXML; undefined for the root. */
  readonly name: string | undefined;
  readonly parent: Source | undefined;
  /** False inside EXISTS: neither columns nor orders may be of it. */
  readonly visible: boolean;
}

/** What is known while one query is put into SQL. */
export class Query {
  readonly world: World;
  readonly principal: Principal;
  readonly now: Date;
  readonly useRawOrderBy: boolean;
  /** Keeps the root's rows to a collection. */
  readonly within: ((alias: string) => Fragment) | undefined;
  readonly #byName = new Map<string, Source>();
  readonly #hidden = new Map<EntityDefinition, ReadonlySet<string>>();
  #next = 0;

  constructor(
    world: World,
    principal: Principal,
    useRawOrderBy: boolean,
    within?: (alias: string) => Fragment,
  ) {
    this.world = world;
    this.principal = principal;
    this.now = world.now();
    this.useRawOrderBy = useRawOrderBy;
    this.within = within;
  }

  table(name: string, at: Position): EntityDefinition {
    const entity = this.world.catalog.byName(name);
    if (entity !== undefined) return entity;
    throw refuse(
      NO_ENTITY,
      `The entity with a name = '${name}' with namemapping = 'Logical' was not found in the MetadataCache.`,
      at,
    );
  }

  /** Opens a table; the caller must be allowed to read it. A link without an alias gets `<table>1`. */
  open(
    entity: EntityDefinition,
    options: {
      parent: Source | undefined;
      name?: string | undefined;
      visible: boolean;
      at: Position;
    },
  ): Source {
    const { parent, at } = options;
    // Intersect tables have no privileges of their own.
    if (!entity.isIntersect) {
      this.world.security.demand(this.principal, "Read", entity.logicalName);
    }
    const name = parent === undefined ? undefined : (options.name ?? this.#freeName(entity));
    const visible = options.visible && (parent?.visible ?? true);
    const source: Source = { entity, alias: `t${this.#next++}`, name, parent, visible };
    if (name !== undefined) {
      if (this.#byName.has(name)) {
        throw invalid(
          `The table alias '${name}' is not unique among all top-level table and join aliases.`,
          at,
        );
      }
      this.#byName.set(name, source);
    }
    return source;
  }

  #freeName(entity: EntityDefinition): string {
    let number = 1;
    while (this.#byName.has(`${entity.logicalName}${number}`)) number += 1;
    return `${entity.logicalName}${number}`;
  }

  byName(name: string): Source | undefined {
    return this.#byName.get(name);
  }

  /** False for a secured column that no profile lets the caller read. */
  mayRead(entity: EntityDefinition, column: string): boolean {
    let hidden = this.#hidden.get(entity);
    if (hidden === undefined) {
      hidden = hiddenColumns(this.world, this.principal, entity, "Read");
      this.#hidden.set(entity, hidden);
    }
    return !hidden.has(column);
  }

  /** What a secured column holds must not be told by filtering, sorting or adding it up either. */
  demandRead(entity: EntityDefinition, column: string): void {
    if (this.mayRead(entity, column)) return;
    throw new DataverseError(
      403,
      "0x8004f504",
      "The user does not have read permissions to a secured field. The requested operation could not be completed.",
    );
  }

  /** A second reading of the same table inside a subquery. */
  twin(source: Source): Source {
    return { ...source, alias: `t${this.#next++}` };
  }

  /** Keeps the rows that the caller may read. */
  rowFilter(source: Source): Fragment[] {
    const filter = this.world.security.rowFilter(
      this.principal,
      "Read",
      source.entity.logicalName,
      source.alias,
    );
    return filter === undefined
      ? []
      : [sql`(${{ sql: filter.sql, parameters: filter.parameters }})`];
  }
}

/** `"incident" t0` */
export const tableSql = (source: Source): Fragment =>
  raw(`"${source.entity.logicalName.replaceAll('"', '""')}" ${source.alias}`);
