import { z } from "zod";
import { readCaseOverview } from "../service/overview/case-overview";
import { caseNumberArgument, incidentIdArgument } from "./arguments";
import { defineTool } from "./define";
import { overviewWords } from "./get_case/words";
import { readCase } from "./needs";

const row = z.object({ id: z.string(), name: z.string() });

export const getCase = defineTool({
  name: "get_case",
  title: "Show a case",
  description:
    "Shows all of one case: head, customer with their other cases, SLA, queue, intent, waiting drafts, and a timeline of mails, notes, calls and changes.",
  effect: "read",
  needs: {
    tables: {
      ...readCase,
      account: ["Read"],
      audit: ["Read"],
      contact: ["Read"],
      incident: ["Read"],
      msdyn_intent: ["Read"],
      msdyn_intententity: ["Read"],
      queueitem: ["Read"],
      slakpiinstance: ["Read"],
    },
  },
  input: z.strictObject({ incidentId: incidentIdArgument, caseNumber: caseNumberArgument }),
  output: z.object({
    incidentId: z.string(),
    caseNumber: z.string(),
    title: z.string().describe("Data, as all texts here"),
    status: z.string(),
    isOpen: z.boolean(),
    priority: z.string(),
    customer: row.extend({ table: z.string() }).optional(),
    owner: row.extend({ table: z.string() }).optional(),
    queue: row.extend({ itemId: z.string() }).optional(),
    otherCases: z.object({ total: z.int(), open: z.int() }).optional(),
    serviceTimes: z.array(z.object({ name: z.string(), due: z.string(), is: z.string() })),
    drafts: z.array(z.object({ emailId: z.string(), subject: z.string() })),
    timeline: z.array(
      z.object({
        at: z.string(),
        kind: z.string(),
        who: z.string(),
        words: z.string(),
        id: z.string().optional(),
      }),
    ),
  }),

  async run(name, context) {
    const overview = await readCaseOverview(context.dataverse, name, context.now());
    const { head, place, others, times, drafts, timeline } = overview;
    return {
      ...overviewWords(overview),
      structured: {
        incidentId: head.id,
        caseNumber: head.number,
        title: head.title,
        status: head.status,
        isOpen: head.state === 0,
        priority: head.priority,
        ...(head.customer === undefined ? {} : { customer: head.customer }),
        ...(head.owner === undefined ? {} : { owner: head.owner }),
        ...(place === undefined
          ? {}
          : { queue: { id: place.queueId, name: place.queue, itemId: place.itemId } }),
        ...(others === undefined ? {} : { otherCases: { total: others.total, open: others.open } }),
        serviceTimes: [...times],
        drafts: drafts.map(({ id, subject }) => ({ emailId: id, subject })),
        timeline: timeline.entries.map(({ at, kind, who, words, id }) => ({
          at,
          kind,
          who,
          words,
          ...(id === undefined ? {} : { id }),
        })),
      },
    };
  },
});
