import type { Context } from "../../context";
import { type CaseRecord, caseWords } from "../../service/case/case-record";
import { readNotes } from "../../service/enrichment/enrichment-note";
import { addFeedback } from "../../service/enrichment/enrichment-write";
import { noNote } from "./no-note";

/**
 * Adds what the user thinks of the last enrichment to its note.
 *
 * @throws AppError `not_found` when there is none
 */
export async function takeFeedback(context: Context, record: CaseRecord, said: string) {
  const { dataverse, now } = context;
  const [note] = await readNotes(dataverse, record.ref.id);
  if (note === undefined) throw noNote(record);
  const isNew = await addFeedback(dataverse, context, record, note, said, now());
  return {
    text: isNew
      ? `The feedback was added to note ${note.id} of ${caseWords(record)}.`
      : `Note ${note.id} of ${caseWords(record)} says that already; nothing was changed.`,
    structured: { incidentId: record.ref.id, written: [], recommended: [] },
  };
}
