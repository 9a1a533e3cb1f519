import type { Calendar } from "./calendar";
import { outages } from "./calendar";
import type { Catalogue } from "./catalogue";
import type { Contact, Customers } from "./customers";
import type { Draw } from "./draw";
import { type ProductFamily, productFamilies } from "./faults";
import { demoCases, personas } from "./identities";
import { currencyId, type Organization, type User } from "./organization";
import { type Owner, ownedBy, type SamplePlan, stamped } from "./plan";
import { complaintOf, isDevice, type Story, symptomOf, titleOf } from "./wording";
import { isoTime } from "./writer";

/** A case as its activities need to know it. */
export interface PlannedCase {
  readonly row: number;
  readonly id: string;
  readonly ticketNumber: string;
  readonly title: string;
  readonly story: Story;
  readonly complaint: string;
  readonly contact: Contact;
  readonly agent: User;
  readonly owner: Owner;
  readonly state: 0 | 1 | 2;
  readonly statusReason: number;
  readonly isByMail: boolean;
  /** In ms. */
  readonly createdAt: number;
  /** When it was resolved or cancelled, or the present. */
  readonly closedAt: number;
}

export interface CaseParts {
  readonly organization: Organization;
  readonly customers: Customers;
  readonly catalogue: Catalogue;
  readonly calendar: Calendar;
}

const dayMs = 86_400_000;
const hourMs = 3_600_000;
const stateWeights = [
  [0, 28],
  [1, 68],
  [2, 4],
] as const;
const reasons = {
  0: [
    [1, 60],
    [2, 20],
    [3, 10],
    [4, 10],
  ],
  1: [
    [5, 85],
    [1000, 15],
  ],
  2: [
    [6, 75],
    [2000, 25],
  ],
} as const;
const originWeights = [
  [2, 45],
  [1, 27],
  [3, 22],
  [2483, 3],
  [3986, 3],
] as const;
const typeWeights = [
  [1, 30],
  [2, 55],
  [3, 15],
] as const;
const letters = "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789";

/** Writes one case and returns what its mails, notes and calls are told from. */
export function writeCase(plan: SamplePlan, parts: CaseParts, row: number): PlannedCase {
  const demo = demoCases[row];
  // Three in a hundred are sent twice: the same story, an hour later, under a number of its own.
  const own = plan.draw("incident", row);
  const isRepeat = demo === undefined && row > 50 && own.chance("repeat", 0.03);
  const draw = isRepeat ? plan.draw("incident", row - 11) : own;
  const planned = planCase(plan, parts, row, own, draw, isRepeat ? hourMs : 0);
  plan.writer.write("incident", columnsOf(plan, parts, planned, draw));
  return planned;
}

function planCase(
  plan: SamplePlan,
  parts: CaseParts,
  row: number,
  own: Draw,
  draw: Draw,
  delayMs: number,
): PlannedCase {
  const demo = demoCases[row];
  const { contact, customer } = callerOf(parts.customers, draw);
  const { at, daysAgo } = parts.calendar.arrival(draw, contact.country.offset);
  const outage = outages.find((each) => each.daysAgo === daysAgo);
  const family = familyOf(draw, outage?.family);
  const fault =
    (outage && family.key === outage.family ? family.faults[0] : undefined) ??
    draw.pick("fault", family.faults);
  const { language } = contact.country;
  const story: Story = {
    family,
    fault,
    symptom: symptomOf(fault, language, draw),
    model: draw.pick("model", family.models),
    serial: `${family.key.slice(0, 2).toUpperCase()}${draw.whole("serial", 10_000, 99_999)}`,
    customer,
    city: contact.city,
    language,
  };
  const { agent, owner } = ownerOf(parts.organization, own, demo !== undefined);
  const createdAt = (demo ? plan.asOf - (row + 2) * dayMs - 5 * hourMs : at) + delayMs;
  const state = demo ? 0 : stateOf(own, plan.asOf - createdAt);
  const statusReason = demo ? 1 : own.weighted("reason", reasons[state]);
  const openFor = own.unit("duration") ** 2 * 21 * dayMs + hourMs;
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
    statusReason,
    isByMail: demo !== undefined || own.weighted("origin", originWeights) === 2,
    createdAt,
    closedAt: state === 0 ? plan.asOf : Math.min(createdAt + openFor, plan.asOf - hourMs / 2),
  };
}

const ticketOf = (draw: Draw, row: number) =>
  `CAS-${String(1_001 + row).padStart(5, "0")}-${[0, 1, 2, 3, 4, 5].map((at) => draw.pick(`letter${at}`, [...letters])).join("")}`;

function callerOf(customers: Customers, draw: Draw): { contact: Contact; customer: string } {
  const account = draw.chance("isAccount", 0.8) ? customers.accountFor(draw) : undefined;
  const contact = account?.contacts.length
    ? draw.pick("caller", account.contacts)
    : draw.pick("anyone", customers.contacts);
  return { contact, customer: contact.name };
}

function familyOf(draw: Draw, outage: string | undefined): ProductFamily {
  const chosen = productFamilies.find((family) => family.key === outage);
  return chosen && draw.chance("isOutage", 0.9) ? chosen : draw.pick("family", productFamilies);
}

/** Most belong to a person, some to a team; the demo cases to the representative who is signed in. */
function ownerOf(
  organization: Organization,
  draw: Draw,
  isDemo: boolean,
): { agent: User; owner: Owner } {
  const self = organization.users.find((user) => user.id === personas[0]?.systemUserId);
  const agent = isDemo && self ? self : draw.pick("agent", organization.representatives);
  const team = draw.chance("isTeam", isDemo ? 0 : 0.15)
    ? draw.pick("team", organization.teams.slice(3))
    : undefined;
  return {
    agent,
    owner: team ?? { id: agent.id, type: "systemuser", businessUnitId: agent.businessUnitId },
  };
}

/** Young cases are mostly open, old ones mostly closed, with a tail; over all, 28 of a hundred are open. */
function stateOf(draw: Draw, ageMs: number): 0 | 1 | 2 {
  const ageDays = ageMs / dayMs;
  if (draw.chance("isYoung", 0.95 * Math.exp(-ageDays / 35))) return 0;
  if (draw.chance("isTail", 0.22)) return 0;
  return draw.weighted("state", stateWeights.slice(1));
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

function columnsOf(plan: SamplePlan, { catalogue }: CaseParts, planned: PlannedCase, draw: Draw) {
  const { story, contact, owner, state, createdAt, closedAt, row } = planned;
  const faultIndex = story.family.faults.indexOf(story.fault);
  const priority = faultIndex < 2 ? 1 : faultIndex < 8 ? 2 : 3;
  const changed =
    state === 0 ? Math.min(createdAt + draw.whole("touched", 1, 72) * hourMs, plan.asOf) : closedAt;
  return {
    incidentid: planned.id,
    ticketnumber: planned.ticketNumber,
    title: planned.title,
    description:
      draw.chance("noDescription", 0.08) && row > 2 ? null : planned.complaint.slice(0, 2_000),
    ...customerOf(contact, draw),
    emailaddress: contact.email,
    subjectid: catalogue.subjectOf(story.family.key, faultIndex),
    productid: catalogue.productIds.get(story.model) ?? null,
    productserialnumber: isDevice(story) ? story.serial : null,
    slaid: catalogue.slaIds[row % 3] ?? null,
    prioritycode: draw.chance("priority", 0.85) ? priority : 2,
    severitycode: 1,
    caseorigincode: planned.isByMail ? 2 : draw.weighted("otherOrigin", originWeights.slice(1)),
    casetypecode: draw.weighted("type", typeWeights),
    customersatisfactioncode:
      state === 1 && draw.chance("isRated", 0.25) ? draw.whole("satisfaction", 1, 5) : null,
    isescalated: draw.chance("escalated", 0.04) ? 1 : 0,
    firstresponsesent: state === 0 ? 0 : 1,
    activitiescomplete: 0,
    blockedprofile: 0,
    checkemail: 0,
    customercontacted: 0,
    decremententitlementterm: 1,
    followuptaskcreated: 0,
    isdecrementing: 0,
    merged: planned.statusReason === 2000 ? 1 : 0,
    routecase: 1,
    statecode: state,
    statuscode: planned.statusReason,
    exchangerate: 1,
    transactioncurrencyid: currencyId,
    ...ownedBy(owner),
    ...stamped(planned.agent.id, isoTime(createdAt), isoTime(Math.max(changed, createdAt))),
  };
}
