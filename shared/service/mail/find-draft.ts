import type { Dataverse } from "../../dataverse";
import { AppError } from "../../errors";
import { recordRows, recordWord } from "../../text/records/record-text";
import { findIncident } from "../case/find-case-row";
import { readPastedId } from "../record/lookups/record-path";
import { textOf } from "../record/optional-read";
import { openDrafts } from "./open-drafts";

/** Drafts that are told where several wait. */
const mostTold = 10;

/**
 * The id of the mail that is meant: a GUID, or the number of the case on which one draft waits.
 *
 * @throws AppError `not_found` where no draft waits there; `invalid` where several do, with what tells them apart
 */
export async function findDraftId(dataverse: Dataverse, said: string): Promise<string> {
  const id = readPastedId(said);
  if (id !== undefined) return id;
  const row = await findIncident(dataverse, { caseNumber: said }, []);
  const number = recordWord(textOf(row.ticketnumber) ?? said);
  const drafts = await openDrafts(dataverse, String(row.incidentid));
  const [only] = drafts;
  if (only !== undefined && drafts.length === 1) return only.id;
  if (only === undefined)
    throw new AppError("not_found", `No mail draft waits on case ${number}. Nothing was done.`, {
      hint: "draft_email_with_suggested_response writes one.",
    });
  const rows = drafts
    .slice(0, mostTold)
    .map((draft) => [draft.id, draft.subject, draft.author, draft.createdOn]);
  throw new AppError(
    "invalid",
    `${drafts.length} drafts wait on case ${number}. Nothing was done.`,
    {
      problems: [`Id, subject, author, created:\n${recordRows(rows)}`],
      hint: "Ask the user which, and give its id as emailId.",
    },
  );
}
