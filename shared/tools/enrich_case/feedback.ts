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
export async function takeFeedback({ dataverse, now }: Context, record: CaseRecord, said: string) {
  const [note] = await readNotes(dataverse, record.ref.id);
  if (note === undefined) throw noNote(record);
  await addFeedback(dataverse, note, said, now());
  return {
    text: `The feedback was added to note ${note.id} of ${caseWords(record)}.`,
    structured: { incidentId: record.ref.id, written: [], recommended: [] },
  };
}
