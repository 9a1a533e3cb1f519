import type { Calendar } from "../calendar";
import { outages } from "../calendar";
import { type Catalogue, serviceLevels, slaIdOf } from "../company/catalogue";
import type { Contact, Customers } from "../company/customers";
import { currencyId, deskOffsetOf, type Organization } from "../company/organization";
import { type Channel, planConversation } from "../conversation";
import type { Draw } from "../draw";
import { caseTypes, type ProductFamily, productFamilies } from "../faults/faults";
import { hourMs, workdaysLater } from "../hours";
import { demoCases } from "../identities";
import { ownedBy, type SamplePlan, stamped } from "../plan";
import { isDevice, type Story } from "../wording/story";
import { complaintOf, symptomOf, titleOf } from "../wording/wording";
import { isoTime } from "../writer";
import { beginningOf } from "./beginning";
import { agentStatusId, feelingOf, isEnriched } from "./case-agent";
import { merged } from "./outcome";
import { passedOn } from "./owners";
import type { PlannedCase } from "./planned-case";
import { isRepeatAt, repeatDistance } from "./repeats";

export interface CaseParts {
  readonly organization: Organization;
  readonly customers: Customers;
  readonly catalogue: Catalogue;
  readonly calendar: Calendar;
}

const originWeights = [
  [2, 45],
  [1, 27],
  [3, 22],
  [2483, 3],
  [3986, 3],
] as const;
const channels: Readonly<Record<number, Channel>> = { 1: "phone", 2: "mail", 3: "web" };
const typeWeights = [
  [1, 30],
  [2, 55],
  [3, 15],
] as const;
const priorityWeights = [
  [1, 15],
  [2, 60],
  [3, 25],
] as const;
const ratingWeights = [
  [5, 40],
  [4, 30],
  [3, 12],
  [2, 8],
  [1, 10],
] as const;
const letters = [..."ABCDEFGHJKLMNPQRSTUVWXYZ0123456789"];
const letterFields = [0, 1, 2, 3, 4, 5].map((at) => `letter${at}`);
/** Writes one case and returns what its mails, notes and calls are told from. */
export function writeCase(plan: SamplePlan, parts: CaseParts, row: number): PlannedCase {
  const own = plan.draw("incident", row);
  const isRepeat = isRepeatAt(plan, row);
  const draw = isRepeat ? plan.draw("incident", row - repeatDistance) : own;
  const planned = planCase(plan, parts, row, own, draw, isRepeat);
  plan.writer.write("incident", columnsOf(plan, parts, planned, draw), alwaysSo);
  return planned;
}

function planCase(
  plan: SamplePlan,
  parts: CaseParts,
  row: number,
  own: Draw,
  draw: Draw,
  isRepeat: boolean,
): PlannedCase {
  const demo = demoCases[row];
  const contact = callerOf(parts.customers, draw);
  const { at, daysAgo } = parts.calendar.arrival(draw, contact.country.offset);
  const outage = outages.find((each) => each.daysAgo === daysAgo);
  const originCode = demo ? 2 : draw.weighted("origin", originWeights);
  const channel = channels[originCode] ?? "social";
  const story = storyOf(draw, contact, channel, outage?.family);
  const priority = priorityOf(draw, story);
  const begun = beginningOf(plan, parts.organization, {
    row,
    own,
    draw,
    isRepeat,
    at,
    hasHours: channel === "phone" && outage === undefined,
    level: contact.serviceLevel,
    priority,
  });
  const { assigned, createdAt, wanted, reason } = begun;
  const deskOffset = deskOffsetOf(assigned.agent.businessUnitId);
  const conversation = planConversation(own, {
    createdAt,
    asOf: plan.asOf,
    state: wanted,
    channel,
    isWaiting: wanted === 0 && reason === 3,
    isDemo: demo !== undefined,
    deskOffset,
    customerOffset: contact.country.offset,
  });
  const { state, closedAt, mails } = conversation;
  const isOthers = plan.isShown && state === 0 && begun.whose === undefined;
  const { agent, owner } = isOthers ? passedOn(parts.organization, own, assigned) : assigned;
  return {
    row,
    id: demo?.id ?? own.guid("id"),
    ticketNumber: demo?.ticketNumber ?? ticketOf(own, row),
    title: titleOf(story, draw),
    story,
    complaint: complaintOf(story, draw),
    contact,
    agent,
    owner,
    state,
    statusReason: state === wanted ? reason : 1,
    originCode,
    mails,
    priority,
    serviceLevel: contact.serviceLevel,
    rating:
      state === 1 && own.chance("isRated", 0.25)
        ? own.weighted("rating", ratingWeights)
        : undefined,
    createdAt,
    closedAt,
    dueAt: dueOf(createdAt, contact.serviceLevel, priority),
    kpiId: own.guid("kpi"),
    isBare: begun.isBare,
    isEscalated: state === 0 && (begun.whose === "manager" || draw.chance("escalated", 0.12)),
  };
}

function storyOf(
  draw: Draw,
  contact: Contact,
  channel: Channel,
  outage: string | undefined,
): Story {
  const family = familyOf(draw, outage);
  const fault =
    (family.key === outage ? family.faults[0] : undefined) ?? draw.pick("fault", family.faults);
  const { language } = contact.country;
  return {
    family,
    fault,
    symptom: symptomOf(fault, language, draw),
    english: symptomOf(fault, "en", draw),
    model: draw.pick("model", fault.models ?? family.models),
    serial: `${family.key.slice(0, 2).toUpperCase()}${draw.whole("serial", 10_000, 99_999)}`,
    customer: contact.name,
    city: contact.city,
    language,
    channel,
    isCompany: contact.accountId !== undefined,
  };
}

const ticketOf = (draw: Draw, row: number) =>
  `CAS-${String(1_001 + row).padStart(5, "0")}-${letterFields.map((field) => draw.pick(field, letters)).join("")}`;

/** Four in five come from a company; of the others, most are people without one. */
function callerOf(customers: Customers, draw: Draw): Contact {
  if (draw.chance("isAccount", 0.8))
    return draw.pick("caller", customers.accountFor(draw).contacts);
  const isAlone = customers.alone.length > 0 && draw.chance("isAlone", 0.7);
  return draw.pick("anyone", isAlone ? customers.alone : customers.contacts);
}

function familyOf(draw: Draw, outage: string | undefined): ProductFamily {
  const chosen = outage && productFamilies.find((family) => family.key === outage);
  return chosen && draw.chance("isOutage", 0.9) ? chosen : draw.pick("family", productFamilies);
}

const typeOf = ({ fault }: Story, draw: Draw): number =>
  draw.chance("typeFits", 0.85) ? caseTypes[fault.kind] : draw.weighted("type", typeWeights);

/** Tied to the fault: those that stop people first. */
function priorityOf(draw: Draw, { family, fault }: Story): 1 | 2 | 3 {
  if (draw.chance("priority", 0.15)) return draw.weighted("anyPriority", priorityWeights);
  const index = family.faults.indexOf(fault);
  const isHardware = productFamilies.indexOf(family) < 3;
  if (index === 0 || (index === 1 && isHardware)) return 1;
  return index > 7 || (index === 7 && isHardware) ? 3 : 2;
}

/** Around the clock means weekends, too. */
function dueOf(createdAt: number, level: number, priority: 1 | 2 | 3): number {
  const hours = serviceLevels[level]?.hours[priority - 1] ?? serviceLevels[0].hours[1];
  return level === 2 ? createdAt + hours * hourMs : workdaysLater(createdAt, hours);
}

/** The customer is a company with the caller as its contact, or the caller alone. */
function customerOf({ id, accountId }: Contact, draw: Draw) {
  const account = draw.chance("isAccount", 0.8) ? accountId : undefined;
  return {
    customerid: account ?? id,
    customerid__type: account === undefined ? "contact" : "account",
    accountid: account ?? null,
    contactid: account === undefined ? id : null,
    primarycontactid: account === undefined ? null : id,
  };
}

/** `incident.resolvebyslastatus`: 1 in progress, 3 succeeded, 4 noncompliant. */
const levelStatus = ({ closedAt, dueAt, state }: PlannedCase) =>
  closedAt > dueAt ? 4 : state === 0 ? 1 : 3;

const alwaysSo = {
  severitycode: 1,
  activitiescomplete: 0,
  blockedprofile: 0,
  checkemail: 0,
  customercontacted: 0,
  decremententitlementterm: 1,
  followuptaskcreated: 0,
  isdecrementing: 0,
  routecase: 1,
  exchangerate: 1,
  transactioncurrencyid: currencyId,
};

/** What the agent keeps on the case itself; `msdyn_casesentiment` goes from 7, very negative, to 13. */
function agentColumns(plan: SamplePlan, planned: PlannedCase) {
  const feeling = feelingOf(plan, planned);
  const hasStatus = plan.writer.writes("msdyn_aiagentstatus") && isEnriched(plan, planned);
  return {
    msdyn_aiagentstatus: hasStatus ? agentStatusId(plan, planned.row) : null,
    msdyn_casesentiment: feeling === undefined ? null : 10 + feeling,
    sentimentvalue: feeling === undefined ? null : feeling / 4,
  };
}

function columnsOf(plan: SamplePlan, { catalogue }: CaseParts, planned: PlannedCase, draw: Draw) {
  const { story, contact, owner, state, createdAt, closedAt, row, isBare } = planned;
  const lastMail = planned.mails.findLast((mail) => !mail.isDraft)?.at ?? createdAt;
  const changed = state === 0 ? Math.max(lastMail, createdAt) : closedAt;
  return {
    incidentid: planned.id,
    ticketnumber: planned.ticketNumber,
    title: planned.title,
    description:
      draw.chance("noDescription", 0.08) && row > 2 ? null : planned.complaint.slice(0, 2_000),
    ...customerOf(contact, draw),
    emailaddress: contact.email,
    subjectid: isBare ? null : catalogue.subjectOf(story.family.key, story.fault),
    productid: isBare ? null : (catalogue.productIds.get(story.model) ?? null),
    productserialnumber: isDevice(story) ? story.serial : null,
    entitlementid: contact.entitlementId,
    slaid: slaIdOf(plan, planned.serviceLevel),
    resolvebykpiid: plan.writer.writes("slakpiinstance") ? planned.kpiId : null,
    resolveby: isoTime(planned.dueAt),
    resolvebyslastatus: levelStatus(planned),
    prioritycode: planned.priority,
    caseorigincode: planned.originCode,
    casetypecode: isBare ? null : typeOf(story, draw),
    customersatisfactioncode: planned.rating ?? null,
    isescalated: planned.isEscalated ? 1 : 0,
    escalatedon: planned.isEscalated ? isoTime(changed) : null,
    firstresponsesent: planned.mails.some((mail) => mail.isOutgoing && !mail.isDraft) ? 1 : 0,
    merged: planned.statusReason === merged ? 1 : 0,
    masterid:
      planned.statusReason === merged
        ? plan.draw("incident", row - repeatDistance).guid("id")
        : null,
    ...agentColumns(plan, planned),
    statecode: state,
    statuscode: planned.statusReason,
    ...ownedBy(owner),
    ...stamped(planned.agent.id, isoTime(createdAt), isoTime(changed)),
  };
}
