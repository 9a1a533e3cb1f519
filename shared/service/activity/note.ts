import type { Dataverse } from "../../dataverse";
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

/** @throws AppError when it was not written, or when that is not known */
export async function writeNote(
  dataverse: Dataverse,
  time: CallTime,
  asker: Asker,
  caseId: string,
  note: Note,
): Promise<Written> {
  const table = await findTable(dataverse.metadata, "annotation");
  const item = {
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
  const values = { ...(await readRecordValues(dataverse, table, item, "create")), id: note.id };
  const wish = wishOf(asker.environment, asker.objectId, "note", [caseId, item]);
  const { id } = await createOnce(dataverse, time, table, values, wish, "recordId");
  return { id, notes: values.notes };
}
