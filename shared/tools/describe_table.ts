import { z } from "zod";
import { findTable } from "../service/find-table";
import { describeColumn, describedColumns, tableText } from "../service/table-text";
import { tableArgument } from "./arguments";
import { defineTool } from "./define";

export const describeTable = defineTool({
  name: "describe_table",
  title: "Describe a table",
  description:
    "Shows a table's columns with types, options of choices, tables that lookups refer to, and which are required or read-only. Call it before you write or filter by a column you do not know.",
  effect: "read",
  needs: {},
  input: z.strictObject({ tablename: tableArgument }),
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
  }),

  async run({ tablename }, { dataverse }) {
    const table = await findTable(dataverse.metadata, tablename);
    return {
      text: tableText(table),
      structured: {
        tablename: table.logicalName,
        displayName: table.displayName,
        pluralName: table.displayCollectionName,
        setName: table.setName,
        primaryKey: table.primaryId,
        ...(table.primaryName === undefined ? {} : { primaryName: table.primaryName }),
        ...(table.description === undefined ? {} : { description: table.description }),
        alternateKeys: table.keys.map((key) => key.columns.join(", ")),
        columns: describedColumns(table).map(describeColumn),
      },
    };
  },
});
