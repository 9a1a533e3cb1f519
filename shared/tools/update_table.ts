import { z } from "zod";
import type { Context } from "../context";
import type { Table } from "../dataverse";
import { AppError } from "../errors";
import { findTable } from "../service/record/find-table";
import { addColumns, compareColumns, isRelation } from "../service/schema/add-columns";
import { announceColumns } from "../service/schema/announce-columns";
import { clashWords } from "../service/schema/column-differences";
import { type PlannedColumn, planColumns } from "../service/schema/column-requests";
import { readPublisher } from "../service/schema/publisher";
import { renameTable } from "../service/schema/rename-table";
import {
  inLine,
  publish,
  publishWords,
  readFresh,
  waitUntilUsable,
} from "../service/schema/schema-writes";
import { columnsArgument, tableArgument } from "./arguments";
import { defineTool } from "./define";

export const updateTable = defineTool({
  name: "update_table",
  title: "Change a table",
  description:
    "Adds columns to a table (item may be empty) and changes its display name or description. Existing columns are not changed.",
  effect: "update",
  needs: {
    tables: { publisher: ["Read"], solution: ["Read"] },
    privileges: [
      "prvCreateAttribute",
      "prvCreateRelationship",
      "prvWriteEntity",
      "prvPublishCustomization",
    ],
  },
  timeoutMs: 150_000,
  input: z.strictObject({
    tablename: tableArgument,
    item: columnsArgument.describe("Columns to add"),
    newDisplayName: z.string().trim().min(1).max(100).optional(),
    description: z.string().max(2000).optional(),
  }),
  output: z.object({
    tablename: z.string(),
    columnsAdded: z.array(z.string()),
    alreadyThere: z.array(z.string()),
    renamed: z.boolean().describe("Display name or description changed"),
    usable: z.boolean(),
  }),

  async run(input, context) {
    const { dataverse, signal } = context;
    const table = await findTable(dataverse.metadata, input.tablename);
    const publisher = await readPublisher(dataverse);
    const { columns, problems } = await planColumns(dataverse, publisher, input.item);
    const isNothing =
      input.item.length === 0 &&
      input.newDisplayName === undefined &&
      input.description === undefined;
    if (isNothing) {
      throw refusal(table, ["nothing to change: item is empty, and no new name is given."]);
    }
    return inLine(dataverse, signal, async () => {
      const fresh = (await readFresh(dataverse, table.logicalName)) ?? table;
      const compared = compareColumns(fresh, columns);
      const all = [...problems, ...compared.different.map((column) => clash(fresh, column))];
      if (all.length > 0) throw refusal(table, all);
      return change(fresh, compared, input, context);
    });
  },
});

const refusal = (table: Table, problems: readonly string[]) =>
  new AppError(
    "invalid",
    `Nothing was changed in ${table.logicalName}: the request is not right.`,
    {
      problems,
      hint: "Mend all of this and call again.",
    },
  );

function clash(table: Table, column: PlannedColumn): string {
  const there = table.columnByName.get(column.logicalName);
  return there === undefined ? `${column.logicalName} is gone.` : clashWords(there, column);
}

async function change(
  table: Table,
  compared: ReturnType<typeof compareColumns>,
  input: { newDisplayName?: string | undefined; description?: string | undefined },
  context: Context,
) {
  const { dataverse } = context;
  const order = [
    ...compared.missing.filter((column) => !isRelation(column)),
    ...compared.missing.filter(isRelation),
  ];
  // The columns, the new name, and publishing: what is begun here must not stop half-way.
  dataverse.demand("change of the table", order.length + 3);
  const { newDisplayName, description } = input;
  const isRenamed =
    (newDisplayName ?? table.displayName) !== table.displayName ||
    (description ?? table.description ?? "") !== (table.description ?? "");
  if (order.length > 0 || isRenamed)
    await announceColumns(
      dataverse,
      {
        path: `EntityDefinitions(LogicalName='${table.logicalName}')`,
        body: { newDisplayName, description },
      },
      newDisplayName === undefined ? undefined : `→ ${newDisplayName}`,
      order,
    );
  const { added, there: meanwhile } = await addColumns(
    dataverse,
    context,
    table.logicalName,
    order,
  );
  const renamed = await renameAfter(table, added, input, context);
  const unpublished =
    added.length > 0 || renamed ? await publish(dataverse, context, table.logicalName) : undefined;
  const usable = await waitUntilUsable(dataverse, context, table.logicalName, added);
  const there = [...compared.same.map((column) => column.logicalName), ...meanwhile];
  return {
    text: [
      added.length > 0 || renamed
        ? `Table ${table.logicalName} updated successfully.`
        : `Table ${table.logicalName} has all of this already; nothing was changed.`,
      `Columns added: ${added.join(", ") || "none"}.`,
      ...(there.length === 0 ? [] : [`Already there: ${there.join(", ")}.`]),
      ...(renamed ? ["Display name or description changed."] : []),
      usable
        ? "It can be used now."
        : "Dataverse needs some more time until the columns can be used: try describe_table in a minute.",
      ...publishWords(unpublished),
    ].join("\n"),
    structured: {
      tablename: table.logicalName,
      columnsAdded: [...added],
      alreadyThere: there,
      renamed,
      usable,
    },
  };
}

async function renameAfter(
  table: Table,
  added: readonly string[],
  input: { newDisplayName?: string | undefined; description?: string | undefined },
  context: Context,
): Promise<boolean> {
  const { newDisplayName, description } = input;
  try {
    return await renameTable(context.dataverse, context, table, newDisplayName, description);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    throw error.restated(error.message, {
      problems: [`Columns added before: ${added.join(", ") || "none"}.`, ...error.problems],
    });
  }
}
