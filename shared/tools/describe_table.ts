import { z } from "zod";
import { findTable } from "../service/record/find-table";
import { columnPage } from "../service/schema/column-page";
import { describeColumn } from "../service/schema/described-column";
import { tableText } from "../service/schema/table-text";
import { tableArgument } from "./arguments";
import { defineTool } from "./define";
import { staleWords } from "./fresh-definitions";

export const describeTable = defineTool({
  name: "describe_table",
  title: "Describe a table",
  description:
    "Shows a table's columns with types, options of choices, tables that lookups refer to, and which are required or read-only. Call it before you write or filter by a column you do not know.",
  effect: "read",
  needs: {},
  input: z.strictObject({
    tablename: tableArgument,
    filter: z.string().max(200).optional().describe("Words that a column's names must hold"),
    cursor: z.string().max(50).optional().describe("nextCursor of the previous answer"),
  }),
  output: z.object({
    tablename: z.string(),
    displayName: z.string(),
    pluralName: z.string(),
    setName: z.string(),
    primaryKey: z.string(),
    primaryName: z.string().optional(),
    description: z.string().optional(),
    alternateKeys: z.array(z.string()),
    columns: z.array(
      z.object({
        name: z.string(),
        displayName: z.string(),
        type: z.string(),
        required: z.boolean(),
        writable: z.string().describe("always, create, update or never"),
      }),
    ),
    total: z.int().describe("Columns that there are, or that fit the filter"),
    nextCursor: z.string().optional(),
  }),

  async run({ tablename, filter = "", cursor }, { dataverse }) {
    const isCurrent = await dataverse.metadata.catchUp();
    const table = await findTable(dataverse.metadata, tablename);
    const page = columnPage(table, filter, cursor);
    const told = tableText(table, page);
    return {
      ...told,
      text: [told.text, ...staleWords(isCurrent)].join("\n"),
      structured: {
        tablename: table.logicalName,
        displayName: table.displayName,
        pluralName: table.displayCollectionName,
        setName: table.setName,
        primaryKey: table.primaryId,
        ...(table.primaryName === undefined ? {} : { primaryName: table.primaryName }),
        ...(table.description === undefined
          ? {}
          : { description: table.description.slice(0, 2_000).toWellFormed() }),
        alternateKeys: table.keys.map((key) => key.columns.join(", ")),
        columns: page.columns.map((column) => describeColumn(column, page.longestList)),
        total: page.total,
        ...(page.nextCursor === undefined ? {} : { nextCursor: page.nextCursor }),
      },
    };
  },
});
