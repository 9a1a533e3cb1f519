import type { PlannedCase } from "./cases";
import type { Draw } from "./draw";
import { organizationId } from "./identities";
import type { Article } from "./knowledge";
import type { Organization } from "./organization";
import { ownedBy, type SamplePlan, stamped } from "./plan";
import { followUpOf, isDevice, mailHtml, replyOf, type Turn } from "./wording";
import { isoTime } from "./writer";

const hourMs = 3_600_000;

export interface ActivityParts {
  readonly organization: Organization;
  /** Published articles by fault. */
  readonly articles: ReadonlyMap<string, readonly Article[]>;
}

/** Everything that hangs on a case: mails, calls, tasks, notes, its resolution, the queue, the service level, feedback. */
export function writeActivities(
  plan: SamplePlan,
  parts: ActivityParts,
  planned: PlannedCase,
): void {
  const draw = plan.draw("activity", planned.row);
  writeMails(plan, planned, draw);
  if (draw.chance("call", 0.3)) writeCall(plan, planned, draw);
  if (draw.chance("task", 0.2)) writeTask(plan, planned, draw);
  if (draw.chance("note", 0.8)) writeNote(plan, planned, draw);
  if (planned.state === 1) writeResolution(plan, planned, draw);
  if (planned.state === 0) writeQueueItem(plan, parts.organization, planned, draw);
  writeServiceLevel(plan, planned, draw);
  if (draw.chance("article", 0.35)) linkArticle(plan, parts, planned, draw);
  if (planned.state === 1 && draw.chance("feedback", 0.25)) writeFeedback(plan, planned, draw);
}

const about = (planned: PlannedCase) => ({
  regardingobjectid: planned.id,
  regardingobjectid__type: "incident",
});
const flags = { isbilled: 0, isregularactivity: 1, isworkflowcreated: 0 };

interface Mail {
  readonly step: number;
  readonly isOutgoing: boolean;
  readonly isDraft: boolean;
  readonly at: number;
  readonly text: string;
  readonly quoted: { text: string; from: string; at: string } | undefined;
}

/** A conversation: the customer writes, the desk asks, the customer answers, the desk solves; the last may be a draft. */
function writeMails(plan: SamplePlan, planned: PlannedCase, draw: Draw): void {
  const many = draw.weighted("mails", [
    [0, 12],
    [1, 22],
    [2, 28],
    [3, 18],
    [4, 12],
    [6, 6],
    [12, 2],
  ] as const);
  const isDemo = planned.row < 3;
  const count = isDemo ? 2 : planned.isByMail ? Math.max(1, many) : many;
  const hasDraft = planned.state === 0 && (isDemo || draw.chance("draft", 0.2));
  // An open case waits for somebody: its mails came in its first days.
  const span = Math.max(
    Math.min(
      planned.closedAt - planned.createdAt,
      planned.state === 0 ? count * 30 * hourMs : Infinity,
    ),
    hourMs,
  );
  let quoted: Mail["quoted"];
  for (let step = 0; step < count; step++) {
    const isOutgoing = step % 2 === 1;
    const isDraft = hasDraft && isOutgoing && step >= count - 2;
    const at = planned.createdAt + Math.floor((span * step) / (count + 1));
    const turn = { step, count, state: planned.state };
    const text = mailText(planned, draw, turn, isOutgoing);
    writeMail(plan, planned, { step, isOutgoing, isDraft, at, text, quoted });
    quoted = {
      text,
      from: isOutgoing ? planned.agent.name : planned.contact.name,
      at: isoTime(at),
    };
  }
}

function mailText(planned: PlannedCase, draw: Draw, turn: Turn, isOutgoing: boolean): string {
  if (turn.step === 0) return planned.complaint;
  return isOutgoing
    ? replyOf(planned.story, turn, planned.agent.name, draw)
    : followUpOf(planned.story, turn, draw);
}

function writeMail(plan: SamplePlan, planned: PlannedCase, mail: Mail): void {
  const draw = plan.draw("email", planned.row * 16 + mail.step);
  const id = draw.guid("id");
  const at = isoTime(mail.at);
  const done = mail.isDraft
    ? { statecode: 0, statuscode: 1 }
    : { statecode: 1, statuscode: mail.isOutgoing ? 3 : 4 };
  const subject = `${mail.step === 0 ? "" : "Re: "}${planned.title} [${planned.ticketNumber}]`;
  plan.writer.write("email", {
    activityid: id,
    activitytypecode: "email",
    subject,
    description: mailHtml(mail.text, mail.quoted),
    directioncode: mail.isOutgoing ? 1 : 0,
    sender: mail.isOutgoing ? planned.agent.email : planned.contact.email,
    torecipients: mail.isOutgoing ? planned.contact.email : "service.desk@halvren.example",
    messageid: `<${id}@halvren.example>`,
    mimetype: "text/html",
    prioritycode: 1,
    senton: mail.isDraft ? null : at,
    actualend: mail.isDraft ? null : at,
    ...done,
    ...about(planned),
    ...flags,
    ...ownedBy(planned.owner),
    ...stamped(planned.agent.id, at),
  });
  const customer = { id: planned.contact.id, type: "contact", mail: planned.contact.email };
  const agent = { id: planned.agent.id, type: "systemuser", mail: planned.agent.email };
  const [from, to] = mail.isOutgoing ? [agent, customer] : [customer, agent];
  for (const [index, [party, mask]] of (
    [
      [from, 1],
      [to, 2],
    ] as const
  ).entries()) {
    plan.writer.write("activityparty", {
      activitypartyid: draw.guid(`party${index}`),
      activityid: id,
      activityid__type: "email",
      partyid: party.id,
      partyid__type: party.type,
      participationtypemask: mask,
      addressused: party.mail,
      instancetypecode: 0,
      ispartydeleted: 0,
      ownerid: planned.owner.id,
      ownerid__type: planned.owner.type,
      owningbusinessunit: planned.owner.businessUnitId,
      owninguser: planned.owner.type === "systemuser" ? planned.owner.id : null,
    });
  }
}

function writeCall(plan: SamplePlan, planned: PlannedCase, draw: Draw): void {
  const at = isoTime(planned.createdAt + hourMs);
  plan.writer.write("phonecall", {
    activityid: draw.guid("call"),
    activitytypecode: "phonecall",
    subject: `Call with ${planned.contact.name} about ${planned.story.model}`,
    description: planned.story.fault.question,
    directioncode: draw.chance("outgoing", 0.5) ? 1 : 0,
    leftvoicemail: draw.chance("voicemail", 0.1) ? 1 : 0,
    actualdurationminutes: draw.whole("minutes", 2, 35),
    prioritycode: 1,
    statecode: planned.state === 0 && draw.chance("callOpen", 0.3) ? 0 : 1,
    statuscode: planned.state === 0 && draw.chance("callOpen", 0.3) ? 1 : 2,
    actualend: at,
    ...about(planned),
    ...flags,
    ...ownedBy(planned.owner),
    ...stamped(planned.agent.id, at),
  });
}

function writeTask(plan: SamplePlan, planned: PlannedCase, draw: Draw): void {
  const at = planned.createdAt + 2 * hourMs;
  const isOpen = planned.state === 0;
  plan.writer.write("task", {
    activityid: draw.guid("task"),
    activitytypecode: "task",
    subject: draw.pick("what", [
      "Call the customer back",
      "Ask second level",
      "Check the warranty",
      "Send the spare part",
      "Wait for the photo",
    ]),
    description: `${planned.ticketNumber}: ${planned.story.fault.question}`,
    prioritycode: 1,
    percentcomplete: isOpen ? 0 : 100,
    scheduledend: isoTime(at + 48 * hourMs),
    actualend: isOpen ? null : isoTime(planned.closedAt),
    statecode: isOpen ? 0 : 1,
    statuscode: isOpen ? 2 : 5,
    ...about(planned),
    ...flags,
    ...ownedBy(planned.owner),
    ...stamped(planned.agent.id, isoTime(at)),
  });
}

function writeNote(plan: SamplePlan, planned: PlannedCase, draw: Draw): void {
  const at = isoTime(planned.createdAt + 3 * hourMs);
  plan.writer.write("annotation", {
    annotationid: draw.guid("note"),
    subject: draw.pick("about", ["Call", "Checked", "Second level", "Customer"]),
    notetext: draw.pick("text", [
      `Asked: ${planned.story.fault.question}`,
      isDevice(planned.story)
        ? `Serial ${planned.story.serial} is within warranty.`
        : `Checked ${planned.story.serial} in the order system, data is right.`,
      `${planned.contact.name} prefers to be called after 16:00.`,
      `Looks like: ${planned.story.fault.cause}`,
      `Called ${planned.contact.name}, no answer; left a message. ${planned.story.fault.question}`,
      "Same customer called about this last month, see the earlier case.",
      `Told the customer what to do: ${planned.story.fault.resolution}`,
    ]),
    isdocument: 0,
    isprivate: 0,
    objectid: planned.id,
    objectid__type: "incident",
    ...ownedBy(planned.owner),
    ...stamped(planned.agent.id, at),
  });
}

function writeResolution(plan: SamplePlan, planned: PlannedCase, draw: Draw): void {
  const at = isoTime(planned.closedAt);
  plan.writer.write("incidentresolution", {
    activityid: draw.guid("resolution"),
    activitytypecode: "incidentresolution",
    subject: draw.pick("resolved", [
      `Case resolved: ${planned.story.model}`,
      (planned.story.fault.resolution.split(/[;.,]/)[0] ?? "").slice(0, 200),
      `${planned.story.model}: solved by mail`,
    ]),
    description: planned.story.fault.resolution,
    incidentid: planned.id,
    timespent: draw.whole("minutes", 5, 120),
    resolutiontypecode: planned.statusReason,
    statecode: 1,
    statuscode: 2,
    prioritycode: 1,
    actualend: at,
    ...about(planned),
    ...flags,
    ...ownedBy(planned.owner),
    ...stamped(planned.agent.id, at),
  });
}

function writeQueueItem(
  plan: SamplePlan,
  organization: Organization,
  planned: PlannedCase,
  draw: Draw,
): void {
  const at = isoTime(planned.createdAt);
  const isPicked = draw.chance("picked", 0.6);
  plan.writer.write("queueitem", {
    queueitemid: draw.guid("queueitem"),
    queueid: draw.pick("queue", organization.queues).id,
    objectid: planned.id,
    objectid__type: "incident",
    objecttypecode: 112,
    title: planned.title,
    enteredon: at,
    workerid: isPicked ? planned.agent.id : null,
    workerid__type: isPicked ? "systemuser" : null,
    workeridmodifiedon: isPicked ? at : null,
    statecode: 0,
    statuscode: 1,
    organizationid: organizationId,
    ownerid: planned.owner.id,
    ownerid__type: planned.owner.type,
    owninguser: planned.owner.type === "systemuser" ? planned.owner.id : null,
    owningbusinessunit: planned.owner.businessUnitId,
    ...stamped(planned.agent.id, at),
  });
}

/** 0 in progress, 1 non-compliant, 4 succeeded: Dataverse's values of `slakpiinstance.status`. */
function writeServiceLevel(plan: SamplePlan, planned: PlannedCase, draw: Draw): void {
  const due = planned.createdAt + draw.pick("hours", [4, 8, 24, 72]) * hourMs;
  const isLate = planned.closedAt > due;
  plan.writer.write("slakpiinstance", {
    slakpiinstanceid: draw.guid("kpi"),
    name: "Resolve by",
    regarding: planned.id,
    regarding__type: "incident",
    failuretime: isoTime(due),
    warningtime: isoTime(due - hourMs),
    status: isLate ? 1 : planned.state === 0 ? 0 : 4,
    succeededon: !isLate && planned.state === 1 ? isoTime(planned.closedAt) : null,
    ...ownedBy(planned.owner),
    ...stamped(planned.agent.id, isoTime(planned.createdAt)),
  });
}

function linkArticle(
  plan: SamplePlan,
  { articles }: ActivityParts,
  planned: PlannedCase,
  draw: Draw,
): void {
  const known = articles.get(planned.story.fault.id) ?? [];
  if (known.length === 0) return;
  plan.writer.write("knowledgearticleincident", {
    knowledgearticleincidentid: draw.guid("link"),
    incidentid: planned.id,
    knowledgearticleid: draw.pick("which", known).id,
    issenttocustomer: draw.chance("sent", 0.4) ? 1 : 0,
    knowledgeusage: 1,
    statecode: 0,
    statuscode: 1,
    ...ownedBy(planned.owner),
    ...stamped(planned.agent.id, isoTime(planned.createdAt + hourMs)),
  });
}

function writeFeedback(plan: SamplePlan, planned: PlannedCase, draw: Draw): void {
  const rating = draw.weighted("rating", [
    [5, 40],
    [4, 30],
    [3, 12],
    [2, 8],
    [1, 10],
  ] as const);
  plan.writer.write("feedback", {
    feedbackid: draw.guid("feedback"),
    title: rating > 3 ? "Quick and friendly" : "It took too long",
    comments: rating > 3 ? "Thank you for the help." : "I had to ask more than once.",
    rating,
    minrating: 1,
    maxrating: 5,
    normalizedrating: (rating - 1) / 4,
    regardingobjectid: planned.id,
    regardingobjectid__type: "incident",
    statecode: 0,
    statuscode: 1,
    ...ownedBy(planned.owner),
    ...stamped(planned.agent.id, isoTime(Math.min(planned.closedAt + hourMs, plan.asOf))),
  });
}
