import type { Dataverse, DataverseRequest } from "../../dataverse";
import { AppError, type ErrorKind } from "../../errors";
import { type CallTime, msToLook } from "../outcome/call-time";
import { failed, queryWords } from "../outcome/outcome-words";
import { isRefused, type Settled, settle } from "../outcome/settle";
import { type Email, emailStatus, isSent, readEmail } from "./email";

/** The mail as it stands after sending, and whether it was this call that sent it. */
export interface Sent {
  readonly email: Email;
  readonly by: "us" | "others";
}

/** Refusals that say nothing of the mail: its state is not looked at after them. */
const ofRights: ReadonlySet<ErrorKind> = new Set(["forbidden", "throttled", "upstream", "timeout"]);

/** The request that sends a draft. */
export const sendRequest = (id: string): DataverseRequest => ({
  method: "POST",
  path: `emails(${id})/Microsoft.Dynamics.CRM.SendEmail`,
  body: { IssueSend: true },
  expects: { result: { Subject: "optional" } },
});

/**
 * Asks Dataverse to send, once. Where its answer is lost, or it refuses because somebody was faster, the mail's own state tells
 * what happened.
 *
 * @throws AppError when the mail was not sent (the draft is kept), or when that is not known
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/reference/sendemail
 */
export async function sendDraft(dataverse: Dataverse, time: CallTime, email: Email): Promise<Sent> {
  const settled = await settle<"sent" | Sent>(time, {
    async send(withinMs) {
      await dataverse.send({ ...sendRequest(email.id), withinMs });
      return "sent";
    },
    async look(withinMs) {
      const now = await readEmail(dataverse, email.id, withinMs);
      if (now === undefined || !isSent(now)) return undefined;
      return { email: now, by: await senderOf(dataverse, now) };
    },
  });
  if (settled.outcome === "done") {
    if (settled.value !== "sent") return settled.value;
    return { email: await readBack(dataverse, time, email), by: "us" };
  }
  const other = await someoneElse(dataverse, time, email.id, settled);
  if (other !== undefined) return { email: other, by: "others" };
  throw failed(settled, {
    done: "the mail was sent",
    notDone: "The mail was not sent; the draft is kept.",
    findOut: `To find out, call ${queryWords(`SELECT statuscode FROM email WHERE activityid = '${email.id}'`)}: Sent, Pending Send or Sending says that it was, Draft that it has yet to be.`,
    again: "The same call can be made again: it sends the mail only if it is a draft by then.",
  });
}

/** Whoever changed the mail last sent it; the service itself goes on with it in its own name. */
async function senderOf(dataverse: Dataverse, now: Email): Promise<Sent["by"]> {
  const { modifiedBy } = now;
  if (modifiedBy === undefined || /^system$/i.test(modifiedBy.name)) return "us";
  return modifiedBy.id === (await dataverse.whoAmI()).userId ? "us" : "others";
}

/** Dataverse took the mail; that its new status cannot be read does not unsend it. */
async function readBack(dataverse: Dataverse, time: CallTime, email: Email): Promise<Email> {
  try {
    const now = await readEmail(dataverse, email.id, msToLook(time));
    if (now !== undefined) return now;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
  }
  return { ...email, status: emailStatus.pendingSend, statusLabel: "accepted, not read back" };
}

/** After a refusal of Dataverse's: the mail, where it is under way all the same, which is then another's doing. */
async function someoneElse(
  dataverse: Dataverse,
  time: CallTime,
  id: string,
  settled: Exclude<Settled<unknown>, { readonly outcome: "done" }>,
): Promise<Email | undefined> {
  if (!isRefused(settled) || ofRights.has(settled.failure.kind)) return undefined;
  try {
    const now = await readEmail(dataverse, id, msToLook(time));
    return now !== undefined && isSent(now) ? now : undefined;
  } catch (error) {
    // The refusal stands, whatever can be read.
    if (error instanceof AppError) return undefined;
    throw error;
  }
}
