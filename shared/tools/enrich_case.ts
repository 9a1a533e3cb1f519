import { z } from "zod";
import type { Context } from "../context";
import type { Column } from "../dataverse";
import { AppError } from "../errors";
import { type AgentDifference, comparable, runCaseAgent } from "../service/case/case-agent";
import { caseHistory } from "../service/case/case-history";
import { readCaseSources } from "../service/case/case-sources";
import {
  asCaseTable,
  type CaseRecord,
  caseWords,
  findCaseRecord,
} from "../service/case/case-table";
import { allowedFields, readCurrent, readFieldSpecs } from "../service/enrichment/case-fields";
import { resolveLookups, writable } from "../service/enrichment/enrichment";
import { readNotes, writtenValues } from "../service/enrichment/enrichment-note";
import { enrichmentAnswer } from "../service/enrichment/enrichment-words";
import {
  addFeedback,
  undoEnrichment,
  type Written,
  writeEnrichment,
} from "../service/enrichment/enrichment-write";
import { demote, readRealisedPrecision } from "../service/enrichment/realised-precision";
import { findTable } from "../service/record/find-table";
import { recordLine, recordList, recordWord } from "../text/record-text";
import { caseArguments } from "./arguments";
import { defineTool } from "./define";

type Allowed = ReturnType<typeof allowedFields>;

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
        "Default built-in; case-management-agent lets Dynamics 365's own agent write, with hasUserApproved",
      ),
    hasUserApproved: z.boolean().optional(),
  }),
  output: z.object({
    incidentId: z.string(),
    written: z.array(z.looseObject({})),
    recommended: z.array(z.looseObject({})),
  }),

  async run(input, context) {
    const { dataverse, settings } = context;
    refuseContradictions(input);
    const table = await findTable(dataverse.metadata, input.tablename ?? "incident");
    if (input.engine === "case-management-agent") return delegate(input, context);
    const allowed = allowedFields(table, settings.caseFields[table.logicalName], input.fields);
    const names = allowed.map(([column]) => column.logicalName);
    const record = await findCaseRecord(dataverse, input, names);
    if (input.undo === true) return undo(context, record, names);
    if (input.feedback !== undefined) return takeFeedback(context, record, input.feedback);
    if (!record.isOpen && input.dryRun !== true) {
      throw new AppError(
        "conflict",
        `${caseWords(record)} is closed (${recordLine(record.status)}), so nothing is written to it.`,
        {
          hint: "Call with dryRun to see what would be predicted, or reopen the case first.",
        },
      );
    }
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

interface Input {
  readonly sourceContextEntityId?: string | undefined;
  readonly dryRun?: boolean | undefined;
  readonly overwriteHumanValues?: boolean | undefined;
}

async function enrich(input: Input, context: Context, record: CaseRecord, allowed: Allowed) {
  const { dataverse, intelligence, settings, caller, signal } = context;
  const columns = allowed.map(([column]) => column);
  const names = columns.map((column) => column.logicalName);
  const [sources, notes, specs, realised] = await Promise.all([
    readCaseSources(dataverse, record, input.sourceContextEntityId),
    readNotes(dataverse, record.ref.id),
    readFieldSpecs(dataverse, allowed, input.overwriteHumanValues === true),
    readRealisedPrecision(dataverse, record.caseTable.table, names),
  ]);
  const { fields, demoted } = demote(specs, realised);
  const current = readCurrent(record, columns, writtenValues(notes));
  const history = caseHistory(dataverse, record.caseTable, names, {
    environment: settings.dataverseUrl,
    caller: caller.objectId,
    now: context.now().getTime(),
  });
  const { predictions, trace } = await intelligence.predictFields(
    { case: record.ref, sources: sources.texts, fields, current, history, similar: [] },
    signal,
  );
  const byName = new Map<string, Column>(columns.map((column) => [column.logicalName, column]));
  const resolved = await resolveLookups(dataverse, byName, predictions);
  const toWrite = writable(resolved, fields, current);
  const written: Written | undefined =
    input.dryRun === true || toWrite.length === 0
      ? undefined
      : await writeEnrichment(dataverse, record, toWrite, trace);
  return enrichmentAnswer({
    record,
    sourceWords: sources.sourceWords,
    resolved,
    toWrite,
    written,
    current,
    trace,
    demoted,
    isDry: input.dryRun === true,
  });
}

async function undo({ dataverse }: Context, record: CaseRecord, names: readonly string[]) {
  const note = (await readNotes(dataverse, record.ref.id)).find(
    (each) => each.enrichment.undone !== true,
  );
  if (note === undefined) throw noNote(record);
  const { restored, left } = await undoEnrichment(dataverse, record, note, new Set(names));
  return {
    text: [
      `The enrichment of ${caseWords(record)} was taken back: ${restored.join(", ") || "no field"} put back.`,
      ...(left.length === 0
        ? []
        : [
            `Left as they are, because they were changed since or may not be written: ${left.map(recordWord).join(", ")}.`,
          ]),
    ].join("\n"),
    structured: {
      incidentId: record.ref.id,
      written: restored.map((field) => ({ field })),
      recommended: [],
    },
  };
}

const noNote = (record: CaseRecord) =>
  new AppError(
    "not_found",
    `${caseWords(record)} has no enrichment that could be taken back or judged.`,
    {
      hint: "Only what enrich_case wrote, with its note still in place, can be.",
    },
  );

async function takeFeedback({ dataverse, now }: Context, record: CaseRecord, said: string) {
  const [note] = await readNotes(dataverse, record.ref.id);
  if (note === undefined) throw noNote(record);
  await addFeedback(dataverse, note, said, now());
  return {
    text: `The feedback was added to note ${note.id} of ${caseWords(record)}.`,
    structured: { incidentId: record.ref.id, written: [], recommended: [] },
  };
}

/** Dynamics 365's own agent writes by itself: no dry run, no thresholds of ours, so the user has to agree first. */
async function delegate(
  input: Input & {
    hasUserApproved?: boolean | undefined;
    tablename?: string | undefined;
    incidentId?: string | undefined;
    caseNumber?: string | undefined;
  },
  { dataverse }: Context,
) {
  const table = await findTable(dataverse.metadata, input.tablename ?? "incident");
  if (table.logicalName !== "incident") {
    throw new AppError("invalid", "The Case Management Agent works on cases only.", {
      hint: "Leave engine out for another table.",
    });
  }
  const all = asCaseTable(table);
  const names = comparable({ caseTable: all } as CaseRecord).map((column) => column.logicalName);
  const record = await findCaseRecord(dataverse, input, names);
  if (input.hasUserApproved !== true) {
    throw new AppError(
      "invalid",
      `The Case Management Agent would change ${caseWords(record)} by itself; nothing was done.`,
      {
        hint: "Ask the user, then call again with hasUserApproved: true.",
      },
    );
  }
  const sources = await readCaseSources(dataverse, record, input.sourceContextEntityId);
  const differences = await runCaseAgent(dataverse, record, sources.mail?.id);
  return {
    text: [
      differences.length === 0
        ? `The Case Management Agent was run on ${caseWords(record)}; no field is different so far (it may still be at work).`
        : `The Case Management Agent changed ${caseWords(record)}:`,
      ...differences.map(differenceWords),
    ].join("\n"),
    structured: {
      incidentId: record.ref.id,
      written: differences.map((each) => ({ ...each })),
      recommended: [],
    },
  };
}

const differenceWords = (each: AgentDifference) =>
  `- ${each.field}: ${recordList([each.before, each.after], " → ")}`;
