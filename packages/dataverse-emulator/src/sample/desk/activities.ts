import { slaItemIdOf } from "../company/catalogue";
import { deskOffsetOf, type Organization } from "../company/organization";
import type { Draw } from "../draw";
import { deskTime } from "../hours";
import { organizationId } from "../identities";
import type { Article } from "../knowledge/knowledge";
import { ownedBy, ownedByPart, type SamplePlan, stamped } from "../plan";
import { isDevice, type Story } from "../wording/story";
import { isoTime } from "../writer";
import { writeMails } from "./mails";
import { about, flags, writeParties } from "./parties";
import type { PlannedCase } from "./planned-case";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

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
  writeMails(plan, parts.organization, planned);
  const { channel } = planned.story;
  if (channel === "phone" || draw.chance("call", 0.05)) writeCall(plan, planned, draw);
  if (draw.chance("task", 0.2)) writeTask(plan, planned, draw);
  if (draw.chance("note", 0.8)) writeNote(plan, planned, draw);
  if (planned.state === 1) writeResolution(plan, planned, draw);
  if (planned.state === 0) writeQueueItem(plan, parts.organization, planned, draw);
  writeServiceLevel(plan, planned);
  if (draw.chance("article", 0.35)) linkArticle(plan, parts, planned, draw);
  if (planned.rating !== undefined) writeFeedback(plan, planned, planned.rating, draw);
}

/** Some time after the case came in, while the desk is open, and before the case is closed. */
function workedAt(planned: PlannedCase, minutes: number): number {
  const { createdAt, closedAt, agent } = planned;
  const wanted = deskTime(createdAt + minutes * minuteMs, deskOffsetOf(agent.businessUnitId));
  return Math.max(createdAt, Math.min(wanted, closedAt - 2 * minuteMs));
}

/** A call that came in is how the case began; a call that went out is a call back. */
function writeCall(plan: SamplePlan, planned: PlannedCase, draw: Draw): void {
  const { story, contact, agent } = planned;
  const isIncoming = story.channel === "phone";
  const at = isIncoming ? planned.createdAt : workedAt(planned, draw.whole("callAfter", 40, 400));
  const id = draw.guid("call");
  const isMissed = !isIncoming && draw.chance("voicemail", 0.25);
  const minutes = isMissed ? 1 : draw.whole("minutes", 3, 25);
  const end = isoTime(Math.min(at + minutes * minuteMs, plan.asOf));
  plan.writer.write("phonecall", {
    activityid: id,
    activitytypecode: "phonecall",
    subject: isIncoming ? planned.title : `Call back: ${planned.title}`.slice(0, 200),
    description: isIncoming
      ? `${contact.name}: ${story.english}. Asked: ${story.fault.question}`
      : isMissed
        ? "No answer, left a message with the number of the case."
        : `Went through it with ${contact.name}. ${story.fault.cause}`,
    phonenumber: contact.phone,
    directioncode: isIncoming ? 0 : 1,
    leftvoicemail: isMissed ? 1 : 0,
    actualdurationminutes: minutes,
    actualstart: isoTime(at),
    actualend: end,
    prioritycode: 1,
    statecode: 1,
    statuscode: isIncoming ? 4 : 2,
    ...about(planned),
    ...flags,
    ...ownedBy(planned.owner),
    ...stamped(agent.id, isoTime(at), end),
  });
  const customer = { id: contact.id, type: "contact", address: contact.phone };
  const desk = { id: agent.id, type: "systemuser", address: null };
  const [from, to] = isIncoming ? [customer, desk] : [desk, customer];
  writeParties(plan, planned, { id, type: "phonecall", draw }, from, to);
}

type TaskText = readonly [subject: string, what: string];

const callBack: TaskText = ["Call the customer back", "Promised on the phone."];
const tasks: readonly TaskText[] = [
  callBack,
  ["Ask second level", "Send them the description and what was tried so far."],
  ["Check the warranty", "Compare the date of purchase with the serial number."],
  ["Send the spare part", "Address as in the contact."],
  ["Wait for the photo", "The customer sends a photo; look at it and answer."],
];
const accountTasks: readonly TaskText[] = [
  callBack,
  ["Ask accounts", "Have the entry checked and corrected."],
];
const orderTasks: readonly TaskText[] = [
  callBack,
  ["Ask the carrier", "Open an inquiry with the number of the order."],
  ["Check what was ordered", "Compare the order with what the customer says."],
];
const tasksOf = (story: Story): readonly TaskText[] =>
  isDevice(story) ? tasks : story.family.key === "billing" ? accountTasks : orderTasks;

function writeTask(plan: SamplePlan, planned: PlannedCase, draw: Draw): void {
  const at = workedAt(planned, draw.whole("taskAfter", 15, 300));
  const isOpen = planned.state === 0;
  const [subject, what] = draw.pick("what", tasksOf(planned.story));
  plan.writer.write("task", {
    activityid: draw.guid("task"),
    activitytypecode: "task",
    subject,
    description: `${planned.ticketNumber}, ${planned.contact.name}: ${what}`,
    prioritycode: 1,
    percentcomplete: isOpen ? 0 : 100,
    scheduledend: isoTime(deskTime(at + 24 * hourMs, deskOffsetOf(planned.agent.businessUnitId))),
    actualend: isOpen ? null : isoTime(planned.closedAt),
    statecode: isOpen ? 0 : 1,
    statuscode: isOpen ? 2 : 5,
    ...about(planned),
    ...flags,
    ...ownedBy(planned.owner),
    ...stamped(planned.agent.id, isoTime(at), isoTime(isOpen ? at : planned.closedAt)),
  });
}

function writeNote(plan: SamplePlan, planned: PlannedCase, draw: Draw): void {
  const { story, contact } = planned;
  const at = isoTime(workedAt(planned, draw.whole("noteAfter", 10, 240)));
  const [subject, text] = draw.pick("text", [
    ["Asked the customer", `Asked: ${story.fault.question}`],
    isDevice(story)
      ? ["Warranty", `Serial ${story.serial} is within warranty.`]
      : ["Checked", `Looked up ${story.serial}: name and address are as the customer says.`],
    ["Availability", `${contact.name} can best be reached after 16:00.`],
    ["Probable cause", `Looks like this: ${story.fault.cause}`],
    ["Call", `Called ${contact.name}, no answer; left a message.`],
    ["Second level", `They say: ${story.fault.cause}`],
    ["Advice given", `Told the customer what to do: ${story.fault.resolution}`],
  ]);
  plan.writer.write("annotation", {
    annotationid: draw.guid("note"),
    subject,
    notetext: text,
    isdocument: 0,
    isprivate: 0,
    objectid: planned.id,
    objectid__type: "incident",
    ...ownedBy(planned.owner),
    ...stamped(planned.agent.id, at),
  });
}

/** The first clause of what cured it, as people sum up a resolution. */
const inShort = (resolution: string): string =>
  (resolution.split(/[;.]\s/)[0] ?? resolution).replace(/\.$/, "").slice(0, 200);

function writeResolution(plan: SamplePlan, planned: PlannedCase, draw: Draw): void {
  const at = isoTime(planned.closedAt);
  const { resolution } = planned.story.fault;
  const how = planned.mails.length > 0 ? "by mail" : "on the phone";
  plan.writer.write("incidentresolution", {
    activityid: draw.guid("resolution"),
    activitytypecode: "incidentresolution",
    subject: draw.pick("resolved", [
      inShort(resolution),
      `Solved ${how}: ${planned.story.fault.symptom}`,
      planned.statusReason === 1000 ? "Information given" : `Solved ${how}`,
    ]),
    description: resolution,
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

/** The queue of the product, once somebody has sorted it out of the common one. */
function writeQueueItem(
  plan: SamplePlan,
  organization: Organization,
  planned: PlannedCase,
  draw: Draw,
): void {
  const at = isoTime(planned.createdAt);
  const isPicked = planned.mails.some((mail) => mail.isOutgoing) || draw.chance("picked", 0.5);
  const isSorted = isPicked || draw.chance("sorted", 0.6);
  const workedOn = isoTime(workedAt(planned, 5));
  const key = isSorted ? planned.story.family.key : "";
  plan.writer.write("queueitem", {
    queueitemid: draw.guid("queueitem"),
    queueid: organization.queueOf(key).id,
    objectid: planned.id,
    objectid__type: "incident",
    objecttypecode: 112,
    title: planned.title,
    enteredon: at,
    workerid: isPicked ? planned.agent.id : null,
    workerid__type: isPicked ? "systemuser" : null,
    workeridmodifiedon: isPicked ? workedOn : null,
    statecode: 0,
    statuscode: 1,
    organizationid: organizationId,
    ...ownedByPart(planned.owner),
    ...stamped(planned.agent.id, at, isPicked ? workedOn : at),
  });
}

/** 0 in progress, 1 non-compliant, 4 succeeded, 5 cancelled: Dataverse's values of `slakpiinstance.status`. */
function writeServiceLevel(plan: SamplePlan, planned: PlannedCase): void {
  const { dueAt, closedAt, state } = planned;
  const isLate = closedAt > dueAt;
  const status = isLate ? 1 : state === 0 ? 0 : state === 1 ? 4 : 5;
  plan.writer.write("slakpiinstance", {
    slakpiinstanceid: planned.kpiId,
    name: "Resolve by",
    msdyn_slaitemid: slaItemIdOf(plan, planned.serviceLevel, planned.priority),
    regarding: planned.id,
    regarding__type: "incident",
    failuretime: isoTime(dueAt),
    warningtime: isoTime(dueAt - 4 * hourMs),
    status,
    succeededon: status === 4 ? isoTime(closedAt) : null,
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
    knowledgeusage: planned.state === 1 ? 2 : 1,
    statecode: 0,
    statuscode: 1,
    ...ownedBy(planned.owner),
    ...stamped(planned.agent.id, isoTime(workedAt(planned, draw.whole("linkAfter", 5, 120)))),
  });
}

const opinions: Readonly<Record<number, readonly (readonly [title: string, comments: string])[]>> =
  {
    5: [
      ["Quick and friendly", "Thank you for the help."],
      ["Very good", "Solved with one mail, and it was easy to follow."],
    ],
    4: [
      ["Good", "It worked, after I had read it twice."],
      ["Helpful", "Thank you. A picture would have helped."],
    ],
    3: [
      ["All right", "It works now, but it took a while."],
      ["In order", "I had expected an answer the same day."],
    ],
    2: [["It took too long", "I had to ask more than once."]],
    1: [
      ["Disappointed", "Nobody called me back, I solved most of it myself."],
      ["Too slow", "I waited for days."],
    ],
  };

function writeFeedback(plan: SamplePlan, planned: PlannedCase, rating: number, draw: Draw): void {
  const [title, comments] = draw.pick("opinion", opinions[rating] ?? []);
  const at = isoTime(Math.min(planned.closedAt + draw.whole("after", 1, 30) * hourMs, plan.asOf));
  plan.writer.write("feedback", {
    feedbackid: draw.guid("feedback"),
    title,
    comments,
    rating,
    minrating: 1,
    maxrating: 5,
    normalizedrating: (rating - 1) / 4,
    createdbycontact: planned.contact.id,
    regardingobjectid: planned.id,
    regardingobjectid__type: "incident",
    statecode: 0,
    statuscode: 1,
    ...ownedBy(planned.owner),
    ...stamped(planned.agent.id, at),
  });
}
