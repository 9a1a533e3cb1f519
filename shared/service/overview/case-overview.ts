import type { Dataverse } from "../../dataverse";
import type { CaseName } from "../case/find-case-row";
import { readCaseIntent } from "../case/intent/intent-library";
import { type Resolution, readResolution } from "../case/resolution";
import { type DraftHead, openDrafts } from "../mail/open-drafts";
import { findTable } from "../record/find-table";
import { type CaseHead, findCaseHead } from "./case-head";
import { type OtherCases, type Reach, readOtherCases, readReach } from "./customer";
import { type QueuePlace, readQueuePlace, readServiceTimes, type ServiceTime } from "./standing";
import { readTimeline, type Timeline } from "./timeline";

/** All that a person looks at before they act on a case. Texts are from records: data. */
export interface CaseOverview {
  readonly head: CaseHead;
  readonly customer: Reach | undefined;
  readonly contact: Reach | undefined;
  readonly others: OtherCases | undefined;
  readonly times: readonly ServiceTime[];
  readonly place: QueuePlace | undefined;
  readonly intent: string | undefined;
  readonly drafts: readonly DraftHead[];
  readonly resolution: Resolution | undefined;
  readonly timeline: Timeline;
}

/**
 * Reads the case and what hangs on it, in the caller's rights, side by side.
 *
 * @throws AppError `invalid`, `not_found`
 */
export async function readCaseOverview(
  dataverse: Dataverse,
  name: CaseName,
  now: Date,
): Promise<CaseOverview> {
  const table = await findTable(dataverse.metadata, "incident");
  const head = await findCaseHead(dataverse, table, name);
  const [customer, contact, others, times, place, intent, drafts, resolution, timeline] =
    await Promise.all([
      readReach(dataverse, head.customer),
      readReach(dataverse, head.contact),
      readOtherCases(dataverse, head),
      readServiceTimes(dataverse, head.id, now),
      readQueuePlace(dataverse, head.id),
      readCaseIntent(dataverse, head.id),
      openDrafts(dataverse, head.id),
      head.state === 1 ? readResolution(dataverse, head.id) : undefined,
      readTimeline(dataverse, head.id, head.title),
    ]);
  return {
    head,
    customer,
    contact,
    others,
    times,
    place,
    intent: intent?.name,
    drafts,
    resolution,
    timeline,
  };
}
