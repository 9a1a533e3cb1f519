import type { Dataverse, Row } from "../../dataverse";
import { formattedValue } from "../../dataverse/annotations";
import { AppError } from "../../errors";
import { htmlToText, joinLines } from "../../text";
import { recordLine } from "../../text/records/record-text";
import { queryIfThere, textOf } from "../record/optional-read";
import { isOurs } from "./rewrite-draft";

/** A mail about a case that is written and not sent. */
export interface DraftHead {
  readonly id: string;
  /** Text from the record: data. */
  readonly subject: string;
  readonly authorId: string | undefined;
  /** Text from the record: data. */
  readonly author: string;
  /** As Dataverse writes it. */
  readonly createdOn: string;
  /** Made by this product. */
  readonly isOurs: boolean;
}

export interface OpenDraft extends DraftHead {
  /** Its body as plain text: data. */
  readonly body: string;
}

/** So many are looked through; a case has one or two. */
const mostDrafts = 50;

const columns = ["activityid", "subject", "createdon", "category", "_createdby_value"] as const;

const asHead = (row: Row): DraftHead => ({
  id: String(row.activityid),
  subject: textOf(row.subject) ?? "",
  authorId: textOf(row._createdby_value),
  author: textOf(row[`_createdby_value${formattedValue}`]) ?? "",
  createdOn: textOf(row.createdon) ?? "",
  isOurs: isOurs(textOf(row.category) ?? ""),
});

/** The drafts about a case without their bodies, whoever wrote them, as far as the caller may see them; newest first. */
export async function openDrafts(
  dataverse: Dataverse,
  caseId: string,
): Promise<readonly DraftHead[]> {
  const { rows } = await queryIfThere(dataverse, "email", {
    select: columns,
    filter: `_regardingobjectid_value eq ${caseId} and statecode eq 0 and directioncode eq true`,
    orderby: "createdon desc",
    top: mostDrafts,
    annotations: true,
  });
  return rows.map(asHead);
}

/** One mail as a draft; undefined when it is none any more, or one that the caller may not see. */
export async function readOpenDraft(
  dataverse: Dataverse,
  id: string,
  withinMs: number,
): Promise<OpenDraft | undefined> {
  try {
    const row = await dataverse.retrieve("email", id, {
      select: [...columns, "description", "statecode"],
      optional: ["_createdby_value"],
      annotations: true,
      withinMs,
    });
    if (row?.statecode !== 0) return undefined;
    return {
      ...asHead(row),
      body: joinLines(htmlToText(textOf(row.description) ?? "").text, "\n"),
    };
  } catch (error) {
    if (error instanceof AppError && error.kind === "forbidden") return undefined;
    throw error;
  }
}

/** `written by you on 2026-01-31T14:00:00Z`. */
export function authorWords(draft: DraftHead, userId: string): string {
  const who = draft.authorId === userId ? "you" : recordLine(draft.author);
  return `written by ${who}${draft.createdOn === "" ? "" : ` on ${draft.createdOn}`}`;
}
