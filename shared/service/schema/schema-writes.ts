import { setTimeout as wait } from "node:timers/promises";
import type { Dataverse, DataverseRequest, Metadata, Table } from "../../dataverse";
import { AppError } from "../../errors";
import { type CallTime, msToLook, msToSend } from "../outcome/call-time";
import { mayBeDone } from "../outcome/settle";

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
  stayMs = longestStay,
): Promise<T> {
  const { environment } = dataverse.metadata;
  const before = lines.get(environment);
  const mine = before === undefined ? work() : stay(before, stayMs, signal).then(work);
  const over = mine.then(
    () => undefined,
    () => undefined,
  );
  // Whoever comes next waits for all that is under way.
  lines.set(environment, Promise.all([before, over]));
  return mine;
}

/** @throws the signal's reason when it aborts before: nothing of the work has begun */
async function stay(before: Promise<unknown>, ms: number, signal: AbortSignal): Promise<void> {
  const over = new AbortController();
  try {
    const timer = wait(ms, undefined, { signal: AbortSignal.any([signal, over.signal]) });
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

/** So often publishing is tried: to publish twice is to publish once, so a lost answer is met by doing it again. */
const publishTries = 3;

/**
 * Makes a change of the table visible in apps. What was changed stands without it, so a failure is given back and not thrown.
 *
 * @returns why it is not known to be published; undefined when it is
 */
export async function publish(
  dataverse: Dataverse,
  time: CallTime,
  table: string,
): Promise<AppError | undefined> {
  for (let left = publishTries - 1; ; left -= 1) {
    try {
      await writeSchema(dataverse, time.signal, {
        method: "POST",
        path: "PublishXml",
        body: {
          ParameterXml: `<importexportxml><entities><entity>${table}</entity></entities></importexportxml>`,
        },
        expects: "noContent",
        withinMs: msToSend(time),
      });
      return undefined;
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      if (left === 0 || !mayBeDone(error)) return error;
    }
  }
}

/** What of publishing a person has to know. */
export const publishWords = (failure: AppError | undefined): string[] =>
  failure === undefined
    ? []
    : [
        `Publishing it was not confirmed: ${failure.message} Forms and views may show the change only after an administrator has published the table.`,
      ];

/** The definition as it is now, past every cache. */
export const readFresh = (dataverse: Dataverse, table: string): Promise<Table | undefined> =>
  dataverse.metadata.fresh(table);

const usableWaits = [0, 300, 700, 1_500, 3_000, 5_000, 10_000, 20_000, 20_000];

/**
 * Waits until the table has all `columns` and answers a query. What was changed stands already, so readings that fail count as
 * not yet.
 *
 * @returns false when Dataverse's caches have not agreed within a minute, or in the time that the call has
 */
export async function waitUntilUsable(
  dataverse: Dataverse,
  time: CallTime,
  table: string,
  columns: readonly string[],
): Promise<boolean> {
  for (const pause of usableWaits) {
    if (pause > 0 && pause >= msToLook(time)) return false;
    await wait(pause, undefined, { signal: time.signal });
    const fresh = await readIfAnswered(() => readFresh(dataverse, table));
    const hasAll = fresh !== undefined && columns.every((name) => fresh.columnByName.has(name));
    if (hasAll && (await readIfAnswered(() => answers(dataverse, fresh, msToLook(time)))) === true)
      return true;
  }
  return false;
}

/** For what is told beside a change that stands: undefined where the reading fails. */
export async function readIfAnswered<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof AppError) return undefined;
    throw error;
  }
}

/** A table of which Dataverse's servers do not all know yet answers with 4xx; a person without the right to read it waits in vain. */
async function answers(dataverse: Dataverse, table: Table, withinMs: number): Promise<boolean> {
  try {
    await dataverse.query(table.logicalName, { select: [table.primaryId], top: 1, withinMs });
    return true;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    if (error.kind === "forbidden") return true;
    if (error.kind === "invalid" || error.kind === "not_found") return false;
    throw error;
  }
}
