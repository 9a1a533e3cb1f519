import { AppError } from "../errors";
import { changesQuery, namesQuery, tableQuery } from "./metadata-query";
import { readTable, readTableName } from "./metadata-reader";
import type { Metadata, Table, TableName } from "./metadata-types";
import { exactTable, nearTables } from "./near-tables";

type Json = Readonly<Record<string, unknown>>;

/** Sends the function RetrieveMetadataChanges with the given parameters; `strong` reads past Dataverse's own caches. */
export type ReadChanges = (
  query: Json,
  stamp: string | undefined,
  strong: boolean,
) => Promise<Json>;

export interface MetadataCache extends Metadata {
  /** Told the `globalmetadataversion` of any answer: when it moves, the next read asks what changed. */
  sawVersion(version: string): void;
}

const expiredStamp = "0x80044352";
/** Answers need not carry a version, so what is older than this is checked anyway. */
const staleAfterMs = 300_000;

interface State {
  readonly names: readonly TableName[];
  readonly stamp: string | undefined;
  readonly tables: Map<string, Promise<Table | undefined>>;
}

/**
 * Definitions of one environment: names of all tables in one request, a whole table on first use, then only what changed
 * since the stamp.
 */
export function createMetadataCache(
  read: ReadChanges,
  now: () => number = Date.now,
): MetadataCache {
  let state: Promise<State> | undefined;
  let checkedAt = 0;
  let seenVersion: string | undefined;
  let isDirty = false;

  async function load(strong: boolean): Promise<State> {
    const body = await read(namesQuery, undefined, strong);
    return { names: readNames(body), stamp: stampOf(body), tables: new Map() };
  }

  /** The state after the changes since `old`; the tables they do not touch are kept. */
  async function catchUp(old: State, strong: boolean): Promise<State> {
    let changes: Json;
    try {
      changes = await read(changesQuery, old.stamp, strong);
    } catch (error) {
      if (error instanceof AppError && error.code === expiredStamp) return load(strong);
      throw error;
    }
    const changed = entitiesOf(changes).map((entity) => String(entity.LogicalName));
    if (changed.length === 0 && !hasDeletions(changes))
      return { ...old, stamp: stampOf(changes) ?? old.stamp };
    const fresh = await load(strong);
    if (hasDeletions(changes)) return fresh;
    const kept = [...old.tables].filter(([name]) => !changed.includes(name));
    return { ...fresh, tables: new Map(kept) };
  }

  function current(): Promise<State> {
    const isStale = isDirty || now() - checkedAt > staleAfterMs;
    if (state === undefined || isStale) renew(false);
    return state ?? load(false);
  }

  function renew(strong: boolean): void {
    const before = state;
    isDirty = false;
    checkedAt = now();
    const next =
      before === undefined
        ? load(strong)
        : before.then(
            (old) => catchUp(old, strong),
            () => load(strong),
          );
    state = next;
    next.catch(() => {
      // A failure is the caller's to hear and must not be kept: the next read tries again.
      if (state === next) state = before;
      isDirty = true;
    });
  }

  async function tableOf(
    { names, tables }: State,
    logicalName: string,
  ): Promise<Table | undefined> {
    if (!names.some((table) => table.logicalName === logicalName)) return undefined;
    let table = tables.get(logicalName);
    if (table === undefined) {
      table = read(tableQuery(logicalName), undefined, false).then((body) => {
        const entity = entitiesOf(body)[0];
        return entity && readTable(entity);
      });
      tables.set(logicalName, table);
      table.catch(() => tables.delete(logicalName));
    }
    return table;
  }

  return {
    environment: {},
    async tables() {
      return (await current()).names;
    },
    async table(logicalName) {
      return tableOf(await current(), logicalName);
    },
    async find(name) {
      const now = await current();
      const exact = exactTable(now.names, name);
      const table = exact && (await tableOf(now, exact.logicalName));
      return table ? { table, candidates: [] } : { candidates: nearTables(now.names, name) };
    },
    async refresh() {
      renew(true);
      await state;
    },
    sawVersion(version) {
      if (seenVersion !== undefined && seenVersion !== version) isDirty = true;
      seenVersion = version;
    },
  };
}

const entitiesOf = (body: Json): readonly Json[] =>
  Array.isArray(body.EntityMetadata) ? (body.EntityMetadata as Json[]) : [];

const stampOf = (body: Json): string | undefined =>
  typeof body.ServerVersionStamp === "string" ? body.ServerVersionStamp : undefined;

const hasDeletions = (body: Json): boolean =>
  Number((body.DeletedMetadata as Json | null | undefined)?.Count ?? 0) > 0;

function readNames(body: Json): readonly TableName[] {
  return entitiesOf(body)
    .filter((entity) => entity.IsPrivate !== true)
    .map(readTableName)
    .filter((table) => table.logicalName !== "" && table.setName !== "")
    .sort((a, b) => (a.logicalName < b.logicalName ? -1 : 1));
}
