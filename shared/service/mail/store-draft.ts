import type { Dataverse } from "../../dataverse";
import type { CaseRecord } from "../case/case-record";
import { type CallTime, msToLook } from "../outcome/call-time";
import type { Drafted, DraftWish } from "./draft-once";
import { createDraft, type Draft } from "./email-draft";
import { type DraftHead, readOpenDraft } from "./open-drafts";
import { rewriteDraft } from "./rewrite-draft";

/** `rewritten`: the caller's own draft, which nobody had touched, says this now. */
export type Stored = Drafted | { readonly is: "rewritten"; readonly id: string };

/**
 * Stores a draft as the one that this product made for the caller on the case: an earlier one that nobody has touched is written
 * anew, and one that a person has changed is left as it is and shown.
 *
 * @param around the open drafts on the case, and whether one more is asked for
 */
export async function storeDraft(
  dataverse: Dataverse,
  time: CallTime,
  record: CaseRecord,
  draft: Draft,
  wish: DraftWish,
  { drafts, another }: { readonly drafts: readonly DraftHead[]; readonly another: boolean },
): Promise<Stored> {
  const earlier = another
    ? undefined
    : drafts.find(({ isOurs, authorId }) => isOurs && authorId === draft.sender.userId);
  if (earlier !== undefined) {
    if (await rewriteDraft(dataverse, time, earlier.id, draft))
      return { is: "rewritten", id: earlier.id };
    const touched = await readOpenDraft(dataverse, earlier.id, msToLook(time));
    if (touched !== undefined) return { is: "there", draft: touched };
  }
  return createDraft(dataverse, time, record, draft, wish, another ? drafts : undefined);
}
