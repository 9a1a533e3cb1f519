import { createHash } from "node:crypto";
import type { Dataverse } from "../../dataverse";
import { makeHtmlSafe } from "../../text";
import type { CallTime } from "../outcome/call-time";
import { failed, queryWords } from "../outcome/outcome-words";
import { findTable } from "../record/find-table";
import { textOf } from "../record/optional-read";
import { updateRow } from "../record/write/update-row";

const ours = "AI draft";

/** The category of a draft of ours: by its end it is seen whether a person has changed the body since. */
export const markOf = (html: string): string =>
  `${ours} ${createHash("sha256").update(html).digest("hex").slice(0, 12)}`;

/** A draft that was made here, as far as its category tells. */
export const isOurs = (category: string): boolean => category.startsWith(`${ours} `);

/**
 * Writes a draft of ours anew, at the version that was read.
 *
 * @returns `false` when a person has changed it since it was made, or it is a draft no more: then nothing was written
 * @throws AppError when it was not written, or when that is not known
 */
export async function rewriteDraft(
  dataverse: Dataverse,
  time: CallTime,
  id: string,
  draft: { readonly subject: string; readonly html: string },
): Promise<boolean> {
  const row = await dataverse.retrieve("email", id, {
    select: ["description", "category", "statecode"],
  });
  const etag = row?.["@odata.etag"];
  const isUntouched = textOf(row?.category) === markOf(textOf(row?.description) ?? "");
  if (row?.statecode !== 0 || !isUntouched || typeof etag !== "string") return false;
  const table = await findTable(dataverse.metadata, "email");
  const { html } = await makeHtmlSafe(draft.html);
  const settled = await updateRow(
    dataverse,
    time,
    table,
    id,
    {
      subject: draft.subject.slice(0, table.columnByName.get("subject")?.maxLength ?? 800),
      description: html,
      category: markOf(html),
    },
    etag,
  );
  if (settled.outcome === "done") return settled.value.is === "ours";
  if (settled.failure.kind === "conflict") return false;
  throw failed(settled, {
    done: "the draft was written anew",
    notDone: "The draft was not written anew; it is as it was.",
    findOut: `To find out, call ${queryWords(`SELECT subject, description FROM email WHERE activityid = '${id}'`)}.`,
    again: "The same call can be made again: it makes no second draft.",
  });
}
