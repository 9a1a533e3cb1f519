import { setTimeout as wait } from "node:timers/promises";
import type { Dataverse, DataverseRequest, Metadata, Table } from "../../dataverse";
import { AppError } from "../../errors";

/** "Another customization is running." */
const customizationLock = "0x80071151";
const lockWaits = [1_000, 2_000, 5_000, 10_000, 20_000];

/** Dataverse takes one change of its schema at a time; ours stand in line, an environment each. */
const lines = new WeakMap<Metadata["environment"], Promise<unknown>>();
/** Longest stay in the line, in milliseconds. */
const longestStay = 4_000;

/**
 * Runs `work` when no other change of the schema from here is under way, or has been for long: a change that hangs must not take
 * anybody else's time, and where Dataverse does work on it, its own lock refuses ours until it is done.
 */
export async function inLine<T>(
  dataverse: Dataverse,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  const { environment } = dataverse.metadata;
  const before = lines.get(environment);
  const mine = before === undefined ? work() : stay(before, signal).then(work);
  const over = mine.then(
    () => undefined,
    () => undefined,
  );
  // Whoever comes next waits for all that is under way.
  lines.set(environment, Promise.all([before, over]));
  return mine;
}

/** @throws the signal's reason when it aborts before: nothing of the work has begun */
async function stay(before: Promise<unknown>, signal: AbortSignal): Promise<void> {
  const over = new AbortController();
  try {
    const timer = wait(longestStay, undefined, { signal: AbortSignal.any([signal, over.signal]) });
    await Promise.race([before, timer]);
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    over.abort();
  }
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
    expects: "noContent",
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
