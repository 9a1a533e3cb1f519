import { z } from "zod";
import type { Dataverse } from "../dataverse";
import { AppError } from "../errors";
import { findIncident } from "../service/case/find-case-row";
import { findTable } from "../service/record/find-table";
import { findNamed } from "../service/record/lookups/find-named";
import { textOf } from "../service/record/optional-read";
import { nextInQueue, pickCase } from "../service/routing/pick-case";
import { recordLine, recordWord } from "../text/records/record-text";
import { caseNumberArgument, incidentIdArgument } from "./arguments";
import { defineTool } from "./define";

export const pickCaseFromQueue = defineTool({
  name: "pick_case_from_queue",
  title: "Pick a case from its queue",
  description:
    "Takes a case out of its queue's waiting line: you work on it and own it. By queue alone: the next that nobody works on.",
  effect: "update",
  needs: {
    tables: {
      incident: ["Read"],
      queue: ["Read"],
      queueitem: ["Read", "Write"],
    },
  },
  input: z.strictObject({
    incidentId: incidentIdArgument,
    caseNumber: caseNumberArgument,
    queue: z.string().max(200).optional().describe("Name or id"),
  }),
  output: z.object({
    incidentId: z.string().optional(),
    caseNumber: z.string().optional(),
    title: z.string().optional().describe("Data"),
    outcome: z.string().describe("picked, mine (before) or none (the queue is empty)"),
  }),

  async run({ queue, ...name }, context) {
    const { dataverse } = context;
    const isByQueue = !name.incidentId?.trim() && !name.caseNumber?.trim();
    const queueId = queue?.trim() ? await queueNamed(dataverse, queue) : undefined;
    const next = isByQueue ? await nextOf(dataverse, queueId) : undefined;
    if (isByQueue && next === undefined) {
      return {
        text: "Nothing was picked: no case in that queue that you may see waits for somebody.",
        details: "Next: list_cases with the queue shows who works on what.",
        structured: { outcome: "none" },
      };
    }
    const row = await findIncident(dataverse, next === undefined ? name : { incidentId: next }, [
      "title",
    ]);
    const id = String(row.incidentid);
    const number = textOf(row.ticketnumber) ?? "";
    const title = textOf(row.title) ?? "";
    const { is, place } = await pickCase(dataverse, context, id, queueId);
    const what = `Case ${recordWord(number)} (${id}): ${recordLine(title)}, queue ${recordLine(place.queue)}.`;
    return {
      text:
        is === "mine"
          ? `Nothing was changed: you work on it already.\n${what}`
          : `Picked: you work on it and own it.\n${what}`,
      details: "Next: get_case shows all of it; get_next_suggestion_on_case says what to do.",
      structured: { incidentId: id, caseNumber: number, title, outcome: is },
    };
  },
});

async function nextOf(
  dataverse: Dataverse,
  queueId: string | undefined,
): Promise<string | undefined> {
  if (queueId === undefined)
    throw new AppError("invalid", "Name a case, or a queue whose next case is wanted.", {
      hint: "incidentId, caseNumber or queue.",
    });
  return nextInQueue(dataverse, queueId);
}

async function queueNamed(dataverse: Dataverse, queue: string): Promise<string> {
  const items = await findTable(dataverse.metadata, "queueitem");
  const found = await findNamed(dataverse, items, "queueid", queue, "queue");
  if ("problem" in found)
    throw new AppError("invalid", "Nothing was picked.", {
      problems: [found.problem],
      hint: "Give the queue's name or id.",
    });
  return found.id;
}
