import type { AttributeDefinition, EntityDefinition } from "../../model";

/** Columns that Dataverse itself demands (RequiredLevel SystemRequired), by table. */
const SYSTEM_REQUIRED: Readonly<Record<string, readonly string[]>> = {
  businessunit: ["name"],
  incident: ["customerid"],
  queueitem: ["objectid", "queueid"],
  role: ["businessunitid", "name"],
  systemuser: ["businessunitid"],
  team: ["administratorid", "businessunitid", "name"],
};
const ALWAYS_SYSTEM_REQUIRED: ReadonlySet<string> = new Set(["activitytypecode", "statecode"]);

const AUTO_NUMBERS: Readonly<Record<string, { column: string; format: string }>> = {
  incident: { column: "ticketnumber", format: "CAS-{SEQNUM:5}-{RANDSTRING:6}" },
  knowledgearticle: { column: "articlepublicnumber", format: "KA-{SEQNUM:5}" },
};

/** Set by the platform: written on create at most, never changed. */
const CREATE_ONLY: ReadonlySet<string> = new Set(["overriddencreatedon"]);

/** Requirement levels, primary columns, numbering and who may write, as far as the facts are silent. */
export function applyRequirements(
  head: Pick<EntityDefinition, "logicalName" | "primaryIdAttribute" | "primaryNameAttribute">,
  attribute: AttributeDefinition,
): void {
  const { logicalName } = attribute;
  if (logicalName === head.primaryIdAttribute) {
    attribute.isPrimaryId = true;
    attribute.required = "SystemRequired";
    attribute.validForCreate = true;
    attribute.validForUpdate = false;
  }
  if (logicalName === head.primaryNameAttribute) attribute.isPrimaryName = true;
  if (
    SYSTEM_REQUIRED[head.logicalName]?.includes(logicalName) === true ||
    ALWAYS_SYSTEM_REQUIRED.has(logicalName) ||
    attribute.type === "Owner"
  ) {
    attribute.required = "SystemRequired";
  }
  if (CREATE_ONLY.has(logicalName)) attribute.validForUpdate = false;
  const numbering = AUTO_NUMBERS[head.logicalName];
  if (numbering?.column === logicalName) attribute.autoNumberFormat = numbering.format;
}
