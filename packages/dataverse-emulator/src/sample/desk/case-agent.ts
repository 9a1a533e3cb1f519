import { organizationId, personas, rootBusinessUnitId } from "../identities";
import type { Article } from "../knowledge/knowledge";
import { ownedBy, type SamplePlan, stamped } from "../plan";
import { sentimentOf } from "../wording/wording";
import { isoTime } from "../writer";
import { mailRow } from "./mails";
import type { PlannedCase } from "./planned-case";

const dayMs = 86_400_000;
const adminId = personas[2]?.systemUserId ?? "";
const owned = ownedBy({ id: adminId, type: "systemuser", businessUnitId: rootBusinessUnitId });
const active = { statecode: 0, statuscode: 1 };

/** How many days back the agent has looked at cases, felt mails, and suggested what to do. */
const days = { enriched: 60, felt: 90, suggested: 30, acted: 14 } as const;

/** `msdyn_nextaction.msdyn_actiontype` */
const actions = { resolve: 100_000_001, followUp: 100_000_002, reply: 100_000_003 } as const;

const ageOf = (plan: SamplePlan, { createdAt }: Pick<PlannedCase, "createdAt">) =>
  (plan.asOf - createdAt) / dayMs;

export const isEnriched = (
  plan: SamplePlan,
  planned: Pick<PlannedCase, "row" | "createdAt">,
): boolean =>
  ageOf(plan, planned) <= days.enriched &&
  plan.draw("msdyn_caseenrichment", planned.row).chance("enriched", 0.6);

export const agentStatusId = (plan: SamplePlan, row: number): string =>
  plan.draw("msdyn_aiagentstatus", row).guid("id");

/** What the last mail of the customer says, from -3 to 3; undefined for cases that nobody looked at. */
export function feelingOf(
  plan: SamplePlan,
  planned: Pick<PlannedCase, "row" | "createdAt" | "story" | "mails" | "state">,
): number | undefined {
  if (ageOf(plan, planned) > days.felt) return undefined;
  const last = planned.mails.findLast((mail) => !mail.isOutgoing);
  return last === undefined ? undefined : mailFeeling(plan, planned, last.step);
}

function mailFeeling(
  plan: SamplePlan,
  planned: Pick<PlannedCase, "row" | "story" | "mails" | "state">,
  step: number,
): number {
  const draw = plan.draw("incident", planned.row);
  if (step === 0) return sentimentOf(planned.story, draw);
  const isLast = step === planned.mails.at(-1)?.step;
  if (isLast && planned.state === 1) return draw.whole("thanked", 1, 3);
  return step === 2 || (isLast && planned.state === 2) ? 0 : -1;
}

export interface CaseAgentWork {
  writeCase(planned: PlannedCase): void;
}

/** What Dynamics 365's Case Management Agent left on recent cases: summaries, next actions, suggestions, sentiment. */
export function createCaseAgentWork(
  plan: SamplePlan,
  articles: ReadonlyMap<string, readonly Article[]>,
): CaseAgentWork {
  writeSettings(plan);
  /** The last resolved case of each fault, to be suggested as a similar one. */
  const solved = new Map<string, PlannedCase>();
  return {
    writeCase(planned) {
      const age = ageOf(plan, planned);
      if (age <= days.felt) writeFeelings(plan, planned);
      if (isEnriched(plan, planned)) writeEnrichment(plan, planned);
      if (planned.state === 0 && age <= days.suggested) {
        suggestArticles(plan, articles, planned);
        const similar = solved.get(planned.story.fault.id);
        if (similar !== undefined) suggestCase(plan, planned, similar);
      }
      if (age <= days.acted) writeNextAction(plan, articles, planned);
      if (planned.state === 1) solved.set(planned.story.fault.id, planned);
    },
  };
}

function writeSettings(plan: SamplePlan): void {
  const by = stamped(adminId, isoTime(plan.asOf - 200 * dayMs));
  plan.writer.write("msdyn_casesentimentsetting", {
    msdyn_casesentimentsettingid: plan.draw("msdyn_casesentimentsetting", 0).guid("id"),
    msdyn_name: "Case sentiment",
    enableemail: 1,
    enablechat: 0,
    enablevoice: 0,
    emailweightage: 1,
    chatweightage: 0,
    voiceweightage: 0,
    channelweightage: 1,
    ...active,
    ...owned,
    ...by,
  });
  plan.writer.write("msdyn_sentimentanalysis", {
    msdyn_sentimentanalysisid: plan.draw("msdyn_sentimentanalysis", 0).guid("id"),
    msdyn_name: "Sentiment analysis",
    msdyn_enabled: 1,
    msdyn_enableur: 1,
    msdyn_agentthreshold: 8,
    msdyn_supervisorthreshold: 7,
    organizationid: organizationId,
    ...active,
    ...by,
  });
}

function writeFeelings(plan: SamplePlan, planned: PlannedCase): void {
  for (const mail of planned.mails) {
    if (mail.isOutgoing) continue;
    const row = mailRow(planned, mail.step);
    const score = mailFeeling(plan, planned, mail.step);
    plan.writer.write("msdyn_emailsentiment", {
      msdyn_emailsentimentid: plan.draw("msdyn_emailsentiment", row).guid("id"),
      msdyn_name: planned.ticketNumber,
      msdyn_email: plan.draw("email", row).guid("id"),
      msdyn_sentimentscore: score / 4,
      msdyn_responsetime: isoTime(mail.at + 30_000),
      msdyn_timezone: "UTC",
      ...active,
      ...ownedBy(planned.owner),
      ...stamped(adminId, isoTime(mail.at + 30_000)),
    });
  }
}

function writeEnrichment(plan: SamplePlan, planned: PlannedCase): void {
  const draw = plan.draw("msdyn_caseenrichment", planned.row);
  const { story } = planned;
  const at = isoTime(planned.createdAt + draw.whole("after", 40, 200) * 1_000);
  plan.writer.write("msdyn_caseenrichment", {
    msdyn_caseenrichmentid: draw.guid("id"),
    msdyn_name: `Enrichment of ${planned.ticketNumber}`,
    msdyn_caseid: planned.id,
    msdyn_summary: `${story.customer}${story.isCompany ? ` (${story.city})` : ""} reports about ${story.model}: ${story.english}. Not yet known: ${story.fault.detail.toLowerCase()}.`,
    msdyn_tags: [story.family.key, story.fault.kind, story.model].join(", "),
    organizationid: organizationId,
    ...active,
    ...stamped(adminId, at),
  });
  const isHandedOver = draw.chance("handedOver", 0.15);
  plan.writer.write("msdyn_aiagentstatus", {
    msdyn_aiagentstatusid: agentStatusId(plan, planned.row),
    msdyn_currentaistatus: isHandedOver ? "Handed over" : "Enriched",
    msdyn_escalatedon: isHandedOver ? at : null,
    msdyn_fallbackreason: isHandedOver ? "No article is convincing for this case." : null,
    organizationid: organizationId,
    ...active,
    ...stamped(adminId, at),
  });
}

const forCase = (planned: PlannedCase, rank: number, confidence: number) => ({
  msdyn_rank: rank,
  msdyn_confidencescore: confidence,
  msdyn_suggestionforid: planned.id,
  msdyn_suggestionforentitylogicalname: "incident",
  msdyn_keyphrases: [planned.story.model, planned.story.fault.detail].join(", "),
});

/** The right article first, mostly; one of a neighbouring fault behind it. */
function suggestArticles(
  plan: SamplePlan,
  articles: ReadonlyMap<string, readonly Article[]>,
  planned: PlannedCase,
): void {
  const draw = plan.draw("msdyn_knowledgearticlesuggestion", planned.row);
  if (!draw.chance("suggested", 0.5)) return;
  const { family, fault } = planned.story;
  const other = draw.pick("other", family.faults);
  const isRight = draw.chance("right", 0.8);
  const order = isRight ? [fault, other] : [other, fault];
  const ids = order.flatMap((each) => articles.get(each.id)?.[0]?.id ?? []);
  [...new Set(ids)].forEach((id, index) => {
    plan.writer.write("msdyn_knowledgearticlesuggestion", {
      msdyn_knowledgearticlesuggestionid: draw.guid(`id${index}`),
      msdyn_name: planned.title.slice(0, 100),
      msdyn_suggestedentity: id,
      ...forCase(planned, index + 1, draw.whole(`confidence${index}`, 70, 95) - 30 * index),
    });
  });
}

function suggestCase(plan: SamplePlan, planned: PlannedCase, similar: PlannedCase): void {
  const draw = plan.draw("msdyn_casesuggestion", planned.row);
  if (!draw.chance("suggested", 0.5)) return;
  plan.writer.write("msdyn_casesuggestion", {
    msdyn_casesuggestionid: draw.guid("id"),
    msdyn_name: similar.title.slice(0, 100),
    msdyn_suggestedentity: similar.id,
    ...forCase(planned, 1, draw.whole("confidence", 55, 90)),
  });
}

interface Step {
  readonly type: number;
  readonly kind: string;
  readonly title: string;
  readonly detail: string;
  readonly evidence: readonly { table: string; id: string }[];
}

/** What to do next, as the conversation stands; of a resolved case, what was done last. */
function stepOf(
  articles: ReadonlyMap<string, readonly Article[]>,
  planned: PlannedCase,
): Step | undefined {
  const { fault } = planned.story;
  const article = articles.get(fault.id)?.[0];
  if (planned.state === 1)
    return {
      type: actions.resolve,
      kind: "ResolveCase",
      title: "Resolve the case",
      detail: "The customer writes that the problem is solved.",
      evidence: [{ table: "incident", id: planned.id }],
    };
  if (planned.state === 2 || article === undefined) return undefined;
  const last = planned.mails.at(-1);
  if (last?.isOutgoing === true && !last.isDraft)
    return {
      type: actions.followUp,
      kind: "EmailFollowup",
      title: "Ask whether the answer helped",
      detail: `The customer has not answered yet: ${fault.question}`,
      evidence: [{ table: "incident", id: planned.id }],
    };
  return {
    type: actions.reply,
    kind: "ReplyToCustomer",
    title: `Send the solution: ${fault.symptom}`,
    detail: `${fault.cause} ${fault.resolution}`,
    evidence: [{ table: "knowledgearticle", id: article.id }],
  };
}

function writeNextAction(
  plan: SamplePlan,
  articles: ReadonlyMap<string, readonly Article[]>,
  planned: PlannedCase,
): void {
  const draw = plan.draw("msdyn_nextaction", planned.row);
  const step = draw.chance("suggested", 0.7) ? stepOf(articles, planned) : undefined;
  if (step === undefined) return;
  const at = Math.min(planned.closedAt, (planned.mails.at(-1)?.at ?? planned.createdAt) + 60_000);
  const isDone = planned.state === 1;
  const isOver = at + 7 * dayMs < plan.asOf;
  const { type, ...data } = step;
  plan.writer.write("msdyn_nextaction", {
    msdyn_nextactionid: draw.guid("id"),
    msdyn_name: step.title.slice(0, 100),
    msdyn_regarding: planned.id,
    msdyn_actiontype: type,
    msdyn_actiondata: JSON.stringify({
      ...data,
      confidence: draw.whole("confidence", 50, 95) / 100,
    }),
    msdyn_isfullautonomous: 0,
    msdyn_validfrom: isoTime(at),
    msdyn_validto: isoTime(at + 7 * dayMs),
    organizationid: organizationId,
    // 1 new, 3 completed, 4 invalid
    statecode: isDone || isOver ? 1 : 0,
    statuscode: isDone ? 3 : isOver ? 4 : 1,
    ...stamped(adminId, isoTime(at)),
  });
}
