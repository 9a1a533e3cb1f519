import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { Dataverse, Table } from "../dataverse";
import { AppError } from "../errors";
import { findTable } from "../service/record/find-table";
import { addToQueue, isQueueItem } from "../service/record/operations/queue-items";
import { type RecordValues, readRecordValues } from "../service/record/values/record-values";
import { recordWord } from "../text/records/record-text";
import { itemArgument, tableArgument } from "./arguments";
import { defineTool } from "./define";

export const createRecord = defineTool({
  name: "create_record",
  title: "Create a record",
  description:
    "Creates one record. Lookups by record id or name, choices by label or number. Wrong values are all reported before anything is written. For an email draft, give from/to/cc/bcc and regardingobjectid. A queueitem (queueid, objectid) moves the record there.",
  effect: "create",
  needs: { named: ["Create", "Read", "Append", "AppendTo", "Assign"] },
  input: z.strictObject({ tablename: tableArgument, item: itemArgument }),
  output: z.object({
    recordId: z.string(),
    tablename: z.string(),
    caseNumber: z.string().optional(),
    notes: z.array(z.string()),
  }),

  async run({ tablename, item }, { dataverse }) {
    const table = await findTable(dataverse.metadata, tablename);
    const values = await readRecordValues(dataverse, table, item, "create");
    const id = isQueueItem(table)
      ? await addToQueue(dataverse, table, values.body)
      : (values.id ?? randomUUID());
    if (!isQueueItem(table)) await create(dataverse, table, id, values);
    const { caseNumber, notes } = await readCaseNumber(dataverse, table, id);
    const facts = [...values.notes, ...notes];
    return {
      text: `Created record with ID ${id}`,
      details: [
        `Table: ${table.logicalName}.`,
        ...(caseNumber === undefined ? [] : [`Case number: ${recordWord(caseNumber)}`]),
        ...facts,
      ].join("\n"),
      structured: {
        recordId: id,
        tablename: table.logicalName,
        ...(caseNumber === undefined ? {} : { caseNumber }),
        notes: facts,
      },
    };
  },
});

/** The id is ours, so that after an unclear failure anybody can look whether the record is there. */
async function create(
  dataverse: Dataverse,
  table: Table,
  id: string,
  { body, after }: RecordValues,
): Promise<void> {
  const { logicalName } = table;
  try {
    if (after === undefined) await dataverse.create(logicalName, body, { id });
    // A new row is in its first state whatever is said; both steps are made or none.
    else
      await dataverse.together([
        { kind: "create", table: logicalName, id, body },
        { kind: "update", table: logicalName, id, body: after },
      ]);
  } catch (error) {
    const isUnclear =
      error instanceof AppError && (error.kind === "timeout" || error.kind === "upstream");
    if (!isUnclear) throw error;
    throw error.restated(`${error.message} The record may have been created.`, {
      hint: `Before you try again, look for ${table.primaryId} = '${id}' in ${table.logicalName} with read_query. To repeat without a duplicate, put "${table.primaryId}": "${id}" into item.`,
    });
  }
}

/** People name a case by its number, which Dataverse gives. */
async function readCaseNumber(
  dataverse: Dataverse,
  table: Table,
  id: string,
): Promise<{ caseNumber?: string; notes: string[] }> {
  if (!table.columnByName.has("ticketnumber")) return { notes: [] };
  try {
    const row = await dataverse.retrieve(table.logicalName, id, { select: ["ticketnumber"] });
    const number = row?.ticketnumber;
    return typeof number === "string" ? { caseNumber: number, notes: [] } : { notes: [] };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { notes: ["The case number could not be read back; the case is created."] };
  }
}
