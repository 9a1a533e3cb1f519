import type { Organization } from "../company/organization";
import { type Fault, type ProductFamily, productFamilies } from "../faults/faults";
import { personas, rootBusinessUnitId } from "../identities";
import type { Article } from "../knowledge/knowledge";
import { ownedBy, type SamplePlan, stamped } from "../plan";
import { isoTime } from "../writer";
import type { PlannedCase } from "./planned-case";

const dayMs = 86_400_000;
const adminId = personas[2]?.systemUserId ?? "";
const owned = ownedBy({ id: adminId, type: "systemuser", businessUnitId: rootBusinessUnitId });

/** Days since intents are found for cases; older cases have none. */
const intentDays = 180;

/** `msdyn_reviewstate`, of intents and of what hangs on them. */
const review = { pending: 192_350_000, approved: 192_350_001, discarded: 192_350_002 } as const;
const source = { harvested: 192_350_000, edited: 192_350_002 } as const;
/** `msdyn_intententity.msdyn_intentstate` */
const link = { active: 192_350_000, closed: 192_350_007, discarded: 192_350_008 } as const;

const lines = [
  {
    key: "products",
    name: "Products and set-up",
    description: "Faults and questions about routers, coffee machines, scooters and heating.",
    families: ["router", "coffee", "scooter", "heating"],
  },
  {
    key: "billing",
    name: "Accounts and billing",
    description: "Invoices, payments, contracts and access to customer accounts.",
    families: ["billing"],
  },
  {
    key: "orders",
    name: "Orders and delivery",
    description: "Parcels, returns, spare parts and changes of orders.",
    families: ["delivery"],
  },
] as const;

/** What nobody has approved, as every harvest brings some. */
const unreviewed = [
  ["products", "Asks for a discount on a new device", review.pending],
  ["products", "Wants to speak to a manager", review.pending],
  ["billing", "Asks for an invoice of last year", review.pending],
  ["products", "Device does not work", review.discarded],
  ["orders", "Where is it", review.discarded],
] as const;

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
const lineOf = (familyKey: string) =>
  lines.find((line) => line.families.some((key) => key === familyKey)) ?? lines[0];

/** Ids are drawn by name, so that a case finds its intent without a list of all. */
const idsOf = (plan: SamplePlan) => ({
  line: (key: string) =>
    plan
      .draw(
        "msdyn_intentfamily",
        lines.findIndex((line) => line.key === key),
      )
      .guid("id"),
  group: (family: ProductFamily) =>
    plan.draw("msdyn_intent", 1_000 + productFamilies.indexOf(family)).guid("id"),
  intent: (fault: Fault) => plan.draw("msdyn_intent", faultNumber(fault)).guid("id"),
});
const faultNumber = (fault: Fault): number => {
  const family = productFamilies.findIndex((each) => each.faults.includes(fault));
  return family * 10 + (productFamilies[family]?.faults.indexOf(fault) ?? 0);
};

export interface IntentLibrary {
  /** Writes what the agent made of a case, if it looked at it. */
  writeCase(planned: PlannedCase): void;
  /** Writes the intents, with how often each was met, once all cases are known. */
  finish(): void;
}

interface Counts {
  all: number;
  year: number;
  month: number;
}

/**
 * The intent library of Dynamics 365: lines of business, groups of intents by product, an intent for each fault with what has to
 * be asked and the article that answers, and which intent each case of the last half year was found to have. One finding in
 * fifteen is wrong, so the database does not hold the truth of the side file.
 */
export function createIntentLibrary(
  plan: SamplePlan,
  organization: Organization,
  articles: ReadonlyMap<string, readonly Article[]>,
): IntentLibrary {
  const ids = idsOf(plan);
  const counts = new Map<string, Counts>();
  return {
    writeCase(planned) {
      const draw = plan.draw("msdyn_intententity", planned.row);
      const age = plan.asOf - planned.createdAt;
      if (age > intentDays * dayMs || !draw.chance("found", 0.7)) return;
      const { family, fault } = planned.story;
      const isWrong = draw.chance("wrong", 1 / 15);
      const found = isWrong ? draw.pick("other", family.faults) : fault;
      count(counts, found, age);
      const at = isoTime(planned.createdAt + draw.whole("after", 20, 90) * 1_000);
      const state = isWrong
        ? draw.chance("seen", 0.5)
          ? link.discarded
          : link.active
        : planned.state === 0
          ? link.active
          : link.closed;
      plan.writer.write("msdyn_intententity", {
        msdyn_intententityid: draw.guid("id"),
        msdyn_name: capital(found.symptom).slice(0, 100),
        msdyn_intentid: ids.intent(found),
        msdyn_intentgroupid: ids.group(family),
        msdyn_intentfamilyid: ids.line(lineOf(family.key).key),
        msdyn_objectid: planned.id,
        msdyn_objectid__type: "incident",
        msdyn_objecttype: "incident",
        msdyn_intentstate: state,
        msdyn_harvestingtag: 192_350_000,
        msdyn_intentcandidate: planned.story.symptom,
        msdyn_source: "CaseManagementAgent",
        statecode: 0,
        statuscode: 1,
        ...ownedBy(planned.owner),
        ...stamped(adminId, at),
      });
    },
    finish() {
      writeLines(plan, ids);
      for (const family of productFamilies) {
        for (const fault of family.faults) {
          writeIntent(plan, ids, family, fault, counts.get(fault.id));
          writeDetails(plan, ids, family, fault);
          writeSolutions(plan, organization, ids, family, fault, articles.get(fault.id) ?? []);
        }
      }
      writeUnreviewed(plan, ids);
    },
  };
}

function count(counts: Map<string, Counts>, fault: Fault, age: number): void {
  const known = counts.get(fault.id) ?? { all: 0, year: 0, month: 0 };
  known.all++;
  if (age <= 365 * dayMs) known.year++;
  if (age <= 30 * dayMs) known.month++;
  counts.set(fault.id, known);
}

type Ids = ReturnType<typeof idsOf>;

const since = (plan: SamplePlan) =>
  stamped(adminId, isoTime(plan.asOf - (intentDays + 20) * dayMs));
const active = { statecode: 0, statuscode: 1 };

function writeLines(plan: SamplePlan, ids: Ids): void {
  lines.forEach((line, row) => {
    plan.writer.write("msdyn_intentfamily", {
      msdyn_intentfamilyid: ids.line(line.key),
      msdyn_name: line.name,
      msdyn_description: line.description,
      msdyn_isdefault: row === 0 ? 1 : 0,
      msdyn_isenabled: 1,
      msdyn_intentbasedroutingenabled: 1,
      msdyn_iscaseintentfromactivityenabled: 1,
      msdyn_cpaautomationlevel: "Semi",
      ...active,
      ...owned,
      ...since(plan),
    });
    plan.writer.write("msdyn_intentconfig", {
      msdyn_intentconfigid: plan.draw("msdyn_intentconfig", row).guid("id"),
      msdyn_name: `${line.name}: cases`,
      msdyn_entitytype: "incident",
      msdyn_intentfieldspec: '{"fields":["title","description"]}',
      msdyn_intentfamilyid: ids.line(line.key),
      ...active,
      ...owned,
      ...since(plan),
    });
    plan.writer.write("msdyn_intentgroupcondition", {
      msdyn_intentgroupconditionid: conditionId(plan, row),
      msdyn_name: `All cases of ${line.name}`,
      msdyn_condition: '{"logicalOperator":"and","conditions":[]}',
      msdyn_fetchxml: '<fetch><entity name="incident"/></fetch>',
      msdyn_intentfamily: ids.line(line.key),
      msdyn_order: 1,
      ...active,
      ...owned,
      ...since(plan),
    });
  });
  productFamilies.forEach((family, row) => {
    plan.writer.write("msdyn_intent", {
      msdyn_intentid: ids.group(family),
      msdyn_name: family.name,
      msdyn_intentstring: family.name,
      msdyn_description: `Everything that customers want about ${family.name}.`,
      msdyn_intentfamilyid: ids.line(lineOf(family.key).key),
      msdyn_isgroup: 1,
      msdyn_reviewstate: review.approved,
      msdyn_harvestingsource: source.edited,
      ...active,
      ...owned,
      ...since(plan),
    });
    writePlaybook(plan, ids, family, row);
  });
}

const conditionId = (plan: SamplePlan, line: number) =>
  plan.draw("msdyn_intentgroupcondition", line).guid("id");

/** One way of working for each group; the intents of the group refer to it. */
function writePlaybook(plan: SamplePlan, ids: Ids, family: ProductFamily, row: number): void {
  const lineId = ids.line(lineOf(family.key).key);
  const id = plan.draw("msdyn_intentplaybook", row).guid("id");
  plan.writer.write("msdyn_intentplaybook", {
    msdyn_intentplaybookid: id,
    msdyn_name: `How to work on ${family.name}`,
    msdyn_description:
      "Ask for the number first. Send the article, wait three days for an answer, then ask whether it helped. Second level takes over after the second try.",
    msdyn_intentfamilyid: lineId,
    ...active,
    ...owned,
    ...since(plan),
  });
  plan.writer.write("msdyn_intentplaybookmap", {
    msdyn_intentplaybookmapid: plan.draw("msdyn_intentplaybookmap", row).guid("id"),
    msdyn_name: family.name,
    msdyn_intentid: ids.group(family),
    msdyn_intentfamilyid: lineId,
    msdyn_intentplaybookid: id,
    msdyn_targetsource: "incident",
    ...active,
    ...owned,
    ...since(plan),
  });
}

function writeIntent(
  plan: SamplePlan,
  ids: Ids,
  family: ProductFamily,
  fault: Fault,
  met: Counts | undefined,
): void {
  plan.writer.write("msdyn_intent", {
    msdyn_intentid: ids.intent(fault),
    msdyn_name: capital(fault.symptom).slice(0, 100),
    msdyn_intentstring: `The customer says that ${fault.symptom}.`,
    msdyn_description: fault.cause,
    msdyn_intentfamilyid: ids.line(lineOf(family.key).key),
    msdyn_parentgroupid: ids.group(family),
    msdyn_isgroup: 0,
    msdyn_is_selfserve_enabled: fault.kind === "question" ? 1 : 0,
    msdyn_reviewstate: review.approved,
    msdyn_reviewstatesource: "Administrator",
    msdyn_harvestingsource: source.harvested,
    msdyn_occurrencecount: met?.all ?? 0,
    msdyn_occurrencecount_last12months: met?.year ?? 0,
    msdyn_occurrencecount_last30days: met?.month ?? 0,
    msdyn_intentvolume: met?.all ?? 0,
    ...active,
    ...owned,
    ...since(plan),
  });
}

const numberNames: Readonly<Record<string, string>> = {
  billing: "Customer number",
  delivery: "Order number",
};
const askForNumber: Readonly<Record<string, string>> = {
  billing: "What is your customer number?",
  delivery: "What is the number of your order?",
};

/** What has to be known: the number of the thing, and what is asked first about the fault. */
function writeDetails(plan: SamplePlan, ids: Ids, family: ProductFamily, fault: Fault): void {
  const row = faultNumber(fault);
  const familyId = ids.line(lineOf(family.key).key);
  const attributeId = (name: string, own: number) =>
    plan.draw("msdyn_intentattribute", own).guid(name);
  const numberId = attributeId("number", 1_000 + productFamilies.indexOf(family));
  const shared = { msdyn_intentfamilyid: familyId, msdyn_reviewstate: review.approved };
  const writeAttribute = (id: string, name: string) =>
    plan.writer.write("msdyn_intentattribute", {
      msdyn_intentattributeid: id,
      msdyn_name: name,
      msdyn_source: source.harvested,
      ...shared,
      ...active,
      ...owned,
      ...since(plan),
    });
  const number = numberNames[family.key] ?? "Serial number";
  if (row % 10 === 0) writeAttribute(numberId, number);
  const detailId = attributeId("detail", row);
  writeAttribute(detailId, fault.detail);
  const questions = [
    [numberId, askForNumber[family.key] ?? "What is the serial number on the label?"],
    [detailId, fault.question],
  ] as const;
  questions.forEach(([id, question], index) => {
    plan.writer.write("msdyn_intentattributeset", {
      msdyn_intentattributesetid: plan.draw("msdyn_intentattributeset", row * 2 + index).guid("id"),
      msdyn_name: question,
      msdyn_intentid: ids.intent(fault),
      msdyn_intentattributeid: id,
      msdyn_ismandatory: index === 1 || family.key !== "billing" ? 1 : 0,
      msdyn_source: source.harvested,
      ...shared,
      ...active,
      ...owned,
      ...since(plan),
    });
  });
}

/** First the article, then the queue of those who know it. */
function writeSolutions(
  plan: SamplePlan,
  organization: Organization,
  ids: Ids,
  family: ProductFamily,
  fault: Fault,
  articles: readonly Article[],
): void {
  const row = faultNumber(fault);
  const line = lineOf(family.key);
  const solutions = [
    ...articles.slice(0, 1).map((article) => ({
      msdyn_solutiontype: "KnowledgeArticle",
      msdyn_rootknowledgearticleid: article.id,
      msdyn_queueid: null,
    })),
    {
      msdyn_solutiontype: "Queue",
      msdyn_rootknowledgearticleid: null,
      msdyn_queueid: organization.queueOf(family.key).id,
    },
  ];
  solutions.forEach((solution, index) => {
    plan.writer.write("msdyn_intentsolutionmap", {
      msdyn_intentsolutionmapid: plan.draw("msdyn_intentsolutionmap", row * 2 + index).guid("id"),
      msdyn_name: capital(fault.symptom).slice(0, 100),
      msdyn_intentid: ids.intent(fault),
      msdyn_intentfamilyid: ids.line(line.key),
      msdyn_intentgroupconditionid: conditionId(plan, lines.indexOf(line)),
      msdyn_order: index + 1,
      msdyn_reviewstate: review.approved,
      msdyn_source: source.harvested,
      ...solution,
      ...active,
      ...owned,
      ...since(plan),
    });
  });
}

function writeUnreviewed(plan: SamplePlan, ids: Ids): void {
  unreviewed.forEach(([line, name, state], row) => {
    const draw = plan.draw("msdyn_intent", 2_000 + row);
    plan.writer.write("msdyn_intent", {
      msdyn_intentid: draw.guid("id"),
      msdyn_name: name,
      msdyn_intentstring: name,
      msdyn_intentfamilyid: ids.line(line),
      msdyn_isgroup: 0,
      msdyn_reviewstate: state,
      msdyn_harvestingsource: source.harvested,
      msdyn_occurrencecount: draw.whole("met", 1, 6),
      ...active,
      ...owned,
      ...since(plan),
    });
  });
}
