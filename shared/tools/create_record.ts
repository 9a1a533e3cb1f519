import { z } from "zod";
import type { Dataverse, Table } from "../dataverse";
import { AppError } from "../errors";
import { type CallTime, msToLook } from "../service/outcome/call-time";
import { wishOf } from "../service/outcome/unclear-creations";
import { findTable } from "../service/record/find-table";
import { demandMadeDirectly } from "../service/record/operations/made-otherwise";
import { addToQueue, isQueueItem } from "../service/record/operations/queue-items";
import { readRecordValues } from "../service/record/values/record-values";
import { createOnce } from "../service/record/write/create-once";
import { recordWord } from "../text/records/record-text";
import { itemArgument, tableArgument } from "./arguments";
import { createSeveral } from "./create_record/several";
import { defineTool } from "./define";

/** So many are made by one call. */
const mostAtOnce = 25;

export const createRecord = defineTool({
  name: "create_record",
  title: "Create a record",
  description:
    "Creates a record, or several of a table. Lookups by record id or name, choices by label or number. Wrong values are all reported before anything is written. For an email draft, give from/to/cc/bcc and regardingobjectid. A queueitem (queueid, objectid) moves the record there.",
  effect: "create",
  needs: { named: ["Create", "Read", "Append", "AppendTo", "Assign"] },
  input: z.strictObject({
    tablename: tableArgument,
    item: itemArgument.optional(),
    items: z
      .array(z.record(z.string(), z.unknown()))
      .min(1)
      .max(mostAtOnce)
      .optional()
      .describe("In place of item, 25 at most"),
  }),
  output: z.object({
    recordId: z.string().optional(),
    tablename: z.string(),
    caseNumber: z.string().optional(),
    records: z
      .array(
        z.object({
          recordId: z.string(),
          caseNumber: z.string().optional(),
          outcome: z.string(),
          why: z.string().optional(),
        }),
      )
      .optional()
      .describe("Of several: done, not done, not known or not tried"),
    notes: z.array(z.string()),
  }),

  async run({ tablename, item, items }, context) {
    const { dataverse, caller, settings } = context;
    const table = await findTable(dataverse.metadata, tablename);
    demandMadeDirectly(table);
    if (items !== undefined && item === undefined) return createSeveral(context, table, items);
    if (item === undefined || items !== undefined) throw oneOrSeveral();
    const values = await readRecordValues(dataverse, table, item, "create");
    const wish = wishOf(settings.dataverseUrl, caller.objectId, "create_record", [
      table.logicalName,
      item,
    ]);
    const { id, is } = isQueueItem(table)
      ? { id: await addToQueue(dataverse, context, table, values.body), is: "made" as const }
      : await createOnce(dataverse, context, table, values, wish);
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

const oneOrSeveral = () =>
  new AppError("invalid", "Nothing was written: give item for one record, or items for several.", {
    hint: "item holds the columns of one record by logical name; describe_table lists them.",
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
