import type { CascadeType, OneToManyDefinition } from "../../model";

/** Parts of their parent: deleted with it. By `table.column`, and by `table.column target` where one target alone is meant. */
const OWNED_PARTS: ReadonlySet<string> = new Set([
  "activitymimeattachment.objectid",
  "activityparty.activityid",
  "annotation.objectid",
  "contact.parentcustomerid account",
  "customeraddress.parentid",
  "duplicaterulecondition.regardingobjectid",
  "entitlement.customerid",
  "feedback.regardingobjectid",
  "fieldpermission.fieldsecurityprofileid",
  "incident.contractdetailid",
  "incident.contractid",
  "incident.customerid",
  "incident.parentcaseid",
  "incidentresolution.incidentid",
  "knowledgearticleincident.knowledgearticleid",
  "knowledgearticleviews.knowledgearticleid",
  "msdyn_nextaction.msdyn_regarding",
  "opportunity.customerid",
  "queueitem.objectid",
  "slaitem.slaid",
  "slakpiinstance.regarding",
  "socialprofile.customerid",
]);

/** The parent cannot go while rows point to it. */
const RESTRICTED: ReadonlySet<string> = new Set([
  "businessunit.parentbusinessunitid",
  "contract.customerid",
  "feedback.createdbycontact",
  "incident.kbarticleid",
  "incident.productid",
  "incident.subjectid",
  "queueitem.queueid",
]);
const RESTRICTED_TARGETS: ReadonlySet<string> = new Set(["businessunit", "transactioncurrency"]);

const ACTIVITIES: ReadonlySet<string> = new Set([
  "appointment",
  "email",
  "incidentresolution",
  "letter",
  "phonecall",
  "task",
]);
const TRACES: ReadonlySet<string> = new Set(["systemuser", "owner", "processstage", "team"]);

/** Rows that belong to their parent altogether: they go to its new owner and are shared as it is. By `table.column`. */
const PARENTAL: ReadonlySet<string> = new Set([
  "account.parentaccountid",
  "annotation.objectid",
  "contact.parentcustomerid",
  "entitlement.customerid",
  "feedback.regardingobjectid",
  "incident.customerid",
  "incidentresolution.incidentid",
  "opportunity.customerid",
  "slakpiinstance.regarding",
  "socialprofile.customerid",
]);
/** What an activity is about, when the activity belongs to it; of all else it only shares the end. */
const PARENTS_OF_ACTIVITIES: ReadonlySet<string> = new Set([
  "account",
  "contact",
  "contract",
  "entitlement",
  "incident",
  "knowledgearticle",
  "lead",
  "opportunity",
]);

/** Two rows of these can be made one; what points to the lesser points to the other afterwards. */
const MERGEABLE: ReadonlySet<string> = new Set(["account", "contact", "incident", "lead"]);
/** What stays with the row that it tells of. By `table` or `table.column`. */
const UNMERGED: ReadonlySet<string> = new Set([
  "customeraddress",
  "incident.existingcase",
  "incident.masterid",
  "knowledgearticleincident.incidentid",
  "lead.originatingcaseid",
  "queueitem",
  "slakpiinstance",
]);

type Cascades = NonNullable<OneToManyDefinition["cascades"]>;
const WITH_PARENT: Cascades = {
  Assign: "Cascade",
  Reparent: "Cascade",
  Share: "Cascade",
  Unshare: "Cascade",
};
const MERGED: Cascades = { Merge: "Cascade" };
const BOTH: Cascades = { ...WITH_PARENT, ...MERGED };
/** Relationships that pass otherwise than their kind. By `table.column target`. */
const OTHERS: Readonly<Record<string, Cascades>> = {
  "appointment.regardingobjectid knowledgearticle": BOTH,
  "email.regardingobjectid incident": WITH_PARENT,
  "feedback.regardingobjectid knowledgearticle": {},
  "incident.firstresponsebykpiid slakpiinstance": MERGED,
  "incident.resolvebykpiid slakpiinstance": MERGED,
  "knowledgearticleincident.incidentid incident": { Assign: "Cascade" },
  "letter.regardingobjectid knowledgearticle": BOTH,
  "msdyn_nextaction.msdyn_regarding incident": WITH_PARENT,
  "phonecall.regardingobjectid knowledgearticle": BOTH,
  "slakpiinstance.regarding account": {},
  "task.regardingobjectid knowledgearticle": BOTH,
};

/** What solutions keep about a case stays with that case. */
const isOfSolution = (table: string, column: string, target: string): boolean =>
  target === "incident" && table.startsWith("msdyn_") && column !== "regardingobjectid";

/** What passes from a row of `target` to those of `table` that point to it, deleting apart. */
export function cascadesOf(table: string, column: string, target: string): Cascades | undefined {
  const qualified = `${table}.${column}`;
  const other = OTHERS[`${qualified} ${target}`];
  // What activities of all kinds are about passes by the relationship of each kind.
  if (other !== undefined || table === "activitypointer") return other;
  const isParental =
    column === "regardingobjectid" && ACTIVITIES.has(table)
      ? PARENTS_OF_ACTIVITIES.has(target)
      : PARENTAL.has(qualified);
  const isMerged =
    MERGEABLE.has(target) &&
    !isOfSolution(table, column, target) &&
    !UNMERGED.has(table) &&
    !UNMERGED.has(qualified) &&
    column !== "masterid";
  if (isParental) return isMerged ? BOTH : WITH_PARENT;
  return isMerged ? MERGED : undefined;
}

/**
 * What deleting a row of `target` does to rows of `table` that point to it by `column`.
 * From the CascadeConfiguration that Microsoft's table reference gives; everything else is RemoveLink, the default.
 */
export function deleteCascadeOf(table: string, column: string, target: string): CascadeType {
  const qualified = `${table}.${column}`;
  // The log outlives what it tells of.
  if (table === "audit") return "NoCascade";
  // A unit is kept by the users and teams in it, not by what they own.
  if (column === "owningbusinessunit") return "NoCascade";
  if (OWNED_PARTS.has(qualified) || OWNED_PARTS.has(`${qualified} ${target}`)) return "Cascade";
  if (ACTIVITIES.has(table) && column === "regardingobjectid") return "Cascade";
  if (RESTRICTED.has(qualified) || RESTRICTED_TARGETS.has(target)) return "Restrict";
  return TRACES.has(target) ? "NoCascade" : "RemoveLink";
}
