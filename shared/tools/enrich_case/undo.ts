import type { Context } from "../../context";
import { type CaseRecord, caseWords } from "../../service/case/case-record";
import { readNotes } from "../../service/enrichment/enrichment-note";
import { undoEnrichment } from "../../service/enrichment/enrichment-write";
import { recordWord } from "../../text/records/record-text";
import { noNote } from "./no-note";

/**
 * Takes the last enrichment back that was not taken back yet.
 *
 * @param names the fields that may be written here; `record` holds them
 * @throws AppError `not_found` when there is none
 */
export async function undo(context: Context, record: CaseRecord, names: readonly string[]) {
  const { dataverse } = context;
  const note = (await readNotes(dataverse, record.ref.id)).find(
    (each) => each.enrichment.undone !== true,
  );
  if (note === undefined) throw noNote(record);
  const { restored, left } = await undoEnrichment(dataverse, context, record, note, new Set(names));
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
