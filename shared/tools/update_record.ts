import { z } from "zod";
import type { Dataverse, Table } from "../dataverse";
import { AppError } from "../errors";
import { type CallTime, msToLook } from "../service/outcome/call-time";
import { failed, queryWords } from "../service/outcome/outcome-words";
import { isRefused, type Settled } from "../service/outcome/settle";
import { readEtag } from "../service/record/etag";
import { findTable } from "../service/record/find-table";
import { mergeInto, mergeWish } from "../service/record/operations/merge";
import { findRecordId } from "../service/record/record-id";
import { readRecordValues } from "../service/record/values/record-values";
import { noSuchRow, type Standing, updateRow } from "../service/record/write/update-row";
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

  async run({ tablename, recordId, item, etag }, context) {
    const { dataverse } = context;
    const table = await findTable(dataverse.metadata, tablename);
    const { id, note } = await findRecordId(dataverse, table, "recordId", recordId);
    const wish = mergeWish(table, item);
    if (wish !== undefined)
      return merged(table, id, await mergeInto(dataverse, context, table, id, wish));
    const version = etag === undefined ? undefined : readEtag(etag);
    const values = await readRecordValues(dataverse, table, item, "update");
    const { columns } = values;
    const settled = await updateRow(dataverse, context, table, id, values.body, version);
    if (settled.outcome !== "done")
      throw await explain(settled, dataverse, context, table, id, version, columns);
    const { value } = settled;
    if (value.is === "others") throw overtaken(table, id, value.version);
    const notes = [
      ...(note === undefined ? [] : [note]),
      ...values.notes,
      ...(value.otherwise.length === 0
        ? []
        : [
            `Read back, these hold another value: ${value.otherwise.join(", ")}. A rule of the environment may have set them.`,
          ]),
    ];
    return {
      text: "Record updated successfully.",
      details: [`${table.logicalName} ${id}: ${columns.join(", ")}.`, ...notes].join("\n"),
      structured: {
        recordId: id,
        tablename: table.logicalName,
        columns: [...columns],
        notes,
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

/** The answer of our own change was lost, and what stands now is somebody else's. */
const overtaken = (table: Table, id: string, version: string | undefined): AppError =>
  version === undefined
    ? noSuchRow(table, id)
    : new AppError(
        "conflict",
        `Somebody else changed the record meanwhile; it is at ${version}, and the values of this call do not stand in it.`,
        { hint: "Read it with read_query, and call again if the change is still wanted." },
      );

const isAboutOther = ({ message }: AppError, table: Table, id: string): boolean =>
  /[0-9a-f]{8}-[0-9a-f-]{27}/.test(message) && !message.includes(`${table.logicalName} ${id}`);

/** A missing row and a stale version get the next step. */
async function explain(
  settled: Exclude<Settled<Standing>, { readonly outcome: "done" }>,
  dataverse: Dataverse,
  time: CallTime,
  table: Table,
  id: string,
  version: string | undefined,
  columns: readonly string[],
): Promise<AppError> {
  const { failure } = settled;
  const refused = isRefused(settled);
  // A record that the values name may be missing as well; the message then says which.
  if (refused && failure.kind === "not_found" && !isAboutOther(failure, table, id))
    return noSuchRow(table, id, failure);
  const current =
    refused && failure.kind === "conflict" && version !== undefined
      ? await readVersion(dataverse, time, table, id)
      : undefined;
  if (current === undefined || current === version) {
    return failed(settled, {
      done: "the record was changed",
      notDone: "The record was not changed.",
      findOut: `To find out, call ${queryWords(`SELECT ${columns.join(", ")} FROM ${table.logicalName} WHERE ${table.primaryId} = '${id}'`)}: the new values say that it was.`,
      again: "The same call can be made again: the same values are written at most once more.",
    });
  }
  return new AppError(
    "conflict",
    `The record was changed since version ${version}; it is now at ${current}. Nothing was written.`,
    {
      hint: `Read it again with read_query, look at what changed, and repeat the change with etag ${current}.`,
      code: failure.code,
      cause: failure,
    },
  );
}

/** Undefined where it cannot be read: the refusal then stands as it is. */
async function readVersion(
  dataverse: Dataverse,
  time: CallTime,
  table: Table,
  id: string,
): Promise<string | undefined> {
  try {
    const row = await dataverse.retrieve(table.logicalName, id, {
      select: [table.primaryId],
      withinMs: msToLook(time),
    });
    const current = row?.["@odata.etag"];
    return typeof current === "string" ? current : undefined;
  } catch (error) {
    if (error instanceof AppError) return undefined;
    throw error;
  }
}
