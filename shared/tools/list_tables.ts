import { z } from "zod";
import { byUse, matching, pageOf } from "../service/schema/table-list";
import { quote } from "../text/quote";
import { recordRows } from "../text/records/record-text";
import { defineTool } from "./define";
import { staleWords } from "./fresh-definitions";

export const listTables = defineTool({
  name: "list_tables",
  title: "List tables",
  description:
    "Lists tables with their logical, display and set names; customer service tables first. Use filter to find a table by words in its names.",
  effect: "read",
  needs: {},
  input: z.strictObject({
    filter: z.string().max(200).optional().describe("Words that the names must hold"),
    top: z.int().min(1).max(500).optional().describe("Tables a page, default 100"),
    cursor: z.string().max(50).optional().describe("nextCursor of the previous answer"),
  }),
  output: z.object({
    total: z.int(),
    tables: z.array(z.object({ name: z.string(), displayName: z.string(), setName: z.string() })),
    nextCursor: z.string().optional(),
    didYouMean: z.array(z.string()).optional(),
  }),

  async run({ filter = "", top = 100, cursor }, { dataverse }) {
    const stale = staleWords(await dataverse.metadata.catchUp());
    const all = await dataverse.metadata.tables();
    const fitting = byUse(matching(all, filter));
    if (fitting.length === 0) {
      const near = (await dataverse.metadata.find(filter)).candidates.map(
        (each) => each.logicalName,
      );
      const hint =
        near.length === 0 ? "Try fewer or other words." : `Did you mean ${near.join(", ")}?`;
      return {
        text: [`No table has ${quote(filter)} in its names. ${hint}`, ...stale].join("\n"),
        structured: { total: 0, tables: [], ...(near.length === 0 ? {} : { didYouMean: near }) },
      };
    }
    const page = pageOf(fitting, top, cursor);
    const rest =
      page.nextCursor === undefined
        ? []
        : [
            `There are more: call again with cursor "${page.nextCursor}" (and the same filter), or narrow with filter.`,
          ];
    return {
      text: [
        `${page.tables.length} of ${fitting.length} tables${filter.trim() === "" ? "" : " that fit the filter"}: logical name, display name, set name.`,
        recordRows(page.tables.map((t) => [t.logicalName, t.displayName, t.setName])),
        ...rest,
        ...stale,
      ].join("\n"),
      structured: {
        total: fitting.length,
        tables: page.tables.map((table) => ({
          name: table.logicalName,
          displayName: table.displayName,
          setName: table.setName,
        })),
        ...(page.nextCursor === undefined ? {} : { nextCursor: page.nextCursor }),
      },
    };
  },
});
