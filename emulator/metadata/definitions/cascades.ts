import type { CascadeType } from "../../model";

/** Parts of their parent: deleted with it. By `table.column`. */
const OWNED_PARTS: ReadonlySet<string> = new Set([
  "activitymimeattachment.objectid",
  "activityparty.activityid",
  "annotation.objectid",
  "contact.parentcustomerid",
  "customeraddress.parentid",
  "duplicaterulecondition.regardingobjectid",
  "entitlement.customerid",
  "feedback.regardingobjectid",
  "fieldpermission.fieldsecurityprofileid",
  "incident.customerid",
  "incidentresolution.incidentid",
  "knowledgearticleincident.incidentid",
  "knowledgearticleincident.knowledgearticleid",
  "knowledgearticleviews.knowledgearticleid",
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
  "incident.contractid",
  "incident.productid",
  "queueitem.queueid",
]);
const RESTRICTED_TARGETS: ReadonlySet<string> = new Set(["businessunit", "transactioncurrency"]);

const ACTIVITIES: ReadonlySet<string> = new Set([
  "activitypointer",
  "appointment",
  "email",
  "incidentresolution",
  "letter",
  "phonecall",
  "task",
]);
const TRACES: ReadonlySet<string> = new Set(["systemuser", "owner", "team"]);

/**
 * What deleting a row of `target` does to rows of `table` that point to it by `column`.
 * From the CascadeConfiguration that Microsoft's table reference gives; everything else is RemoveLink, the default.
 */
export function deleteCascadeOf(table: string, column: string, target: string): CascadeType {
  const qualified = `${table}.${column}`;
  if (OWNED_PARTS.has(qualified)) return "Cascade";
  if (ACTIVITIES.has(table) && column === "regardingobjectid") return "Cascade";
  if (RESTRICTED.has(qualified) || RESTRICTED_TARGETS.has(target)) return "Restrict";
  return TRACES.has(target) ? "NoCascade" : "RemoveLink";
}
