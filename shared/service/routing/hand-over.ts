import type { Dataverse, DataverseRequest, Table } from "../../dataverse";
import { AppError } from "../../errors";
import { type Asker, countNotes, writeNote } from "../activity/note";
import type { CallTime } from "../outcome/call-time";
import { derivedId } from "../outcome/derived-id";
import { failed, queryWords } from "../outcome/outcome-words";
import { mayBeDone, type Settled } from "../outcome/settle";
import { type QueuePlace, readQueuePlace } from "../overview/standing";
import { queueRequest } from "../record/operations/queue-items";
import { type Standing, updateRow } from "../record/write/update-row";
import { moveCase, releaseItem, releaseRequest, routeRequest, type Target } from "./queue-actions";

/** A case that is to go to somebody. */
export interface Handed {
  readonly id: string;
  readonly ownerId: string | undefined;
}

/** What became of it. */
export interface HandOver {
  /** `moved`; `released`: it was in this queue, and nobody works on it now; `there`: it was there already. */
  readonly is: "moved" | "released" | "there";
  /** Where it was before, in whose hands. Names are text from records: data. */
  readonly before: QueuePlace | undefined;
  /** The note is on the case. */
  readonly isNoted: boolean;
  /** It was there before this call. */
  readonly hadNote: boolean;
  /** Why the note was not written, when it was not. */
  readonly noteFailed: AppError | undefined;
  /** What was taken out of the note. */
  readonly notes: readonly string[];
}

/**
 * Gives a case to a queue, a person or a team, and writes why. From its queue it is routed; without one it changes its owner.
 * The note is written after the case has gone, so that no note tells of what was not done; where the case is there already and
 * such a note is not, it is written too: an earlier call may have given the case away and said that it does not know.
 *
 * @throws AppError when the case was not given away, or when that is not known
 */
export async function handOver(
  dataverse: Dataverse,
  time: CallTime,
  asker: Asker,
  table: Table,
  { id, ownerId }: Handed,
  target: Target,
  reason: string | undefined,
): Promise<HandOver> {
  const note = reason === undefined ? undefined : { title: noteTitle, text: reason };
  const [place, before] = await Promise.all([
    readQueuePlace(dataverse, id),
    note && notesBefore(dataverse, id, note),
  ]);
  const is = await give(dataverse, time, table, { id, ownerId }, place, target).catch((error) => {
    if (reason === undefined || !(error instanceof AppError) || !mayBeDone(error)) throw error;
    throw error.restated(error.message, {
      hint: `${error.hint ?? ""} The handover note is not written yet: the same call writes it, or create_note.`,
    });
  });
  const over = { is, before: place, isNoted: false, hadNote: false, noteFailed: undefined };
  if (note === undefined) return { ...over, notes: [] };
  if (is === "there" && before) return { ...over, isNoted: true, hadNote: true, notes: [] };
  try {
    // The same call beside this one, which finds the case there, writes its note under the same id.
    const drawn = derivedId(
      ...["handover", asker.environment, asker.objectId, id, target.table, target.id],
      ...[note.text, String(before)],
    );
    const { notes } = await writeNote(dataverse, time, asker, id, note, drawn);
    return { ...over, isNoted: true, notes };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { ...over, noteFailed: error, notes: [] };
  }
}

const noteTitle = "Handover";

/** Equal notes of earlier hand-overs; 0 for who may not read notes. */
async function notesBefore(
  dataverse: Dataverse,
  id: string,
  note: { readonly title: string; readonly text: string },
): Promise<number> {
  try {
    return await countNotes(dataverse, id, note);
  } catch (error) {
    if (error instanceof AppError && error.kind === "forbidden") return 0;
    throw error;
  }
}

/** What is said first where the case went over and its note may be missing. */
export function noteFailedWords(caseId: string, noteFailed: AppError): string {
  if (!mayBeDone(noteFailed))
    return `The handover note was NOT written: ${noteFailed.message} The case itself is there; the same call writes the note, or create_note, if you still may.`;
  const query = `SELECT annotationid, notetext FROM annotation WHERE objectid = '${caseId}' AND subject = '${noteTitle}'`;
  return `It is NOT known whether the handover note was written: ${noteFailed.message} The case itself is there. To find out, call ${queryWords(query)}; the same call writes no second one.`;
}

async function give(
  dataverse: Dataverse,
  time: CallTime,
  table: Table,
  { id, ownerId }: Handed,
  place: QueuePlace | undefined,
  target: Target,
): Promise<HandOver["is"]> {
  if (target.table === "queue") {
    if (place?.queueId !== target.id) {
      await moveCase(dataverse, time, id, place, target);
      return "moved";
    }
    if (place.workerId === undefined) return "there";
    await releaseItem(dataverse, time, id, place);
    return "released";
  }
  const isWorkedOn = place === undefined || place.workerId === target.id;
  if (ownerId === target.id && isWorkedOn) return "there";
  if (place !== undefined) {
    // Both are judged before the first is sent: a yes that only the second takes would come too late.
    await dataverse.announce(
      await handOverRequests(dataverse, table, { id, ownerId }, place, target),
    );
    await moveCase(dataverse, time, id, place, target);
  }
  if (ownerId !== target.id) await own(dataverse, time, table, id, target, place !== undefined);
  return "moved";
}

/** What giving it sends, for who has to say yes to several before the first goes. */
export async function handOverRequests(
  dataverse: Dataverse,
  table: Table,
  { id, ownerId }: Handed,
  place: QueuePlace | undefined,
  target: Target,
): Promise<readonly DataverseRequest[]> {
  if (target.table === "queue") {
    if (place === undefined) {
      const asked = await queueRequest(dataverse, { table: "incident", id }, target.id);
      return [{ method: "POST", ...asked, expects: "noContent" }];
    }
    if (place.queueId !== target.id)
      return [{ ...routeRequest(place, target), expects: "noContent" }];
    return place.workerId === undefined ? [] : [{ ...releaseRequest(place), expects: "noContent" }];
  }
  const isOwned = ownerId === target.id;
  if (isOwned && (place === undefined || place.workerId === target.id)) return [];
  return [
    ...(place === undefined
      ? []
      : [{ ...routeRequest(place, target), expects: "noContent" as const }]),
    ...(isOwned
      ? []
      : [
          {
            method: "PATCH" as const,
            path: `${table.setName}(${id})`,
            body: ownedBy(target),
            expects: { changeOf: id },
          },
        ]),
  ];
}

const ownedBy = ({ table, id }: Target) => ({
  "ownerid@odata.bind": `/${table === "team" ? "teams" : "systemusers"}(${id})`,
});

/** Routing gives the case as well where the environment does that; where it does not, it is given here. */
async function own(
  dataverse: Dataverse,
  time: CallTime,
  table: Table,
  id: string,
  target: Target,
  wasRouted: boolean,
): Promise<void> {
  const words = {
    findOut: `To find out, call ${queryWords(`SELECT ownerid FROM incident WHERE incidentid = '${id}'`)}: ${target.id} says that it has.`,
    again: "The same call can be made again.",
  };
  let settled: Settled<Standing>;
  try {
    // Whoever may not see the case any more has given it away.
    const row = await dataverse.retrieve("incident", id, { select: ["_ownerid_value"] });
    if (row === undefined || row._ownerid_value === target.id) return;
    settled = await updateRow(dataverse, time, table, id, ownedBy(target));
  } catch (error) {
    if (!(error instanceof AppError) || !wasRouted) throw error;
    // The routing may have given it too.
    throw error.restated(
      `The case was routed; it is not known whether it has its new owner. ${error.message}`,
      {
        hint: `${words.findOut} ${words.again}`,
        request: { effect: "write", outcome: "notKnown", lastTry: "lost" },
      },
    );
  }
  if (settled.outcome === "done") return;
  throw failed(settled, {
    ...words,
    done: wasRouted
      ? "the case, which was routed, has its new owner"
      : "the case has its new owner",
    notDone: wasRouted
      ? "The case was routed, but did not get its new owner."
      : "The case did not get its new owner.",
  });
}
