import { z } from "zod";
import type { Dataverse, Table } from "../dataverse";
import { AppError } from "../errors";
import { readEtag } from "../service/record/etag";
import { findTable } from "../service/record/find-table";
import { mergeInto, mergeWish } from "../service/record/operations/merge";
import { findRecordId } from "../service/record/record-id";
import { readRecordValues } from "../service/record/values/record-values";
import { itemArgument, recordIdArgument, tableArgument } from "./arguments";
import { defineTool } from "./define";

export const updateRecord = defineTool({
  name: "update_record",
  title: "Change a record",
  description:
    "Changes the named columns of one record and leaves the others. Values as in create_record; wrong ones are all reported before anything is written. To resolve a case use resolve_incident; masterid merges the record into another.",
  effect: "update",
  needs: { named: ["Read", "Write", "Append", "AppendTo", "Assign"] },
  input: z.strictObject({
    tablename: tableArgument,
    recordId: recordIdArgument,
    item: itemArgument,
    etag: z
      .string()
      .max(100)
      .optional()
      .describe("Change only if still at this version (column versionnumber)"),
  }),
  output: z.object({
    recordId: z.string(),
    tablename: z.string(),
    columns: z.array(z.string()).describe("Columns written"),
    notes: z.array(z.string()),
  }),

  async run({ tablename, recordId, item, etag }, { dataverse }) {
    const table = await findTable(dataverse.metadata, tablename);
    const { id, note } = await findRecordId(dataverse, table, "recordId", recordId);
    const wish = mergeWish(table, item);
    if (wish !== undefined) return merged(table, id, await mergeInto(dataverse, table, id, wish));
    const version = etag === undefined ? undefined : readEtag(etag);
    const values = await readRecordValues(dataverse, table, item, "update");
    const { body, columns } = values;
    const notes = [...(note === undefined ? [] : [note]), ...values.notes];
    try {
      await dataverse.update(
        table.logicalName,
        id,
        body,
        version === undefined ? {} : { etag: version },
      );
    } catch (error) {
      throw await explain(error, dataverse, table, id, version);
    }
    return {
      text: "Record updated successfully.",
      details: [`${table.logicalName} ${id}: ${columns.join(", ")}.`, ...notes].join("\n"),
      structured: {
        recordId: id,
        tablename: table.logicalName,
        columns: [...columns],
        notes: [...notes],
      },
    };
  },
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

const isAboutOther = ({ message }: AppError, table: Table, id: string): boolean =>
  /[0-9a-f]{8}-[0-9a-f-]{27}/.test(message) && !message.includes(`${table.logicalName} ${id}`);

/** A missing row and a stale version get the next step; every other refusal goes on as it is. */
async function explain(
  error: unknown,
  dataverse: Dataverse,
  table: Table,
  id: string,
  version: string | undefined,
): Promise<unknown> {
  if (!(error instanceof AppError)) return error;
  // A record that the values name may be missing as well; the message then says which.
  if (error.kind === "not_found" && !isAboutOther(error, table, id)) {
    return new AppError(
      "not_found",
      `There is no ${table.logicalName} with the id ${id} that you may see.`,
      {
        hint: "Find the record with read_query. Nothing was written.",
        code: error.code,
        cause: error,
      },
    );
  }
  if (error.kind !== "conflict" || version === undefined) return error;
  const row = await dataverse.retrieve(table.logicalName, id, { select: [table.primaryId] });
  const current = row?.["@odata.etag"];
  if (typeof current !== "string" || current === version) return error;
  return new AppError(
    "conflict",
    `The record was changed since version ${version}; it is now at ${current}. Nothing was written.`,
    {
      hint: `Read it again with read_query, look at what changed, and repeat the change with etag ${current}.`,
      code: error.code,
      cause: error,
    },
  );
}
