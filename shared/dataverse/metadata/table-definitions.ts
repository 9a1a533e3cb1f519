import { orAfter } from "./or-after";
import { type ReadChanges, tableQuery } from "./query";
import { readTable } from "./reader";
import type { Table } from "./types";

interface Known {
  table: Table | undefined;
  /** Nothing was heard of a change since it was read. */
  isCurrent: boolean;
  /** Dataverse said that it has changed, so its own caches may be behind. */
  isChanged: boolean;
  reading: Promise<Table | undefined> | undefined;
}

/** Whole definitions of tables, each read when it is first asked for. */
export class TableDefinitions {
  readonly #read: ReadChanges;
  readonly #patienceMs: number;
  readonly #known = new Map<string, Known>();

  /** @param patienceMs whoever has an older definition waits so long for a newer one */
  constructor(read: ReadChanges, patienceMs: number) {
    this.#read = read;
    this.#patienceMs = patienceMs;
  }

  /**
   * The definition; the one before where a newer one does not come. Undefined when Dataverse has none under this name.
   *
   * @throws AppError when it cannot be read and was never read before
   */
  async get(logicalName: string): Promise<Table | undefined> {
    const known = this.#knownOf(logicalName);
    const { table } = known;
    if (known.isCurrent) return table;
    const reading = this.#reading(logicalName, known);
    return table === undefined ? reading : orAfter(reading, this.#patienceMs, () => table);
  }

  /** The same without the one before, read past Dataverse's own caches unless nothing was heard of a change since. */
  async now(logicalName: string): Promise<Table | undefined> {
    const known = this.#knownOf(logicalName);
    if (known.isCurrent) return known.table;
    known.isChanged = true;
    return this.#reading(logicalName, known);
  }

  #knownOf(logicalName: string): Known {
    let known = this.#known.get(logicalName);
    if (known === undefined) {
      known = { table: undefined, isCurrent: false, isChanged: false, reading: undefined };
      this.#known.set(logicalName, known);
    }
    return known;
  }

  /** These have changed. */
  doubt(names: readonly string[]): void {
    for (const name of names) {
      const known = this.#known.get(name);
      // A reading under way may have begun before the change.
      if (known !== undefined)
        this.#known.set(name, { ...known, isCurrent: false, isChanged: true, reading: undefined });
    }
  }

  doubtAll(): void {
    this.doubt([...this.#known.keys()]);
  }

  #reading(name: string, known: Known): Promise<Table | undefined> {
    known.reading ??= this.#whole(name, known.isChanged)
      .then((table) => {
        known.table = table;
        // What is not there is asked for again.
        known.isCurrent = table !== undefined;
        return table;
      })
      .finally(() => {
        known.reading = undefined;
      });
    return known.reading;
  }

  async #whole(name: string, strong: boolean): Promise<Table | undefined> {
    const { EntityMetadata } = await this.#read(tableQuery(name), undefined, strong);
    const entity = (EntityMetadata as Readonly<Record<string, unknown>>[]).find(
      (each) => each.LogicalName === name,
    );
    const table = entity && readTable(entity);
    // Every table has columns: its id at least.
    return table !== undefined && table.columns.length > 0 ? table : undefined;
  }
}
