import { setTimeout as wait } from "node:timers/promises";
import type { Dataverse, DataverseRequest, Metadata, Table } from "../../dataverse";
import { AppError } from "../../errors";

/** "Another customization is running." */
const customizationLock = "0x80071151";
const lockWaits = [1_000, 2_000, 5_000, 10_000, 20_000];

/** Dataverse takes one change of its schema at a time; ours stand in line, an environment each. */
const lines = new WeakMap<Metadata["environment"], Promise<unknown>>();

/** Runs `work` when no other change of the schema from here is under way. */
export async function inLine<T>(
  dataverse: Dataverse,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  const { environment } = dataverse.metadata;
  const before = lines.get(environment) ?? Promise.resolve();
  const mine = before.then(() => {
    signal.throwIfAborted();
    return work();
  });
  lines.set(
    environment,
    mine.catch(() => undefined),
  );
  return mine;
}

/** Sends one change; waits while another customization holds the environment's lock. */
export async function writeSchema(
  dataverse: Dataverse,
  signal: AbortSignal,
  request: DataverseRequest,
): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      await dataverse.send(request);
      return;
    } catch (error) {
      const pause = lockWaits[attempt];
      const isLocked = error instanceof AppError && error.code === customizationLock;
      if (!isLocked || pause === undefined) throw error;
      await wait(pause, undefined, { signal });
    }
  }
}

export const publish = (dataverse: Dataverse, signal: AbortSignal, table: string): Promise<void> =>
  writeSchema(dataverse, signal, {
    method: "POST",
    path: "PublishXml",
    body: {
      ParameterXml: `<importexportxml><entities><entity>${table}</entity></entities></importexportxml>`,
    },
  });

/** The definition as it is now, past every cache. */
export async function readFresh(dataverse: Dataverse, table: string): Promise<Table | undefined> {
  await dataverse.metadata.refresh();
  return dataverse.metadata.table(table);
}

const usableWaits = [0, 300, 700, 1_500, 3_000, 5_000, 10_000, 20_000, 20_000];

/**
 * Waits until the table has all `columns` and answers a query.
 *
 * @returns false when Dataverse's caches have not agreed within a minute
 */
export async function waitUntilUsable(
  dataverse: Dataverse,
  signal: AbortSignal,
  table: string,
  columns: readonly string[],
): Promise<boolean> {
  for (const pause of usableWaits) {
    await wait(pause, undefined, { signal });
    const fresh = await readFresh(dataverse, table);
    const hasAll = fresh !== undefined && columns.every((name) => fresh.columnByName.has(name));
    if (hasAll && (await answers(dataverse, fresh))) return true;
  }
  return false;
}

/** A table of which Dataverse's servers do not all know yet answers with 4xx; a person without the right to read it waits in vain. */
async function answers(dataverse: Dataverse, table: Table): Promise<boolean> {
  try {
    await dataverse.query(table.logicalName, { select: [table.primaryId], top: 1 });
    return true;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    if (error.kind === "forbidden") return true;
    if (error.kind === "invalid" || error.kind === "not_found") return false;
    throw error;
  }
}
