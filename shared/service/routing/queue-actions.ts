import type { Dataverse } from "../../dataverse";
import type { CallTime } from "../outcome/call-time";
import { failed, queryWords } from "../outcome/outcome-words";
import { settle } from "../outcome/settle";
import { type QueuePlace, readQueuePlace } from "../overview/standing";
import { putIntoQueue } from "../record/operations/queue-items";

/** Whom a case goes to. */
export interface Target {
  readonly table: "systemuser" | "team" | "queue";
  readonly id: string;
}

interface Sending {
  readonly path: string;
  readonly body: unknown;
  /** Behind "It is not known whether": `the case was moved`. */
  readonly done: string;
  readonly notDone: string;
  /** True where the place of the case says that it was done; undefined for a case that is in no queue any more. */
  isDone(place: QueuePlace | undefined): boolean;
}

const bound = (itemId: string, action: string) =>
  `queueitems(${itemId})/Microsoft.Dynamics.CRM.${action}`;

/** One operation on the item of a case in its queue. A lost answer is checked by looking where the case is. */
async function act(
  dataverse: Dataverse,
  time: CallTime,
  caseId: string,
  { path, body, done, notDone, isDone }: Sending,
): Promise<void> {
  const settled = await settle<true>(time, {
    async send(withinMs) {
      await dataverse.action(path, body, "noContent", { withinMs });
      return true;
    },
    look: async (withinMs) =>
      isDone(await readQueuePlace(dataverse, caseId, withinMs)) ? true : undefined,
    async stands(withinMs) {
      const now = await readQueuePlace(dataverse, caseId, withinMs);
      // A case may go where the caller sees it no more.
      return now && isDone(now);
    },
  });
  if (settled.outcome === "done") return;
  throw failed(settled, {
    done,
    notDone,
    findOut: `To find out, call ${queryWords(`SELECT queueid, workerid FROM queueitem WHERE objectid = '${caseId}' AND statecode = 0`)}.`,
    again: "The same call can be made again: it looks where the case is first.",
  });
}

/** What `moveCase` sends for a case that is in a queue. */
export const routeRequest = (
  place: QueuePlace,
  target: Target,
): {
  readonly method: "POST";
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
} => ({
  method: "POST",
  path: bound(place.itemId, "RouteTo"),
  body: {
    Target: {
      "@odata.type": `Microsoft.Dynamics.CRM.${target.table}`,
      [`${target.table}id`]: target.id,
    },
  },
});

/**
 * Moves a case to a queue, or from its queue to a person or a team, who own it from then on.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/reference/routeto
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/reference/addtoqueue
 */
export async function moveCase(
  dataverse: Dataverse,
  time: CallTime,
  caseId: string,
  place: QueuePlace | undefined,
  target: Target,
): Promise<void> {
  if (place === undefined) {
    if (target.table === "queue")
      await putIntoQueue(dataverse, time, { table: "incident", id: caseId }, target.id);
    return;
  }
  await act(dataverse, time, caseId, {
    ...routeRequest(place, target),
    done: "the case was routed",
    notDone: "The case was not routed.",
    isDone: (now) =>
      target.table === "queue"
        ? now?.queueId === target.id
        : now?.queueId !== place.queueId ||
          now?.workerId === target.id ||
          now?.since !== place.since,
  });
}

/** Takes nobody's place: who calls works on it from then on, and owns the case. It stays in the queue. */
export const pickItem = (
  dataverse: Dataverse,
  time: CallTime,
  caseId: string,
  place: QueuePlace,
  userId: string,
): Promise<void> =>
  act(dataverse, time, caseId, {
    path: bound(place.itemId, "PickFromQueue"),
    body: {
      SystemUser: { "@odata.type": "Microsoft.Dynamics.CRM.systemuser", systemuserid: userId },
      RemoveQueueItem: false,
    },
    done: "the case was picked",
    notDone: "The case was not picked.",
    isDone: (now) => now?.workerId === userId,
  });

/** What `releaseItem` sends. */
export const releaseRequest = ({ itemId }: QueuePlace) => ({
  method: "POST" as const,
  path: bound(itemId, "ReleaseToQueue"),
  body: {},
});

/** Nobody works on it any more; it stays in its queue. */
export const releaseItem = (
  dataverse: Dataverse,
  time: CallTime,
  caseId: string,
  place: QueuePlace,
): Promise<void> =>
  act(dataverse, time, caseId, {
    ...releaseRequest(place),
    done: "the case was given back to its queue",
    notDone: "The case was not given back to its queue.",
    isDone: (now) => now !== undefined && now.workerId === undefined,
  });
