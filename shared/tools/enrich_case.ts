import { z } from "zod";
import { AppError } from "../errors";
import { findCaseRecord } from "../service/case/case-record";
import { asCaseTable } from "../service/case/case-table";
import { allowedFields } from "../service/enrichment/case-fields";
import { findTable } from "../service/record/find-table";
import { approvalArgument, caseArguments } from "./arguments";
import { defineTool } from "./define";
import { delegate } from "./enrich_case/delegate";
import { enrich } from "./enrich_case/enrich";
import { takeFeedback } from "./enrich_case/feedback";
import { undo } from "./enrich_case/undo";

export const enrichCase = defineTool({
  name: "enrich_case",
  title: "Enrich a case",
  description:
    "Predicts field values of a case (subject, type, product …) from its text and a source activity (default: latest incoming mail), and writes those that are sure enough, with a note of the evidence; the rest is recommended. Never replaces what a person set unless told. dryRun shows without writing; undo takes the last enrichment back; feedback records what the user thinks of it.",
  effect: "update",
  needs: {
    tables: {
      activitypointer: ["Read"],
      annotation: ["Create", "Read", "Write", "Append"],
      incident: ["Read", "Write", "Append", "AppendTo"],
      product: ["Read", "AppendTo"],
      subject: ["Read", "AppendTo"],
    },
  },
  timeoutMs: 90_000,
  input: z.strictObject({
    ...caseArguments,
    fields: z.array(z.string().max(128)).max(20).optional().describe("Only these columns"),
    dryRun: z.boolean().optional(),
    overwriteHumanValues: z.boolean().optional().describe("Only if the user asked for it"),
    undo: z.boolean().optional(),
    feedback: z.string().trim().min(1).max(1000).optional(),
    engine: z
      .enum(["built-in", "case-management-agent"])
      .optional()
      .describe(
        "Default built-in; case-management-agent lets Dynamics 365's own agent write, once it is approved",
      ),
    hasUserApproved: approvalArgument,
  }),
  output: z.object({
    incidentId: z.string(),
    written: z.array(z.looseObject({})),
    wouldWrite: z.array(z.looseObject({})).optional(),
    recommended: z.array(z.looseObject({})),
    left: z.array(z.looseObject({})).optional(),
  }),

  async run(input, context) {
    const { dataverse, settings } = context;
    refuseContradictions(input);
    const table = await findTable(dataverse.metadata, input.tablename ?? "incident");
    if (input.engine === "case-management-agent") return delegate(input, context, table);
    const allowed = allowedFields(table, settings.caseFields[table.logicalName], input.fields);
    const names = allowed.map(([column]) => column.logicalName);
    const record = await findCaseRecord(dataverse, asCaseTable(table), input, names);
    if (input.undo === true) return undo(context, record, names);
    if (input.feedback !== undefined) return takeFeedback(context, record, input.feedback);
    return enrich(input, context, record, allowed);
  },
});

/** Each of these is a task of its own; together one of them would be done unasked. */
function refuseContradictions(input: {
  readonly undo?: boolean | undefined;
  readonly dryRun?: boolean | undefined;
  readonly feedback?: string | undefined;
  readonly engine?: string | undefined;
}): void {
  const asked = [
    ...(input.undo === true ? ["undo"] : []),
    ...(input.feedback === undefined ? [] : ["feedback"]),
    ...(input.engine === "case-management-agent" ? ["engine case-management-agent"] : []),
  ];
  if (asked.length === 0) return;
  if (asked.length === 1 && input.dryRun !== true) return;
  const all = [...asked, ...(input.dryRun === true ? ["dryRun"] : [])];
  throw new AppError("invalid", `${all.join(" and ")} do not go together; nothing was done.`, {
    hint: "Call once for each.",
  });
}
