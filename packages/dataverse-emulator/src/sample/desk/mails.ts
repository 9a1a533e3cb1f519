import type { Organization } from "../company/organization";
import type { PlannedMail } from "../conversation";
import { ownedBy, type SamplePlan, stamped } from "../plan";
import { followUpOf, replyOf } from "../wording/wording";
import { isoTime } from "../writer";
import { mailHtml, type Quoted } from "./mail-html";
import { about, flags, writeParties } from "./parties";
import type { PlannedCase } from "./planned-case";

/** The mails of a case, each quoting what it answers. */
export function writeMails(
  plan: SamplePlan,
  organization: Organization,
  planned: PlannedCase,
): void {
  const draw = plan.draw("activity", planned.row);
  const last = planned.mails.at(-1)?.step ?? 0;
  let quoted: Quoted | undefined;
  let answered: string | null = null;
  for (const mail of planned.mails) {
    const turn = { step: mail.step, last, state: planned.state };
    const text =
      mail.step === 0
        ? planned.complaint
        : mail.isOutgoing
          ? replyOf(planned.story, turn, planned.agent.name, draw)
          : followUpOf(planned.story, turn, draw);
    answered = writeMail(plan, organization, planned, mail, { text, quoted, answered });
    const { name, email } = mail.isOutgoing ? planned.agent : planned.contact;
    quoted = { text, from: name, address: email, at: mail.at, earlier: quoted };
  }
}

/** Number of an email row; a case has twelve mails and a thirteenth of thanks at most. */
export const mailRow = (planned: Pick<PlannedCase, "row">, step: number): number =>
  planned.row * 16 + step;

/** @returns the message's own id, for the next one to answer */
function writeMail(
  plan: SamplePlan,
  organization: Organization,
  planned: PlannedCase,
  mail: PlannedMail,
  body: { text: string; quoted: Quoted | undefined; answered: string | null },
): string {
  const draw = plan.draw("email", mailRow(planned, mail.step));
  const id = draw.guid("id");
  const at = isoTime(mail.at);
  const { agent, contact, story } = planned;
  const desk = organization.queueOf("");
  const sender = mail.isOutgoing ? agent.email : contact.email;
  const messageId = `<${id}@${sender.split("@")[1]}>`;
  const done = mail.isDraft
    ? { statecode: 0, statuscode: 1 }
    : { statecode: 1, statuscode: mail.isOutgoing ? 3 : 4 };
  // The number of the case is first known when the desk answers.
  const isFirst = mail.step === 0;
  const subject = isFirst ? planned.title : `Re: ${planned.title} [${planned.ticketNumber}]`;
  plan.writer.write("email", {
    activityid: id,
    activitytypecode: "email",
    subject,
    description: mailHtml(body.text, body.quoted, mail.isOutgoing ? "en" : story.language),
    directioncode: mail.isOutgoing ? 1 : 0,
    sender,
    torecipients: mail.isOutgoing ? contact.email : desk.mail,
    emailsender: mail.isOutgoing ? agent.id : contact.id,
    emailsender__type: mail.isOutgoing ? "systemuser" : "contact",
    messageid: mail.isDraft ? null : messageId,
    inreplyto: body.answered,
    conversationtrackingid: planned.kpiId,
    // 3: put to the case by what it answers.
    correlationmethod: body.answered === null ? 0 : 3,
    mimetype: "text/html",
    attachmentcount: 0,
    prioritycode: 1,
    senton: mail.isDraft ? null : at,
    actualend: mail.isDraft ? null : at,
    ...done,
    ...about(planned),
    ...flags,
    ...ownedBy(planned.owner),
    ...stamped(agent.id, at),
  });
  const customer = { id: contact.id, type: "contact", address: contact.email };
  const [from, to] = mail.isOutgoing
    ? [{ id: agent.id, type: "systemuser", address: agent.email }, customer]
    : [customer, { id: desk.id, type: "queue", address: desk.mail }];
  writeParties(plan, planned, { id, type: "email", draw }, from, to);
  return messageId;
}
