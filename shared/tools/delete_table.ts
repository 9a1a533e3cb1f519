import { z } from "zod";
import type { Context } from "../context";
import type { Dataverse } from "../dataverse";
import { AppError } from "../errors";
import { callWords, failed } from "../service/outcome/outcome-words";
import { schemaPauses, settle } from "../service/outcome/settle";
import { findTable } from "../service/record/find-table";
import { inLine, readFresh, readIfAnswered, writeSchema } from "../service/schema/schema-writes";
import { recordLine } from "../text/records/record-text";
import { approvalArgument, tableArgument } from "./arguments";
import { defineTool } from "./define";

export const deleteTable = defineTool({
  name: "delete_table",
  title: "Delete a table",
  description:
    "Deletes a custom table with all its records for good. A person approves it first, at a link that the answer gives, by typing its name.",
  effect: "delete",
  needs: { named: ["Read"], privileges: ["prvDeleteEntity"] },
  timeoutMs: 120_000,
  input: z.strictObject({ tablename: tableArgument, hasUserApproved: approvalArgument }),
  output: z.object({
    deleted: z.boolean(),
    tablename: z.string(),
    displayName: z.string(),
    records: z.int().describe("At most 5000 are counted; -1: not readable"),
  }),

  async run({ tablename }, context) {
    const { dataverse, signal } = context;
    const table = await findTable(dataverse.metadata, tablename);
    if (!table.isCustom) {
      throw new AppError(
        "forbidden",
        `${table.logicalName} belongs to the system and cannot be deleted.`,
        {
          hint: "Only custom tables can; list_tables shows them.",
        },
      );
    }
    const { records, words } = await countRecords(dataverse, table.logicalName);
    await inLine(dataverse, signal, () => deleteOnce(context, table.logicalName));
    return {
      text: `Table deleted successfully.\n${table.logicalName} (${recordLine(table.displayName)}), ${words}`,
      structured: {
        deleted: true,
        tablename: table.logicalName,
        displayName: table.displayName,
        records,
      },
    };
  },
});

const said = (records: number) =>
  `${records >= 5000 ? "5000 or more" : records} records that you may see`;

/** Of the call's time counting takes so much at most: it is told beside what is asked. */
const longestCount = 10_000;

async function countRecords(
  dataverse: Dataverse,
  table: string,
): Promise<{ readonly records: number; readonly words: string }> {
  try {
    const { count } = await dataverse.query(table, {
      top: 1,
      count: true,
      withinMs: longestCount,
    });
    if (count === undefined) return { records: -1, words: uncounted };
    return { records: count, words: said(count) };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const isForbidden = error.kind === "forbidden";
    return {
      records: -1,
      words: isForbidden ? "number of records not readable by you" : uncounted,
    };
  }
}

const uncounted = "number of records unknown: they could not be read just now";

/** A lost answer is checked by looking: a table that is gone is deleted. */
async function deleteOnce(context: Context, table: string): Promise<void> {
  const { dataverse, signal } = context;
  const isGone = async () => (await readFresh(dataverse, table)) === undefined;
  const settled = await settle<true>(
    context,
    {
      async send(withinMs) {
        await writeSchema(dataverse, signal, {
          method: "DELETE",
          path: `EntityDefinitions(LogicalName='${table}')`,
          headers: { "If-Match": "*" },
          expects: "noContent",
          withinMs,
        });
        return true;
      },
      look: async () => (await isGone()) || undefined,
      stands: isGone,
    },
    schemaPauses,
  );
  if (settled.outcome !== "done") {
    throw failed(settled, {
      done: "the table was deleted",
      notDone: "The table was not deleted.",
      findOut: `To find out, call ${callWords("list_tables", { filter: table })}: its name there says that it has yet to be.`,
      again: "The same call can be made again: it deletes the table only if it is still there.",
    });
  }
  // Gone it is, whether or not that can be read anew at once.
  await readIfAnswered(() => dataverse.metadata.refresh());
}
