import type { Dataverse, Option } from "../../dataverse";
import { AppError, type ErrorKind } from "../../errors";
import { type CallTime, msToLook } from "../outcome/call-time";
import { failed, queryWords } from "../outcome/outcome-words";
import { isRefused, type Settled, settle } from "../outcome/settle";
import { type Case, caseState, readCase } from "./case";
import { type Resolution, readResolution } from "./resolution";

/** What is to be stored with the resolution. */
export interface Wish {
  readonly subject: string;
  readonly note: string;
  readonly minutes: number;
  readonly reason: Option;
}

/** By whom a case was resolved: by this call, or by another whose resolution stands. */
export type Resolved =
  | { readonly by: "us" }
  /** The case as it is now. Its resolution may be one that the caller may not read. */
  | { readonly by: "others"; readonly now: Case; readonly resolution: Resolution | undefined };

/** Refusals that say nothing of the case: its state is not looked at after them. */
const ofRights: ReadonlySet<ErrorKind> = new Set(["forbidden", "throttled", "upstream", "timeout"]);

/**
 * Sends CloseIncident, once. Where its answer is lost, or Dataverse refuses because somebody was faster, the case and the text
 * of its resolution tell what happened.
 *
 * @throws AppError when the case was not resolved, or when that is not known
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/reference/closeincident
 */
export async function resolveCase(
  dataverse: Dataverse,
  time: CallTime,
  found: Case,
  wish: Wish,
): Promise<Resolved> {
  const settled = await settle<Resolved>(time, {
    async send(withinMs) {
      await close(dataverse, found.id, wish, withinMs);
      return { by: "us" };
    },
    look: (withinMs) => look(dataverse, found.id, wish, withinMs),
    async stands(withinMs) {
      const now = await readCase(dataverse, found.id, withinMs);
      return now && now.state === caseState.resolved;
    },
  });
  if (settled.outcome === "done") return settled.value;
  return (await someoneElse(dataverse, time, found.id, settled)) ?? refuse(found, settled);
}

const close = (dataverse: Dataverse, caseId: string, wish: Wish, withinMs: number) =>
  dataverse.action(
    "CloseIncident",
    {
      IncidentResolution: {
        "@odata.type": "Microsoft.Dynamics.CRM.incidentresolution",
        subject: wish.subject,
        description: wish.note,
        timespent: wish.minutes,
        "incidentid@odata.bind": `/incidents(${caseId})`,
      },
      Status: wish.reason.value,
    },
    "noContent",
    { withinMs },
  );

/** Undefined while the case is not resolved. */
async function look(
  dataverse: Dataverse,
  caseId: string,
  wish: Wish,
  withinMs: number,
): Promise<Resolved | undefined> {
  const now = await readCase(dataverse, caseId, withinMs);
  if (now?.state !== caseState.resolved) return undefined;
  const resolution = await readResolution(dataverse, caseId, withinMs);
  const { userId } = await dataverse.whoAmI();
  // The resolution of somebody else may be one that the caller may not read.
  const isOurs =
    resolution === undefined ? now.modifiedBy?.id === userId : isBy(resolution, wish, userId);
  return isOurs ? { by: "us" } : { by: "others", now, resolution };
}

function isBy(resolution: Resolution, wish: Wish, userId: string): boolean {
  const isSame = (a: string, b: string) => words(a) === words(b);
  if (!isSame(resolution.note, wish.note) || !isSame(resolution.subject, wish.subject))
    return false;
  return resolution.byId === undefined || resolution.byId === userId;
}

const words = (text: string) => text.replaceAll(/\s+/g, " ").trim();

/** After a refusal of Dataverse's: whether the case is resolved all the same, which is then another's doing. */
async function someoneElse(
  dataverse: Dataverse,
  time: CallTime,
  caseId: string,
  settled: Exclude<Settled<Resolved>, { readonly outcome: "done" }>,
): Promise<Resolved | undefined> {
  if (!isRefused(settled) || ofRights.has(settled.failure.kind)) return undefined;
  try {
    const withinMs = msToLook(time);
    const now = await readCase(dataverse, caseId, withinMs);
    if (now?.state !== caseState.resolved) return undefined;
    const resolution = await readResolution(dataverse, caseId, withinMs);
    return { by: "others", now, resolution };
  } catch (error) {
    // The refusal stands, whatever can be read.
    if (error instanceof AppError) return undefined;
    throw error;
  }
}

function refuse(
  found: Case,
  settled: Exclude<Settled<Resolved>, { readonly outcome: "done" }>,
): never {
  throw failed(settled, {
    done: "the case was resolved",
    notDone: "The case was not resolved.",
    findOut: `To find out, call ${queryWords(`SELECT statecode, statuscode FROM incident WHERE incidentid = '${found.id}'`)}: statecode 1 says that it is resolved.`,
    again:
      "The same call can be made again: it resolves the case only if it is not resolved by then.",
  });
}
