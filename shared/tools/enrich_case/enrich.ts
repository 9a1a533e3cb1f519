import type { Context } from "../../context";
import type { Column } from "../../dataverse";
import { AppError } from "../../errors";
import { caseHistory } from "../../service/case/case-history";
import { type CaseRecord, caseWords } from "../../service/case/case-record";
import { readCaseSources } from "../../service/case/case-sources";
import {
  type allowedFields,
  readCurrent,
  readFieldSpecs,
} from "../../service/enrichment/case-fields";
import { resolveLookups, writable } from "../../service/enrichment/enrichment";
import { readNotes, writtenValues } from "../../service/enrichment/enrichment-note";
import { enrichmentAnswer } from "../../service/enrichment/enrichment-words";
import { type Written, writeEnrichment } from "../../service/enrichment/enrichment-write";
import { demote, readRealisedPrecision } from "../../service/enrichment/realised-precision";
import { recordLine } from "../../text/records/record-text";

export interface EnrichInput {
  readonly sourceContextEntityId?: string | undefined;
  readonly dryRun?: boolean | undefined;
  readonly overwriteHumanValues?: boolean | undefined;
}

/**
 * Predicts the fields, and writes those that are sure enough together with a note of the evidence.
 *
 * @param allowed the columns that may be predicted, each as configured; `record` holds them
 * @throws AppError `conflict` when the case is closed, or was changed meanwhile (nothing is written)
 */
export async function enrich(
  input: EnrichInput,
  context: Context,
  record: CaseRecord,
  allowed: ReturnType<typeof allowedFields>,
) {
  if (!record.isOpen && input.dryRun !== true) {
    throw new AppError(
      "conflict",
      `${caseWords(record)} is closed (${recordLine(record.status)}), so nothing is written to it.`,
      {
        hint: "Call with dryRun to see what would be predicted, or reopen the case first.",
      },
    );
  }
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
      : await writeEnrichment(dataverse, context, record, toWrite, trace);
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
