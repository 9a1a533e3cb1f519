import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { Context } from "../context";
import type { Dataverse, Table } from "../dataverse";
import { AppError } from "../errors";
import { type CallTime, msToLook } from "../service/outcome/call-time";
import { failed, queryWords } from "../service/outcome/outcome-words";
import { mayBeDone } from "../service/outcome/settle";
import { unclearCreations, wishOf } from "../service/outcome/unclear-creations";
import { findTable } from "../service/record/find-table";
import { addToQueue, isQueueItem } from "../service/record/operations/queue-items";
import { type RecordValues, readRecordValues } from "../service/record/values/record-values";
import { type Creation, createNamed, createOwn } from "../service/record/write/create-row";
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

  async run({ tablename, item }, context) {
    const { dataverse, caller, settings } = context;
    const table = await findTable(dataverse.metadata, tablename);
    const values = await readRecordValues(dataverse, table, item, "create");
    const wish = wishOf(settings.dataverseUrl, caller.objectId, "create_record", [
      table.logicalName,
      item,
    ]);
    const { id, is } = isQueueItem(table)
      ? { id: await addToQueue(dataverse, context, table, values.body), is: "made" as const }
      : await create(context, table, values, wish);
    const { caseNumber, notes } = await readCaseNumber(dataverse, context, table, id);
    const facts = [
      ...(is === "made"
        ? []
        : ["An earlier call with the same item had made it; no second one was made."]),
      ...values.notes,
      ...notes,
    ];
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

/** The id is ours or the caller's, so that after an unclear failure anybody can look whether the record is there. */
async function create(
  context: Context,
  table: Table,
  { id: named, body, after }: RecordValues,
  wish: string,
): Promise<{ readonly id: string; readonly is: Creation }> {
  const { dataverse } = context;
  if (named !== undefined) unclearCreations.forgetId(named);
  const id = named ?? unclearCreations.recall(wish) ?? randomUUID();
  const settled = await (named === undefined ? createOwn : createNamed)(
    dataverse,
    context,
    table,
    id,
    { body, after },
  );
  if (settled.outcome === "done") {
    unclearCreations.forget(wish);
    return { id, is: settled.value };
  }
  if (named === undefined && mayBeDone(settled.failure)) unclearCreations.keep(wish, id);
  throw failed(settled, words(table, id));
}

const words = (table: Table, id: string) => ({
  done: "the record was created",
  notDone: "The record was not created.",
  findOut: `To find out, call ${queryWords(`SELECT ${table.primaryId} FROM ${table.logicalName} WHERE ${table.primaryId} = '${id}'`)}: a row says that it was.`,
  again: `To repeat the call without making a second record, put "${table.primaryId}": "${id}" into item.`,
});

/** People name a case by its number, which Dataverse gives. */
async function readCaseNumber(
  dataverse: Dataverse,
  time: CallTime,
  table: Table,
  id: string,
): Promise<{ caseNumber?: string; notes: string[] }> {
  if (!table.columnByName.has("ticketnumber")) return { notes: [] };
  try {
    const row = await dataverse.retrieve(table.logicalName, id, {
      select: ["ticketnumber"],
      withinMs: msToLook(time),
    });
    const number = row?.ticketnumber;
    return typeof number === "string" ? { caseNumber: number, notes: [] } : { notes: [] };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { notes: ["The case number could not be read back; the case is created."] };
  }
}
