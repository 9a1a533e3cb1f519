import type { Dataverse } from "../../dataverse";
import { literal } from "../../dataverse/odata-literal";
import type { CallTime } from "../outcome/call-time";
import { wishOf } from "../outcome/unclear-creations";
import { findTable } from "../record/find-table";
import { readRecordValues } from "../record/values/record-values";
import { createOnce } from "../record/write/create-once";

/** What a note on a case holds. */
export interface Note {
  readonly text: string;
  readonly title?: string | undefined;
  /** The id that an unclear answer named. */
  readonly id?: string | undefined;
  readonly file?: { readonly name: string; readonly base64: string; readonly type: string };
}

export interface Written {
  readonly id: string;
  /** What was taken out of it. Our words. */
  readonly notes: readonly string[];
}

/** Who asks, for knowing a wish again that was left open. */
export interface Asker {
  /** Origin of the environment. */
  readonly environment: string;
  /** Entra object id. */
  readonly objectId: string;
}

/** Of the newest notes under a title so many are compared. */
const mostCompared = 50;

/** How many notes of that title and text are on the case, as far as the caller may read them. */
export async function countNotes(
  dataverse: Dataverse,
  caseId: string,
  note: { readonly title: string; readonly text: string },
): Promise<number> {
  const table = await findTable(dataverse.metadata, "annotation");
  // As it is stored, which may be less than was said.
  const { body } = await readRecordValues(dataverse, table, itemOf(caseId, note), "create");
  const { rows } = await dataverse.query("annotation", {
    select: ["notetext"],
    filter: `_objectid_value eq ${caseId} and subject eq ${literal(note.title)}`,
    orderby: "createdon desc",
    top: mostCompared,
  });
  return rows.filter(({ notetext }) => notetext === body.notetext).length;
}

/**
 * @param drawn an id of ours that is told by what the note is for, so that calls side by side write one
 * @throws AppError when it was not written, or when that is not known
 */
export async function writeNote(
  dataverse: Dataverse,
  time: CallTime,
  asker: Asker,
  caseId: string,
  note: Note,
  drawn?: string,
): Promise<Written> {
  const table = await findTable(dataverse.metadata, "annotation");
  const item = itemOf(caseId, note);
  const values = { ...(await readRecordValues(dataverse, table, item, "create")), id: note.id };
  const wish = wishOf(asker.environment, asker.objectId, "note", [caseId, item]);
  const { id } = await createOnce(dataverse, time, table, values, wish, "recordId", drawn);
  return { id, notes: values.notes };
}

/** The note as an item of `create_record`. */
function itemOf(caseId: string, note: Note): Readonly<Record<string, unknown>> {
  return {
    objectid: { relatedTable: "incident", recordId: caseId },
    ...(note.title === undefined || note.title.trim() === "" ? {} : { subject: note.title }),
    ...(note.text === "" ? {} : { notetext: note.text }),
    ...(note.file === undefined
      ? {}
      : {
          filename: note.file.name,
          mimetype: note.file.type,
          documentbody: note.file.base64,
          isdocument: true,
        }),
  };
}
