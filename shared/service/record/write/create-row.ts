import type { Dataverse, Row, Table } from "../../../dataverse";
import { AppError } from "../../../errors";
import type { CallTime } from "../../outcome/call-time";
import { msToLook } from "../../outcome/call-time";
import { mayBeDone, type Settled, settle } from "../../outcome/settle";
import { comparedProperties, compareRow } from "./compare-row";

/** `made` now, or `there` already under the id that is ours alone. */
export type Creation = "made" | "there";

/** What a new row is to hold. */
export interface NewRow {
  readonly body: Row;
  /** What can be written only once it is there: a row begins in its first state, whatever is said. */
  readonly after?: Row | undefined;
}

/** "A record with this id exists already." */
const idIsTaken = "0x80040237";

/**
 * Creates a row under an id that nobody else uses: drawn here, or derived from what is created. A row that is there under it is
 * what was to be created.
 */
export const createOwn = (
  dataverse: Dataverse,
  time: CallTime,
  table: Table,
  id: string,
  values: NewRow,
): Promise<Settled<Creation>> =>
  settle<Creation>(time, {
    async send(withinMs) {
      try {
        await create(dataverse, table, id, values, withinMs);
        return "made";
      } catch (error) {
        if (isTaken(error) && !mayBeDone(error)) return "there";
        throw error;
      }
    },
    look: async (withinMs) =>
      (await readRow(dataverse, table, id, [], withinMs)) === undefined ? undefined : "made",
  });

/** Both steps are made or none. */
async function create(
  dataverse: Dataverse,
  { logicalName: table }: Table,
  id: string,
  { body, after }: NewRow,
  withinMs: number,
): Promise<void> {
  if (after === undefined) await dataverse.create(table, body, { id, withinMs });
  else
    await dataverse.together(
      [
        { kind: "create", table, id, body },
        { kind: "update", table, id, body: after },
      ],
      { withinMs },
    );
}

const isTaken = (error: unknown): error is AppError =>
  error instanceof AppError && error.kind === "conflict" && error.code === idIsTaken;

/**
 * Creates a row under an id that the caller chose, which another row may have.
 *
 * @throws AppError `conflict` where the id is taken; nothing was written then
 */
export async function createNamed(
  dataverse: Dataverse,
  time: CallTime,
  table: Table,
  id: string,
  values: NewRow,
): Promise<Settled<Creation>> {
  const body = { ...values.body, ...values.after };
  const properties = comparedProperties(table, body);
  // Only a look before tells a row of others from our own whose answer was lost.
  const before = await readIfAllowed(dataverse, table, id, properties, msToLook(time));
  if (before !== undefined) throw taken(table, id, body, before);
  const settled = await settle<Creation | Row>(time, {
    async send(withinMs) {
      await create(dataverse, table, id, values, withinMs);
      return "made";
    },
    async look(withinMs) {
      const row = await readRow(dataverse, table, id, properties, withinMs);
      if (row === undefined) return undefined;
      return isWholly(table, body, row) ? "made" : row;
    },
  });
  if (settled.outcome === "done") {
    // Somebody made another row under it in the same moment.
    if (typeof settled.value !== "string") throw taken(table, id, body, settled.value);
    return { ...settled, value: settled.value };
  }
  if (isTaken(settled.failure)) {
    const row = await readIfAllowed(dataverse, table, id, properties, msToLook(time));
    throw taken(table, id, body, row);
  }
  return settled;
}

const isWholly = (table: Table, body: Row, row: Row) =>
  compareRow(table, body, row).different.length === 0;

function taken(table: Table, id: string, body: Row, row: Row | undefined): AppError {
  const isSame = row !== undefined && isWholly(table, body, row);
  return new AppError(
    "conflict",
    isSame
      ? `A record with the id ${id} exists already in ${table.logicalName}, and it holds what this call says; no second one was made.`
      : `Another record with the id ${id} exists already in ${table.logicalName}. Nothing was written.`,
    {
      code: idIsTaken,
      hint: isSame
        ? "It is there: nothing is left to do. To change it, use update_record."
        : `Leave ${table.primaryId} out of item to get a new id, or change the record that is there with update_record.`,
    },
  );
}

/** Undefined as well for a row of which the caller may know nothing; Dataverse then refuses the id itself. */
async function readIfAllowed(
  dataverse: Dataverse,
  table: Table,
  id: string,
  properties: readonly string[],
  withinMs: number,
): Promise<Row | undefined> {
  try {
    return await readRow(dataverse, table, id, properties, withinMs);
  } catch (error) {
    if (error instanceof AppError && error.kind === "forbidden") return undefined;
    throw error;
  }
}

const readRow = (
  dataverse: Dataverse,
  table: Table,
  id: string,
  properties: readonly string[],
  withinMs: number,
): Promise<Row | undefined> =>
  dataverse.retrieve(table.logicalName, id, {
    select: [...new Set([table.primaryId, ...properties])],
    withinMs,
  });
