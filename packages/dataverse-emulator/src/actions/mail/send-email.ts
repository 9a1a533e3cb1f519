import { DataverseError, type WebRequest, type WebResponse, type World } from "../../model";
import { demandRow, invalidArgument } from "../access";
import { type Json, parametersOf } from "../reference";
import { demandParties, type Sender } from "./email-parties";

const APPROVED = 1;
const SENT = 3;
const SUBJECT_LENGTH = 800;
const FIRST_TOKEN = 1_001;

/** Server-side synchronization takes mail of approved mailboxes only; the draft stays as it is. */
function demandMailbox(sender: Sender): void {
  if (sender.row.emailrouteraccessapproval === APPROVED) return;
  throw new DataverseError(
    400,
    "0x8005e226",
    `The email cannot be sent: the mailbox of the sender (${sender.address}) has not been approved for sending. Approve the email address of the ${sender.table === "queue" ? "queue" : "user"} first.`,
  );
}

/** `CRM:0001001`, one more than the highest token so far. */
function nextToken(world: World): string {
  const row = world.db
    .prepare(
      `SELECT max(CAST(substr("trackingtoken", 5) AS INTEGER)) AS top FROM "email" WHERE "trackingtoken" LIKE 'CRM:%'`,
    )
    .get();
  const next = Math.max(FIRST_TOKEN, Number(row?.top ?? 0) + 1);
  return `CRM:${String(next).padStart(7, "0")}`;
}

function tokenOf(world: World, parameters: Json): string {
  const given = parameters.TrackingToken ?? "";
  if (typeof given !== "string") throw invalidArgument("'TrackingToken' must be a string.");
  return given.trim() === "" ? nextToken(world) : given.trim();
}

function issueSendOf(parameters: Json): boolean {
  const value = parameters.IssueSend;
  if (value === undefined || value === null) {
    throw invalidArgument("Required field 'IssueSend' is missing");
  }
  if (typeof value === "boolean") return value;
  throw invalidArgument("'IssueSend' must be true or false.");
}

/**
 * POST emails(id)/Microsoft.Dynamics.CRM.SendEmail {IssueSend, TrackingToken} → {Subject}. The mail counts as sent at
 * once: the emulator has no server behind it. `IssueSend: false` marks it sent without asking for a mailbox.
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/reference/sendemail
 */
export function sendEmail(request: WebRequest, world: World, id: string): WebResponse {
  const parameters = parametersOf(request.body);
  const issueSend = issueSendOf(parameters);
  const { principal } = request;
  const email = demandRow(world, principal, "Write", "email", id);
  if (email.statecode !== 0) {
    throw invalidArgument(
      `The email with Id ${id} cannot be sent: only a mail in Draft or Failed can be sent.`,
    );
  }
  if (email.directioncode !== 1) {
    throw invalidArgument(`The email with Id ${id} cannot be sent: it is an incoming mail.`);
  }
  const sender = demandParties(world, id);
  if (issueSend) demandMailbox(sender);
  const token = tokenOf(world, parameters);
  const room = SUBJECT_LENGTH - token.length - 1;
  const subject = `${String(email.subject ?? "").slice(0, room)} ${token}`.trim();
  const now = `${world.now().toISOString().slice(0, 19)}Z`;
  const change = {
    subject,
    trackingtoken: token,
    sender: sender.address,
    senton: now,
    actualend: now,
    deliveryattempts: 0,
    statecode: 1,
    statuscode: SENT,
  };
  world.db.transaction(() => {
    world.records.update("email", id, change, principal, { internal: true });
  });
  const context = `${request.serviceRoot}$metadata#Microsoft.Dynamics.CRM.SendEmailResponse`;
  return { status: 200, body: { "@odata.context": context, Subject: subject } };
}
