import { demoCases } from "../../../packages/dataverse-emulator/src/sample/identities";
import type { ToolUse } from "./call";
import { made, rows } from "./call";

const [, demo] = demoCases;
const reading = (
  tool: string,
  use: string,
  args: Record<string, unknown>,
  as: ToolUse["as"] = "representative",
): ToolUse => ({ tool, use, as, prepare: async () => ({ args }) });

const longNames = Array.from({ length: 700 }, (_, n) => `'A title of a case that nobody has ${n}'`);

/** What changes nothing. */
export const readingUses: readonly ToolUse[] = [
  reading("list_tables", "all", {}),
  { ...reading("describe_table", "incident", { tablename: "incident" }), extent: "all" },
  reading("read_query", "rows", {
    querytext:
      "SELECT TOP 5 i.ticketnumber, i.title, a.name FROM incident i LEFT JOIN account a ON a.accountid = i.customerid WHERE i.statecode = 'Active' ORDER BY i.ticketnumber",
  }),
  reading("read_query", "a number", {
    querytext: "SELECT prioritycode, COUNT(*) AS n FROM incident GROUP BY prioritycode",
  }),
  reading("read_query", "a query that takes a batch", {
    querytext: `SELECT ticketnumber FROM incident WHERE title NOT IN (${longNames.join(", ")}) ORDER BY ticketnumber`,
  }),
  reading("list_cases", "mine", {}),
  reading("list_cases", "of a queue", { queue: "Billing" }),
  reading("get_case", "by its number", { incidentId: demo.ticketNumber }),
  reading("list_knowledge_sources", "all", {}),
  reading("retrieve_knowledge", "a question", { question: "The connection drops every night" }),
  reading("get_next_suggestion_on_case", "a look", { incidentId: demo.id }),
  reading("enrich_case", "a dry run", { incidentId: demo.id, dryRun: true }),
  {
    tool: "delete_record",
    use: "a dry run",
    as: "administrator",
    prepare: async (desk) => ({
      args: {
        tablename: "task",
        recordId: await made(desk, "tasks", { subject: "Call back" }),
        dryRun: true,
      },
    }),
  },
  {
    tool: "delete_table",
    use: "a dry run",
    as: "administrator",
    async prepare(desk) {
      const name = "new_kept";
      const there = await rows(
        desk,
        `EntityDefinitions?$select=LogicalName&$filter=LogicalName eq '${name}'`,
      );
      if (there.length === 0)
        await desk.call(
          "create_table",
          { tablename: "Kept", displayname: "Kept", item: [] },
          "administrator",
        );
      const [table] = await rows(
        desk,
        "EntityDefinitions?$select=LogicalName&$filter=IsCustomEntity eq true",
      ).then((all) => all.filter((each) => String(each.LogicalName).endsWith("_kept")));
      return { args: { tablename: String(table?.LogicalName), dryRun: true } };
    },
  },
];
