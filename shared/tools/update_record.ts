import { z } from "zod";
import type { Table } from "../dataverse";
import { AppError } from "../errors";
import { readEtag } from "../service/record/etag";
import { findTable } from "../service/record/find-table";
import { mergeInto, mergeWish } from "../service/record/operations/merge";
import { findRecordId } from "../service/record/record-id";
import { readRecordValues } from "../service/record/values/record-values";
import { changeRow } from "../service/record/write/change-row";
import { itemArgument, recordIdArgument, tableArgument } from "./arguments";
import { defineTool } from "./define";
import { refuseMix, several } from "./update_record/several";

/** So many are changed by one call. */
const mostAtOnce = 25;

export const updateRecord = defineTool({
  name: "update_record",
  title: "Change records",
  description:
    'Changes the named columns of one record, or the same of several, and leaves the others. Values as in create_record; wrong ones are all reported before anything is written. To resolve a case use resolve_incident; {"statecode": "Active"} reopens one, {"masterid": "<other case>"} merges it into another.',
  effect: "update",
  needs: { named: ["Read", "Write", "Append", "AppendTo", "Assign"] },
  input: z.strictObject({
    tablename: tableArgument,
    recordId: recordIdArgument.optional(),
    recordIds: z
      .array(z.string().min(1).max(1_000))
      .min(1)
      .max(mostAtOnce)
      .optional()
      .describe("In place of recordId, 25 at most"),
    item: itemArgument,
    etag: z
      .string()
      .max(100)
      .optional()
      .describe("Change only if still at this version (column versionnumber)"),
  }),
  output: z.object({
    recordId: z.string().optional(),
    tablename: z.string(),
    columns: z.array(z.string()).describe("Columns written"),
    records: z
      .array(z.object({ recordId: z.string(), outcome: z.string(), why: z.string().optional() }))
      .optional()
      .describe("Of several: done, not done, not known or not tried"),
    notes: z.array(z.string()),
  }),

  async run({ tablename, recordId, recordIds, item, etag }, context) {
    const { dataverse } = context;
    const table = await findTable(dataverse.metadata, tablename);
    const wish = mergeWish(table, item);
    if (recordIds !== undefined) {
      refuseMix({ recordId, etag }, wish !== undefined);
      return several(context, table, recordIds, item);
    }
    if (recordId === undefined) throw unnamed();
    const { id, note } = await findRecordId(dataverse, table, "recordId", recordId);
    if (wish !== undefined)
      return merged(table, id, await mergeInto(dataverse, context, table, id, wish));
    const version = etag === undefined ? undefined : readEtag(etag);
    const values = await readRecordValues(dataverse, table, item, "update");
    const notes = [
      ...(note === undefined ? [] : [note]),
      ...values.notes,
      ...(await changeRow(dataverse, context, table, id, values, version)),
    ];
    return {
      text: "Record updated successfully.",
      details: [`${table.logicalName} ${id}: ${values.columns.join(", ")}.`, ...notes].join("\n"),
      structured: {
        recordId: id,
        tablename: table.logicalName,
        columns: [...values.columns],
        notes,
      },
    };
  },
});

const unnamed = () =>
  new AppError("invalid", "No record is named. Nothing was written.", {
    hint: "Give recordId, or recordIds for several.",
  });

function merged(table: Table, id: string, master: string) {
  const note = `Merged into ${table.logicalName} ${master}: what hung on ${id} hangs there now, and ${id} is closed.`;
  return {
    text: "Record updated successfully.",
    details: note,
    structured: {
      recordId: id,
      tablename: table.logicalName,
      columns: ["masterid", "merged", "statecode", "statuscode"],
      notes: [note],
    },
  };
}
