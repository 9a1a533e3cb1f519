import { z } from "zod";
import { findTable } from "../service/record/find-table";
import { isSaid, readCaseFilters } from "../service/worklist/case-filters";
import { type ListedCase, readCaseList } from "../service/worklist/case-list";
import { recordCsv } from "../text/records/row-text";
import { defineTool } from "./define";

const usual = 20;
/** So much of a title and of a name tells a case from others. */
const longest = { title: 50, name: 30 } as const;

export const listCases = defineTool({
  name: "list_cases",
  title: "List cases",
  description:
    "Lists cases with numbers, ids and a total: mine, my team's, a queue's, a customer's, nearing their SLA.",
  effect: "read",
  needs: {
    tables: {
      account: ["Read"],
      contact: ["Read"],
      incident: ["Read"],
      queue: ["Read"],
      queueitem: ["Read"],
      slakpiinstance: ["Read"],
      systemuser: ["Read"],
      team: ["Read"],
    },
  },
  input: z.strictObject({
    owner: z
      .string()
      .max(200)
      .optional()
      .describe("me (default), my team, anyone, nobody, or a name"),
    queue: z.string().max(200).optional(),
    customer: z
      .string()
      .max(200)
      .optional()
      .describe("Name, mail, number, id, or one of their cases"),
    status: z
      .string()
      .max(100)
      .optional()
      .describe("open (default), resolved, cancelled, all, or a status reason"),
    priority: z.string().max(100).optional(),
    sla: z.enum(["nearing", "breached"]).optional(),
    search: z.string().max(200).optional().describe("Number, or words of the title"),
    top: z.int().min(1).max(100).optional().describe("Default 20"),
  }),
  output: z.object({
    total: z.int().optional(),
    cases: z
      .array(
        z.object({
          incidentId: z.string(),
          caseNumber: z.string(),
          title: z.string(),
          customer: z.string(),
          owner: z.string(),
          priority: z.string(),
          status: z.string(),
          due: z.string().optional(),
          isLate: z.boolean(),
        }),
      )
      .describe("Data"),
  }),

  async run({ top = usual, ...wish }, context) {
    const { dataverse } = context;
    const table = await findTable(dataverse.metadata, "incident");
    const now = context.now();
    const filters = await readCaseFilters(dataverse, table, wish, now);
    const { cases, total } = await readCaseList(dataverse, table, filters, top, now);
    const head = `${countWords(cases.length, total)}: ${filters.said.join(", ")}${orderWords(cases.length, wish.sla)}.`;
    return {
      text: cases.length === 0 ? head : `${head}\n${rowsOf(cases, isSaid(wish.customer))}`,
      details: nextWords(cases, total),
      structured: {
        ...(total === undefined ? {} : { total }),
        cases: cases.map(({ due, ...each }) => ({
          ...each,
          ...(due === undefined ? {} : { due }),
        })),
      },
    };
  },
});

function countWords(shown: number, total: number | undefined): string {
  if (total === undefined) return `${shown} of more than 50,000 cases`;
  if (total === 0) return "No case that you may see";
  const all = total === 1 ? "1 case" : `${total} cases`;
  return shown < total ? `${shown} of ${all}` : all;
}

const orderWords = (shown: number, sla: string | undefined): string =>
  shown < 2
    ? ""
    : sla === undefined
      ? "; high priority first, then the oldest"
      : "; first due first";

/** What all share is said once, above; what differs is said in a column. */
function rowsOf(cases: readonly ListedCase[], isOfOne: boolean): string {
  const owners = new Set(cases.map(({ owner }) => owner));
  const isSame = isOfOne && new Set(cases.map(({ customer }) => customer)).size === 1;
  const names = [
    ...["number", "id", "title"],
    ...(isSame ? [] : ["customer"]),
    ...["priority", "status", "due"],
  ];
  const rows = cases.map((each) => ({
    number: each.caseNumber,
    id: each.incidentId,
    title: cut(each.title, longest.title),
    customer: cut(each.customer, longest.name),
    priority: each.priority,
    status: each.status,
    due: each.due === undefined ? null : `${each.due.slice(0, 16)}${each.isLate ? " late" : ""}`,
    owner: cut(each.owner, longest.name),
  }));
  return recordCsv(owners.size > 1 ? [...names, "owner"] : names, rows);
}

/** One line each, whatever a title holds. */
const cut = (text: string, most: number): string => {
  const line = text.replaceAll(/\s+/g, " ").trim();
  return line.length <= most ? line : `${line.slice(0, most - 1).toWellFormed()}…`;
};

function nextWords(cases: readonly ListedCase[], total: number | undefined): string {
  if (cases.length === 0) return "Next: list_cases with owner anyone or status all, or read_query.";
  const more =
    total === undefined || cases.length < total
      ? " The others: a greater top (100 at most), or narrow by customer, queue, priority, status or search."
      : "";
  return `Next: get_case with a number shows all of one.${more}`;
}
