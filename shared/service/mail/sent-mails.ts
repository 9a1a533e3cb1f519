import type { Dataverse, Row } from "../../dataverse";
import { sanitise } from "../../text";
import type { CaseRecord } from "../case/case-record";
import { queryIfThere, textOf } from "../record/optional-read";

/** A mail that was sent on a case. */
export interface SentMail {
  readonly id: string;
  /** ISO 8601. */
  readonly at: string;
  /** What was written in it, without what it answers and its signature. */
  readonly text: string;
}

const columns = ["activityid", "description", "createdon", "senton"];
export const isSent = "directioncode eq true and statecode eq 1";
export const sentOn = ({ ref }: CaseRecord): string =>
  `_regardingobjectid_value eq ${ref.id} and ${isSent}`;

/** Rows of sent mails, newest first. */
export async function readSent(
  dataverse: Dataverse,
  filter: string,
  top: number,
): Promise<readonly Row[]> {
  const { rows } = await queryIfThere(dataverse, "email", {
    select: columns,
    filter,
    orderby: "createdon desc",
    top,
  });
  return rows;
}

/** What was written to the customer of a case, newest first. */
export async function readSentMails(
  dataverse: Dataverse,
  record: CaseRecord,
): Promise<readonly SentMail[]> {
  const rows = await readSent(dataverse, sentOn(record), 5);
  return rows.map((row) => ({
    id: String(row.activityid),
    at: textOf(row.senton) ?? textOf(row.createdon) ?? "",
    text: sanitise(textOf(row.description) ?? "").text,
  }));
}
