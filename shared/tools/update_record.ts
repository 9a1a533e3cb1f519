import { z } from "zod";
import type { Dataverse, Table } from "../dataverse";
import { AppError } from "../errors";
import { readEtag } from "../service/record/etag";
import { findTable } from "../service/record/find-table";
import { readRecordId } from "../service/record/record-id";
import { readRecordValues } from "../service/record/values/record-values";
import { itemArgument, recordIdArgument, tableArgument } from "./arguments";
import { defineTool } from "./define";

export const updateRecord = defineTool({
  name: "update_record",
  title: "Change a record",
  description:
    "Changes the named columns of one record and leaves the others. Values as in create_record; wrong ones are all reported before anything is written. To resolve a case use resolve_incident.",
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
    const id = readRecordId("recordId", recordId);
    const version = etag === undefined ? undefined : readEtag(etag);
    const { body, columns, notes } = await readRecordValues(dataverse, table, item, "update");
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
      text: [
        "Record updated successfully.",
        `${table.logicalName} ${id}: ${columns.join(", ")}.`,
        ...notes,
      ].join("\n"),
      structured: {
        recordId: id,
        tablename: table.logicalName,
        columns: [...columns],
        notes: [...notes],
      },
    };
  },
});

/** A missing row and a stale version get the next step; every other refusal goes on as it is. */
async function explain(
  error: unknown,
  dataverse: Dataverse,
  table: Table,
  id: string,
  version: string | undefined,
): Promise<unknown> {
  if (!(error instanceof AppError)) return error;
  if (error.kind === "not_found") {
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
