import type { Dataverse } from "../../dataverse";
import { AppError } from "../../errors";
import { recordLine } from "../../text/records/record-text";
import type { CallTime } from "../outcome/call-time";
import { type QueuePlace, readQueuePlace } from "../overview/standing";
import { pickItem } from "./queue-actions";

/** What became of it. */
export interface Picked {
  /** `picked` by this call; `mine`: the caller worked on it before. */
  readonly is: "picked" | "mine";
  readonly place: QueuePlace;
}

/**
 * Takes a case out of nobody's hands: the caller works on it and owns it.
 *
 * @param queueId of the queue that it is to be in; undefined for any
 * @throws AppError `conflict` when it is in no queue or another one, or somebody else works on it
 */
export async function pickCase(
  dataverse: Dataverse,
  time: CallTime,
  caseId: string,
  queueId: string | undefined,
): Promise<Picked> {
  const [place, { userId }] = await Promise.all([
    readQueuePlace(dataverse, caseId),
    dataverse.whoAmI(),
  ]);
  if (place === undefined)
    throw new AppError("conflict", "The case is in no queue. Nothing was changed.", {
      hint: "reassign_case with targetId me gives it to you.",
    });
  if (queueId !== undefined && place.queueId.toLowerCase() !== queueId.toLowerCase())
    throw new AppError("conflict", "The case is in another queue. Nothing was changed.", {
      problems: [`It is in ${recordLine(place.queue)}.`],
      hint: "Name the case alone, or the queue that it is in.",
    });
  if (place.workerId === userId) return { is: "mine", place };
  if (place.workerId !== undefined) throw taken(place);
  await pickItem(dataverse, time, caseId, place, userId);
  return { is: "picked", place };
}

const taken = ({ worker }: QueuePlace) =>
  new AppError("conflict", "Somebody else works on the case. Nothing was changed.", {
    problems: worker === undefined ? [] : [`It was picked by ${recordLine(worker)}.`],
    hint: "If the user takes it over all the same: reassign_case with targetId me.",
  });

/**
 * The next case of a queue that nobody works on: high priority first, then the one that waits longest. Undefined where there is none.
 */
export async function nextInQueue(
  dataverse: Dataverse,
  queueId: string,
): Promise<string | undefined> {
  const xml = `<fetch top="1" useraworderby="true"><entity name="incident"><attribute name="incidentid"/><order attribute="prioritycode"/><order entityname="item" attribute="enteredon"/><order attribute="incidentid"/><filter><condition attribute="statecode" operator="eq" value="0"/></filter><link-entity name="queueitem" from="objectid" to="incidentid" alias="item"><filter><condition attribute="queueid" operator="eq" value="${queueId}"/><condition attribute="statecode" operator="eq" value="0"/><condition attribute="workerid" operator="null"/></filter></link-entity></entity></fetch>`;
  for await (const { rows } of dataverse.fetchXml("incident", xml)) {
    const [row] = rows;
    if (row !== undefined) return String(row.incidentid);
  }
  return undefined;
}
