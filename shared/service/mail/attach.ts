import type { Dataverse } from "../../dataverse";
import { AppError } from "../../errors";
import { recordLine } from "../../text/records/record-text";
import type { Asker } from "../activity/note";
import type { CallTime } from "../outcome/call-time";
import { wishOf } from "../outcome/unclear-creations";
import { findTable } from "../record/find-table";
import { readRecordValues } from "../record/values/record-values";
import { createOnce } from "../record/write/create-once";
import { isDraft, noSuchEmail, readEmail } from "./email";

export interface AttachedFile {
  readonly name: string;
  readonly base64: string;
  /** Media type. */
  readonly type: string;
}

/**
 * Attaches a file to a mail that is not sent yet.
 *
 * @param named the id that an unclear answer named
 * @throws AppError `not_found`; `conflict` for a mail that is no draft; when it was not attached, or when that is not known
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/reference/entities/activitymimeattachment
 */
export async function attachToDraft(
  dataverse: Dataverse,
  time: CallTime,
  asker: Asker,
  emailId: string,
  file: AttachedFile,
  named: string | undefined,
): Promise<{ readonly id: string }> {
  const email = await readEmail(dataverse, emailId);
  if (email === undefined) throw noSuchEmail(emailId);
  if (email.isIncoming || !isDraft(email))
    throw new AppError(
      "conflict",
      `Email ${emailId} is no draft (status: ${recordLine(email.statusLabel)}). Nothing was attached.`,
      { hint: "Files go to a draft; get_case names those that wait." },
    );
  const table = await findTable(dataverse.metadata, "activitymimeattachment");
  const item = {
    objectid: { relatedTable: "email", recordId: emailId },
    filename: file.name,
    mimetype: file.type,
    body: file.base64,
  };
  const values = { ...(await readRecordValues(dataverse, table, item, "create")), id: named };
  const wish = wishOf(asker.environment, asker.objectId, "attachment", [item]);
  return createOnce(dataverse, time, table, values, wish, "recordId");
}
