import { z } from "zod";
import { activityTypes, writeActivity } from "../service/activity/activity";
import { type CaseHead, findCaseHead } from "../service/overview/case-head";
import { findTable } from "../service/record/find-table";
import { recordLine, recordWord } from "../text/records/record-text";
import { caseNumberArgument, incidentIdArgument, newIdArgument, newIdOf } from "./arguments";
import { defineTool } from "./define";

const words = { phonecall: "Phone call", task: "Task", appointment: "Appointment" } as const;

export const createActivity = defineTool({
  name: "create_activity",
  title: "Log a call, task or appointment",
  description:
    "Puts a phone call, task or appointment on a case; isDone completes it at once. It is with the case's contact unless with says others.",
  effect: "create",
  needs: {
    tables: {
      account: ["Read"],
      activitypointer: ["Create", "Read", "Write", "Append"],
      contact: ["Read"],
      incident: ["Read", "AppendTo"],
      systemuser: ["Read"],
    },
  },
  input: z.strictObject({
    type: z.enum(activityTypes),
    incidentId: incidentIdArgument,
    caseNumber: caseNumberArgument,
    subject: z.string().trim().min(1).max(200),
    description: z.string().max(100_000).optional(),
    isDone: z.boolean().optional(),
    start: z.string().max(50).optional().describe("ISO 8601"),
    end: z.string().max(50).optional().describe("ISO 8601; due time of a task"),
    minutes: z.int().min(0).max(100_000).optional(),
    isIncoming: z.boolean().optional().describe("The customer called"),
    with: z.array(z.string().max(500)).max(50).optional().describe("Names or mails"),
    recordId: newIdArgument,
  }),
  output: z.object({
    activityId: z.string(),
    type: z.string(),
    incidentId: z.string(),
    caseNumber: z.string(),
    isDone: z.boolean(),
    notes: z.array(z.string()),
  }),

  async run({ incidentId, caseNumber, with: named, recordId, ...input }, context) {
    const { dataverse, settings, caller } = context;
    const table = await findTable(dataverse.metadata, "incident");
    const head = await findCaseHead(dataverse, table, { incidentId, caseNumber });
    const isDone = input.isDone === true;
    const people = named === undefined || named.length === 0 ? partyOf(head) : named;
    const asker = { environment: settings.dataverseUrl, objectId: caller.objectId };
    const { id, notes } = await writeActivity(dataverse, context, asker, {
      ...input,
      caseId: head.id,
      id: newIdOf(recordId),
      isDone,
      isIncoming: input.isIncoming === true,
      people,
    });
    const other = head.contact ?? head.customer;
    const partner =
      input.type === "task" || other === undefined || people === named
        ? ""
        : ` With ${recordLine(other.name)}.`;
    return {
      text: `${words[input.type]} ${isDone ? "logged as completed" : "created, still open"} on case ${recordWord(head.number || head.id)} (${input.type} ${id}).${partner}`,
      details: [
        ...notes,
        ...(isDone
          ? []
          : [
              `Next: update_record with tablename ${input.type} and item {"statecode": "Completed"} when it is done.`,
            ]),
      ].join("\n"),
      structured: {
        activityId: id,
        type: input.type,
        incidentId: head.id,
        caseNumber: head.number,
        isDone,
        notes: [...notes],
      },
    };
  },
});

const partyOf = ({ contact, customer }: CaseHead) => {
  const other = contact ?? customer;
  return other === undefined ? [] : [{ relatedTable: other.table, recordId: other.id }];
};
